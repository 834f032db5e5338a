"""Each example proven as it is, and again with its check spoiled."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import structs

from selfcheck.check import Case, Unloadable
from selfcheck.guardrail import Severity
from selfcheck.prove import Proof, Proven, Terms, proof
from tests.mutation.examples import Example
from tests.mutation.mutants import mutants

TERMS = Terms(fail_on=Severity.HIGH)
KINDS = "its canaries add plain imports, which count whatever the kinds are"
UNSEEN = {
    ("imports-acyclic", "ancestors"): "its circles go through no `__init__.py`",
    ("imports-forbidden", "allow_indirect_imports"): "its canaries are direct imports",
    ("imports-forbidden", "roots"): "what is forbidden is so outside the roots too",
    ("imports-required", "ancestors"): "its canaries take every import away",
    ("imports-required", "indirect"): "its canaries take every import away",
    ("dependencies-declared", "manifests"): "of several manifests the first that can be written to is",
    ("adr-done", "attested"): "its canary is refuted by its own text, whoever attests",
    ("instructions-parity", "critical"): "it says how bad a difference is, not whether there is one",
    ("health-live", "stale_after"): "its canary is a service that is gone",
}
"""Options of checks by which they may ask for less unnoticed, and why no canary shows it; `kinds` of every import check."""


class Tried(NamedTuple):
    """A mutant and its proof."""

    use: str
    what: str
    how: str
    proof: Proof

    @property
    def survived(self) -> bool:
        """Whether nothing was noticed: every canary bites all the same."""
        return self.proof.outcome is Proven.PROVEN

    @property
    def known(self) -> str | None:
        """Why that is to be expected, if it is."""
        return KINDS if self.what == "kinds" else UNSEEN.get((self.use, self.what))


def whole(example: Example) -> Proof:
    """The proof of the check as it is."""
    return proof(example.case, example.repo, TERMS)


def tried(example: Example) -> Iterator[Tried]:
    """The proof of each mutant of the example's check."""
    case = example.case
    assert not isinstance(case.check, Unloadable)
    for mutant in mutants(case.check):
        spoiled: Case = structs.replace(case, check=mutant.check)
        yield Tried(case.guardrail.use, mutant.what, mutant.how, proof(spoiled, example.repo, TERMS))
