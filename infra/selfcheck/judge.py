"""Guardrails and a repository in, verdicts out as they fall. Nothing here reads a file or prints."""

import time
import traceback
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from types import TracebackType
from typing import Any

import msgspec

from selfcheck import workers
from selfcheck.ahead import read_ahead
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
from selfcheck.guardrail import Severity
from selfcheck.model import Verdict
from selfcheck.policy import Examination, Failed, Finished, Skipped, decide
from selfcheck.recall import WORTHWHILE, recalled, remembering

ALL_NEEDS = frozenset(Need)
INTERRUPTED = Failed("interrupted before it was judged")

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
) -> Generator[tuple[int, Verdict]]:
    """Each case's number and verdict, as they fall; the order depends on `jobs`, the verdicts do not.

    Where `repo.facts` has a store, what a check saw in more than `worthwhile` seconds is remembered there.
    """
    unknown: list[int] = []
    for number, case in enumerate(cases):
        begun = time.monotonic()
        known = recalled(case, repo, repo.facts.store)
        if known is None:
            unknown.append(number)
        else:
            seconds = time.monotonic() - begun
            yield number, decide(case.guardrail, known, today=repo.today, fail_on=fail_on, seconds=seconds)
    apart = read_ahead([cases[number] for number in unknown], repo, jobs)
    work = partial(_examined, cases, repo, allowed, worthwhile)
    tasks = [
        workers.Task(number, cases[number].guardrail.timeout, None if place in apart else lane(cases[number]))
        for place, number in enumerate(unknown)
    ]
    with closing(workers.each(work, tasks, jobs)) as answers:
        for number, answer, seconds in answers:
            guardrail = cases[number].guardrail
            examination = decoded(answer, _decoder, guardrail.timeout)
            yield number, decide(guardrail, examination, today=repo.today, fail_on=fail_on, seconds=seconds)


def in_order(
    cases: Sequence[Case], verdicts: Mapping[int, Verdict], *, today: date, fail_on: Severity
) -> tuple[Verdict, ...]:
    """A verdict for every case, in the order of the rulebook; a case without one was interrupted."""
    return tuple(
        verdicts.get(number) or decide(case.guardrail, INTERRUPTED, today=today, fail_on=fail_on)
        for number, case in enumerate(cases)
    )


def _examined(
    cases: Sequence[Case], repo: Repository, allowed: frozenset[Need], worthwhile: float, number: int
) -> bytes:
    look = partial(examine, allowed=allowed)
    return encoded(remembering(cases[number], repo, repo.facts.store, look, worthwhile))


def examine(case: Case, repo: Repository, allowed: frozenset[Need] = ALL_NEEDS) -> Examination:
    """What one check saw, in this process and without a deadline; whatever it raises becomes a reason."""
    if case.guardrail.switched_off is not None:
        return Skipped(f"switched off: {case.guardrail.switched_off}")
    match case.check:
        case Unloadable(reason):
            return Failed(reason)
        case check if missing := check.needs - allowed:
            return Skipped(f"not allowed: needs a {' and a '.join(sorted(missing))}")
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
