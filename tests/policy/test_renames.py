"""What a key is called after files were moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.policy import Entry, Past, Renames
from selfcheck.policy.given import Finished
from tests.policy.making import entry, found, judged, lost

MOVED: dict[str, tuple[dict[str, str], str, str]] = {
    "a path": ({"src/a.py": "src/b.py"}, "src/a.py", "src/b.py"),
    "a path with blanks": ({"the old one.md": "the new one.md"}, "the old one.md", "the new one.md"),
    "a path with brackets and commas": ({"app/(a), [b].ts": "app/c.ts"}, "app/(a), [b].ts", "app/c.ts"),
    "a path within a key": ({"a/x.sql": "b/x.sql"}, "unused index (a/x.sql)", "unused index (b/x.sql)"),
    "a path before a colon": ({"t/test_a.py": "t/test_b.py"}, "t/test_a.py::test_it", "t/test_b.py::test_it"),
    "a module by its whole path": ({"src/app/a.py": "src/app/b.py"}, "src.app.a", "src.app.b"),
    "a module below a source folder": ({"src/app/a.py": "src/app/b.py"}, "app.a", "app.b"),
    "a module below a root of its own": ({"src/app/a.py": "src/app/b.py"}, "a", "b"),
    "a module moved between roots": ({"one/app/a.py": "two/app/a.py"}, "one.app.a -> app.a", "two.app.a -> app.a"),
    "a package": ({"app/old/__init__.py": "app/new/__init__.py"}, "app.old", "app.new"),
    "a package at the top": ({"old/__init__.py": "new/__init__.py"}, "old -> old.a", "new -> old.a"),
    "a module that became a package": ({"app/a.py": "app/b/__init__.py"}, "app.a", "app.b"),
    "a module that went into a package": ({"app/a.py": "app/inner/a.py"}, "app.a", "app.inner.a"),
    "a package that became a module": ({"app/a/__init__.py": "app/b.py"}, "app.a", "app.b"),
    "an import": ({"app/a.py": "app/b.py"}, "app.a -> app.c", "app.b -> app.c"),
    "a chain": ({"app/a.py": "app/b.py"}, "app.c -> … -> app.a", "app.c -> … -> app.b"),
    "a circle": ({"app/a.py": "app/z.py"}, "app.a, app.b", "app.z, app.b"),
    "two names that were swapped": ({"a.py": "b.py", "b.py": "a.py"}, "a -> b", "b -> a"),
    "a ring of names": ({"a.py": "b.py", "b.py": "c.py", "c.py": "a.py"}, "a, b, c", "b, c, a"),
}


@pytest.mark.parametrize(("moved", "before", "after"), MOVED.values(), ids=MOVED)
def test_a_key_names_what_was_moved_as_it_is_called_now(moved: dict[str, str], before: str, after: str) -> None:
    assert Renames(moved).key(before) == after


@pytest.mark.parametrize(
    "key",
    [
        "app.ab",
        "xapp.a",
        "app.a.inner",
        "app.a-b",
        "the app.a's own",
        "app/a.pyc",
        "lib/app/a.py",
        "old app/a.py.bak",
        "application.a",
        "App.a",
        "",
    ],
)
def test_a_word_that_only_holds_the_name_is_untouched(key: str) -> None:
    assert Renames({"app/a.py": "app/b.py"}).key(key) == key


def test_what_is_no_python_has_a_path_and_no_module() -> None:
    assert Renames({"app/a.ts": "app/b.ts"}).key("app.a, app/a.ts") == "app.a, app/b.ts"
    assert Renames({"app/a.py": "app/a.txt"}).key("app.a, app/a.py") == "app.a, app/a.txt"


@given(st.text())
def test_without_moves_every_key_is_as_it_was(key: str) -> None:
    assert Renames({}).key(key) == key


@given(st.text(), st.dictionaries(st.sampled_from(["a.py", "b.py", "p/c.py"]), st.sampled_from(["x.py", "y.py"])))
def test_a_key_that_names_nothing_moved_is_as_it_was(key: str, moved: dict[str, str]) -> None:
    unmoved = key.replace("a", "").replace("b", "").replace("c", "")

    assert Renames(moved).key(unmoved) == unmoved


def test_an_entry_remembers_what_it_was_called() -> None:
    renames = Renames({"app/a.py": "app/z.py"})

    assert renames.moved(entry("app.a, app.b", "app.a", "app.b", count=2, amount=3)) == Entry(
        key="app.z, app.b",
        count=2,
        parts=("app.b", "app.z"),
        amount=3,
        former="app.a, app.b",
        moved={"app.a": "app.z"},
    )


def test_an_entry_that_names_nothing_moved_is_the_same() -> None:
    kept = entry("app.c", "m", unread=True)

    assert Renames({"app/a.py": "app/z.py"}).moved(kept) == kept


def test_what_could_not_be_read_is_known_by_its_path() -> None:
    renames = Renames({"a.py": "b.py"})

    assert renames.entry(lost("a.py")) == Entry(key="b.py", unread=True, former="a.py")


def test_a_finding_in_a_file_that_was_moved_is_old() -> None:
    past = Past(Finished((found("app.a, app.b", "app.a", "app.b"),)), Renames({"app/a.py": "app/z.py"}))

    verdict = judged(found("app.b, app.z", "app.b", "app.z"), pasts=[past])

    assert [ruling.status for ruling in verdict.findings] == ["existing"]
    assert verdict.fixed == ()


def test_a_circle_of_modules_that_are_called_like_a_moved_one_elsewhere_is_old() -> None:
    """`models` is moved in one service; in another, which has it at its root too, it is not."""
    past = Past(Finished((found("models, views", "models", "views"),)), Renames({"one/models.py": "one/entities.py"}))

    verdict = judged(found("models, views", "models", "views"), pasts=[past])

    assert [ruling.status for ruling in verdict.findings] == ["existing"]


def test_a_finding_that_was_moved_and_is_still_where_it_was_is_new_once() -> None:
    past = Past(Finished((found("a.py"),)), Renames({"a.py": "b.py"}))

    verdict = judged(found("a.py"), found("b.py"), pasts=[past])

    assert {ruling.seen.key: str(ruling.status) for ruling in verdict.findings} == {"a.py": "new", "b.py": "existing"}
