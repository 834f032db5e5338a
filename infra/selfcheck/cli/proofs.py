"""What is known of the guardrails' proofs, beside their verdicts."""

from collections.abc import Iterable, Sequence

from msgspec import structs

from selfcheck.check import Case, Repository
from selfcheck.model import Outcome, Proved, Verdict
from selfcheck.prove import Proof, Proven, Terms, prove, recalled_proof


def remembered(cases: Sequence[Case], repo: Repository, terms: Terms) -> dict[str, Proof]:
    """By guardrail, the proofs that were made before and would be the same today."""
    store = repo.facts.store
    found = ((case.guardrail.id, recalled_proof(case, repo, store, terms)) for case in cases)
    return {name: proof for name, proof in found if proof is not None}


def renewed(cases: Sequence[Case], repo: Repository, terms: Terms, jobs: int) -> dict[str, Proof]:
    """By guardrail, the proofs of today: those that would be the same as before are not made again."""
    return {cases[number].guardrail.id: proof for number, proof in prove(cases, repo, terms=terms, jobs=jobs)}


def attached(verdicts: Iterable[Verdict], proofs: dict[str, Proof], *, binding: bool) -> tuple[Verdict, ...]:
    """The verdicts with what is known of their proofs; where that is binding, a pass that missed a canary is none."""
    return tuple(
        _attached(verdict, proofs[verdict.guardrail.id], binding=binding) if verdict.guardrail.id in proofs else verdict
        for verdict in verdicts
    )


def _attached(verdict: Verdict, proof: Proof, *, binding: bool) -> Verdict:
    proved = Proved(proof.outcome.value, len(proof.bit), len(proof.bit) + len(proof.missed))
    if binding and proof.outcome is Proven.MISSED and verdict.outcome is Outcome.PASS:
        reason = f"it passes, and cannot fail here: {proof.missed[0]}"
        return structs.replace(verdict, proof=proved, outcome=Outcome.ERROR, reason=reason)
    return structs.replace(verdict, proof=proved)
