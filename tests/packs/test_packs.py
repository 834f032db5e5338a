"""The packs that ship with selfcheck: whole, quiet where promises are kept, and first is told what matters most."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from selfcheck.check import Case
from selfcheck.formats.text import render
from selfcheck.guardrail import Enforce, Severity
from selfcheck.judge import examine
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import decide
from selfcheck.prove import Proven, Terms, proof
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from selfcheck.testing import memory
from tests.formats.reports import report
from tests.packs.samples import CARELESS, FASTAPI, KEPT

ROOT = Path(__file__).parents[2]
PACKS = Registry(plugins=False).packs()
OURS = """\
guardrails:
  - id: ours
    title: An example of the environment is there
    why: Whoever starts the shop needs it.
    severity: high
    check: {use: files-exist, paths: [.env.example]}
    refs: [ADR-0001, ADR-0002]
"""
APART = ["living-architecture"]
"""What says all that others say."""


def cases(*packs: str, more: str = OURS) -> tuple[Case, ...]:
    """The guardrails of packs, and those of a rulebook that extends them."""
    extends = ", ".join(f"pack:{pack}" for pack in packs)
    text = f"version: 1\nextends: [{extends}]\n{more}"
    return parse([Source("guardrails.yaml", text.encode())], Registry(plugins=False)).cases


def verdicts(files: Mapping[str, str], *packs: str) -> tuple[Verdict, ...]:
    """What the packs say of the files, which are compared with themselves."""
    judged = cases(*packs)
    repo = memory(files, base=files).under(judged)
    found = ((case.guardrail, examine(case, repo)) for case in judged)
    return tuple(decide(each, seen, today=repo.today, fail_on=Severity.HIGH) for each, seen in found)


def outcomes(found: tuple[Verdict, ...]) -> dict[str, Outcome]:
    """The verdicts that are no pass."""
    return {each.guardrail.id: each.outcome for each in found if each.outcome is not Outcome.PASS}


@pytest.mark.parametrize("name", PACKS)
def test_every_guardrail_of_a_pack_begins_with_a_name_of_the_pack_and_says_all_there_is_to_say(name: str) -> None:
    of_pack = [case.guardrail for case in cases(name)[:-1]]

    first = name.partition("-")[0]
    assert [each.id for each in of_pack if not each.id.startswith(f"{first}-")] == []
    assert [each.id for each in of_pack if not (each.refs and name in each.tags and each.why.endswith("."))] == []
    assert [each.id for each in of_pack if not all(ref.startswith("https://") for ref in each.refs)] == []


@pytest.mark.parametrize("name", PACKS)
def test_what_a_pack_does_not_block_by_its_severity_only_warns(name: str) -> None:
    warning = {each.guardrail.id for each in cases(name)[:-1] if not each.guardrail.severity.at_least(Severity.HIGH)}

    assert {each.guardrail.id for each in cases(name)[:-1] if each.guardrail.enforce is Enforce.WARN} == warning


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_quiet_where_its_promises_are_kept(name: str) -> None:
    assert outcomes(verdicts(KEPT[name], name)) == {}


@pytest.mark.parametrize("name", PACKS)
def test_every_guardrail_of_a_pack_is_proven_where_it_is_kept(name: str) -> None:
    judged = cases(name)
    repo = memory(KEPT[name], base=KEPT[name]).under(judged)

    proofs = {case.guardrail.id: proof(case, repo, Terms(fail_on=Severity.HIGH)) for case in judged}

    unproven = {each: found for each, found in proofs.items() if found.outcome is not Proven.PROVEN}
    assert unproven == {}


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize(
    "files", [{"README.md": ""}, {"README.md": "", "shop.py": "from flask import Flask\n\napp = Flask(__name__)\n"}]
)
def test_where_there_is_nothing_to_judge_no_canary_of_a_pack_is_missed(name: str, files: Mapping[str, str]) -> None:
    judged = cases(name, more="")
    repo = memory(files, base=files).under(judged)

    proofs = {case.guardrail.id: proof(case, repo, Terms(fail_on=Severity.HIGH)) for case in judged}

    assert {each: found.missed for each, found in proofs.items() if found.outcome is Proven.MISSED} == {}


def test_all_packs_but_one_are_extended_together_and_are_quiet() -> None:
    together = [name for name in PACKS if name not in APART and KEPT[name] is FASTAPI]

    assert outcomes(verdicts(FASTAPI, *together)) == {}
    assert len({case.guardrail.id for case in cases(*PACKS)}) == len(cases(*PACKS))


def test_a_careless_repository_is_told_five_grave_things_first() -> None:
    found = verdicts(CARELESS, *(name for name in PACKS if name not in APART and KEPT[name] is FASTAPI))

    text = render(report(*found))
    first = re.findall(r"^FAIL  ([\w-]+) \((\w+)\)$", text, re.MULTILINE)[:5]
    assert first == [
        ("agents-nothing-hidden", "critical"),
        ("ci-nothing-from-strangers", "critical"),
        ("ci-no-strangers-code", "critical"),
        ("ci-gate-gates", "critical"),
        ("fastapi-secret-defaults", "critical"),
    ]


def test_what_the_packs_find_in_a_careless_repository() -> None:
    found = verdicts(CARELESS, *(name for name in PACKS if name not in APART and KEPT[name] is FASTAPI))

    kept = {each.guardrail.id for each in found if each.outcome is Outcome.PASS}
    assert set(outcomes(found).values()) == {Outcome.FAIL}
    assert kept == {
        *("adr-as-far-as-said", "adr-in-time", "adr-links-lead", "adr-listed", "adr-succeeded", "adr-verified"),
        *("agents-no-tokens", "ci-runs-selfcheck", "ours"),
        *("fastapi-migrations-immutable", "fastapi-migrations-safe", "fastapi-secret-leaks"),
    }


def test_the_guide_is_careless_where_its_own_example_is() -> None:
    found = outcomes(verdicts(CARELESS, "living-architecture"))

    assert {each for each, outcome in found.items() if outcome is Outcome.FAIL} == {
        *("living-no-cycles", "living-secret-key", "living-production", "living-migrations", "living-health"),
        *("living-probes", "living-module-size", "living-ci-gates", "living-decisions", "living-nightly"),
    }


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("adr", "docs/adr/"),
        ("agents", "AGENTS.md"),
        ("agents", "CLAUDE.md"),
        ("ci", ".github/"),
        ("fastapi", "shop/"),
        ("living-architecture", "slo-monitors.yml"),
        ("living-architecture", "migrations/"),
    ],
)
def test_a_pack_does_not_pass_where_what_it_is_about_is_gone(name: str, path: str) -> None:
    files = {each: text for each, text in FASTAPI.items() if not each.startswith(path)}

    gone = outcomes(verdicts(files, name))

    assert (gone != {}) is (path != "CLAUDE.md"), gone


def test_an_override_changes_what_it_names_and_leaves_the_rest() -> None:
    more = "guardrails:\n  - {id: python-module-size, severity: high, enforce: block, check: {limit: 5}}\n"
    before = {case.guardrail.id: case for case in cases("python", more="")}

    after = {case.guardrail.id: case for case in cases("python", more=more)}

    changed = after["python-module-size"].guardrail
    assert (changed.severity, changed.enforce, changed.title) == (
        Severity.HIGH,
        Enforce.BLOCK,
        before["python-module-size"].guardrail.title,
    )
    assert changed.options == {"limit": 5, "paths": ["**/*.py"]}
    assert [each for each in after if after[each] != before[each]] == ["python-module-size"]


@pytest.mark.parametrize("name", PACKS)
def test_each_guardrail_of_a_pack_can_be_switched_off_with_a_reason(name: str) -> None:
    ids = [case.guardrail.id for case in cases(name, more="")]
    off = "".join(f"  - {{id: {each}, enabled: {{value: false, reason: not here}}}}\n" for each in ids)

    after = cases(name, more=f"guardrails:\n{off}")

    assert [(case.guardrail.id, case.guardrail.switched_off) for case in after] == [(each, "not here") for each in ids]


RULEBOOK = [name for name in Registry(plugins=False).checks() if name.startswith("rulebook-")]


@pytest.mark.parametrize("check", RULEBOOK)
def test_a_rulebook_that_overrides_a_pack_is_judged_itself_and_provably_so(check: str) -> None:
    more = f"""\
guardrails:
  - {{id: living-nightly, severity: high, enforce: block}}
  - {{id: living-slos, tags: [slo], refs: [docs/adr/0001-one-service.md]}}
  - {{id: short, title: t, why: It is., severity: high, check: {{use: max-lines, limit: 99, paths: [shop]}}}}
  - {{id: whole, title: t, why: It is., severity: high, check: {{use: {check}}}, allow_empty: true}}
"""
    judged = cases("living-architecture", more=more)
    repo = memory(FASTAPI, base=FASTAPI).under(judged)

    found = proof(judged[-1], repo, Terms(fail_on=Severity.HIGH))

    assert (found.outcome, found.missed) == (Proven.PROVEN, ())


def test_the_entry_points_and_the_files_of_the_packs_are_the_same() -> None:
    files = sorted(path.stem for path in (ROOT / "infra/selfcheck/packs").glob("*.yaml"))

    assert sorted(PACKS) == files
