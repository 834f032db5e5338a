"""Several files and packs become one rulebook, or all their faults."""

import hashlib
from datetime import date

import pytest

from selfcheck.check import Append, Canary, Delete, Replace, Unloadable, Write
from selfcheck.errors import RulebookError, UsageError
from selfcheck.guardrail import Enabled, Enforce, Pending, Place, Severity, Waiver
from selfcheck.rulebook import Rulebook, parse
from tests.rulebook.catalog import Counting, Limited
from tests.rulebook.examples import source

ONE = "  - {id: one, title: One, why: W, severity: low, check: {use: limited, limit: 1}}\n"
TWO = "  - {id: two, title: Two, why: W, severity: low, check: {use: limited, limit: 2}}\n"
PACK = "version: 1\nguardrails:\n" + ONE + TWO


def parsed(local: str, packs: dict[str, str] | None = None) -> Rulebook:
    return parse([source(local)], Counting(packs))


def faults(local: str, packs: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        parsed(local, packs)
    return [str(fault) for fault in caught.value.faults]


def over_pack(override: str) -> str:
    return f"version: 1\nextends: [pack:p]\nguardrails:\n  - {override}\n"


FULL = """\
version: 1
fail_on: critical
guardrails:
  - id: full
    title: Title
    why: Why
    severity: medium
    enforce: block
    check: {use: limited, limit: 3, paths: [a, b]}
    refs: [ADR-0001]
    owner: "@team"
    tags: [x, y]
    timeout: 2
    allow_empty: true
    pending: {until: 2026-12-01, reason: soon}
    waivers:
      - {match: key, reason: r, owner: o, until: 2026-11-01}
      - {match: "glob*", reason: r, owner: o, until: "2026-11-02", count: 2}
    waivable: false
    canaries:
      - {write: {path: a, text: ""}, expect: k}
      - append: {path: a, text: é}
      - {replace: {path: a, old: b, new: c}}
      - {delete: a}
      - {patch: guardrails/a.diff, expect: k}
    enabled: {value: false, reason: later}
"""


def test_every_key_of_a_guardrail_arrives() -> None:
    rulebook = parsed(FULL)

    (case,) = rulebook.cases
    found = case.guardrail
    assert rulebook.fail_on is Severity.CRITICAL
    assert case.check == Limited(limit=3, paths=("a", "b"))
    assert case.canaries == (
        Canary("write a", (Write("a", b""),), "k"),
        Canary("append a", (Append("a", "é".encode()),)),
        Canary("replace a", (Replace("a", b"b", b"c"),)),
        Canary("delete a", (Delete("a"),)),
        Canary("patch guardrails/a.diff", (), "k", patch="guardrails/a.diff"),
    )
    assert (found.id, found.title, found.why, found.severity) == ("full", "Title", "Why", Severity.MEDIUM)
    assert (found.enforce, found.refs, found.owner, found.tags) == (Enforce.BLOCK, ("ADR-0001",), "@team", ("x", "y"))
    assert (found.timeout, found.allow_empty, found.waivable) == (2.0, True, False)
    assert found.pending == Pending(until=date(2026, 12, 1), reason="soon")
    assert found.waivers == (
        Waiver(match="key", reason="r", owner="o", until=date(2026, 11, 1)),
        Waiver(match="glob*", reason="r", owner="o", until=date(2026, 11, 2), count=2),
    )
    assert found.enabled == Enabled(value=False, reason="later")
    assert (found.use, found.options, found.switched_off) == ("limited", {"limit": 3, "paths": ["a", "b"]}, "later")
    assert found.place == Place("guardrails.yaml", 4)


def test_what_is_left_out_has_the_defaults_of_the_guide() -> None:
    (case,) = parsed(f"version: 1\nguardrails:\n{ONE}").cases

    found = case.guardrail
    assert (found.enforce, found.owner, found.pending, found.enabled, found.switched_off) == (None,) * 5
    assert (found.refs, found.tags, found.waivers, case.canaries) == ((),) * 4
    assert (found.timeout, found.allow_empty, found.waivable) == (30.0, False, True)


def test_several_files_are_one_rulebook_in_their_order() -> None:
    files = [
        source(f"version: 1\nguardrails:\n{TWO}", "b.yaml"),
        source(f"version: 1\nfail_on: low\nguardrails:\n{ONE}", "c.yaml"),
    ]

    rulebook = parse(files, Counting())

    assert [str(case.guardrail.place) for case in rulebook.cases] == ["b.yaml:3", "c.yaml:4"]
    assert rulebook.fail_on is Severity.LOW


def test_a_high_guardrail_blocks_where_no_file_says_otherwise() -> None:
    assert parsed(PACK).fail_on is Severity.HIGH


def test_the_digest_is_over_names_and_bytes_of_files_and_packs() -> None:
    local = "version: 1\nextends: [pack:p]\n"

    digest = parsed(local, {"p": PACK}).digest

    parts = [("pack:p", PACK), ("guardrails.yaml", local)]
    hashed = "".join(f"{len(name)}:{name}{len(content)}:{content}" for name, content in parts)
    assert digest == f"sha256:{hashlib.sha256(hashed.encode()).hexdigest()}"


def test_only_the_checks_in_use_are_loaded() -> None:
    catalog = Counting()

    parse([source(PACK)], catalog)

    assert catalog.loaded == ["limited", "limited"]


def test_a_check_that_does_not_load_is_a_case_and_its_options_are_nobodys_fault() -> None:
    (case,) = parsed(f"version: 1\nguardrails:\n{ONE.replace('limited, limit', 'broken, zzz')}").cases

    assert case.check == Unloadable("it is broken")


def test_a_pack_stands_before_the_local_guardrails() -> None:
    rulebook = parsed(f"version: 1\nextends: [pack:p]\nguardrails:\n{ONE.replace('one', 'zero')}", {"p": PACK})

    assert [str(case.guardrail.place) for case in rulebook.cases] == ["pack:p:3", "pack:p:4", "guardrails.yaml:4"]


def test_a_pack_alone_is_a_rulebook() -> None:
    assert len(parsed("version: 1\nextends: [pack:p]\nguardrails:\n", {"p": PACK}).cases) == 2


def test_an_override_changes_the_keys_that_it_has_and_stands_in_the_place_of_the_packs() -> None:
    rulebook = parsed(over_pack("{id: one, severity: critical, owner: me}"), {"p": PACK})

    first, second = (case.guardrail for case in rulebook.cases)
    assert (first.id, first.title, first.severity, first.owner) == ("one", "One", Severity.CRITICAL, "me")
    assert first.place == Place("guardrails.yaml", 4)
    assert (second.id, second.place) == ("two", Place("pack:p", 4))


@pytest.mark.parametrize("use", ["", "use: limited, "])
def test_an_override_of_the_same_check_changes_the_options_that_it_has(use: str) -> None:
    pack = PACK.replace("limit: 1", "limit: 1, paths: [a]")

    case = parsed(over_pack(f"{{id: one, check: {{{use}limit: 9}}}}"), {"p": pack}).cases[0]

    assert case.check == Limited(limit=9, paths=("a",))


def test_an_override_with_another_check_takes_none_of_the_packs_options() -> None:
    said = faults(over_pack("{id: one, check: {use: picky, limit: 9}}"), {"p": PACK})

    assert said == ['guardrails.yaml:4:35: unknown option "limit" for check "picky"; known: high, low']


def test_an_override_switches_a_packs_guardrail_off_with_a_reason() -> None:
    rulebook = parsed(over_pack("{id: two, enabled: {value: false, reason: not ours}}"), {"p": PACK})

    assert [case.guardrail.switched_off for case in rulebook.cases] == [None, "not ours"]


def test_enabled_true_switches_nothing_off() -> None:
    rulebook = parsed(over_pack("{id: two, enabled: {value: true, reason: ours}}"), {"p": PACK})

    assert [case.guardrail.switched_off for case in rulebook.cases] == [None, None]


def test_a_fault_in_a_pack_is_told_in_the_pack_and_one_of_an_override_in_its_file() -> None:
    pack = PACK.replace("limit: 1", "limit: x").replace("title: Two, ", "")

    said = faults(over_pack("{id: one, severity: hihg}"), {"p": pack})

    assert said == [
        'guardrails.yaml:4:25: `severity`: unknown value "hihg"; did you mean "high"?',
        "pack:p:3:79: `limit` must be a whole number, not the text 'x'",
        "pack:p:4:5: guardrail lacks `title`",
    ]


def test_a_fault_of_a_merged_option_is_told_where_that_option_was_written() -> None:
    said = faults(over_pack("{id: one, check: {limit: &x y, paths: *x}}"), {"p": PACK.replace("limit: 1", "zzz: 1")})

    assert said == [
        "guardrails.yaml:4:30: `limit` must be a whole number, not the text 'y'",
        "guardrails.yaml:4:43: `paths` must be a list, not the text 'y'; write it as [a, b]",
        'pack:p:3:72: unknown option "zzz" for check "limited"; known: limit, paths',
    ]


def test_what_neither_a_pack_nor_its_override_says_is_told_of_the_override() -> None:
    said = faults(over_pack("{id: two, severity: low}"), {"p": PACK.replace("title: Two, ", "")})

    assert said == ["guardrails.yaml:4:5: guardrail lacks `title`"]


def test_an_unknown_pack_is_one_fault_and_not_one_for_each_override_of_it() -> None:
    override = over_pack("{id: one, severity: low}").replace("pack:p", "pack:q")

    assert faults(override, {"p": PACK}) == ['guardrails.yaml:2:11: unknown pack "pack:q"; did you mean "pack:p"?']


def test_a_pack_that_does_not_load_says_why() -> None:
    assert faults("version: 1\nextends: [pack:broken]\n") == ['guardrails.yaml:2:11: pack "broken" is broken']


def test_a_wrong_outline_does_not_make_overrides_look_incomplete() -> None:
    said = faults(over_pack("{id: one, severity: low}") + "fail_on: none\n", {"p": PACK})

    assert said == ['guardrails.yaml:5:10: `fail_on`: unknown value "none"; known: critical, high, low, medium']


def test_a_pack_has_no_run_settings_and_extends_nothing() -> None:
    said = faults("version: 1\nextends: [pack:p]\n", {"p": f"fail_on: low\nextends: [pack:q]\n{PACK}"})

    assert said == [
        "pack:p:1:1: a pack holds guardrails, not `fail_on`; write it into the rulebook",
        "pack:p:2:1: a pack holds guardrails, not `extends`; write it into the rulebook",
    ]


def test_an_id_in_two_packs_is_a_fault() -> None:
    said = faults("version: 1\nextends: [pack:p, pack:q]\n", {"p": PACK, "q": f"version: 1\nguardrails:\n{TWO}"})

    assert said == ['pack:q:3:10: the id "two" stands already at pack:p:4']


def test_two_guardrails_without_an_id_are_two_faults() -> None:
    nameless = ONE.replace("id: one, ", "")

    said = faults(f"version: 1\nguardrails:\n{nameless}{nameless}")

    assert said == ["guardrails.yaml:3:5: guardrail lacks `id`", "guardrails.yaml:4:5: guardrail lacks `id`"]


def test_a_guardrail_whose_id_stands_twice_has_its_other_faults_told_too() -> None:
    said = faults(f"version: 1\nguardrails:\n{ONE}{ONE.replace('low', 'lo')}")

    assert said == [
        'guardrails.yaml:4:10: the id "one" stands already at guardrails.yaml:3',
        'guardrails.yaml:4:45: `severity`: unknown value "lo"; did you mean "low"?',
    ]


def test_what_only_the_check_itself_refuses_is_told_at_the_check() -> None:
    picky = ONE.replace("use: limited, limit: 1", "use: picky, low: 5, high: 1")

    assert faults(f"version: 1\nguardrails:\n{picky}") == ["guardrails.yaml:3:57: `low` must not be more than `high`"]


def test_a_rule_that_has_no_words_of_its_own_is_told_in_those_of_the_schema() -> None:
    picky = ONE.replace("use: limited, limit: 1", "use: picky, low: 10")

    said = faults(f"version: 1\nguardrails:\n{picky}")

    assert said == ["guardrails.yaml:3:57: check \"picky\" is wrong: 'high' is a dependency of 'low'"]


def test_beside_a_check_that_does_not_load_the_other_faults_are_told() -> None:
    broken = ONE.replace("use: limited", "use: broken").replace("low", "lo")

    said = faults(f"version: 1\nguardrails:\n{broken}")

    assert said == ['guardrails.yaml:3:45: `severity`: unknown value "lo"; did you mean "low"?']


def test_no_guardrail_at_all_is_a_usage_error_at_the_first_file() -> None:
    with pytest.raises(
        UsageError, match=r"^a.yaml:1:1: no guardrail; a gate without guardrails would always be green$"
    ):
        parse([source("version: 1\n", "a.yaml"), source("version: 1\n", "b.yaml")], Counting())


def test_the_faults_of_an_aliased_value_are_told_at_the_alias() -> None:
    said = faults("version: 1\nguardrails:\n  - id: a\n    title: &t [t]\n    why: *t\n")

    assert said == [
        "guardrails.yaml:3:5: guardrail lacks `check`",
        "guardrails.yaml:3:5: guardrail lacks `severity`",
        "guardrails.yaml:4:12: `title` must be text, not a list",
        "guardrails.yaml:5:10: `why` must be text, not a list",
    ]
