"""A first rulebook, made to fit a repository: what holds is switched on, what does not is put off or a comment."""

import json
from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from selfcheck.actions.ci import System
from selfcheck.actions.new import New
from selfcheck.actions.starting import Candidate, candidates
from selfcheck.check import Repository
from selfcheck.guardrail import Severity
from selfcheck.judge import examine
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import decide
from selfcheck.rulebook import Catalog, Source, parse

DAYS = 90
"""How long what a pack finds today is put off."""
PASSES = "everything here passes today."
ACCEPTED = "what fails today is accepted in the baseline, and nothing new is."
PUT_OFF = "what fails today is put off until a day, and blocks after it."
HEAD = f"""\
# The promises of this repository, judged by `selfcheck run` and shown to be able to fail by `selfcheck prove`.
# Written by `selfcheck init`: {PASSES}
# `selfcheck list --checks` names what else can be promised.
version: 1
fail_on: high  # critical and high block, medium and low warn

guardrails:
"""


class Proposal(Struct, frozen=True):
    """A pack, and what in the repository asks for it."""

    pack: str
    reason: str


class Stack(Struct, frozen=True):
    """The packs that fit; the CI system and whether pre-commit is in use; other CI systems, and what has migrations."""

    proposals: tuple[Proposal, ...]
    systems: tuple[System, ...]
    others: tuple[str, ...]
    migrations: tuple[str, ...]


class Packed(Struct, frozen=True):
    """A pack, judged here today: its verdicts, in its order."""

    name: str
    verdicts: tuple[Verdict, ...]

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """Those that would stop the gate today."""
        return tuple(each for each in self.verdicts if each.outcome is Outcome.FAIL and each.gates)

    @property
    def unjudged(self) -> tuple[Verdict, ...]:
        """Those that find nothing to judge here, or cannot."""
        return tuple(each for each in self.verdicts if each.outcome is Outcome.ERROR)

    def __str__(self) -> str:
        """What it would come to today, in words."""
        warning = [each for each in self.verdicts if each.outcome is Outcome.FAIL and not each.gates]
        held = sum(each.outcome is Outcome.PASS for each in self.verdicts)
        parts = [f"{held} of {len(self.verdicts)} hold today"]
        parts += [f"fail: {', '.join(map(told, self.broken))}"] if self.broken else []
        parts += [f"warn: {', '.join(map(told, warning))}"] if warning else []
        parts += [f"nothing to judge: {', '.join(each.guardrail.id for each in self.unjudged)}"] * bool(self.unjudged)
        return "; ".join(parts)


class Begun(Struct, frozen=True):
    """A guardrail of the starter, judged here today."""

    lines: tuple[str, ...]
    verdict: Verdict

    @property
    def fails(self) -> bool:
        """Whether it finds something."""
        return self.verdict.outcome is Outcome.FAIL

    @property
    def block(self) -> str:
        """It, switched on."""
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def comment(self) -> str:
        """It, for later."""
        note = f"  # Not kept today ({_reason(self.verdict)}). Take the marks away once it is:\n"
        return note + "".join(f"  #{line[1:]}\n" for line in self.lines)


class Plan(Struct, frozen=True):
    """The file to write; what of it passes, what fails and has to be accepted, and what is left for later or put off."""

    rulebook: New
    kept: tuple[str, ...]
    broken: tuple[Verdict, ...]
    left: tuple[str, ...]
    put_off: tuple[str, ...]


def packed(repo: Repository, catalog: Catalog, name: str) -> Packed:
    """What a pack comes to on a repository as it stands."""
    cases = parse([Source("candidate", f"version: 1\nextends: [pack:{name}]\n".encode())], catalog).cases
    under = repo.under(cases)
    found = ((case.guardrail, examine(case, under)) for case in cases)
    return Packed(name, tuple(decide(each, seen, today=repo.day, fail_on=Severity.HIGH) for each, seen in found))


def plan(
    repo: Repository,
    catalog: Catalog,
    *,
    packs: Sequence[Packed] = (),
    migrations: Sequence[str] = (),
    accepting: bool = False,
) -> Plan:
    """The starter for a repository; every guardrail that is not commented out or put off passes on it.

    One that fails is switched on too where what fails today will be accepted.
    """
    begun = [_begun(each, repo, catalog) for each in candidates(repo, [each.name for each in packs], migrations)]
    on = [each for each in begun if each.verdict.outcome is Outcome.PASS or (accepting and each.fails)]
    of_packs = [verdict for each in packs for verdict in each.broken]
    late = [] if accepting else of_packs
    blind = [verdict for each in packs for verdict in each.unjudged]
    until = (repo.day + timedelta(days=DAYS)).isoformat()
    blocks = [each.block if each in on else each.comment for each in begun]
    blocks += [_pending(verdict, until) for verdict in late] + [_off(verdict) for verdict in blind]
    broken = [*(each.verdict for each in on if each.fails), *(of_packs if accepting else ())]
    head = HEAD.replace(PASSES, ACCEPTED if broken else PUT_OFF if late else PASSES)
    names = ", ".join(f"pack:{each.name}" for each in packs)
    head = head.replace("\nguardrails:", f"extends: [{names}]\n\nguardrails:") if packs else head
    taken = repo.tree.files(("guardrails/",))  # a folder of something else, say a Python package
    return Plan(
        New("guardrails.yaml" if taken else "guardrails/house.yaml", head + "\n".join(blocks)),
        kept=tuple(each.verdict.guardrail.id for each in on if not each.fails),
        broken=tuple(broken),
        left=tuple(f"{each.verdict.guardrail.id}: {_reason(each.verdict)}" for each in begun if each not in on),
        put_off=(
            *(f"put off until {until}: {told(each)}" for each in late),
            *(f"switched off: {each.guardrail.id}: {each.reason}" for each in blind),
        ),
    )


def told(verdict: Verdict) -> str:
    """A guardrail and how many findings it has."""
    return f"{verdict.guardrail.id} {len(verdict.findings):,}"


def _pending(verdict: Verdict, until: str) -> str:
    reason = json.dumps(f"was not kept when selfcheck came: {_reason(verdict)}")
    return f'  - id: {verdict.guardrail.id}\n    pending: {{until: "{until}", reason: {reason}}}\n'


def _off(verdict: Verdict) -> str:
    reason = json.dumps(f"when selfcheck came: {verdict.reason}")
    return f"  - id: {verdict.guardrail.id}\n    enabled: {{value: false, reason: {reason}}}\n"


def _begun(candidate: Candidate, repo: Repository, catalog: Catalog) -> Begun:
    source = Source("candidate", (HEAD + "".join(f"{line}\n" for line in candidate.lines)).encode())
    (case,) = parse([source], catalog).cases
    verdict = decide(case.guardrail, examine(case, repo), today=repo.day, fail_on=Severity.LOW)
    return Begun(candidate.lines, verdict)


def _reason(verdict: Verdict) -> str:
    count = len(verdict.findings)
    return verdict.reason or f"{count} finding{'s' * (count != 1)}"
