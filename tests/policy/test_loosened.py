"""What a change does to the rules: each loosening with its key, place and message, and tightening, which is none."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from selfcheck.check import Evidence, Finding, Location, Strictness
from selfcheck.guardrail import Place
from selfcheck.model import Acceptance, By, Outcome, Status, Verdict
from selfcheck.policy import NONE, Exceptions, Line, Remark, Renames, builtin
from selfcheck.policy.loosened import HINT, Approval, Ground, Rules, judge_loosening, unapproved
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from selfcheck.strictness import is_stricter
from selfcheck.trees.globs import matcher
from tests.policy.making import AFTER, BEFORE, TODAY, accepting, line, remark
from tests.rulebook.catalog import Counting

REGISTRY = Registry(plugins=False)
GUARDRAIL = builtin.loosened(Place("guardrails.yaml", 1))
UNMOVED = Renames({})
LATER = AFTER + timedelta(days=30)

WAIVER = f'{{match: a.py, reason: known, owner: "@li", until: "{AFTER}"}}'
GLOB = f'{{match: "a*", count: 2, reason: known, owner: "@li", until: "{AFTER}"}}'
RULES = f"""\
version: 1
fail_on: high
approvals: {{labels: [loosen]}}
guardrails:
  - id: short
    title: Files are short
    why: Long ones are not read.
    severity: high
    check: {{use: max-lines, limit: 3, paths: ["src/**", "docs/**", "!src/made"]}}
    tags: [size, code]
    waivers: [{WAIVER}]
    canaries: [{{append: {{path: a.py, text: "1"}}}}, {{delete: b.py}}]
  - id: layers
    title: Imports point down
    why: They cannot be moved in parts.
    severity: critical
    waivable: false
    pending: {{until: "{AFTER}", reason: soon}}
    check: {{use: imports-layers, layers: [web, orders, db], exempt: [{{imports: a -> b, reason: old}}]}}
  - id: command
    title: It compiles
    why: What does not is broken.
    severity: medium
    enforce: block
    check: {{use: command, run: [python3, -V], expect: [0, 3]}}
"""
OPTIONS = 'limit: 3, paths: ["src/**", "docs/**", "!src/made"]'


def rules(old: str = "", new: str = "", exceptions: Exceptions = NONE) -> Rules:
    """The rules with one text for another."""
    assert old in RULES, f"not in the rules: {old}"
    content = RULES.replace(old, new, 1) if old else RULES
    return Rules(parse([Source("guardrails.yaml", content.encode())], REGISTRY), exceptions)


def judged(base: Rules | None, head: Rules, *, renames: Renames = UNMOVED, approval: Approval = unapproved) -> Verdict:
    return judge_loosening(GUARDRAIL, head, [Ground(base, renames)], today=TODAY, approval=approval)


def loosened(base: Rules, head: Rules, renames: Renames = UNMOVED) -> list[tuple[str, str, str]]:
    """Key, place and message of each loosening."""
    seen = [ruling.seen for ruling in judged(base, head, renames=renames).findings]
    return [(each.key, str(each.at), each.message) for each in seen]


def changed(old: str, new: str) -> list[tuple[str, str, str]]:
    return loosened(rules(), rules(old, new))


# What the rulebook says.

LOOSER: dict[str, tuple[str, str, tuple[str, str, str]]] = {
    "less blocks": (
        "fail_on: high",
        "fail_on: critical",
        ("fail_on", "guardrails.yaml:5", "`fail_on` was high and is critical: less blocks"),
    ),
    "others may allow it": (
        "labels: [loosen]",
        "labels: [loosen, small]",
        ("approvals", "guardrails.yaml:5", "`approvals` is changed: who may allow a loosening"),
    ),
    "nobody may allow it any more": (
        "approvals: {labels: [loosen]}\n",
        "",
        ("approvals", "guardrails.yaml:4", "`approvals` is changed: who may allow a loosening"),
    ),
    "a guardrail is removed": (
        RULES[RULES.index("  - id: command") :],
        "",
        ("removed command", "guardrails.yaml:5", "the guardrail command is removed from guardrails.yaml"),
    ),
    "a guardrail is called by another name": (
        "id: command",
        "id: compiles",
        ("removed command", "guardrails.yaml:5", "the guardrail command is removed from guardrails.yaml"),
    ),
    "a severity is lowered": (
        "severity: high",
        "severity: low",
        ("severity short", "guardrails.yaml:5", "short was high and is low"),
    ),
    "a severity is lowered that blocks still": (
        "severity: medium",
        "severity: low",
        ("severity command", "guardrails.yaml:20", "command was medium and is low"),
    ),
    "it only warns": (
        "severity: critical",
        "severity: critical\n    enforce: warn",
        ("enforce layers", "guardrails.yaml:13", "layers blocked and only warns now"),
    ),
    "it only warns, for it need not block": (
        "    enforce: block\n",
        "",
        ("enforce command", "guardrails.yaml:20", "command blocked and only warns now"),
    ),
    "it is graver and only warns": (
        "severity: high",
        "severity: critical\n    enforce: warn",
        ("enforce short", "guardrails.yaml:5", "short blocked and only warns now"),
    ),
    "it is pending": (
        "tags: [size, code]",
        f'tags: [size, code]\n    pending: {{until: "{AFTER}", reason: soon}}',
        ("pending short", "guardrails.yaml:5", f"short is pending until {AFTER}"),
    ),
    "it is pending for longer": (
        f'pending: {{until: "{AFTER}"',
        f'pending: {{until: "{LATER}"',
        ("pending layers", "guardrails.yaml:13", f"layers is pending until {LATER}"),
    ),
    "it is switched off": (
        "tags: [size, code]",
        "tags: [size, code]\n    enabled: {value: false, reason: slow}",
        ("enabled short", "guardrails.yaml:5", "short is switched off: slow"),
    ),
    "it may find nothing": (
        "tags: [size, code]",
        "tags: [size, code]\n    allow_empty: true",
        ("allow_empty short", "guardrails.yaml:5", "short may find nothing to examine now"),
    ),
    "it may be waived": (
        "    waivable: false\n",
        "",
        ("waivable layers", "guardrails.yaml:13", "layers may be waived now"),
    ),
    "a tag is gone": (
        "tags: [size, code]",
        "tags: [code, more]",
        ("tag short: size", "guardrails.yaml:5", "short has lost the tag size: a run by `--tag size` leaves it out"),
    ),
    "a canary is gone": (
        ", {delete: b.py}",
        "",
        ("canaries short", "guardrails.yaml:5", "short has lost 1 of its canaries"),
    ),
    "a canary is another": (
        "delete: b.py",
        "delete: c.py",
        ("canaries short", "guardrails.yaml:5", "short has lost 1 of its canaries"),
    ),
    "another check judges it": (
        f"use: max-lines, {OPTIONS}",
        'use: files-exist, paths: ["src/**"]',
        ("check short", "guardrails.yaml:5", "short was judged by max-lines and is by files-exist"),
    ),
    "a limit is larger": (
        "limit: 3",
        "limit: 4",
        ("option short: limit", "guardrails.yaml:5", "the option `limit` of short was 3 and is 4"),
    ),
    "a path is gone": (
        '"docs/**", ',
        "",
        ("option short: paths", "guardrails.yaml:5", 'the option `paths` of short has lost ["docs/**"]'),
    ),
    "a path is another": (
        '"docs/**"',
        '"doc/**"',
        (
            "option short: paths",
            "guardrails.yaml:5",
            'the option `paths` of short has lost ["docs/**"] and has gained ["doc/**"]',
        ),
    ),
    "a path is taken out": (
        '"!src/made"',
        '"!src/made", "!docs/old"',
        ("option short: paths", "guardrails.yaml:5", 'the option `paths` of short has gained ["!docs/old"]'),
    ),
    "a path is taken out after it was put in": (
        '"src/**", "docs/**", "!src/made"',
        '"!src/made", "docs/**", "src/**", "!src/made"',
        ("option short: paths", "guardrails.yaml:5", "the option `paths` of short has another order"),
    ),
    "layers stand in another order": (
        "[web, orders, db]",
        "[orders, web, db]",
        ("option layers: layers", "guardrails.yaml:13", "the option `layers` of layers has another order"),
    ),
    "an import is exempt": (
        "reason: old}",
        "reason: old}, {imports: c -> d, reason: new}",
        (
            "option layers: exempt",
            "guardrails.yaml:13",
            'the option `exempt` of layers has gained [{"imports":"c -> d","reason":"new","count":null}]',
        ),
    ),
    "an option is left to its default": (
        "layers: [web, orders, db]",
        "layers: [web, orders, db], kinds: []",
        (
            "option layers: kinds",
            "guardrails.yaml:13",
            'the option `kinds` of layers has lost ["guarded","lazy","star"]',
        ),
    ),
    "an exit status is expected too": (
        "expect: [0, 3]",
        "expect: [0, 3, 4]",
        ("option command: expect", "guardrails.yaml:20", "the option `expect` of command has gained [4]"),
    ),
    "an option of no direction is another": (
        "run: [python3, -V]",
        "run: [python3, -VV]",
        (
            "option command: run",
            "guardrails.yaml:20",
            'the option `run` of command has lost ["-V"] and has gained ["-VV"]',
        ),
    ),
    "a waiver is added": (
        f"waivers: [{WAIVER}]",
        f"waivers: [{WAIVER}, {GLOB}]",
        ("waiver short: a*", "guardrails.yaml:5", f"a waiver is added for a*, until {AFTER}: known"),
    ),
    "a waiver is another": (
        "match: a.py",
        "match: b.py",
        ("waiver short: b.py", "guardrails.yaml:5", f"a waiver is added for b.py, until {AFTER}: known"),
    ),
    "a waiver ends later": (
        f'owner: "@li", until: "{AFTER}"',
        f'owner: "@li", until: "{LATER}"',
        (
            "waiver short: a.py",
            "guardrails.yaml:5",
            f"the waiver for a.py covered any number until {AFTER}, and covered any number until {LATER} now",
        ),
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), LOOSER.values(), ids=LOOSER)
def test_a_loosening_is_told_with_its_place(old: str, new: str, expected: tuple[str, str, str]) -> None:
    assert changed(old, new) == [expected]


def test_an_option_in_the_place_of_another_is_two_loosenings() -> None:
    assert [message for _, _, message in changed("run: [python3, -V]", "shell: python3 -V")] == [
        'the option `run` of command was ["python3","-V"] and is not given',
        'the option `shell` of command was not given and is "python3 -V"',
    ]


ADDED = "  - {id: new, title: New, why: New., severity: low, enforce: warn, check: {use: files-exist, paths: [a]}}"
TIGHTER: dict[str, tuple[str, str]] = {
    "nothing": ("", ""),
    "more blocks": ("fail_on: high", "fail_on: medium"),
    "a guardrail is added": (
        "  - id: command",
        f"{ADDED}\n  - id: command",
    ),
    "a severity is raised": ("severity: high", "severity: critical"),
    "it blocks whatever its severity": ("severity: high", "severity: high\n    enforce: block"),
    "it blocks by its severity": ("severity: medium\n    enforce: block", "severity: high"),
    "it is pending no more": (f'    pending: {{until: "{AFTER}", reason: soon}}\n', ""),
    "it is pending for shorter": (f'pending: {{until: "{AFTER}"', f'pending: {{until: "{TODAY}"'),
    "it was pending and is not any more": (
        "tags: [size, code]",
        f'tags: [size, code]\n    pending: {{until: "{BEFORE}", reason: soon}}',
    ),
    "it may not be waived": ("tags: [size, code]", "tags: [size, code]\n    waivable: false"),
    "a tag is added": ("tags: [size, code]", "tags: [code, size, more]"),
    "a canary is added": ("{delete: b.py}", "{delete: b.py}, {delete: c.py}"),
    "canaries stand in another order": (
        '{append: {path: a.py, text: "1"}}, {delete: b.py}',
        '{delete: b.py}, {append: {path: a.py, text: "1"}}',
    ),
    "a limit is smaller": ("limit: 3", "limit: 2"),
    "a path is added": ('"docs/**"', '"docs/**", "tests/**"'),
    "a path is added at the end": ('"!src/made"', '"!src/made", "tests/**"'),
    "a path is not taken out any more": (', "!src/made"', ""),
    "what was taken out is put in again": ('"!src/made"', '"!src/made", "src/made/by"'),
    "a default is written out": ("layers: [web, orders, db]", "layers: [web, orders, db], ancestors: false"),
    "more kinds of imports count": (
        "layers: [web, orders, db]",
        "layers: [web, orders, db], kinds: [star, guarded, function, lazy]",
    ),
    "nothing is exempt": (", exempt: [{imports: a -> b, reason: old}]", ""),
    "one exit status is expected": ("expect: [0, 3]", "expect: [0]"),
    "exit statuses stand in another order": ("expect: [0, 3]", "expect: [3, 0]"),
    "a waiver is taken out": (f"    waivers: [{WAIVER}]\n", ""),
    "a waiver ends sooner": (f'owner: "@li", until: "{AFTER}"', f'owner: "@li", until: "{TODAY}"'),
    "a waiver says how many it is for": ("{match: a.py,", "{match: a.py, count: 1,"),
    "a waiver says more of why": ("reason: known", "reason: known since March"),
    "what a person reads is another": ("title: Files are short", "title: Files fit a screen"),
    "whom to ask is another": ("tags: [size, code]", "tags: [size, code]\n    owner: '@team'\n    refs: [ADR-1]"),
    "a deadline is another": ("tags: [size, code]", "tags: [size, code]\n    timeout: 5"),
    "guardrails stand in another order": (
        RULES[RULES.index("  - id: layers") :],
        RULES[RULES.index("  - id: command") :] + RULES[RULES.index("  - id: layers") : RULES.index("  - id: command")],
    ),
}


@pytest.mark.parametrize(("old", "new"), TIGHTER.values(), ids=TIGHTER)
def test_what_asks_for_as_much_or_more_is_no_loosening(old: str, new: str) -> None:
    verdict = judged(rules(), rules(old, new))

    assert [ruling.seen.message for ruling in verdict.findings] == []
    assert (verdict.outcome, verdict.evidence) == (Outcome.PASS, (Evidence("guardrails of the base", 3, 3),))


def test_more_blocks_and_one_guardrail_only_warns() -> None:
    """A tighter `fail_on` hides no looser `enforce`."""
    base = rules()

    head = rules(RULES, RULES.replace("fail_on: high", "fail_on: medium").replace("enforce: block", "enforce: warn"))

    assert [key for key, _, _ in loosened(base, head)] == ["enforce command"]


def test_a_waiver_for_so_many_is_looser_for_more_and_for_any_number() -> None:
    base = rules("match: a.py,", "match: a.py, count: 1,")

    more = rules("match: a.py,", "match: a.py, count: 2,")
    longer = rules(
        f'match: a.py, reason: known, owner: "@li", until: "{AFTER}"',
        f'match: a.py, count: 1, reason: known, owner: "@li", until: "{LATER}"',
    )

    assert [message for _, _, message in loosened(base, more)] == [
        f"the waiver for a.py covered 1 until {AFTER}, and covered 2 until {AFTER} now"
    ]
    assert [message for _, _, message in loosened(base, rules())] == [
        f"the waiver for a.py covered 1 until {AFTER}, and covered any number until {AFTER} now"
    ]
    assert [key for key, _, _ in loosened(base, longer)] == ["waiver short: a.py"]


def test_of_two_waivers_of_one_match_either_may_stay() -> None:
    other = WAIVER.replace(str(AFTER), str(LATER))
    base = rules(f"waivers: [{WAIVER}]", f"waivers: [{other}, {WAIVER}]")

    assert loosened(base, rules(WAIVER, other)) == []
    assert loosened(base, rules()) == []
    assert loosened(base, rules(f"waivers: [{WAIVER}]", f"waivers: [{WAIVER}, {other}]")) == []


def test_a_waiver_that_went_with_its_file_is_the_same() -> None:
    head = rules("match: a.py", "match: src/b.py")

    assert loosened(rules(), head, Renames({"a.py": "src/b.py"})) == []


# Whether an option was narrowed.

patterns = st.sampled_from(["a", "a/**", "**/*.py", "b/*", "a/b.py", "!a", "!a/b.py", "!**/*.py"])
PATHS = ["a", "a/b.py", "a/c.py", "a/c.txt", "b/d.py", "b/e/f.py", "g.py"]


@given(st.lists(patterns, max_size=5), st.lists(patterns, max_size=5))
@example(["a/**", "!a/b.py"], ["!a/b.py", "a/**"])
@example(["!a/b.py", "a/**"], ["a/**", "!a/b.py"])
@example(["a", "!a/b.py", "a/b.py"], ["a", "!a/b.py", "a/b.py", "!a/b.py"])
def test_patterns_that_select_more_are_told_from_those_that_may_not(old: list[str], new: list[str]) -> None:
    before, after = ({path for path in PATHS if matcher(tuple(each))(path)} for each in (old, new))

    if is_stricter(old, new, Strictness.MORE):
        assert before <= after
    if is_stricter(old, new, Strictness.LESS):
        assert after <= before


@given(st.lists(patterns.filter(lambda each: each[0] != "!"), max_size=5), patterns, st.data())
def test_one_more_pattern_always_selects_more(old: list[str], one: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(old)))
    new = [*old[:place], one.lstrip("!"), *old[place:]]

    assert is_stricter(old, new, Strictness.MORE)
    assert is_stricter(new, old, Strictness.LESS)


VALUES: Sequence[tuple[object, object, bool, bool]] = [
    (1, 2, True, False),
    (2, 1, False, True),
    (0.5, 1, True, False),
    (False, True, True, False),
    (True, False, False, True),
    (None, 1, False, False),
    (1, None, False, False),
    ("a", "b", False, False),
    ({"a": 1}, {"a": 1, "b": 2}, False, False),
    ([1], [1, 2], True, False),
    ([2, 1], [1], False, True),
    ([{"a": 1}], [{"a": 2}], False, False),
    ([], None, False, False),
]


@pytest.mark.parametrize(("old", "new", "more", "less"), VALUES)
def test_a_value_is_more_or_less_or_neither(old: object, new: object, more: bool, less: bool) -> None:
    assert is_stricter(old, new, Strictness.MORE) is more
    assert is_stricter(old, new, Strictness.LESS) is less
    assert is_stricter(old, new, None) is False


def test_a_long_value_is_cut() -> None:
    (found,) = changed('"docs/**"', ", ".join(f'"{"x" * 50}{each}"' for each in range(9)))

    assert len(found[2]) < 220


# What is accepted beside the rulebook.


def beside(lines: Sequence[Line] = (), remarks: Sequence[Remark] = (), of: str = "short") -> Rules:
    return rules(exceptions=accepting(lines, remarks, of=of))


def kept(key: str, *parts: str, of: str = "short", **about: Any) -> Line:
    return line(key, *parts, of=of, **about)


BASELINES: dict[str, tuple[Sequence[Line], Sequence[Line], Sequence[str]]] = {
    "the same": ([kept("a", amount=3), kept("b", "p", "q")], [kept("b", "p", "q"), kept("a", amount=3)], []),
    "with a file that could not be read": ([kept("a", unread=True)], [kept("a", unread=True)], []),
    "one less": ([kept("a"), kept("b")], [kept("a")], []),
    "fewer of one": ([kept("a", count=3)], [kept("a", count=2)], []),
    "a smaller one": ([kept("a", amount=3)], [kept("a", amount=2)], []),
    "one in pieces": ([kept("w", "p", "q", "r", "s")], [kept("x", "p", "q"), kept("y", "r", "s")], []),
    "for another reason": ([kept("a")], [kept("a", reason="new", since=TODAY)], []),
    "one more": ([kept("a")], [kept("a"), kept("b")], ["b"]),
    "another": ([kept("a")], [kept("b")], ["b"]),
    "more of one": ([kept("a")], [kept("a", count=3)], ["a (2 times)"]),
    "a larger one": ([kept("a", amount=3)], [kept("a", amount=4)], ["a"]),
    "one with a part more": ([kept("a", "p")], [kept("b", "p", "q")], ["b"]),
    "one that could not be read": ([kept("a")], [kept("a"), kept("a", unread=True)], ["a"]),
    "one of another guardrail": ([kept("a", of="command")], [kept("a")], ["a"]),
}


@pytest.mark.parametrize(("before", "after", "fresh"), BASELINES.values(), ids=BASELINES)
def test_a_baseline_that_accepts_more_is_told_by_what_it_accepts(
    before: Sequence[Line], after: Sequence[Line], fresh: Sequence[str]
) -> None:
    assert [message for _, _, message in loosened(beside(before), beside(after))] == [
        f"the baseline accepts more of short: {each}" for each in fresh
    ]


def test_a_line_of_the_baseline_is_told_at_its_place() -> None:
    assert loosened(beside(), beside([kept("a.py", at=7)])) == [
        ("baseline short: a.py", "guardrails/baseline.jsonl:7", "the baseline accepts more of short: a.py")
    ]


def test_a_line_without_a_place_is_told_at_the_first_of_the_baseline() -> None:
    assert [place for _, place, _ in loosened(beside(), beside([kept("a.py", at=None)]))] == [
        "guardrails/baseline.jsonl:1"
    ]


def test_a_line_that_went_with_its_file_is_the_same() -> None:
    before = [kept("app/a.py"), kept("app.a, app.b", "app.a", "app.b", of="layers")]
    after = [kept("app/z.py"), kept("app.b, app.z", "app.b", "app.z", of="layers")]

    assert loosened(beside(before), beside(after), Renames({"app/a.py": "app/z.py"})) == []
    assert [key for key, _, _ in loosened(beside(before), beside(after))] == [
        "baseline layers: app.b, app.z",
        "baseline short: app/z.py",
    ]


COMMENTS: dict[str, tuple[Sequence[Remark], Sequence[Remark], Sequence[str]]] = {
    "the same": ([remark("a.py")], [remark("a.py", (9, 9), at=9)], []),
    "one less": ([remark("a.py"), remark("a.py", (5, 5))], [remark("a.py")], []),
    "one that ends sooner": ([remark("a.py", until=LATER)], [remark("a.py")], []),
    "a line of what was all accepted": ([remark("a.py", None)], [remark("a.py"), remark("a.py", (5, 5))], []),
    "one more": ([remark("a.py")], [remark("a.py"), remark("a.py", (5, 5), at=5)], ["more of short in a.py"]),
    "one in another file": ([remark("a.py")], [remark("b.py")], ["more of short in b.py"]),
    "one that ends later": ([remark("a.py")], [remark("a.py", until=LATER)], ["more of short in a.py"]),
    "one that ends later, among others": (
        [remark("a.py", until=LATER), remark("a.py", until=TODAY)],
        [remark("a.py", until=LATER), remark("a.py", until=AFTER)],
        ["more of short in a.py"],
    ),
    "one for all of a file": ([remark("a.py")], [remark("a.py", None)], ["short in all of a.py"]),
    "one for all of a file for longer": (
        [remark("a.py", None)],
        [remark("a.py", None, until=LATER)],
        ["short in all of a.py"],
    ),
    "a line for longer than all was": (
        [remark("a.py", None)],
        [remark("a.py", until=LATER)],
        ["more of short in a.py"],
    ),
}


@pytest.mark.parametrize(("before", "after", "fresh"), COMMENTS.values(), ids=COMMENTS)
def test_comments_that_accept_more_are_told_by_their_file(
    before: Sequence[Remark], after: Sequence[Remark], fresh: Sequence[str]
) -> None:
    assert [message for _, _, message in loosened(beside(remarks=before), beside(remarks=after))] == [
        f"a comment accepts {each}, or for longer" for each in fresh
    ]


def test_a_comment_is_told_at_the_line_where_it_stands() -> None:
    head = beside(remarks=[remark("a.py", until=TODAY, at=3), remark("a.py", (9, 9), at=9)])

    assert loosened(beside(remarks=[remark("a.py", until=TODAY, at=3)]), head) == [
        ("comment short: a.py", "a.py:9", "a comment accepts more of short in a.py, or for longer")
    ]


def test_a_comment_that_went_with_its_file_is_the_same() -> None:
    before, after = beside(remarks=[remark("a.py")]), beside(remarks=[remark("b.py")])

    assert loosened(before, after, Renames({"a.py": "b.py"})) == []


def test_what_is_accepted_of_a_guardrail_that_is_new_asks_for_no_less() -> None:
    """The base asked nothing of it."""
    base = rules(RULES[RULES.index("  - id: command") :], "")
    head = beside([kept("a", of="command")], [remark("a.py")], of="command")

    assert loosened(base, head) == []


# The verdict.


def test_a_loosening_blocks_and_says_what_to_do() -> None:
    verdict = judged(rules(), rules("severity: high", "severity: low"))

    (ruling,) = verdict.findings
    assert (verdict.outcome, verdict.gates, ruling.counts) == (Outcome.FAIL, True, True)
    assert ruling.seen == Finding(
        key="severity short",
        message="short was high and is low",
        at=Location("guardrails.yaml", 5),
        hint=HINT,
        data={"files": ["guardrails.yaml"]},
    )


def said(finding: Finding) -> Acceptance | None:
    """What allows a lower severity and nothing else."""
    allowed = Acceptance(by=By.APPROVAL, match="loosen", at=Location(""), reason="the pull request has the label")
    return allowed if finding.key.startswith("severity") else None


def test_what_is_approved_stands_there_and_does_not_count() -> None:
    verdict = judged(rules(), rules("severity: high", "severity: low"), approval=said)

    (ruling,) = verdict.findings
    (acceptance,) = verdict.acceptances
    assert (verdict.outcome, ruling.status, ruling.acceptance) == (Outcome.PASS, Status.WAIVED, acceptance)
    assert (acceptance.match, acceptance.reason, acceptance.covered) == ("loosen", "the pull request has the label", 1)


def test_what_is_not_approved_counts_beside_what_is() -> None:
    head = rules("severity: high", "severity: low\n    allow_empty: true")

    verdict = judged(rules(), head, approval=said)

    assert verdict.outcome is Outcome.FAIL
    assert {ruling.seen.key: str(ruling.status) for ruling in verdict.findings} == {
        "severity short": "waived",
        "allow_empty short": "new",
    }


def test_a_base_without_a_rulebook_has_nothing_to_loosen() -> None:
    verdict = judge_loosening(GUARDRAIL, rules(), [Ground(None, UNMOVED, "the base has no rulebook")], today=TODAY)

    assert (verdict.outcome, verdict.reason) == (Outcome.SKIP, "the base has no rulebook")


def test_a_base_whose_rules_cannot_be_read_is_an_error_that_blocks() -> None:
    grounds = [Ground(rules(), UNMOVED), Ground(None, UNMOVED, "the base's rulebook cannot be read", fault=True)]

    verdict = judge_loosening(GUARDRAIL, rules(), grounds, today=TODAY)

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "the base's rulebook cannot be read")
    assert verdict.gates


def test_of_several_bases_none_is_loosened_and_each_loosening_is_told_once() -> None:
    lower, narrower = rules("severity: high", "severity: medium"), rules("limit: 3", "limit: 2")
    grounds = [Ground(lower, UNMOVED), Ground(None, UNMOVED, "no rulebook"), Ground(narrower, UNMOVED)]

    verdict = judge_loosening(GUARDRAIL, rules("severity: high", "severity: low"), grounds, today=TODAY)

    assert sorted(ruling.seen.key for ruling in verdict.findings) == ["option short: limit", "severity short"]


BROKEN = """\
version: 1
guardrails:
  - {id: odd, title: Odd, why: It is., severity: high, check: {use: broken, limit: 1}}
"""


def test_a_guardrail_whose_check_does_not_load_is_compared_as_it_is_written() -> None:
    base, head = (
        Rules(parse([Source("guardrails.yaml", content.encode())], Counting()), NONE)
        for content in (BROKEN, BROKEN.replace("limit: 1", "limit: 0, more: [a]"))
    )

    assert loosened(base, base) == []
    assert [message for _, _, message in loosened(base, head)] == [
        "the option `limit` of odd was 1 and is 0",
        'the option `more` of odd was not given and is ["a"]',
    ]


PACKED = """\
guardrails:
  - {id: short, title: Short, why: It is., severity: high, check: {use: limited, limit: 3}}
  - {id: shorter, title: Shorter, why: It is., severity: high, check: {use: limited, limit: 2}}
"""
OWN = "  - {id: mine, title: Mine, why: It is., severity: high, check: {use: limited, limit: 3}}\n"


def packed(content: str) -> Rules:
    catalog = Counting({"house": f"version: 1\n{PACKED}"})
    return Rules(parse([Source("guardrails.yaml", f"version: 1\n{content}guardrails:\n{OWN}".encode())], catalog), NONE)


def test_a_pack_that_is_extended_no_more_takes_all_its_guardrails_with_it() -> None:
    assert loosened(packed("extends: [pack:house]\n"), packed("")) == [
        ("removed short", "guardrails.yaml:3", "the guardrail short is removed from pack:house"),
        ("removed shorter", "guardrails.yaml:3", "the guardrail shorter is removed from pack:house"),
    ]
