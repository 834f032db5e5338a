"""Where a rulebook is found, and which folder it judges."""

import os
import subprocess
from pathlib import Path

import pytest

from selfcheck.cli import guarded
from selfcheck.errors import CannotOpen, UsageError
from selfcheck.rulebook import Source, Sources, discover, find, given
from tests.rulebook.examples import RULEBOOK, write

CONTENT = RULEBOOK.encode()


def repository(folder: Path) -> Path:
    """A real git repository."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize(
    "place", ["guardrails.yaml", "guardrails/a.yaml", "guardrails/a.yml", "infra/selfcheck/guardrails.yaml"]
)
def test_a_rulebook_is_found_from_a_folder_below_and_judges_the_folder_that_its_place_belongs_to(
    place: str, tmp_path: Path
) -> None:
    root = repository(tmp_path / "repo")
    write(root, {place: RULEBOOK, "src/deep/a.py": ""})

    assert discover(root / "src" / "deep") == Sources(root, (Source(place, CONTENT),))


def test_a_rulebook_in_infra_selfcheck_judges_the_repository_wherever_one_stands(tmp_path: Path) -> None:
    root = repository(tmp_path / "repo")
    place = "infra/selfcheck/guardrails.yaml"
    write(root, {place: RULEBOOK})

    assert discover(root / "infra" / "selfcheck") == Sources(root, (Source(place, CONTENT),))


def test_a_repository_that_stands_in_a_folder_infra_selfcheck_is_judged_alone(tmp_path: Path) -> None:
    root = repository(tmp_path / "infra" / "selfcheck")
    write(root, {"guardrails.yaml": RULEBOOK})

    assert discover(root) == Sources(root, (Source("guardrails.yaml", CONTENT),))


def test_the_closest_rulebook_counts(tmp_path: Path) -> None:
    root = repository(tmp_path / "repo")
    write(root, {"guardrails/a.yaml": RULEBOOK, "part/guardrails.yaml": RULEBOOK, "part/src/a.py": ""})

    assert discover(root / "part" / "src") == Sources(root / "part", (Source("guardrails.yaml", CONTENT),))


def test_nothing_above_the_top_of_the_repository_counts(tmp_path: Path) -> None:
    root = repository(tmp_path / "repo")
    write(tmp_path, {"guardrails.yaml": RULEBOOK, "repo/src/a.py": ""})

    assert find(root / "src") is None
    with pytest.raises(
        UsageError, match=r"no rulebook from .*/repo/src up to .*/repo: no guardrails, .*selfcheck init"
    ):
        discover(root / "src")


def test_outside_of_git_only_the_folder_itself_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path, {"guardrails.yaml": RULEBOOK, "src/a.py": ""})

    assert find(tmp_path / "src") is None
    assert discover(tmp_path) == Sources(tmp_path, (Source("guardrails.yaml", CONTENT),))


def test_a_worktree_has_a_top_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"guardrails.yaml": RULEBOOK, "tree/.git": "gitdir: elsewhere\n", "tree/src/a.py": ""})

    assert find(tmp_path / "tree" / "src") is None


@pytest.mark.parametrize("other", ["", "items: []\n", "version: 3\nservices: {}\n", "# version: 1\n# guardrails: []\n"])
def test_a_folder_guardrails_of_other_files_is_passed_by(other: str, tmp_path: Path) -> None:
    root = repository(tmp_path)
    write(root, {"guardrails.yaml": RULEBOOK, "src/guardrails/data.yaml": other, "src/guardrails/__init__.py": ""})

    assert find(root / "src") == root / "guardrails.yaml"


@pytest.mark.parametrize("first", [RULEBOOK, "version: 1\nguardrail: [\n", "'version' : 1\n\"guardrails\": []\n"])
def test_a_folder_with_one_rulebook_in_it_counts_however_broken_and_all_its_yaml_files_are_read(
    first: str, tmp_path: Path
) -> None:
    write(
        tmp_path,
        {
            "guardrails/b.yaml": first,
            "guardrails/a.yml": "c: d\n",
            "guardrails/README.md": "",
            "guardrails/x/c.yaml": "",
        },
    )

    assert discover(tmp_path) == Sources(
        tmp_path, (Source("guardrails/a.yml", b"c: d\n"), Source("guardrails/b.yaml", first.encode()))
    )


def test_a_link_to_a_file_inside_the_repository_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"rules/real.yaml": RULEBOOK})
    (tmp_path / "guardrails.yaml").symlink_to("rules/real.yaml")

    assert discover(tmp_path) == Sources(tmp_path, (Source("guardrails.yaml", CONTENT),))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
@pytest.mark.parametrize("place", ["guardrails.yaml", "guardrails/a.yaml"])
def test_a_rulebook_that_may_not_be_read_cannot_be_judged(place: str, tmp_path: Path) -> None:
    write(tmp_path, {place: RULEBOOK})
    (tmp_path / place).chmod(0)

    with pytest.raises(CannotOpen, match=f"^{place}: Permission denied$"):
        discover(tmp_path)


@pytest.mark.parametrize("path", ["rules.yaml", "rules.d", "rules"])
def test_a_rulebook_that_the_user_names_judges_the_repository_around_the_current_folder(
    path: str, tmp_path: Path
) -> None:
    root = repository(tmp_path / "repo")
    write(root, {"src/a.py": ""})
    file = path if path.endswith(".yaml") else f"{path}/a.yaml"
    write(tmp_path, {file: RULEBOOK})

    assert given(tmp_path / path, root / "src") == Sources(root, (Source(file, CONTENT),))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("gone.yaml", "gone.yaml: there is no such file or folder"),
        ("empty", "empty: holds no .yaml file"),
        (
            "folder.yaml",
            "folder.yaml:1:1: is not a file; a rulebook is a YAML file, or a folder named guardrails/ of them",
        ),
    ],
)
def test_a_rulebook_that_the_user_names_and_is_none_is_told(
    path: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"guardrails.yaml": RULEBOOK, "empty/a.txt": "", "folder.yaml/a.yaml": RULEBOOK})
    monkeypatch.chdir(tmp_path)

    code = guarded(["validate", "--guardrails", path])

    assert (code, capsys.readouterr().err) == (2, f"selfcheck: {said}\n")
