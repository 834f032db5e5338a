"""What every contract about imports shares: evidence, kinds, exempt edges that must bite, chains as they are shown."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from selfcheck.checks.imports.acyclic import ImportsAcyclic
from selfcheck.checks.imports.contract import LONGEST, Exemption, ImportContract, at, shown, step
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.subjects.imports import CALLED, STATEMENTS, Edges, Graph, Import, Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory

CIRCLE = {"p/a.py": "import p.b", "p/b.py": "\nimport p.a"}
PAIR = Exemption(imports="p.b -> p.a", reason="moves with #812")


class NoImports(ImportContract, kw_only=True):
    """No module imports another: the simplest contract."""

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """A finding for each edge."""
        for found in edges.values():
            for each in found.values():
                yield Finding(at=at(each), key=f"{each.importer} -> {each.imported}", message=shown([each]))

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """What an expression that matches nothing leads to."""
        yield Evidence("modules at x.*", scope=0, examined=0)


def exempting(*several: Exemption, depth: int | None = None) -> ImportsAcyclic:
    """The check without these edges."""
    return ImportsAcyclic(exempt=several, depth=depth)


def test_an_exempt_edge_is_not_there() -> None:
    verdict = judged(exempting(PAIR), memory(CIRCLE))

    assert (verdict.outcome, verdict.findings) == (Outcome.PASS, ())
    assert verdict.evidence == (Evidence("modules", 2, 2), Evidence("import statements between them", 2, 2))


def test_an_exemption_leaves_every_other_edge() -> None:
    files = {**CIRCLE, "p/c.py": "import p.b", "p/b.py": "import p.a, p.c"}

    assert_breaks(exempting(PAIR), memory(files), "p.b, p.c")


def test_an_exemption_is_of_the_one_direction() -> None:
    files = {**CIRCLE, "q.py": "import p.a", "p/a.py": "import p.b, q"}

    assert_breaks(exempting(Exemption(imports="q -> p.a", reason="r")), memory(files), "p.a, p.b")


def test_an_exemption_that_covers_no_import_is_a_finding() -> None:
    nowhere = Exemption(imports="p.x -> p.a", reason="r")

    finding, circle = assert_breaks(exempting(nowhere), memory(CIRCLE), "exempt p.x -> p.a", "p.a, p.b")

    assert circle.parts == ("p.a", "p.b")
    assert finding == Finding(
        key="exempt p.x -> p.a",
        message="the exemption `p.x -> p.a` covers no import",
        hint="take it out, or mend its names",
        data={"imports": []},
    )


@pytest.mark.parametrize("imports", ["p.b -> p.a", "p.* -> p.a"])
def test_an_exemption_of_an_import_that_does_not_count_covers_none(imports: str) -> None:
    files = {"p/a.py": "import p.b", "p/b.py": "def f():\n  import p.a"}

    assert_breaks(exempting(Exemption(imports=imports, reason="r", count=1)), memory(files), f"exempt {imports}")


def test_an_exemption_without_which_the_same_is_found_is_a_finding() -> None:
    files = {**CIRCLE, "q.py": "import p.a"}

    idle = Exemption(imports="q -> p.a", reason="r")
    (finding,) = assert_breaks(exempting(PAIR, idle), memory(files), "exempt q -> p.a")

    assert finding == Finding(
        key="exempt q -> p.a",
        message="the exemption `q -> p.a` has no effect: without it the same is found",
        hint="take it out",
        data={"imports": [{"importer": "q", "imported": "p.a", "path": "q.py", "line": 1}]},
    )


def test_an_exemption_that_makes_a_component_smaller_has_an_effect() -> None:
    files = {"a.py": "import b", "b.py": "import a, c", "c.py": "import b"}

    assert_breaks(exempting(Exemption(imports="c -> b", reason="r")), memory(files), "a, b")


def test_two_exemptions_that_only_together_cut_a_circle_both_have_an_effect() -> None:
    files = {"a.py": "import b, c", "b.py": "import a, c", "c.py": "import a, b"}
    both = [Exemption(imports=f"{each} -> a", reason="r") for each in "bc"]

    assert_breaks(exempting(*both), memory(files), "b, c")


def test_two_exemptions_of_one_edge_have_no_effect_each() -> None:
    wide = Exemption(imports="p.b -> *.a", reason="r", count=1)

    assert_breaks(exempting(PAIR, wide), memory(CIRCLE), "exempt p.b -> *.a", "exempt p.b -> p.a")


def test_an_exemption_with_a_wildcard_says_how_many_imports_it_covers() -> None:
    files = {**CIRCLE, "p/c.py": "import p.a", "p/a.py": "import p.b, p.c"}

    assert judged(exempting(Exemption(imports="p.* -> p.a", reason="r", count=2)), memory(files)).findings == ()
    (finding,) = assert_breaks(
        exempting(Exemption(imports="p.* -> p.a", reason="r")), memory(files), "exempt p.* -> p.a"
    )
    assert (finding.message, finding.hint) == (
        "the exemption `p.* -> p.a` covers 2 imports and does not say so",
        "write `count: 2` to it",
    )


def test_an_exemption_that_covers_more_than_it_says_is_a_finding_that_names_them() -> None:
    files = {**CIRCLE, "p/c.py": "import p.a", "p/a.py": "import p.b, p.c"}
    grown = Exemption(imports="p.* -> p.a", reason="r", count=1)

    (finding,) = assert_breaks(exempting(grown), memory(files), "exempt p.* -> p.a")

    assert (finding.message, finding.hint, len(finding.data["imports"])) == (
        "the exemption `p.* -> p.a` covers 2 imports, not 1: p.b -> p.a [p/b.py:2], p.c -> p.a [p/c.py:1]",
        "take the new import out",
        2,
    )


def test_of_many_imports_that_an_exemption_covers_the_message_names_the_first_and_the_data_all() -> None:
    names = [f"m{number:02}" for number in range(LONGEST + 2)]
    files = {"a.py": f"import {', '.join(names)}", **{f"{name}.py": "import a" for name in names}}
    grown = Exemption(imports="* -> a", reason="r", count=1)

    (finding,) = assert_breaks(exempting(grown), memory(files), "exempt * -> a")

    assert finding.message.count("->") == LONGEST + 1
    assert len(finding.data["imports"]) == LONGEST + 2


def test_an_exemption_that_covers_fewer_than_it_says_is_none_the_worse() -> None:
    assert judged(exempting(Exemption(imports="** -> p.a", reason="r", count=9)), memory(CIRCLE)).findings == ()


def test_with_a_depth_the_edges_that_are_exempt_are_still_those_of_modules() -> None:
    files = {"p/a.py": "import q.c", "q/d.py": "import p.b", "q/c.py": "", "p/b.py": ""}

    assert judged(exempting(Exemption(imports="q.d -> p.b", reason="r"), depth=1), memory(files)).findings == ()
    assert_breaks(exempting(Exemption(imports="q -> p", reason="r"), depth=1), memory(files), "exempt q -> p", "p, q")


def test_an_edge_to_an_ancestor_can_be_exempt() -> None:
    files = {"p/__init__.py": "import q", "p/a.py": "", "q.py": "import p.a"}
    exempt = (Exemption(imports="q -> p", reason="r"),)

    assert judged(ImportsAcyclic(ancestors=True, exempt=exempt), memory(files)).findings == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"imports": "a -> b"},
        {"imports": "a", "reason": "r"},
        {"imports": "a -> b", "reason": ""},
        {"imports": "a -> b", "reason": "r", "count": 0},
        {"imports": "a -> b", "reason": "r", "until": "2026-01-01"},
    ],
)
def test_an_exemption_has_an_import_and_a_reason(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"exempt": [wrong]}, ImportsAcyclic)


@pytest.mark.parametrize("wrong", [{"roots": []}, {"kinds": ["runtime"]}, {"depth": 0}, {"ancestors": "yes"}])
def test_an_option_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, ImportsAcyclic)


def test_an_expression_that_leads_to_nothing_is_no_pass() -> None:
    verdict = judged(NoImports(), memory({"a.py": ""}))

    reason = "examined nothing: no modules at x.* in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_a_root_that_leads_nowhere_is_no_pass() -> None:
    verdict = judged(ImportsAcyclic(roots=("p", "q")), memory({"p/a.py": ""}))

    assert verdict.outcome is Outcome.ERROR


def test_what_counts_is_said_beside_all_that_was_read() -> None:
    files = {"a.py": "import b, os\ndef f():\n  import b\nfrom b import x, y\n", "b.py": "import requests"}

    assert assert_keeps(ImportsAcyclic(), memory(files)).evidence == (
        Evidence("modules", 2, 2),
        Evidence("import statements between them", 6, 2),
    )


def test_calls_are_read_only_where_they_count() -> None:
    tree = memory({"a.py": ""}).tree

    read = [[extractor for extractor, _ in ImportsAcyclic(kinds=kinds).ahead(tree)] for kinds in ((), (Kind.DYNAMIC,))]

    assert read == [[STATEMENTS], [STATEMENTS, CALLED]]


def test_contracts_over_the_same_roots_share_one_graph() -> None:
    repo = memory(CIRCLE)

    graphs = {id(check.graph(repo)) for check in (ImportsAcyclic(), ImportsAcyclic(depth=1), NoImports())}

    assert len(graphs) == 1


def test_a_contract_that_does_not_judge_says_so() -> None:
    with pytest.raises(NotImplementedError, match=r"ImportContract has no judge\(\)"):
        list(ImportContract().run(memory(CIRCLE)))


def test_a_chain_is_shown_with_the_place_of_each_import() -> None:
    chain = [Import("a", "b", "a.py", 3, 0), Import("b", "c", "b.py", 7, 0)]

    assert shown(chain) == "a -> b [a.py:3] -> c [b.py:7]"
    assert shown(chain * LONGEST) == f"a{' -> b [a.py:3] -> c [b.py:7]' * (LONGEST // 2)} -> …"
    assert at(chain[1]) == Location("b.py", 7)
    assert step(chain[0]) == {"importer": "a", "imported": "b", "path": "a.py", "line": 3}
