"""`imports-resolve`: what a module names of its own repository is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.checks.imports.contract import Exemption
from selfcheck.checks.imports.resolve import ImportsResolve
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

CHECK = ImportsResolve()
P = {"p/__init__.py": "", "p/a.py": "", "p/q/__init__.py": "", "p/q/b.py": ""}


def test_imports_that_lead_to_modules_keep_the_promise() -> None:
    repo = memory({**P, "p/a.py": "import os, requests\nfrom p.q import b, NAME\nfrom .q.b import x\n"})

    verdict = assert_keeps(CHECK, repo)

    assert verdict.evidence == (Evidence("modules", 4, 4), Evidence("import statements between them", 5, 3))


def test_an_import_that_leads_nowhere_is_one_finding_as_the_report_shows_it() -> None:
    repo = memory({**P, "main.py": "\nimport p.gone\nimport p.gone\n"})

    findings = assert_breaks(CHECK, repo, "main -> p.gone")

    assert findings == (
        Finding(
            key="main -> p.gone",
            message="main imports p.gone: the package p has no module gone",
            at=Location("main.py", 2),
            hint="mend the name, add the module, or take the import out",
            data={"importer": "main", "imported": "p.gone", "path": "main.py", "line": 2, "wanted": "p/gone.py"},
        ),
    )


@pytest.mark.parametrize(
    ("path", "source", "key"),
    [
        ("p/a.py", "from .gone import x", "p.a -> p.gone"),
        ("p/a.py", "from .q.gone import x", "p.a -> p.q.gone"),
        ("p/q/b.py", "from ..gone import x", "p.q.b -> p.gone"),
        ("p/q/__init__.py", "from .gone import x", "p.q -> p.q.gone"),
        ("p/q/__init__.py", "from ..gone import x", "p.q -> p.gone"),
        ("p/q/b.py", "from ... import x", "p.q.b -> ..."),
        ("p/q/b.py", "from ...r import x", "p.q.b -> ...r"),
        ("p/a.py", "import p.q.gone.more", "p.a -> p.q.gone.more"),
        ("p/a.py", "import p.q.b.more", "p.a -> p.q.b.more"),
        ("p/a.py", "def f():\n  import p.gone", "p.a -> p.gone"),
        ("p/a.py", "if TYPE_CHECKING:\n  import p.gone", "p.a -> p.gone"),
        ("p/a.py", "from p.gone import *", "p.a -> p.gone"),
    ],
)
def test_no_dress_hides_an_import_that_leads_nowhere(path: str, source: str, key: str) -> None:
    assert_breaks(CHECK, memory({**P, path: source}), key)


@pytest.mark.parametrize(
    "source",
    [
        "from p import NAME",
        "from p.q.b import NAME",
        "from . import NAME",
        "import q.b",
        "import P.gone",
        "import pp.gone",
        "try:\n  import p.gone\nexcept ImportError:\n  pass",
        "import importlib\nimportlib.import_module('p.gone')",
        "# import p.gone",
        "'import p.gone'",
        "import json.gone",
    ],
)
def test_what_may_be_elsewhere_is_nearly_a_finding(source: str) -> None:
    assert judged(CHECK, memory({**P, "p/a.py": source})).outcome is Outcome.PASS


@pytest.mark.parametrize("other", ["p/gone.pyx", "p/gone.pyi", "p/gone.cpython-311-x86_64-linux-gnu.so", "p/gone.c"])
def test_a_module_that_is_compiled_is_there(other: str) -> None:
    assert judged(CHECK, memory({**P, "p/a.py": "import p.gone", other: ""})).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (Kind.GUARDED, "try:\n  import p.gone\nexcept ImportError:\n  pass"),
        (Kind.DYNAMIC, "import importlib\nimportlib.import_module('p.gone')"),
    ],
)
def test_what_is_guarded_or_called_counts_where_it_is_asked_for(kind: Kind, source: str) -> None:
    assert_breaks(ImportsResolve(kinds=(kind,)), memory({**P, "p/a.py": source}), "p.a -> p.gone")


@pytest.mark.parametrize(
    ("ignored", "left_out"),
    [
        ({".gitignore": "_version.py\n"}, True),
        ({".gitignore": "p/_version.py"}, True),
        ({".gitignore": "/p/_*.py"}, True),
        ({"p/.gitignore": "/_version.py\n"}, True),
        ({"q/.gitignore": "_version.py\n"}, False),
        ({".gitignore": "other.py\n# _version.py\n"}, False),
        # A folder that is left out by mistake is missing; a pattern that is none selects nothing.
        ({".gitignore": "p/\n*\n"}, False),
        ({".gitignore": "[_version.py\n"}, False),
        ({".gitignore": b"\xff\xfe\x00_version.py"}, False),
    ],
)
def test_a_file_that_git_is_told_to_leave_out_is_made_by_a_build(
    ignored: dict[str, str | bytes], left_out: bool
) -> None:
    repo = memory({**P, **ignored, "p/a.py": "from p._version import version\nfrom ._version import more"})

    verdict = judged(CHECK, repo)

    told = Evidence("imports of generated files", scope=1, examined=0)
    assert verdict.outcome is (Outcome.PASS if left_out else Outcome.FAIL)
    assert (told in verdict.evidence) is left_out


@pytest.mark.parametrize("imports", ["p.a -> p.gone", "p.* -> p.gone"])
def test_an_exempt_import_is_no_finding(imports: str) -> None:
    exempt = (Exemption(imports=imports, reason="made by a build", count=1 if "*" in imports else None),)

    assert_keeps(ImportsResolve(exempt=exempt), memory({**P, "p/a.py": "from .gone import x"}))
    assert_breaks(ImportsResolve(exempt=exempt), memory(P), f"exempt {imports}")


def test_only_what_stands_below_the_roots_is_judged() -> None:
    repo = memory({**P, "p/a.py": "", "tests/t.py": "import p.gone"})

    assert judged(ImportsResolve(roots=("p",)), repo).outcome is Outcome.PASS
    assert_breaks(ImportsResolve(roots=("tests",)), repo, "tests.t -> p.gone")


def test_a_file_that_does_not_parse_is_there_all_the_same() -> None:
    verdict = judged(CHECK, memory({**P, "p/a.py": "import p.q.b", "p/q/b.py": "import ("}))

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "1 file could not be read")


@given(st.sets(st.sampled_from(["p/a.py", "p/q/__init__.py", "p/q/b.py", "p/r.py", "p/r/__init__.py", "n/c.py"])))
def test_an_import_of_every_module_that_is_there_is_never_a_finding(paths: set[str]) -> None:
    files = {"p/__init__.py", *paths}
    names = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in sorted(files)]
    main = "".join(f"import {name}\n" for name in names)

    assert judged(CHECK, memory({**dict.fromkeys(files, ""), "main.py": main})).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "roots", "bit"),
    [
        (P, ".", ["p"]),
        ({"main.py": ""}, ".", ["main"]),
        ({"main.py": "", "a-b.py": ""}, ".", ["a-b"]),
        ({"src/p/__init__.py": "", "src/p/m.py": ""}, "src", ["p"]),
        ({**P, "n/c.py": ""}, "p n", ["p", "n.c"]),
        ({"tools/run.py": ""}, "tools/run.py", ["run"]),
    ],
)
def test_the_canary_is_the_import_of_a_module_that_is_nowhere(
    files: dict[str, str], roots: str, bit: list[str]
) -> None:
    found = proven(ImportsResolve(roots=tuple(roots.split())), memory(files))

    titles = tuple(f"let {name} import a module beside it that is not there" for name in bit)
    assert found == Proof(outcome=Proven.PROVEN, bit=titles)


def test_a_missing_module_of_a_package_without_a_file_is_a_finding_beside_generated_files() -> None:
    files = {".gitignore": "*_pb2.py\n", "shop/orders.py": "from . import gone_for_good\n"}

    assert_breaks(ImportsResolve(), memory(files), "shop.orders -> shop.gone_for_good")
