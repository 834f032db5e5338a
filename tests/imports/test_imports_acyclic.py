"""`imports-acyclic`: one finding for each circle of modules."""

import pytest

from selfcheck.checks.imports.acyclic import ImportsAcyclic
from selfcheck.checks.imports.contract import LONGEST, Exemption
from selfcheck.model import Evidence, Finding, Location, Outcome, Unread
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import BY_DEFAULT, Kind
from selfcheck.subjects.imports.cuts import EXACT
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory, proven

CHECK = ImportsAcyclic()
MEND = "move what both sides need into a third module, or pass it in"
EXAMPLE = {"backend/a.py": "import os\n\nfrom backend import b\n", "backend/b.py": "\n" * 6 + "import backend.a\n"}


def test_modules_that_import_in_one_direction_keep_the_promise() -> None:
    repo = memory({"a.py": "import b\nimport json\n", "b.py": "from c import x\n", "c.py": "", "d.txt": "import a"})

    verdict = assert_keeps(CHECK, repo)

    assert verdict.evidence == (Evidence("modules", 3, 3), Evidence("import statements between them", 3, 2))


def test_a_circle_is_one_finding_as_the_report_shows_it() -> None:
    forth = {"importer": "backend.a", "imported": "backend.b", "path": "backend/a.py", "line": 3}
    back = {"importer": "backend.b", "imported": "backend.a", "path": "backend/b.py", "line": 7}

    findings = assert_breaks(ImportsAcyclic(roots=("backend",)), memory(EXAMPLE), "backend.a, backend.b")

    assert findings == (
        Finding(
            key="backend.a, backend.b",
            message="2 modules import each other in a circle, the shortest: "
            "backend.a -> backend.b [backend/a.py:3] -> backend.a [backend/b.py:7]",
            at=Location("backend/a.py", 3),
            hint=f"cut this import: backend.a -> backend.b [backend/a.py:3]; {MEND}",
            data={
                "members": ["backend.a", "backend.b"],
                "cycle": [forth, back],
                "cut": [
                    {
                        "importer": "backend.a",
                        "imported": "backend.b",
                        "imports": [forth],
                        "closes": ["backend.a", "backend.b"],
                    }
                ],
                "why": "fewest",
            },
            parts=("backend.a", "backend.b"),
        ),
    )


def test_the_imports_to_cut_are_the_fewest_each_with_its_place_and_the_circle_that_it_closes() -> None:
    repo = memory(
        {
            "a.py": "import b, c\nimport b, c",
            "b.py": "import c\n\nfrom c import x\ndef f():\n  import a",
            "c.py": "import a\ntry:\n  import a\nexcept ImportError:\n  pass",
        }
    )

    (plain,) = assert_breaks(CHECK, repo, "a, b, c")
    (every,) = assert_breaks(ImportsAcyclic(kinds=tuple(Kind)), repo, "a, b, c")

    twice = "cut these 2 imports, fewer leave a circle: c -> a [c.py:1], c -> a [c.py:3]"
    assert plain.hint == f"{twice}; {MEND}"
    assert [(each["closes"], len(each["imports"])) for each in plain.data["cut"]] == [(["c", "a"], 2)]
    assert every.hint == f"{twice.replace('2', '3', 1).replace(': ', ': b -> a [b.py:5], ')}; {MEND}"
    assert [each["closes"] for each in every.data["cut"]] == [["b", "a"], ["c", "a"]]


def test_what_is_exempt_is_not_told_to_be_cut() -> None:
    files = {"a.py": "import b, c", "b.py": "import a, c", "c.py": "import a"}
    exempt = (Exemption(imports="c -> a", reason="r"),)

    (finding,) = assert_breaks(ImportsAcyclic(exempt=exempt), memory(files), "a, b")

    assert finding.hint == f"cut this import: a -> b [a.py:1]; {MEND}"


def test_of_a_component_of_many_modules_the_cut_is_none_the_fewer_for_sure() -> None:
    size = EXACT + 1
    files = {f"m{one:02}.py": "\n".join(f"import m{two:02}" for two in range(size)) for one in range(size)}

    (finding,) = assert_breaks(CHECK, memory(files), ", ".join(f"m{one:02}" for one in range(size)))

    assert finding.data["why"] == "needed"
    assert len(finding.data["cut"]) == size * (size - 1) // 2
    assert (finding.hint or "").startswith("cut these 55 imports, each closes a circle that no other opens: m")
    assert (finding.hint or "").endswith(f", and {55 - LONGEST} more; {MEND}")


def test_an_edge_to_an_ancestor_can_be_the_one_to_cut() -> None:
    files = {"p/__init__.py": "import q\nimport q", "p/a.py": "", "q.py": "import p.a"}

    (finding,) = assert_breaks(ImportsAcyclic(ancestors=True), memory(files), "p, q")

    assert finding.hint == f"cut this import: q -> p [q.py:1]; {MEND}"


def test_each_component_is_one_finding_with_a_shortest_cycle_of_it() -> None:
    repo = memory(
        {
            "a.py": "import b",
            "b.py": "import c",
            "c.py": "import a\nimport d",
            "d.py": "import c",
            "x.py": "import y",
            "y.py": "import x\nimport a",
            "free.py": "import a, x",
        }
    )

    four, two = assert_breaks(CHECK, repo, "a, b, c, d", "x, y")

    assert (four.parts, four.at, four.data["cycle"]) == (
        ("a", "b", "c", "d"),
        Location("c.py", 2),
        [
            {"importer": "c", "imported": "d", "path": "c.py", "line": 2},
            {"importer": "d", "imported": "c", "path": "d.py", "line": 1},
        ],
    )
    assert (two.parts, two.at) == (("x", "y"), Location("x.py", 1))


def test_of_a_long_cycle_the_message_shows_the_beginning_and_the_data_all() -> None:
    size = LONGEST + 3
    repo = memory({f"m{step:02}.py": f"import m{(step + 1) % size:02}" for step in range(size)})

    (finding,) = assert_breaks(CHECK, repo, ", ".join(f"m{step:02}" for step in range(size)))

    shown = " ".join(f"-> m{step + 1:02} [m{step:02}.py:1]" for step in range(LONGEST))
    assert finding.message == f"{size} modules import each other in a circle, the shortest: m00 {shown} -> …"
    assert len(finding.data["cycle"]) == size


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "import a\n"}, id="itself"),
        pytest.param({"p/__init__.py": "from p import x\nimport p\n"}, id="a package itself"),
        pytest.param({"a.py": "import b", "b.py": "def f():\n  import a"}, id="in a function"),
        pytest.param({"a.py": "import b", "b.py": "if TYPE_CHECKING:\n  import a"}, id="for a type checker"),
        pytest.param({"a.py": "import b", "b.py": "# import a\n'''\nimport a\n'''"}, id="in text"),
        pytest.param({"io.py": "import b", "b.py": "import io"}, id="the standard library's name"),
        pytest.param({"p/__init__.py": "from . import a", "p/a.py": "import p.b", "p/b.py": ""}, id="a parent package"),
        pytest.param({"a.py": "import c", "b.py": "import c", "c.py": ""}, id="two ways to one"),
        pytest.param({"a.py": "import b", "b.pyi": "import a", "b.py": ""}, id="a stub"),
        pytest.param({"p/a.py": "from .. import b", "b.py": "", "p/__init__.py": ""}, id="no way back"),
        pytest.param({"a.py": "from ... import b", "b.py": "import a"}, id="above the root"),
        pytest.param({"a.py": "import b", "b.py": "import_module('a')"}, id="a call"),
        pytest.param({"a.py": "import b", "b.py": "with x: f = lambda: __import__('a')"}, id="a call in a call"),
    ],
)
def test_what_is_nearly_a_circle_is_none(files: dict[str, str]) -> None:
    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "key"),
    [
        pytest.param({"a.py": "import b", "b.py": "class A:\n  import a"}, "a, b", id="in a class"),
        pytest.param({"a.py": "import b", "b.py": "try:\n  import a\nexcept E: pass"}, "a, b", id="in a try"),
        pytest.param({"a.py": "import b", "b.py": "try:\n  import a\nexcept ImportError: pass"}, "a, b", id="guarded"),
        pytest.param(
            {"a.py": "import b", "b.py": "try:\n  x\nexcept ImportError:\n  import a"}, "a, b", id="a way out"
        ),
        pytest.param({"a.py": "import b", "b.py": "with suppress(ImportError):\n  import a"}, "a, b", id="suppress"),
        pytest.param(
            {"a.py": "import b", "b.py": "if TYPE_CHECKING: pass\nelse:\n  import a"}, "a, b", id="the other branch"
        ),
        pytest.param({"a.py": "import b", "b.py": "if TYPE_CHECKING or x:\n  import a"}, "a, b", id="`or`"),
        pytest.param({"a.py": "import b", "b.py": "if not TYPE_CHECKING:\n  import a"}, "a, b", id="`not`"),
        pytest.param(
            {"p/__init__.py": "from . import a", "p/a.py": "from . import x"}, "p, p.a", id="a package and its module"
        ),
        pytest.param(
            {"p/__init__.py": "", "p/a.py": "from .b import x", "p/b.py": "from .a import *"}, "p.a, p.b", id="star"
        ),
        pytest.param({"n/a.py": "import n.b", "n/b.py": "from n import a"}, "n.a, n.b", id="a namespace package"),
        pytest.param(
            {"p/__init__.py": "", "p/n/a.py": "from p import b", "p/b.py": "import p.n.a"}, "p.b, p.n.a", id="mixed"
        ),
        pytest.param(
            {"src/p/__init__.py": "", "src/p/a.py": "import p.b", "src/p/b.py": "import p.a"}, "p.a, p.b", id="src"
        ),
        pytest.param(
            {"a.py": "import b.c", "b.py": "", "b/__init__.py": "", "b/c.py": "import a"},
            "a, b.c",
            id="a shadowed module",
        ),
        pytest.param(
            {"a.py": "import b", "b.py": b"# coding: latin-1\n# \xe9\nimport a"}, "a, b", id="a declared coding"
        ),
        pytest.param({"a.py": "import b", "b.py": "\n" * 50 + "if x:\n" + " import a"}, "a, b", id="far below"),
        pytest.param(
            {"new\nline/a.py": "import b", "new\nline/b.py": "import a"}, "new\nline.a, new\nline.b", id="a newline"
        ),
    ],
)
def test_no_dress_hides_a_circle(files: dict[str, str | bytes], key: str) -> None:
    assert_breaks(CHECK, memory(files), key)


KINDS = {
    "a.py": "import b",
    "b.py": "def f():\n  import a",
    "c.py": "import d",
    "d.py": "if TYPE_CHECKING:\n  import c",
    "e.py": "import f",
    "f.py": "if TYPE_CHECKING:\n  def g():\n    import e",
    "g.py": "import h",
    "h.py": "try:\n  import g\nexcept ImportError:\n  pass",
    "i.py": "import j",
    "j.py": "from i import *",
    "k.py": "import l",
    "l.py": "import_module('k')",
}


@pytest.mark.parametrize(
    ("kinds", "keys"),
    [
        ((), ()),
        (BY_DEFAULT, ("g, h", "i, j")),
        ((Kind.GUARDED,), ("g, h",)),
        ((Kind.STAR,), ("i, j",)),
        ((Kind.FUNCTION,), ("a, b",)),
        ((Kind.TYPE_CHECKING,), ("c, d",)),
        ((Kind.FUNCTION, Kind.TYPE_CHECKING), ("a, b", "c, d", "e, f")),
        ((Kind.DYNAMIC,), ("k, l",)),
        (tuple(Kind), ("a, b", "c, d", "e, f", "g, h", "i, j", "k, l")),
    ],
)
def test_a_kind_counts_where_it_is_named(kinds: tuple[Kind, ...], keys: tuple[str, ...]) -> None:
    verdict = judged(ImportsAcyclic(kinds=kinds), memory(KINDS))

    assert tuple(ruling.seen.key for ruling in verdict.findings) == keys


def test_with_ancestors_a_package_imports_what_imports_a_module_in_it() -> None:
    files = {"p/__init__.py": "import q", "p/a.py": "", "q.py": "import p.a"}

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS
    (finding,) = assert_breaks(ImportsAcyclic(ancestors=True), memory(files), "p, q")
    assert finding.data["cycle"] == [
        {"importer": "p", "imported": "q", "path": "p/__init__.py", "line": 1},
        {"importer": "q", "imported": "p", "path": "q.py", "line": 1},
    ]


@pytest.mark.parametrize(
    ("depth", "keys"),
    [(None, ("p.r.a, p.s.b",)), (1, ("p, q",)), (2, ("p.r, p.s", "p.t, q.u")), (3, ("p.r.a, p.s.b",))],
)
def test_with_a_depth_the_circles_are_those_of_packages(depth: int | None, keys: tuple[str, ...]) -> None:
    files = {
        "p/r/a.py": "import p.s.b",
        "p/s/b.py": "import p.r.a",
        "p/t/c.py": "import q.u.d",
        "p/t/e.py": "",
        "q/u/d.py": "",
        "q/u/f.py": "import p.t.e",
    }

    assert_breaks(ImportsAcyclic(depth=depth), memory(files), *keys)


def test_a_circle_of_packages_is_shown_by_packages_each_with_the_first_import_that_makes_it() -> None:
    repo = memory({"p/a.py": "import q.c", "p/b.py": "\nimport q.c", "q/c.py": "", "q/d.py": "\n\nimport p.b"})

    findings = assert_breaks(ImportsAcyclic(depth=1), repo, "p, q")

    assert findings == (
        Finding(
            key="p, q",
            message="2 packages import each other in a circle, the shortest: p -> q [p/a.py:1] -> p [q/d.py:3]",
            at=Location("p/a.py", 1),
            hint=f"cut this import: q.d -> p.b [q/d.py:3]; {MEND}",
            data={
                "members": ["p", "q"],
                "cycle": [
                    {"importer": "p", "imported": "q", "path": "p/a.py", "line": 1},
                    {"importer": "q", "imported": "p", "path": "q/d.py", "line": 3},
                ],
                "cut": [
                    {
                        "importer": "q",
                        "imported": "p",
                        "imports": [{"importer": "q.d", "imported": "p.b", "path": "q/d.py", "line": 3}],
                        "closes": ["q", "p"],
                    }
                ],
                "why": "fewest",
            },
            parts=("p", "q"),
        ),
    )


def test_a_package_in_a_circle_with_its_own_modules_is_none_at_the_depth_of_the_package() -> None:
    files = {"p/__init__.py": "from . import a", "p/a.py": "import p"}

    assert judged(ImportsAcyclic(depth=1), memory(files)).outcome is Outcome.PASS
    assert_breaks(ImportsAcyclic(depth=2), memory(files), "p, p.a")


def test_a_file_that_does_not_parse_is_unread_and_the_rest_is_judged() -> None:
    repo = memory(
        {"a.py": "import b", "b.py": "import a", "c.py": "def f(:\n", "d.py": b"import a\0", "e.py": b"'\xe9'"}
    )

    verdict = judged(CHECK, repo)

    assert verdict.outcome is Outcome.FAIL
    assert [ruling.seen.key for ruling in verdict.findings] == ["a, b"]
    assert [ruling.seen.path for ruling in verdict.unread] == ["c.py", "d.py", "e.py"]
    assert verdict.unread[0].seen == Unread("c.py", "does not parse as Python: invalid syntax (line 1)")
    assert verdict.evidence == (Evidence("modules", 5, 2), Evidence("import statements between them", 2, 2))


def test_a_file_that_does_not_parse_is_no_pass() -> None:
    verdict = judged(CHECK, memory({"a.py": "", "b.py": "import a; def"}))

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "1 file could not be read")


@pytest.mark.parametrize("files", [{}, {"a.txt": "import b"}])
def test_a_scope_without_modules_is_an_error(files: dict[str, str]) -> None:
    verdict = judged(CHECK, memory(files))

    reason = "examined nothing: no modules in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_a_scope_without_modules_may_be_accepted() -> None:
    assert judged(CHECK, memory({}), guardrail(allow_empty=True)).outcome is Outcome.PASS


def test_modules_without_imports_are_a_scope() -> None:
    verdict = assert_keeps(CHECK, memory({"a.py": "", "b.py": "x = 1\n"}))

    assert verdict.evidence == (Evidence("modules", 2, 2),)


def test_a_circle_through_a_module_outside_the_roots_is_not_seen() -> None:
    repo = memory({"p/a.py": "import q.b", "q/b.py": "import p.a"})

    assert judged(ImportsAcyclic(roots=("p",)), repo).outcome is Outcome.PASS
    assert_breaks(ImportsAcyclic(roots=("p", "q")), repo, "p.a, q.b")


def test_a_circle_of_modules_of_one_name_names_the_other_by_its_path() -> None:
    repo = memory({"one/src/core.py": "import other", "two/src/core.py": "", "one/src/other.py": "import core"})

    assert_breaks(ImportsAcyclic(roots=("one/src", "two/src")), repo, "core, other")
    assert_breaks(ImportsAcyclic(roots=("two/src", "one/src")), repo, "core, other")


def test_the_order_of_files_and_roots_changes_nothing() -> None:
    files = {"q/x.py": "import q.y", "q/y.py": "import q.x", **EXAMPLE}

    forth = judged(ImportsAcyclic(roots=("backend", "q")), memory(files))
    back = judged(ImportsAcyclic(roots=("q", "backend")), memory(dict(reversed(files.items()))))

    assert (forth.findings, forth.evidence, forth.unread) == (back.findings, back.evidence, back.unread)


def test_a_circle_keeps_its_identity_when_lines_move() -> None:
    moved = {path: f"# moved\n\n{text}" for path, text in EXAMPLE.items()}

    before, after = judged(CHECK, memory(EXAMPLE)), judged(CHECK, memory(moved))

    assert [each.fingerprint for each in before.findings] == [each.fingerprint for each in after.findings]


@pytest.mark.parametrize(
    ("files", "root", "name"),
    [
        ({"a.py": ""}, ".", "a"),
        ({"a.py": "x = 1"}, ".", "a"),
        ({"a.py": "if x:\n  pass"}, ".", "a"),
        ({"a.py": b"# coding: latin-1\n# \xe9"}, ".", "a"),
        ({"src/p/__init__.py": "", "src/p/m.py": ""}, ".", "p.m"),
        ({"src/p/__init__.py": "", "src/p/m.py": ""}, "src", "p.m"),
        ({"src/p/__init__.py": "", "src/p/m.py": ""}, "src/p/", "p.m"),
        ({"src/p/__init__.py": "", "src/p/m.py": ""}, "./src/p", "p.m"),
        ({"n/m.py": ""}, "n", "n.m"),
        ({"one/src/core.py": "", "two/src/core.py": ""}, "two/src", "core"),
        # Names that no statement can say, or that mean the standard library.
        ({"a-b.py": "", "class.py": "", "ast.py": "", "z.py": ""}, ".", "z"),
        ({"p/async.py": "", "p/z.py": "", "p/lambda/a.py": ""}, ".", "p.z"),
    ],
)
def test_the_canary_is_a_new_module_in_a_circle_with_one_that_is_there(
    files: dict[str, str | bytes], root: str, name: str
) -> None:
    found = proven(ImportsAcyclic(roots=(root,)), memory(files))

    assert found == Proof(outcome=Proven.PROVEN, bit=(f"let {name} and a new module beside it import each other",))


@pytest.mark.parametrize(
    ("files", "root", "depth", "name"),
    [
        ({"p/a.py": "", "q/b.py": ""}, ".", 1, "p.a"),
        ({"src/p/__init__.py": "", "src/p/a.py": ""}, ".", 1, "p.a"),
        ({"p/r/a.py": ""}, "p", 2, "p.r.a"),
        ({"p/r/s/a.py": ""}, "p", 2, "p.r.s.a"),
        ({"a.py": ""}, ".", 3, "a"),
    ],
)
def test_with_a_depth_the_canary_goes_across_packages(
    files: dict[str, str | bytes], root: str, depth: int, name: str
) -> None:
    found = proven(ImportsAcyclic(roots=(root,), depth=depth), memory(files))

    bit = (f"let {name} and a new module beside its package import each other",)
    assert found == Proof(outcome=Proven.PROVEN, bit=bit)


def test_where_a_root_is_all_one_package_a_circle_of_packages_cannot_be_proven() -> None:
    found = proven(ImportsAcyclic(roots=("p",), depth=1), memory({"p/__init__.py": "", "p/a.py": ""}))

    reason = "no module below p can be imported by a new one beside its package of 1 parts"
    assert found == Proof(outcome=Proven.UNPROVABLE, reason=reason)


def test_each_root_has_a_canary_of_its_own() -> None:
    found = proven(ImportsAcyclic(roots=("p", "q")), memory({"p/a.py": "", "q/b.py": ""}))

    assert found.bit == tuple(f"let {name} and a new module beside it import each other" for name in ("p.a", "q.b"))


def test_the_canary_bites_where_there_is_a_circle_already() -> None:
    assert proven(CHECK, memory(EXAMPLE)).outcome is Proven.PROVEN


@pytest.mark.parametrize(
    ("files", "root"),
    [
        ({"p/__init__.py": ""}, "."),
        ({"a-b.py": ""}, "."),
        ({"1.py": ""}, "."),
        ({"json.py": ""}, "."),
        ({"tools/m.py": "", "tools/n.py": ""}, "tools/m.py"),
    ],
)
def test_without_a_module_that_another_can_import_it_cannot_be_proven(files: dict[str, str], root: str) -> None:
    found = proven(ImportsAcyclic(roots=(root,)), memory(files))

    reason = f"no module below {root} can be imported by a new one beside it"
    assert found == Proof(outcome=Proven.UNPROVABLE, reason=reason)
