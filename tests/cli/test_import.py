"""`import`: a foreign file in, a rulebook out, and on the standard error what became of each contract."""

from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.trees.working_copy import working_copy

CONTRACT = b"""[importlinter]
root_package = shop
[importlinter:contract:prices]
name = Only orders know prices
type = protected
protected_modules = shop.prices
allowed_importers = shop.orders
ignore_imports =
    # until the shop moves
    shop.web.* -> shop.prices
"""
DOCUMENT = """\
# Carried over from .importlinter, which was written for import-linter, by `selfcheck import`.
version: 1

guardrails:
  - id: prices
    title: Only orders know prices
    why: "It was a contract of import-linter in .importlinter; say here what it costs when it is broken."
    severity: high
    check:
      use: imports-protected
      roots: [shop]
      kinds: [function, type-checking, guarded, lazy, star]
      protected_modules: [shop.prices]
      allowed_importers: [shop.orders]
      exempt:
        - imports: "shop.web.* -> shop.prices"
          reason: until the shop moves
          count: 1
"""
SAID = "selfcheck: .importlinter:3: Only orders know prices: carried exactly, as imports-protected\n"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a package and a contract about it."""
    files = {
        ".importlinter": CONTRACT,
        "shop/__init__.py": b"",
        "shop/orders.py": b"import shop.prices\n",
        "shop/prices.py": b"",
        "shop/web/__init__.py": b"",
        "shop/web/views.py": b"import shop.prices\n",
    }
    folder = working_copy(tmp_path / "repo", files)
    monkeypatch.chdir(folder)
    return folder


def test_the_guardrails_stand_on_the_standard_output_and_what_became_of_them_on_the_error(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(capsys, "import", ".importlinter") == (0, DOCUMENT, SAID)


def test_what_was_written_is_a_rulebook_that_passes(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = called(capsys, "import", ".importlinter", "-o", "guardrails/imports.yaml")

    assert written == (0, "wrote guardrails/imports.yaml: 1 guardrail\n", SAID)
    assert called(capsys, "validate").code == 0
    assert called(capsys, "run", "--no-cache").code == 0
    assert called(capsys, "prove").code == 0


def test_a_file_that_is_there_is_overwritten_by_force_only(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = repo / "house.yaml"
    place.write_text("ours\n", encoding="utf-8")

    refused = called(capsys, "import", ".importlinter", "--output", "house.yaml")
    kept = place.read_text(encoding="utf-8")
    forced = called(capsys, "import", ".importlinter", "--output", "house.yaml", "--force")

    assert refused == (
        2,
        "",
        "selfcheck: house.yaml: is there already; nothing was written; --force overwrites it\n",
    )
    assert (kept, forced.code, place.read_text(encoding="utf-8")) == ("ours\n", 0, DOCUMENT)


def test_the_repository_is_the_one_that_the_file_stands_in(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    done = called(capsys, "import", "repo/.importlinter")

    assert done == (0, DOCUMENT.replace(".importlinter", "repo/.importlinter"), SAID.replace(".imp", "repo/.imp"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.toml", None, "missing.toml: No such file or directory; name the file with the contracts"),
        ("shop", None, "shop: is a folder; name the file with the contracts"),
        ("big.cfg", b"#" * 5_000_001, "big.cfg:1:1: is larger than 5,000,000 bytes; name the file with the contracts"),
        ("image.toml", b"\x89PNG\0", "image.toml:1:1: is no text but binary; name the file that holds the contracts"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    repo: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (repo / name).write_bytes(content)

    assert called(capsys, "import", name) == (2, "", f"selfcheck: {said}\n")


def test_where_nothing_can_be_carried_over_nothing_is_written(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "tach.toml").write_text('[[modules]]\npath = "shop"\n', encoding="utf-8")

    assert called(capsys, "import", "tach.toml", "-o", "house.yaml") == (
        2,
        "",
        (
            "selfcheck: tach.toml:1: shop: promises nothing of its own\n"
            "selfcheck: tach.toml: nothing could be carried over; nothing was written\n"
        ),
    )
    assert not (repo / "house.yaml").exists()


def test_what_a_check_would_refuse_is_said_of_the_file(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "setup.cfg").write_text(
        "[importlinter]\nroot_package = shop\n[importlinter:contract:a]\nname = A\ntype = layers\n"
        "layers =\n  shop.web\n  shop.web.views\n",
        encoding="utf-8",
    )

    done = called(capsys, "import", "setup.cfg")

    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == (
        "selfcheck: setup.cfg:3:1: cannot be carried over: `shop.web.views` is a part of `shop.web`, which is a layer too"
    )


def test_a_place_that_cannot_be_written_is_one_line(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "import", ".importlinter", "-o", ".importlinter/x.yaml")

    assert done.code == 2
    assert done.stderr == f"{SAID}selfcheck: .importlinter/x.yaml: File exists; nothing was written\n"
