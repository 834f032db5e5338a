"""What import-linter's contracts mean: packages of a few modules, a contract, and whether they keep it.

In a tree `a -> b c` is a module that imports two others, and `a` one that imports nothing; what is above a module is a
regular package. The names p, q and r are those of root packages. `ours` differs from `theirs` only for a reason.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

KEPT, BROKEN, ERROR = "kept", "broken", "error"


class Circle(NamedTuple):
    """One package tree under `acyclic_siblings`, against circles among modules, among packages, and what is imported."""

    says: str
    tree: str
    theirs: str
    modules: str
    """What imports-acyclic says without a depth."""
    children: str
    """What it says at depth 2: the children of root packages are the nodes."""
    imported: str
    """What the guardrails say that `selfcheck import` makes of the contract."""
    why: str = ""
    options: Mapping[str, Any] = {}


class Row(NamedTuple):
    """One package tree under one contract, with both verdicts."""

    says: str
    tree: str
    contract: Mapping[str, Any]
    theirs: str
    ours: str
    why: str = ""
    settings: Mapping[str, str] = {}
    sources: Mapping[str, str] = {}
    """Files as they stand, over those of the tree."""


def _row(says: str, tree: str, verdict: str, contract: Mapping[str, Any], **more: Any) -> Row:
    """A row whose verdicts are the same unless `ours` is given, with `why`."""
    return Row(says, tree, contract, verdict, more.pop("ours", verdict), **more)


def rows() -> Iterator[Row]:
    """The whole table."""
    yield from _layers()
    yield from _layer_siblings()
    yield from _containers()
    yield from _ignored()
    yield from _independence()
    yield from _forbidden()
    yield from _protected()
    yield from _graph()


def circles() -> Iterator[Circle]:
    """The table of circles; where a verdict of ours is not theirs, the row says why."""
    k, b = KEPT, BROKEN
    squashed = "the modules are in no circle, the packages around them are"
    deeper = "at this depth what is below a child is one with it"
    init = "a package's own __init__.py is a module as well, and imports like one"
    yield Circle("nothing is imported", "p.a;p.b", k, k, k, k)
    yield Circle("a chain that ends", "p.a -> p.b; p.b -> p.c", k, k, k, k)
    yield Circle("two modules import each other", "p.a -> p.b; p.b -> p.a", b, b, b, b)
    yield Circle("three modules import each other in turn", "p.a -> p.b; p.b -> p.c; p.c -> p.a", b, b, b, b)
    yield Circle("two circles", "p.a -> p.b; p.b -> p.a; p.c -> p.d; p.d -> p.c", b, b, b, b)
    yield Circle("a module imports itself", "p.a -> p.a; p.b", k, k, k, k)
    yield Circle("two packages, four modules", "p.a.w -> p.b.x; p.b.y -> p.a.z", b, k, b, b, squashed)
    yield Circle("a package and a module", "p.a.x -> p.b; p.b -> p.a.y", b, k, b, b, squashed)
    yield Circle("a circle within one child", "p.a.x -> p.a.y; p.a.y -> p.a.x; p.b", b, b, k, b, deeper)
    yield Circle(
        "a circle within one child, no generation further",
        "p.a.x -> p.a.y; p.a.y -> p.a.x; p.b",
        k,
        b,
        k,
        k,
        "it is a circle of modules; `depth: 2` looks as far as `depth = 0` there",
        {"depth": 0},
    )
    yield Circle("packages in a child", "p.a.b.w -> p.a.c.x; p.a.c.y -> p.a.b.z", b, k, k, b, f"{squashed}; {deeper}")
    yield Circle(
        "packages in a child, no generation further",
        "p.a.b.w -> p.a.c.x; p.a.c.y -> p.a.b.z",
        k,
        k,
        k,
        k,
        "",
        {"depth": 0},
    )
    yield Circle(
        "packages in a child, one generation further",
        "p.a.b.w -> p.a.c.x; p.a.c.y -> p.a.b.z",
        b,
        k,
        k,
        b,
        f"{squashed}; {deeper}",
        {"depth": 1},
    )
    yield Circle(
        "a module and what stands deep beside it",
        "p.a.x.u -> p.a.y; p.a.y -> p.a.x.v",
        b,
        k,
        k,
        b,
        f"{squashed}; {deeper}",
    )
    yield Circle("a package and a module in it", "p.a -> p.a.x; p.a.x -> p.a; p.b", k, b, k, b, init)
    yield Circle("a root package and a module in it", "p -> p.a; p.a -> p; p.b", k, b, b, b, init)
    yield Circle("siblings through their root package", "p.a -> p; p -> p.b; p.b -> p.a", k, b, b, b, init)
    yield Circle(
        "siblings through their package, within the package",
        "p.a.x -> p.a.y; p.a.y -> p.a; p.a -> p.a.x; p.b",
        k,
        b,
        k,
        b,
        init,
    )
    yield Circle(
        "through a module outside the ancestor",
        "p.s.a -> p.t; p.t -> p.s.b; p.s.b -> p.s.a",
        k,
        b,
        b,
        k,
        "without a narrower root the way outside is seen",
        {"ancestors": ["p.s"]},
    )
    yield Circle(
        "in a package that is skipped",
        "p.a.x -> p.a.y; p.a.y -> p.a.x; p.b",
        k,
        b,
        k,
        b,
        "nothing of a root is skipped",
        {"skip_descendants": ["p.a"]},
    )
    yield Circle(
        "in packages of a wildcard", "p.a.x -> p.a.y; p.a.y -> p.a.x; p.b", b, b, k, b, deeper, {"ancestors": ["p.*"]}
    )
    yield Circle(
        "outside the ancestor",
        "p.a -> p.b; p.b -> p.a; p.s.x; p.s.y",
        k,
        b,
        b,
        k,
        "it is in the root",
        {"ancestors": ["p.s"]},
    )
    yield Circle(
        "an import of the circle is ignored",
        "p.a -> p.b; p.b -> p.a",
        k,
        k,
        k,
        k,
        "",
        {"ignore_imports": ["p.a -> p.b"]},
    )
    yield Circle(
        "between root packages",
        "q.a -> r.b; r.b -> q.a",
        k,
        b,
        b,
        k,
        "root packages are no siblings there; here modules are modules wherever they stand",
        {"ancestors": ["q", "r"]},
    )


def _layers() -> Iterator[Row]:
    def row(says: str, tree: str, verdict: str, **more: Any) -> Row:
        layers = more.pop("layers", ["p.high", "p.mid", "p.low"])
        return _row(says, f"p.high;p.mid;p.low;{tree}", verdict, {"type": "layers", "layers": layers}, **more)

    yield row("no import at all", "", KEPT)
    yield row("a layer imports the one below", "p.high -> p.mid; p.mid -> p.low", KEPT)
    yield row("a layer imports one further below", "p.high -> p.low", KEPT)
    yield row("a layer imports the one above", "p.low -> p.mid", BROKEN)
    yield row("a layer imports one further above", "p.low -> p.high", BROKEN)
    yield row("what is in a layer imports what is in a higher one", "p.low.a.b -> p.high.c.d", BROKEN)
    yield row("what is in a layer imports what is in a lower one", "p.high.a -> p.low.b", KEPT)
    yield row("what is in one layer imports each other", "p.low.a -> p.low.b; p.low.b -> p.low.a", KEPT)
    yield row("a layer reaches a higher one through a module of none", "p.low -> p.util; p.util -> p.high", BROKEN)
    yield row(
        "a layer reaches a higher one through two modules of none",
        "p.low.x -> p.a; p.a -> p.b.c; p.b.c -> p.high.y",
        BROKEN,
    )
    yield row("a layer reaches a lower one through a module of none", "p.high -> p.util; p.util -> p.low", KEPT)
    yield row("a module of no layer imports them all", "p.util -> p.high p.mid p.low", KEPT)
    yield row("all layers import a module of none", "p.high -> p.util; p.mid -> p.util; p.low -> p.util", KEPT)
    yield row("a chain ends in a module of no layer", "p.low -> p.a; p.a -> p.b", KEPT)
    yield row("a layer imports the root package, which imports a higher one", "p.low -> p; p -> p.high", BROKEN)
    yield row("a layer imports the root package, which imports lower ones", "p.mid -> p; p -> p.low", KEPT)
    yield row("a required layer is not there", "", ERROR, layers=["p.high", "p.roof", "p.low"])
    yield row("an optional layer is not there", "p.high -> p.low", KEPT, layers=["p.high", "(p.roof)", "p.low"])
    yield row("an optional layer is there and broken", "p.mid -> p.high", BROKEN, layers=["p.high", "(p.mid)", "p.low"])
    yield row("layers stand in different packages", "p.a.one -> p.b.two", BROKEN, layers=["p.b.two", "p.a.one"])
    yield row("what is beside a layer may do as it likes", "p.low2 -> p.high", KEPT)
    yield row("a layer is named twice", "", ERROR, layers=["p.high", "p.low", "p.high"])
    yield row("root packages are layers", "q.a -> r.b; r", KEPT, layers=["q", "r"])
    yield row("a lower root package imports a higher one", "q.a; r.b -> q", BROKEN, layers=["q", "r"])
    yield row(
        "a lower root package reaches a higher one through another",
        "q; r -> p.low; p.low -> q",
        BROKEN,
        layers=["q", "r"],
    )


def _layer_siblings() -> Iterator[Row]:
    def row(says: str, tree: str, verdict: str, middle: str, **more: Any) -> Row:
        contract = {"type": "layers", "layers": ["p.high", middle, "p.low"]}
        return _row(says, f"p.high;p.a;p.b;p.low;{tree}", verdict, contract, **more)

    yield row("independent siblings in one layer import each other", "p.a -> p.b", BROKEN, "p.a | p.b")
    yield row(
        "independent siblings reach each other through a module of none",
        "p.a.x -> p.u; p.u -> p.b",
        BROKEN,
        "p.a | p.b",
    )
    yield row("independent siblings both import the layer below", "p.a -> p.low; p.b -> p.low", KEPT, "p.a | p.b")
    yield row("independent siblings meet through the layer below", "p.a -> p.low; p.low -> p.b", BROKEN, "p.a | p.b")
    yield row("siblings that are not independent import each other", "p.a -> p.b; p.b -> p.a", KEPT, "p.a : p.b")
    yield row("one of several siblings imports the layer above", "p.b -> p.high", BROKEN, "p.a : p.b")
    yield row("the layer below imports one of several siblings", "p.low -> p.a", BROKEN, "p.a : p.b")
    yield row("a sibling reaches the layer above through its sibling", "p.a -> p.b; p.b -> p.high", BROKEN, "p.a : p.b")
    yield row("an optional sibling is not there", "p.a -> p.low", KEPT, "p.a | (p.c)")
    yield row("a required sibling is not there", "", ERROR, "p.a | p.c")
    yield row("the two kinds of siblings are mixed", "", ERROR, "p.a | p.b : p.c")


def _containers() -> Iterator[Row]:
    def row(says: str, tree: str, verdict: str, **more: Any) -> Row:
        names = ("exhaustive", "exhaustive_ignores", "containers")
        options: dict[str, Any] = {name: more.pop(name) for name in names if name in more}
        contract = {"type": "layers", "layers": ["high", "(mid)", "low"], "containers": ["p.a", "p.b"], **options}
        return _row(says, f"p.a.high;p.a.low;p.b.high;p.b.low;{tree}", verdict, contract, **more)

    yield row("each container keeps its layers", "p.a.high -> p.a.low; p.b.high -> p.b.low", KEPT)
    yield row("one container breaks its layers", "p.b.low -> p.b.high", BROKEN)
    yield row("a low layer imports a high one of another container", "p.a.low -> p.b.high", KEPT)
    yield row("a chain breaks one container through the other", "p.a.low -> p.b.high; p.b.high -> p.a.high", BROKEN)
    yield row("a chain passes the other container downwards", "p.a.high -> p.b.low; p.b.low -> p.a.low", KEPT)
    yield row("containers are named by a wildcard", "p.b.low.x -> p.b.high.y", BROKEN, containers=["p.*"])
    yield row("a layer is not there in one container", "p.c.high", ERROR, containers=["p.a", "p.c"])
    yield row("an optional layer is there in one container", "p.a.mid -> p.a.high", BROKEN)
    yield row("a container is not there", "", ERROR, containers=["p.nowhere"])
    yield row("an exhaustive contract names every child", "p.a.mid", KEPT, exhaustive="true")
    yield row("an exhaustive contract leaves out a child", "p.a.extra", BROKEN, exhaustive="true")
    yield row("a child that is left out is a package", "p.b.extra.deep", BROKEN, exhaustive="true")
    yield row("what is left out stands deeper than the layers", "p.a.low.extra", KEPT, exhaustive="true")
    yield row("a child is left out on purpose", "p.a.extra", KEPT, exhaustive="true", exhaustive_ignores=["extra"])
    yield row(
        "a child is left out on purpose that is not there",
        "",
        KEPT,
        ours=BROKEN,
        why="an entry that nothing needs hides the next module of that name",
        exhaustive="true",
        exhaustive_ignores=["extra"],
    )
    yield row("without `exhaustive` children may be left out", "p.a.extra", KEPT)
    yield _row(
        "an exhaustive contract without containers",
        "p.high;p.low",
        ERROR,
        {"type": "layers", "layers": ["p.high", "p.low"], "exhaustive": "true"},
    )


def _ignored() -> Iterator[Row]:
    def row(says: str, tree: str, verdict: str, ignored: list[str], **more: Any) -> Row:
        alert = {"unmatched_ignore_imports_alerting": more.pop("alert")} if "alert" in more else {}
        contract = {"type": "layers", "layers": ["p.high", "p.low"], "ignore_imports": ignored, **alert}
        return _row(says, f"p.high;p.low;{tree}", verdict, contract, **more)

    why = "an exemption that covers nothing hides the next import that it would cover"
    yield row("the only import against the layers is ignored", "p.low.a -> p.high.b", KEPT, ["p.low.a -> p.high.b"])
    yield row(
        "one of two imports against the layers is ignored",
        "p.low.a -> p.high.b; p.low.c -> p.high",
        BROKEN,
        ["p.low.a -> p.high.b"],
    )
    yield row(
        "ignoring a package does not ignore what is in it",
        "p.low.a -> p.high; p.low -> p.high",
        BROKEN,
        ["p.low -> p.high"],
    )
    yield row("the first link of a chain is ignored", "p.low -> p.u; p.u -> p.high", KEPT, ["p.low -> p.u"])
    yield row("the last link of a chain is ignored", "p.low -> p.u; p.u -> p.high", KEPT, ["p.u -> p.high"])
    yield row("one of two chains is cut", "p.low -> p.u p.v; p.u -> p.high; p.v -> p.high", BROKEN, ["p.low -> p.u"])
    yield row("`*` stands for one part of a name", "p.low.a -> p.high.b", KEPT, ["p.low.* -> p.high.*"])
    yield row(
        "`*` does not stand for two parts", "p.low.a.x -> p.high; p.low.b -> p.high", BROKEN, ["p.low.* -> p.high"]
    )
    yield row(
        "`**` stands for any number of parts", "p.low.a.x -> p.high; p.low.b -> p.high", KEPT, ["p.low.** -> p.high"]
    )
    yield row("`**` does not stand for no part", "p.low -> p.high; p.low.b -> p.high", BROKEN, ["p.low.** -> p.high"])
    yield row("`**` stands in the middle of a name", "p.low.a.b.x -> p.high", KEPT, ["p.low.**.x -> p.high"])
    yield row("an ignored import is not there", "", ERROR, ["p.low -> p.high"], ours=BROKEN, why=why)
    yield row(
        "an ignored import is not there, and that is fine",
        "",
        KEPT,
        ["p.low -> p.high"],
        alert="none",
        ours=BROKEN,
        why=why,
    )
    yield row(
        "an ignored import is not there, and that is a warning",
        "",
        KEPT,
        ["p.* -> p.high"],
        alert="warn",
        ours=BROKEN,
        why=why,
    )
    yield row(
        "an ignored import breaks nothing",
        "p.high -> p.low",
        KEPT,
        ["p.high -> p.low"],
        ours=BROKEN,
        why="an exemption without which the same is found is a reason that nobody needs",
    )


def _independence() -> Iterator[Row]:
    def row(says: str, tree: str, verdict: str, modules: tuple[str, ...] = ("p.a", "p.b", "p.c"), **more: Any) -> Row:
        contract = {"type": "independence", "modules": list(modules)}
        return _row(says, f"p.a;p.b;p.c;{tree}", verdict, contract, **more)

    yield row("independent modules import nothing", "", KEPT)
    yield row("one independent module imports another", "p.b -> p.a", BROKEN)
    yield row("what is in one imports what is in another", "p.a.x.y -> p.c.z", BROKEN)
    yield row("one reaches another through a third module", "p.a -> p.u; p.u -> p.c", BROKEN)
    yield row("one reaches another through their package", "p.a -> p; p -> p.b", BROKEN)
    yield row("all import the same module", "p.a -> p.u; p.b -> p.u; p.c -> p.u", KEPT)
    yield row("the same module imports all", "p.u -> p.a p.b p.c", KEPT)
    yield row("a module of the contract imports itself in parts", "p.a.x -> p.a.y; p.a.y -> p.a.x", KEPT)
    yield row("names that begin alike are other modules", "p.a -> p.ab; p.ab -> p.bb; p.bb", KEPT)
    yield row("the modules are named by a wildcard", "p.s.x -> p.s.y", BROKEN, ("p.s.*",))
    yield row("a wildcard does not reach deeper", "p.s.x.one -> p.s.x.two; p.s.y", KEPT, ("p.s.*",))
    yield row("a module is not there", "", ERROR, ("p.a", "p.nowhere"))
    yield row(
        "a wildcard stands for nothing",
        "",
        KEPT,
        ("p.nowhere.*",),
        ours=ERROR,
        why="a contract about nothing is never broken; a renamed package must not turn it blind",
    )
    yield row(
        "there is one module only",
        "",
        KEPT,
        ("p.a",),
        ours=ERROR,
        why="one module is independent of nothing, so nothing is examined",
    )
    yield row("root packages are independent", "q.x -> r.y; r.y", BROKEN, ("q", "r"))


def _forbidden() -> Iterator[Row]:
    def row(says: str, tree: str, verdict: str, **more: Any) -> Row:
        names = ("source_modules", "forbidden_modules", "as_packages", "allow_indirect_imports")
        options: dict[str, Any] = {name: more.pop(name) for name in names if name in more}
        contract = {"type": "forbidden", "source_modules": ["p.a"], "forbidden_modules": ["p.z"], **options}
        return _row(says, f"p.a;p.z;{tree}", verdict, contract, **more)

    outside = {"settings": {"include_external_packages": "true"}}
    yield row("a source does not import what is forbidden", "p.z -> p.a", KEPT)
    yield row("a source imports what is forbidden", "p.a -> p.z", BROKEN)
    yield row("what is in a source imports what is in a forbidden package", "p.a.b.c -> p.z.y.x", BROKEN)
    yield row("a source reaches what is forbidden through another module", "p.a -> p.u; p.u -> p.z", BROKEN)
    yield row(
        "a source reaches what is forbidden through three", "p.a -> p.u; p.u -> p.v; p.v -> p.w; p.w -> p.z", BROKEN
    )
    yield row("one source reaches it through another", "p.a -> p.b; p.b -> p.z", BROKEN, source_modules=["p.a", "p.b"])
    yield row("chains are allowed", "p.a -> p.u; p.u -> p.z", KEPT, allow_indirect_imports="True")
    yield row("chains are allowed, a direct import is not", "p.a.x -> p.z.y", BROKEN, allow_indirect_imports="True")
    yield row("another module imports what is forbidden", "p.b -> p.z", KEPT)
    yield row("modules do not stand for what is below: the importer", "p.a.x -> p.z", KEPT, as_packages="False")
    yield row("modules do not stand for what is below: the imported", "p.a -> p.z.x", KEPT, as_packages="False")
    yield row("modules stand for themselves", "p.a -> p.z", BROKEN, as_packages="False")
    yield row(
        "modules stand for themselves, through what is below", "p.a -> p.a.x; p.a.x -> p.z", BROKEN, as_packages="False"
    )
    yield row("sources are named by a wildcard", "p.s.x.deep -> p.z", BROKEN, source_modules=["p.s.*"])
    yield row("what is forbidden is named by a wildcard", "p.a -> p.t.one.deep", BROKEN, forbidden_modules=["p.t.*"])
    yield row(
        "a wildcard at the end does not stand for the package", "p.a -> p.t; p.t.one", KEPT, forbidden_modules=["p.t.*"]
    )
    yield row("a forbidden wildcard includes the source", "p.a.x -> p.a.y", KEPT, forbidden_modules=["p.*"])
    yield row(
        "a forbidden wildcard includes the source and its siblings", "p.a.x -> p.b", BROKEN, forbidden_modules=["p.*"]
    )
    yield row(
        "what is forbidden stands in the source",
        "p.a.x -> p.a.y",
        KEPT,
        forbidden_modules=["p.a.y"],
        ours=BROKEN,
        why="a package may be forbidden to what stands beside it; only what is in it is free to import it",
    )
    yield row(
        "the source stands in what is forbidden",
        "p.z.a -> p.z.b",
        KEPT,
        source_modules=["p.z.a"],
        ours=ERROR,
        why="to what stands in a package it is not forbidden, so nothing is examined",
    )
    yield row(
        "a package must not import its own parts",
        "p.a -> p.a.x",
        BROKEN,
        forbidden_modules=["p.a.**"],
        as_packages="False",
    )
    yield row("a source module is not there", "", ERROR, source_modules=["p.nowhere"])
    yield row("a forbidden module of ours is not there", "", ERROR, forbidden_modules=["p.nowhere"])
    yield row(
        "a source wildcard stands for nothing",
        "",
        KEPT,
        source_modules=["p.nowhere.*"],
        ours=ERROR,
        why="a contract about nothing is never broken; a renamed package must not turn it blind",
    )
    yield row(
        "another distribution is forbidden and imported",
        "p.a -> requests",
        BROKEN,
        forbidden_modules=["requests"],
        **outside,
    )
    yield row(
        "another distribution is forbidden and not imported",
        "p.a -> httpx",
        KEPT,
        forbidden_modules=["requests"],
        **outside,
    )
    yield row(
        "a part of a forbidden distribution is imported",
        "p.a -> django.db.models",
        BROKEN,
        forbidden_modules=["django"],
        **outside,
    )
    yield row(
        "another distribution is reached through a module",
        "p.a -> p.u; p.u -> requests",
        BROKEN,
        forbidden_modules=["requests"],
        **outside,
    )
    yield row(
        "the standard library is forbidden", "p.a.x -> json.decoder", BROKEN, forbidden_modules=["json"], **outside
    )
    yield row(
        "a part of another distribution is forbidden",
        "p.a -> django.db.models",
        ERROR,
        forbidden_modules=["django.db"],
        ours=BROKEN,
        why="what is imported is known in full, so a part of another distribution can be forbidden",
        **outside,
    )
    yield row(
        "another distribution is forbidden without the setting for them",
        "p.a -> requests",
        ERROR,
        forbidden_modules=["requests"],
        ours=BROKEN,
        why="there is no such setting: other distributions are always seen",
    )
    yield row(
        "a root package is forbidden to another", "q.x -> r.y", BROKEN, source_modules=["q"], forbidden_modules=["r"]
    )


def _protected() -> Iterator[Row]:
    def row(says: str, tree: str, verdict: str, **more: Any) -> Row:
        options: dict[str, Any] = {
            name: more.pop(name) for name in ("protected_modules", "allowed_importers", "as_packages") if name in more
        }
        contract = {"type": "protected", "protected_modules": ["p.z"], "allowed_importers": ["p.a"], **options}
        return _row(says, f"p.a;p.z;{tree}", verdict, contract, **more)

    yield row("nobody imports what is protected", "", KEPT)
    yield row("an allowed importer imports what is protected", "p.a -> p.z", KEPT)
    yield row("what is in an allowed importer does", "p.a.x.y -> p.z.w", KEPT)
    yield row("another module imports what is protected", "p.b -> p.z", BROKEN)
    yield row("another module imports what is in a protected package", "p.b -> p.z.y.x", BROKEN)
    yield row("another module goes through an allowed one", "p.b -> p.a; p.a -> p.z", KEPT)
    yield row("another module goes through what is protected", "p.b -> p.z; p.z -> p.a", BROKEN)
    yield row("what is protected imports the others", "p.z -> p.b p.a", KEPT)
    yield row("what is in one protected package imports each other", "p.z.x -> p.z.y; p.z.y -> p.z", KEPT)
    yield row("one protected package imports another", "p.z -> p.y", BROKEN, protected_modules=["p.z", "p.y"])
    yield row("nobody is allowed", "p.a -> p.z", BROKEN, allowed_importers=[])
    yield row("the root package itself is not allowed", "p -> p.z", BROKEN)
    yield row(
        "protected modules are named by a wildcard", "p.b -> p.s.models", BROKEN, protected_modules=["p.*.models"]
    )
    yield row(
        "a wildcard protects each match by itself", "p.s.x -> p.t.y", BROKEN, protected_modules=["p.s.*", "p.t.*"]
    )
    yield row("matches of one wildcard import each other", "p.s.x -> p.s.y", BROKEN, protected_modules=["p.s.*"])
    yield row("allowed importers are named by a wildcard", "p.c.x.deep -> p.z", KEPT, allowed_importers=["p.c.*"])
    yield row("modules do not stand for what is below: the protected", "p.b -> p.z.x", KEPT, as_packages="False")
    yield row("modules do not stand for what is below: the allowed", "p.a.x -> p.z", BROKEN, as_packages="False")
    yield row("modules stand for themselves, also for what is below", "p.z.x -> p.z", BROKEN, as_packages="False")
    yield row(
        "a module protects itself within a protected package",
        "p.z.x -> p.z.y.w",
        BROKEN,
        protected_modules=["p.z", "p.z.y"],
    )
    yield row(
        "a protected module is not there",
        "",
        ERROR,
        protected_modules=["p.nowhere"],
    )
    yield row(
        "a protected wildcard stands for nothing",
        "",
        KEPT,
        protected_modules=["p.nowhere.*"],
        ours=ERROR,
        why="a contract about nothing is never broken; a renamed package must not turn it blind",
    )


def _graph() -> Iterator[Row]:
    def row(says: str, source: str, verdict: str, tree: str = "", **more: Any) -> Row:
        """`p/low/x.py` is the source, and `p.low` must not import `p.high`."""
        contract = {"type": "forbidden", "source_modules": ["p.low"], "forbidden_modules": ["p.high"]}
        sources = {"p/low/x.py": source, **more.pop("sources", {})}
        return _row(says, f"p.low.x;p.high.y;{tree}", verdict, contract, sources=sources, **more)

    guarded = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import p.high\n"
    without = {"exclude_type_checking_imports": "true"}
    yield row("`import` of a package", "import p.high\n", BROKEN)
    yield row("`import` under another name", "import p.high.y as other\n", BROKEN)
    yield row("`from` the package above", "from p import high\n", BROKEN)
    yield row("`from` a module, of a name in it", "from p.high.y import name\n", BROKEN)
    yield row("everything `from` a module", "from p.high import *\n", BROKEN)
    yield row("relative to the module", "from ..high import y\n", BROKEN)
    yield row("relative to the package above", "from .. import high\n", BROKEN)
    yield row("in a function", "def late():\n    import p.high\n", BROKEN)
    yield row("in a class", "class Late:\n    import p.high\n", BROKEN)
    yield row("in a `try`", "try:\n    import p.high\nexcept ImportError:\n    pass\n", BROKEN)
    yield row("under a condition", "if 1 > 2:\n    import p.high\n", BROKEN)
    yield row("for a type checker", guarded, BROKEN)
    yield row("for a type checker, which is left out", guarded, KEPT, settings=without)
    yield row(
        "in the `else` of a type checker's branch", f"{guarded}else:\n    import p.high\n", BROKEN, settings=without
    )
    yield row(
        "for a type checker and a condition, which is left out",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING and 1:\n    import p.high\n",
        BROKEN,
        settings=without,
        ours=KEPT,
        why="a condition that holds only for a type checker is one, however it is put",
    )
    yield row("by a call of import_module", 'import importlib\nimportlib.import_module("p.high")\n', KEPT)
    yield row("in a string and a comment", '"""import p.high"""\n# import p.high\n', KEPT)
    yield row(
        "of something in the package that is not there",
        "import p.high.gone\n",
        BROKEN,
    )
    yield row(
        "in a folder without __init__.py within a package",
        "",
        KEPT,
        sources={"p/low/bare/z.py": "import p.high\n"},
        ours=BROKEN,
        why="Python imports p.low.bare.z as well, so it is a module",
    )
