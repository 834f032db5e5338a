"""Guardrails and a repository in, verdicts out as they fall. Nothing here reads a file or prints."""

import time
import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple

import msgspec

from selfcheck import workers
from selfcheck.ahead import NOTHING, Asked, read_ahead
from selfcheck.check import (
    CannotJudge,
    Case,
    Check,
    Evidence,
    Finding,
    Need,
    Repository,
    Seen,
    Skip,
    Unloadable,
    Unread,
)
from selfcheck.errors import Unreadable
from selfcheck.guardrail import Guardrail, Severity
from selfcheck.model import Verdict
from selfcheck.policy import Examination, Exceptions, Failed, Finished, Past, Renames, Skipped, decide
from selfcheck.recall import BASE, HEAD, WORTHWHILE, recalled, remembering

ALL_NEEDS = frozenset(Need)
INTERRUPTED = Failed("interrupted before it was judged")
UNCOMPARED = "judges what changed since a base, and there is none; name one: `selfcheck run --base REF`"


class Compared(NamedTuple):
    """A tree that the judged one is compared with, and what was moved since."""

    repo: Repository
    renames: Renames


# What comes back as JSON is what a report can hold.
_decoder = msgspec.json.Decoder(Examination)


def judge(
    cases: Sequence[Case],
    repo: Repository,
    *,
    fail_on: Severity,
    jobs: int,
    allowed: frozenset[Need] = ALL_NEEDS,
    worthwhile: float = WORTHWHILE,
    exceptions: Callable[[], Exceptions] = Exceptions,
    also: Asked = NOTHING,
    bases: Sequence[Compared] = (),
    fixed: bool = False,
) -> Generator[tuple[int, Verdict]]:
    """Each case's number and verdict, as they fall; the order depends on `jobs`, the verdicts do not.

    Where `repo.facts` has a store, what a check saw in more than `worthwhile` seconds is remembered there. The
    exceptions are asked for once facts are read ahead, those that they need `also`. The bases are
    judged by the cases that found something, or by all to learn what is fixed since. What looks at the world is not
    compared, since today's world is no base's; nor what itself looks at the base.
    """
    settled = partial(_settled, repo, fail_on, exceptions)
    waiting: dict[int, tuple[Examination, float]] = {}
    with closing(examinations(cases, repo, jobs=jobs, allowed=allowed, worthwhile=worthwhile, also=also)) as seen:
        for number, examination, seconds in seen:
            if bases and not _stands_alone(cases[number]) and (fixed or _found(examination)):
                waiting[number] = examination, seconds
            else:
                yield number, settled(cases[number].guardrail, examination, seconds=seconds)
    if not waiting:
        return
    numbers = sorted(waiting)
    pasts: dict[int, list[Past]] = {number: [] for number in numbers}
    for base in bases:
        again = [cases[number] for number in numbers]
        with closing(
            examinations(again, base.repo, jobs=jobs, allowed=allowed, worthwhile=worthwhile, kind=BASE)
        ) as seen:
            for place, examination, _ in seen:
                pasts[numbers[place]].append(Past(examination, base.renames))
    for number in numbers:
        examination, seconds = waiting[number]
        yield number, settled(cases[number].guardrail, examination, seconds=seconds, pasts=pasts[number])


def _settled(
    repo: Repository,
    fail_on: Severity,
    exceptions: Callable[[], Exceptions],
    guardrail: Guardrail,
    examination: Examination,
    *,
    seconds: float,
    pasts: Sequence[Past] = (),
) -> Verdict:
    return decide(
        guardrail,
        examination,
        today=repo.today,
        fail_on=fail_on,
        seconds=seconds,
        exceptions=exceptions(),
        pasts=pasts,
    )


def _stands_alone(case: Case) -> bool:
    alone = {Need.BASE, Need.DATABASE, Need.NETWORK}
    return not isinstance(case.check, Unloadable) and bool(case.check.asks_for & alone)


def _found(examination: Examination) -> bool:
    return isinstance(examination, Finished) and any(not isinstance(each, Evidence) for each in examination.seen)


def examinations(
    cases: Sequence[Case],
    repo: Repository,
    *,
    jobs: int,
    allowed: frozenset[Need] = ALL_NEEDS,
    worthwhile: float = WORTHWHILE,
    kind: str = HEAD,
    also: Asked = NOTHING,
) -> Generator[tuple[int, Examination, float]]:
    """Each case's number, what its check saw, and the seconds that it took, as they fall."""
    unknown: list[int] = []
    remembered: list[tuple[int, Examination, float]] = []
    for number, case in enumerate(cases):
        begun = time.monotonic()
        known = recalled(case, repo, repo.facts.store, kind)
        if known is None:
            unknown.append(number)
        else:
            remembered.append((number, known, time.monotonic() - begun))
    apart = read_ahead([cases[number] for number in unknown], repo, jobs, also)
    yield from remembered
    work = partial(_examined, cases, repo, allowed, worthwhile, kind)
    tasks = [
        workers.Task(number, cases[number].guardrail.timeout, None if place in apart else lane(cases[number]))
        for place, number in enumerate(unknown)
    ]
    with closing(workers.each(work, tasks, jobs)) as answers:
        for number, answer, seconds in answers:
            yield number, decoded(answer, _decoder, cases[number].guardrail.timeout), seconds


def in_order(
    cases: Sequence[Case], verdicts: Mapping[int, Verdict], *, today: date, fail_on: Severity
) -> tuple[Verdict, ...]:
    """A verdict for every case, in the order of the rulebook; a case without one was interrupted."""
    return tuple(
        verdicts.get(number) or decide(case.guardrail, INTERRUPTED, today=today, fail_on=fail_on)
        for number, case in enumerate(cases)
    )


def _examined(
    cases: Sequence[Case], repo: Repository, allowed: frozenset[Need], worthwhile: float, kind: str, number: int
) -> bytes:
    look = partial(examine, allowed=allowed)
    return encoded(remembering(cases[number], repo, repo.facts.store, look, worthwhile, kind))


def examine(case: Case, repo: Repository, allowed: frozenset[Need] = ALL_NEEDS) -> Examination:
    """What one check saw, in this process and without a deadline; whatever it raises becomes a reason."""
    if case.guardrail.switched_off is not None:
        return Skipped(f"switched off: {case.guardrail.switched_off}")
    match case.check:
        case Unloadable(reason):
            return Failed(reason)
        case check if missing := check.asks_for - allowed:
            return Skipped(f"not allowed: needs a {' and a '.join(sorted(missing))}")
        case check if Need.BASE in check.asks_for and repo.base is None:
            return Skipped(UNCOMPARED)
        case check:
            return _run(check, repo)


def _run(check: Check, repo: Repository) -> Examination:
    try:
        return Finished(tuple(_sound(seen) for seen in check.run(repo)))
    except Skip as skip:
        return Skipped(said(skip))
    except CannotJudge as reason:
        return Failed(said(reason))
    except Unreadable as reason:
        return Failed(f"{reason.path or 'a file'} could not be read: {said(reason)}")
    except workers.Interruption:
        raise
    except BaseException as error:
        return Failed(culprit(error))


def _sound(seen: object) -> Seen:
    if not isinstance(seen, Finding | Evidence | Unread):
        raise TypeError(f"a check yields Finding, Evidence or Unread, not {type(seen).__name__}")
    return seen


def culprit(error: BaseException) -> str:
    """What was raised, its first line only, and the innermost line of code that it came from."""
    first = next(iter(said(error).splitlines()), "")
    what = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return f"crashed: {what}{_where(error.__traceback__)}"


def said(error: BaseException) -> str:
    """The text of an exception, which may fail to have one, as text that every report can hold."""
    try:
        text = str(error)
    except Exception:
        return "its own text cannot be had"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _where(trace: TracebackType | None) -> str:
    frames = [(frame.f_globals.get("__name__", "?"), line) for frame, line in traceback.walk_tb(trace)]
    return f" (in {frames[-1][0]}, line {frames[-1][1]})" if frames else ""


def lane(case: Case) -> str | None:
    """Checks of one subject share a process, so that it is read once."""
    return None if isinstance(case.check, Unloadable) else case.check.subject


def encoded(result: Any) -> bytes:
    """A result as bytes; what cannot be encoded is the check's failure."""
    try:
        return msgspec.json.encode(result)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        return msgspec.json.encode(Failed(f"crashed: a finding holds what no report can: {said(error)}"))


def decoded(answer: workers.Answer, decoder: msgspec.json.Decoder[Any], seconds: float) -> Any:
    """What a process answered, or why it did not."""
    match answer:
        case workers.Done(content):
            try:
                return decoder.decode(content)
            except (msgspec.MsgspecError, RecursionError) as error:
                return Failed(f"crashed: its findings are not of their types: {error}")
        case workers.Late(where):
            return Failed(f"timed out after {seconds:g} s" + (f" (in {where})" if where else ""))
        case workers.Died(how):
            return Failed(f"crashed: {how}")
