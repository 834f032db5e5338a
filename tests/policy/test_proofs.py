"""The canaries of the built-in guardrails bite whatever rulebook they are tried on, and say why where they do not."""

import pytest

from selfcheck.check import Check, Strictness
from selfcheck.checks.imports.layers import ImportsLayers
from selfcheck.checks.max_lines import MaxLines
from selfcheck.checks.text import TextContains
from selfcheck.guardrail import Place
from selfcheck.patterns import Pattern
from selfcheck.policy import NONE, builtin
from selfcheck.policy.loosened import Ground, Rules, judge_loosening
from selfcheck.policy.proofs import Tried, of_exceptions, of_loosening
from selfcheck.policy.proofs.loosening import narrowed
from selfcheck.policy.proofs.tried import missed
from selfcheck.policy.renames import Renames
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, discover, parse
from tests.docs.page import ROOT
from tests.policy.making import TODAY, accepting, found, judged, line, on, remark, waiver
from tests.rulebook.catalog import Counting

REGISTRY = Registry(plugins=False)
OURS = Rules(parse(discover(ROOT).files, REGISTRY), NONE)
FULL = """\
version: 1
fail_on: critical
guardrails:
  - id: strict
    title: Strict
    why: It is.
    severity: low
    enforce: warn
    waivable: false
    allow_empty: true
    pending: {until: "2026-12-31", reason: soon}
    enabled: {value: false, reason: slow}
    check: {use: broken}
"""


def titles(tried: list[Tried]) -> list[str]:
    return [each.title for each in tried if each.missed is None]


def test_every_canary_bites_on_our_own_rules() -> None:
    tried = [*of_loosening(OURS, TODAY), *of_exceptions(OURS, TODAY)]

    assert [each for each in tried if each.missed is not None] == []
    assert len(tried) == len({each.title for each in tried}) == 26


def test_every_canary_bites_beside_what_is_accepted_already() -> None:
    name = OURS.rulebook.cases[0].guardrail.id
    accepted = Rules(OURS.rulebook, accepting([line("a", of=name)], [remark("a.py")], of=name))

    tried = [*of_loosening(accepted, TODAY), *of_exceptions(accepted, TODAY)]

    assert [each for each in tried if each.missed is not None] == []


def test_rules_that_ask_for_little_have_less_room_to_be_loosened() -> None:
    little = Rules(parse([Source("guardrails.yaml", FULL.encode())], Counting()), NONE)

    assert titles(list(of_loosening(little, TODAY))) == [
        "let another label approve",
        "let strict be waived",
        "let another check judge strict",
        "waive selfcheck-canary in strict",
        "let the baseline accept more of strict",
        "waive strict in a comment",
    ]
    assert titles(list(of_exceptions(little, TODAY))) == [
        "let a waiver of strict end",
        "keep a waiver of strict that nothing needs",
        "let a waiver of strict cover more than it counts",
        "let a waiver of strict count more than it covers",
        "waive strict where that is not allowed",
        "let a comment for strict end",
        "keep a comment for strict that nothing needs",
        "write a comment for a guardrail that there is not",
        "write a comment for strict without an end",
        "keep a line for strict that nothing needs",
        "keep a line for a guardrail that there is not",
    ]


def test_an_edit_that_is_not_seen_is_missed() -> None:
    guardrail = builtin.loosened(Place("guardrails.yaml", 1))
    same = judge_loosening(guardrail, OURS, [Ground(OURS, Renames({}))], today=TODAY)
    red = judged(found("a"))

    assert missed(same, same, "a") == "it does not fail"
    assert missed(same, None, "a") == "it does not fail"
    assert missed(same, red, "b") == "no new finding about b came of it"
    assert missed(same, red, "a") is None
    assert missed(red, red, "a") == missed(None, red, "a") == "it does not pass without an edit"


def test_a_finding_that_is_accepted_or_does_not_block_is_missed() -> None:
    fine = judged()
    hidden = judged(found("a"), found("b"), of=on(waivers=(waiver("a"),)))
    warning = judged(found("a"), of=on(enforce="warn"))

    assert missed(fine, hidden, "a") == "no new finding about a came of it"
    assert missed(fine, warning, "a") == "it does not fail"


LINES = MaxLines(limit=3, paths=("a", "b"))
LOOSER: list[tuple[Check, str, Strictness | None, Check | None]] = [
    (LINES, "limit", Strictness.LESS, MaxLines(limit=4, paths=("a", "b"))),
    (LINES, "limit", Strictness.MORE, MaxLines(limit=2, paths=("a", "b"))),
    (LINES, "paths", Strictness.MORE, MaxLines(limit=3, paths=("a",))),
    (MaxLines(limit=3, paths=("a", "!b")), "paths", Strictness.MORE, MaxLines(limit=3, paths=("!b",))),
    (LINES, "paths", Strictness.LESS, None),
    (LINES, "limit", None, None),
    (MaxLines(limit=3, paths=("a",)), "paths", Strictness.MORE, None),
    (
        TextContains(pattern=Pattern("a"), paths=("a",)),
        "every",
        Strictness.MORE,
        TextContains(pattern=Pattern("a"), paths=("a",), every=False),
    ),
    (TextContains(pattern=Pattern("a"), paths=("a",)), "every", Strictness.LESS, None),
    (
        ImportsLayers(layers=("a", "b"), exhaustive_ignores=("c",), containers=("p",), exhaustive=True),
        "exhaustive",
        Strictness.MORE,
        None,
    ),
]


@pytest.mark.parametrize(("check", "option", "strictness", "expected"), LOOSER)
def test_an_option_is_narrowed_where_it_is_known_how(
    check: Check, option: str, strictness: Strictness | None, expected: Check | None
) -> None:
    looser = narrowed(check, option, strictness)

    assert repr(looser) == repr(expected)
