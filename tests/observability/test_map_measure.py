"""What is measured of modules, and what of two maps differs."""

from pathlib import Path

from selfcheck.facts import Facts
from selfcheck.git import open_git
from selfcheck.testing import git_repository, memory
from selfcheck.trees import Tree
from selfcheck_observability.map.differences import Difference, differences
from selfcheck_observability.map.figure import mermaid
from selfcheck_observability.map.measure import Past
from selfcheck_observability.map.model import By, Dependency, Goal, Map, Measure, Measured, Module, Scope, Step, Truth
from selfcheck_observability.map.model import Evolution as Way
from selfcheck_observability.map.page import page
from selfcheck_observability.map.past import changed, past
from selfcheck_observability.map.survey import measured

SHOP = {
    "shop/__init__.py": "",
    "shop/web/pages.py": 'from fastapi import FastAPI\nfrom shop.store import tables\napp = FastAPI()\n@app.get("/a")\ndef a(): ...\n',
    "shop/store/tables.py": "import sqlite3",
    "shop/store/more.py": "from shop.store import tables\n",
    "web/app.ts": "export const a = 1\n",
    "README.md": "# Shop\n",
}


def counted(tree: Tree, whole: Map, known: Past | None = None) -> Measured:
    """What is measured of a tree."""
    return measured(tree, Facts(), whole, known or Past()).measured


def test_each_source_is_in_the_module_that_people_named_or_in_its_folder() -> None:
    whole = Map(
        version="1", modules={"shop/store/": Module(purpose="Tables."), "shop/web/pages.py": Module(purpose="P.")}
    )
    known = Past(
        3, (frozenset({"shop/store/more.py", "gone.py"}), frozenset({"shop/store/tables.py"})), lambda _: ("@a",)
    )

    found = counted(memory(SHOP).tree, whole, known)

    assert found == Measured(
        commits=3,
        hotspots=("shop/store",),
        modules={
            "shop": Measure(files=1, lines=0, owners=("@a",)),
            "shop/store": Measure(files=2, lines=2, imported_by=1, commits=2, owners=("@a",)),
            "shop/web/pages.py": Measure(files=1, lines=5, imports=("shop/store",), owners=("@a",), routes=("GET /a",)),
            "web": Measure(files=1, lines=1, owners=("@a",)),
        },
    )


def test_a_module_may_be_each_file() -> None:
    whole = Map(version="1", scope=Scope(paths=("shop/store/**",), by=By.FILE))

    assert [*counted(memory(SHOP).tree, whole).modules] == ["shop/store/more.py", "shop/store/tables.py"]


def test_a_source_that_cannot_be_read_is_named() -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"

    found = measured(memory({"a.py": pointer}).tree, Facts(), Map(version="1"), Past())

    assert [each.path for each in found.unread] == ["a.py"]


def test_changes_and_owners_are_those_of_the_folder(tmp_path: Path) -> None:
    rows = "# who\n*  @all\n/shop/  @shop @org/team\nshop/web/*  @web\nshop/bare.py\n"
    repo = git_repository(
        tmp_path,
        {"shop/a.py": "1", "b.py": "1", "CODEOWNERS": rows, "shop/bare.py": ""},
        {"shop/a.py": "2", "shop/\n.py": ""},
    )
    git = open_git(tmp_path)
    assert git is not None

    found = past(git, "", repo.tree, 10)

    assert changed(git, "shop", 1) == (frozenset({"a.py", "\n.py"}),)
    assert (found.commits, found.changes[0]) == (2, frozenset({"shop/a.py", "shop/\n.py"}))
    assert [
        [*found.owners(path)] for path in ("b.py", "shop/a.py", "shop/web/x.py", "shop/web/deep/x.py", "shop/bare.py")
    ] == [
        ["@all"],
        ["@shop", "@org/team"],
        ["@web"],
        ["@shop", "@org/team"],
        [],
    ]


def test_outside_of_git_nothing_is_known_of_changes_and_owners() -> None:
    found = past(None, "", memory({}).tree, 10)

    assert (found.commits, found.changes, found.owners("a")) == (0, (), ())


def test_without_a_row_that_matches_nobody_owns_a_file() -> None:
    found = past(None, "", memory({"CODEOWNERS": "docs/ @d\n"}).tree, 10)

    assert [*found.owners("a.py")] == []


def test_what_differs_is_told_by_what_it_is() -> None:
    old = Map(
        version="1",
        modules={"a": Module(purpose="A."), "b": Module(purpose="B.")},
        measured=Measured(modules={"a": Measure(files=1, lines=100, imports=("b",)), "b": Measure(files=1, lines=1)}),
    )
    new = Map(
        version="1",
        modules={"a": Module(purpose="Another."), "c": Module(purpose="C.")},
        evolution_path=Way(immediate=(Step(what="Go on."),)),
        measured=Measured(
            modules={"a": Measure(files=1, lines=1000, imports=("c",), owners=("@a",)), "c": Measure(files=1, lines=1)}
        ),
    )

    assert differences(old, new) == (
        Difference(what="modules, as people wrote it", name="a", how="changed"),
        Difference(what="modules, as people wrote it", name="b", how="is gone"),
        Difference(what="modules, as people wrote it", name="c", how="is new"),
        Difference(what="evolution_path, as people wrote it", name="evolution_path", how="changed"),
        Difference(what="size", name="a", how="100 -> 1,000 lines"),
        Difference(what="imports", name="a", how="+c -b"),
        Difference(what="owners", name="a", how="+@a"),
        Difference(what="module", name="b", how="is gone"),
        Difference(what="module", name="c", how="is new"),
    )
    assert differences(old, old) == ()


HOSTILE = '<script>"]\n%%{init}%%'
WHOLE = Map(
    version="1",
    purpose=HOSTILE,
    modules={
        "shop/web": Module(purpose="Pages.", business_goals=("sales",), resilience_dependencies=("db",)),
        "x": Module(purpose=HOSTILE),
    },
    business_goals={"sales": Goal(modules=("nowhere",))},
    resilience_dependencies={"db": Dependency(modules_dependent=("nowhere",))},
    architectural_truths={"kept": Truth(description="D.", validation=("layers", "cycles"))},
    evolution_path=Way(long_term=(Step(what="Rest.", refs=("#1",)),)),
    measured=Measured(
        modules={
            "shop/web": Measure(files=1, lines=1_000, imports=("shop/store", "elsewhere")),
            "shop/store": Measure(files=1, lines=9),
            HOSTILE: Measure(files=1, lines=0),
        }
    ),
)


def test_the_picture_has_modules_goals_and_dependencies_and_no_markup_of_theirs() -> None:
    assert mermaid(WHOLE).splitlines() == [
        "flowchart LR",
        "  subgraph modules",
        '    m0["shop/web<br/>1,000 lines"]',
        '    m1["x"]',
        '    m2["shop/store<br/>9 lines"]',
        '    m3["#60;script#62;#34;#93;#10;#37;#37;#123;init#125;#37;#37;<br/>0 lines"]',
        "  end",
        "  m0 --> m2",
        '  g0(["sales"])',
        "  m0 -.-> g0",
        '  d0[("db")]',
        "  m0 ==> d0",
        "  classDef lost stroke-dasharray: 4",
        "  class m1,m2,m3 lost",
    ]
    assert (
        mermaid(
            Map(version="1", modules={"a": Module(purpose="A.", business_goals=("g",))}, business_goals={"g": Goal()})
        ).count("lost")
        == 0
    )


def test_the_page_has_every_part_and_no_markup_of_theirs() -> None:
    found = page(WHOLE)

    assert "<script" not in found
    assert [
        title
        for title in ("Business goals", "Resilience dependencies", "Architectural truths", "The way on", "Modules")
        if f"<h2>{title}</h2>" not in found
    ] == []
    assert "<td>layers, cycles</td>" in found
    assert "<h2>Modules</h2>" not in page(Map(version="1"))
