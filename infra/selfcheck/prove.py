"""Whether a guardrail can fail here: each canary is laid over the tree and the guardrail judged again."""

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from enum import StrEnum
from functools import partial

import msgspec
from msgspec import Struct, structs

from selfcheck import workers
from selfcheck.canaries import UNFIT, Together, together, unfolded
from selfcheck.check import Canary, CannotJudge, Case, Need, Repository, Unloadable, Unprovable
from selfcheck.guardrail import Place, Severity
from selfcheck.judge import ALL_NEEDS, culprit, decoded, encoded, examine, lane, said
from selfcheck.model import Acceptance, By, Outcome, Verdict
from selfcheck.policy import NONE, Exceptions, Failed, decide
from selfcheck.recall import check_key, is_pure
from selfcheck.store import Store
from selfcheck.trees import EditMissed, Overlay, Recording, Tree
from selfcheck.trees.diff import diff
from selfcheck.trees.recording import answer


class Proven(StrEnum):
    """What came of the canaries of one guardrail."""

    PROVEN = "proven"
    MISSED = "missed"
    UNPROVABLE = "unprovable"
    ERROR = "error"


class Proof(Struct, frozen=True, kw_only=True, tag="proof"):
    """The outcome for one guardrail; `bit` are the titles of the canaries that turned it red.

    `missed` are the others with what swallowed each; a reason is told where there was nothing to try. `diffs` show what each canary
    that bit changed, where that was asked for.
    """

    outcome: Proven
    reason: str | None = None
    bit: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    diffs: tuple[str, ...] = ()

    @property
    def share(self) -> str:
        """How many of its canaries bit, as `2/3`."""
        return f"{len(self.bit)}/{len(self.bit) + len(self.missed)}"


ExceptionsOf = Callable[[Tree, frozenset[str]], Exceptions]
"""The exceptions in force on a tree of which these paths were edited."""


def none_of(_tree: Tree, _edited: frozenset[str]) -> Exceptions:
    """No exceptions beside those of the rulebook."""
    return NONE


class Terms(Struct, frozen=True, kw_only=True):
    """By what proofs are made: what blocks, what may run, what is accepted, and whether what changed is shown."""

    fail_on: Severity
    allowed: frozenset[Need] = ALL_NEEDS
    exceptions: ExceptionsOf = none_of
    diffs: bool = False


class _Memory(Struct, frozen=True):
    """A proof, and the questions and answers that it came of."""

    answers: list[tuple[tuple[str, ...], str]]
    proof: Proof


PROOFS = "proofs 1"
_decoder = msgspec.json.Decoder(Proof | Failed)
_memories = msgspec.msgpack.Decoder(_Memory)


def prove(
    cases: Sequence[Case], repo: Repository, *, terms: Terms, jobs: int, remembered: bool = True
) -> Generator[tuple[int, Proof]]:
    """Each case's number and proof, as they fall. A guardrail's deadline holds for each of its judgements.

    Where `repo.facts` has a store, a proof whose every answer would be the same again is not made anew.
    """
    store = repo.facts.store if remembered else None
    unknown: list[int] = []
    for number, case in enumerate(cases):
        known = recalled_proof(case, repo, store, terms)
        if known is None:
            unknown.append(number)
        else:
            yield number, known
    work = partial(_proved, cases, repo, terms, store)
    tasks = [
        workers.Task(number, cases[number].guardrail.timeout * JUDGEMENTS, lane(cases[number])) for number in unknown
    ]
    with closing(workers.each(work, tasks, jobs)) as answers:
        for number, answer, _ in answers:
            result = decoded(answer, _decoder, cases[number].guardrail.timeout * JUDGEMENTS)
            yield number, result if isinstance(result, Proof) else Proof(outcome=Proven.ERROR, reason=result.reason)


JUDGEMENTS = 4
"""How many times its deadline a guardrail's proof may take."""


def _proved(cases: Sequence[Case], repo: Repository, terms: Terms, store: Store | None, number: int) -> bytes:
    try:
        return encoded(remembered_proof(cases[number], repo, store, terms))
    except workers.Interruption:
        raise
    except BaseException as error:
        return encoded(Failed(culprit(error)))


def remembered_proof(case: Case, repo: Repository, store: Store | None, terms: Terms) -> Proof:
    """The proof, kept with every answer that the unedited tree gave on the way to it."""
    if store is None or not is_pure(case):
        return proof(case, repo, terms)
    tree = Recording(repo.tree)
    watched = repo.watched(tree).against_itself()
    found = proof(case, watched, terms)
    if tree.sound and not watched.asked_beyond and found.outcome is not Proven.ERROR:
        key = _key(case, repo, terms)
        store.put(PROOFS, {key: msgspec.msgpack.encode(_Memory(list(tree.answers.items()), found))})
    return found


def recalled_proof(case: Case, repo: Repository, store: Store | None, terms: Terms) -> Proof | None:
    """The proof that was made when last asked for, if it would be the same today."""
    if store is None or not is_pure(case):
        return None
    key = _key(case, repo, terms)
    content = store.get(PROOFS, [key]).get(key)
    if content is None:
        return None
    try:
        memory = _memories.decode(content)
    except msgspec.MsgspecError:
        return None
    tree = repo.tree.origin
    return memory.proof if all(answer(tree, question) == given for question, given in memory.answers) else None


def _key(case: Case, repo: Repository, terms: Terms) -> str:
    """The guardrail with all its policy, the check with its code, and what is accepted today."""
    guardrail = structs.replace(case.guardrail, place=Place("", 0), waiver_places=(), places={})
    accepted = terms.exceptions(repo.tree, frozenset())
    name = case.guardrail.id
    mine = (accepted.baseline.get(name), accepted.comments.get(name))
    today = repo.day if case.guardrail.waivers or case.guardrail.pending or any(mine) else None
    said = (guardrail, mine, today, terms.fail_on, sorted(terms.allowed), terms.diffs, case.canaries)
    encoded_all = msgspec.json.encode(said, enc_hook=str, order="deterministic")
    return hashlib.sha256(encoded_all + check_key(case.check).encode()).hexdigest()


def proof(case: Case, repo: Repository, terms: Terms) -> Proof:
    """The proof of one guardrail, in this process: every canary must bite. What judges changes judges the canaries' own."""
    repo = repo.against_itself()
    if isinstance(case.check, Unloadable):
        return Proof(outcome=Proven.ERROR, reason=case.check.reason)
    before = _judged(case, repo, terms, frozenset())
    if before.outcome in (Outcome.SKIP, Outcome.ERROR):
        outcome = Proven.UNPROVABLE if before.outcome is Outcome.SKIP else Proven.ERROR
        return Proof(outcome=outcome, reason=f"judged {before.outcome} as the repository stands: {before.reason}")
    try:
        canaries = [*case.canaries, *_own_canaries(case, repo)]
    except (Unprovable, CannotJudge) as reason:
        return Proof(outcome=Proven.UNPROVABLE, reason=said(reason))
    ready, missed = unfolded(canaries, repo.tree)
    swallowed = {id(each): why for group in together(ready) for each, why in _tried(case, repo, group, before, terms)}
    bit = [canary for canary in ready if swallowed[id(canary)] is None]
    missed += [f"{canary.title}: {why}" for canary in ready if (why := swallowed[id(canary)]) is not None]
    empty = [each.what for each in before.evidence if each.scope == 0]
    if missed and empty and case.guardrail.allow_empty and not case.canaries:
        return Proof(outcome=Proven.UNPROVABLE, reason=f"there is nothing here to judge: no {' and no '.join(empty)}")
    return Proof(
        outcome=Proven.MISSED if missed else Proven.PROVEN,
        bit=tuple(canary.title for canary in bit),
        missed=tuple(missed),
        diffs=tuple(diff(repo.tree, canary.edits) for canary in bit) if terms.diffs else (),
    )


def _tried(
    case: Case, repo: Repository, group: Together, before: Verdict, terms: Terms
) -> Iterator[tuple[Canary, str | None]]:
    """What swallowed each canary, if anything did. Where all bite at once that is one judgement; else each is tried alone."""
    all_bite = len(group.canaries) > 1 and _all_bite(case, repo, group, before, terms)
    for canary in group.canaries:
        yield canary, None if all_bite else _missed(case, repo, canary, before, terms)


def _all_bite(case: Case, repo: Repository, group: Together, before: Verdict, terms: Terms) -> bool:
    try:
        after = _edited(case, repo, group.as_one, terms)
    except EditMissed:
        return False
    return all(_swallowed(canary, before, after) is None for canary in group.canaries)


def _own_canaries(case: Case, repo: Repository) -> list[Canary]:
    """The check's own; where the user gave some, it may have none."""
    assert not isinstance(case.check, Unloadable)
    try:
        found = list(case.check.canaries(repo))
    except Unprovable:
        if case.canaries:
            return []
        raise
    if not found and not case.canaries:
        raise Unprovable("the check offers no canary for this repository")
    return found


def _missed(case: Case, repo: Repository, canary: Canary, before: Verdict, terms: Terms) -> str | None:
    """Why the guardrail did not turn red because of the canary, or None where it did."""
    try:
        after = _edited(case, repo, canary, terms)
    except EditMissed as error:
        return f"{UNFIT}: {error}"
    return _swallowed(canary, before, after)


def _edited(case: Case, repo: Repository, canary: Canary, terms: Terms) -> Verdict:
    edited = repo.with_canary(Overlay(repo.tree, canary.edits), canary)
    if canary.guardrails is not None:
        own = next((each for each in canary.guardrails if each.id == case.guardrail.id), case.guardrail)
        case = structs.replace(case, guardrail=own)
    after = _judged(case, edited, terms, frozenset(edit.path for edit in canary.edits))
    repo.asked_beyond |= edited.asked_beyond
    return after


def _swallowed(canary: Canary, before: Verdict, after: Verdict) -> str | None:
    """What kept the canary's finding from turning the guardrail red, if anything did."""
    if after.outcome is Outcome.ERROR:
        return f"it could not be judged: {after.reason}"
    known = {ruling.fingerprint for ruling in before.findings}
    fresh = [ruling for ruling in after.findings if ruling.fingerprint not in known]
    expected = [ruling for ruling in fresh if _is_expected(canary, ruling.seen.key, ruling.seen.parts)]
    if not expected:
        return f"no new finding{f' about {canary.expect}' if canary.expect else ''} came of it"
    if not any(ruling.counts for ruling in expected):
        return _hidden(expected[0].acceptance)
    guardrail = after.guardrail
    if not after.gates and guardrail.enforce is None and guardrail.pending is None:
        return (
            f"it only warns: its severity {guardrail.severity} is below `fail_on`; say `enforce: warn` if that is meant"
        )
    return None


def _hidden(by: Acceptance | None) -> str:
    match by:
        case Acceptance(by=By.COMMENT):
            return f"a comment in the code hides the finding ({by.at})"
        case Acceptance(by=By.BASELINE):
            return f"the baseline hides the finding ({by.at})"
        case Acceptance():
            return f"a waiver hides the finding ({by.at})"
        case None:
            return "the finding does not count"


def _is_expected(canary: Canary, key: str, parts: Sequence[str]) -> bool:
    return canary.expect is None or canary.expect == key or canary.expect in parts


def _judged(case: Case, repo: Repository, terms: Terms, edited: frozenset[str]) -> Verdict:
    examination = examine(case, repo, terms.allowed)
    exceptions = terms.exceptions(repo.tree, edited)
    return decide(case.guardrail, examination, today=repo.day, fail_on=terms.fail_on, exceptions=exceptions)
