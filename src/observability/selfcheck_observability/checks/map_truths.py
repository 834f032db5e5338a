"""What is held to be true is enforced, by something that can fail."""

from collections.abc import Iterator, Mapping
from copy import deepcopy

from msgspec import Struct

from selfcheck.check import Canary, Case, Evidence, Finding, Need, Repository, Seen
from selfcheck.guardrail import BUILT_IN, Enforce, Guardrail, Severity
from selfcheck.prove import Proof, Proven, Terms, recalled_proof, remembered_proof
from selfcheck.rulebook.parse import canary_of, convert
from selfcheck.trees import Overlay
from selfcheck_observability.checks.map import NAME, MapCheck, told
from selfcheck_observability.map.model import Truth
from selfcheck_observability.map.survey import Opened

USE = "map-truths"


class Shown(Struct, frozen=True):
    """Whether a guardrail was shown to be able to fail, None where that is not done here; and what there is to say."""

    proven: bool | None
    said: str = ""


class MapTruths(MapCheck, kw_only=True):
    """Every architectural truth of the intelligence map is enforced by a guardrail that is proven able to fail."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each truth that nothing enforces, and for each guardrail of one that cannot fail."""
        opened = self.opened(repo)
        truths = opened.whole.architectural_truths
        yield Evidence("truths", scope=len(truths), examined=len(truths))
        known = {each.id: each for each in repo.guardrails}
        named = {each for truth in truths.values() for each in truth.validations if each in known}
        shown = {name: _shown(known[name], repo) for name in sorted(named)}
        if shown:
            told_of = sum(each.proven is not None for each in shown.values())
            yield Evidence("guardrails of truths, proven here", scope=len(shown), examined=told_of)
        for name, truth in truths.items():
            yield from _judged(opened, name, truth, shown, repo)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A truth that nothing enforces, and one that a guardrail is said to that is not there."""
        written = self.written(repo)
        for name, validation in ((NAME, f"{self.map}"), (f"{NAME}-2", f"{NAME}-guardrail")):
            document = deepcopy(written)
            document.setdefault("architectural_truths", {})[name] = {
                "description": "A canary.",
                "validation": validation,
            }
            yield self.changed(f"hold something to be true that {validation} enforces", document, f"truth {name}")


def _judged(opened: Opened, name: str, truth: Truth, shown: Mapping[str, Shown], repo: Repository) -> Iterator[Finding]:
    place = ('"architectural_truths"', f'"{name}"')
    guardrails = [each for each in truth.validations if each in shown or each in BUILT_IN]
    for each in truth.validations:
        if each not in guardrails and repo.tree.resolve(each.rstrip("/")) is None:
            said = f'truth {name}: "{each}" is no guardrail and no path'
            yield told(opened, f"validation {each} of {name}", said, "name a guardrail by its id", *place, truth=name)
    bad = [each for each in guardrails if each in shown and shown[each].proven is False]
    for each in bad:
        said = f"truth {name}: {each} {shown[each].said}"
        hint = f"`selfcheck prove {each} -v` says more"
        yield told(opened, f"guardrail {each} of {name}", said, hint, *place, truth=name, guardrail=each)
    if len(bad) == len(guardrails):
        said = f"truth {name} is enforced by no guardrail that is proven: {truth.description}"
        hint = "name a guardrail under `validation` that keeps it, or take it out"
        yield told(opened, f"truth {name}", said, hint, *place, truth=name)


def _shown(guardrail: Guardrail, repo: Repository) -> Shown:
    """What is known of a guardrail's proof: made here, where it looks at files alone."""
    if guardrail.switched_off is not None:
        return Shown(proven=False, said=f"is switched off: {guardrail.switched_off}")
    if guardrail.enforce is Enforce.WARN:
        return Shown(proven=False, said="only warns")
    kind = repo.check_of(guardrail)
    if kind is None:
        return Shown(proven=False, said=f'has a check, "{guardrail.use}", that does not load')
    check = convert(guardrail.options, kind)
    if guardrail.use == USE:
        return Shown(proven=False, said="is this very kind of guardrail")
    if not check.asks_for <= {Need.BASE}:
        return _remembered(guardrail, repo)
    case = Case(guardrail, check, tuple(map(canary_of, guardrail.canaries)))
    severity = guardrail.severity
    terms = Terms(fail_on=Severity.HIGH if severity.at_least(Severity.HIGH) else severity)
    # What was proven of a canary's tree is not remembered in the place of what was proven of the repository's.
    store = None if isinstance(repo.tree.origin, Overlay) else repo.facts.store
    return _of(recalled_proof(case, repo, repo.facts.store, terms) or remembered_proof(case, repo, store, terms))


def _remembered(guardrail: Guardrail, repo: Repository) -> Shown:
    """A guardrail that runs programs or asks other machines is not proven within another."""
    last = repo.history.last(guardrail.id) if repo.history else None
    if last is None or last.proof is None:
        return Shown(proven=None)
    return Shown(
        proven=last.proof == Proven.PROVEN, said=f"was {last.proof} when it was last proven, in run {last.run}"
    )


def _of(proof: Proof) -> Shown:
    if proof.outcome is Proven.PROVEN:
        return Shown(proven=True)
    why = proof.reason or next(iter(proof.missed), "no canary turned it red")
    return Shown(proven=False, said=f"is {proof.outcome}: {why}")
