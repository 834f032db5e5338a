"""Verdicts for a program that asks: `python -P -m selfcheck.cli.answers [--verbose]` speaks JSON, one value a line.

It says first which guardrails are in force in its current folder, or what is wrong with them. Then it reads lists of
their ids, one list a line, and answers each id with its verdict as it falls.
"""

import gc
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path

import msgspec
from msgspec import Struct

from selfcheck.check import Case
from selfcheck.cli import GARBAGE, opening, plugins
from selfcheck.cli.afresh import Bench, Means, bench
from selfcheck.cli.comparing import lines_of
from selfcheck.cli.signals import stoppable
from selfcheck.errors import SelfcheckError, Stopped
from selfcheck.formats import text
from selfcheck.guardrail import EXCEPTIONS, Guardrail, Place
from selfcheck.judge import culprit
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import builtin

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(tuple[str, ...])


class About(Struct, frozen=True, kw_only=True):
    """A guardrail; `file` is absolute, of a pack it is where a file of its name would be."""

    id: str
    severity: str
    check: str
    tags: tuple[str, ...]
    file: str
    line: int


class Opened(Struct, frozen=True):
    """The rulebook's files and its guardrails."""

    files: tuple[str, ...]
    guardrails: tuple[About, ...]


class Fault(Struct, frozen=True):
    """Why nothing can be judged."""

    fault: str


class Answer(Struct, frozen=True, kw_only=True):
    """A verdict; `said` is one line, `text` what the text format shows of it below its head."""

    id: str
    outcome: str
    gates: bool
    seconds: float
    said: str
    text: str


def main() -> None:
    """Speak on what was the standard output; whatever else is printed goes to the standard error."""
    gc.set_threshold(GARBAGE)
    verbose = "--verbose" in sys.argv[1:]
    with suppress(BrokenPipeError, Stopped), open(os.dup(1), "wb") as spoken, stoppable():
        os.dup2(2, 1)
        for message in _messages(sys.stdin.buffer, verbose=verbose):
            spoken.write(_encoder.encode(message) + b"\n")
            spoken.flush()


def _messages(asked: Iterable[bytes], *, verbose: bool) -> Iterator[Opened | Fault | Answer]:
    try:
        means = _means()
        opened = opening.open_working_tree(None, means.registry)
        lines_of(opened.tree)  # a wrong baseline is told before anything is judged
        yield _about(opened)
        for first in asked:
            # The tree is listed anew: what ran in the meantime may have written files.
            opened = opening.open_working_tree(None, means.registry)
            with bench(means, opened) as judging:
                desk = _Desk(opened.rulebook.cases, judging, verbose=verbose)
                for line in chain([first], asked):
                    yield from desk.answers(_decoder.decode(line))
    except SelfcheckError as error:
        yield Fault(str(error))
    except Exception as error:
        yield Fault(f"selfcheck itself {culprit(error)}")


class _Desk:
    """What was judged already, which the exceptions are judged by."""

    def __init__(self, cases: Sequence[Case], judging: Bench, *, verbose: bool) -> None:
        self._cases = cases
        self._bench = judging
        self._verbose = verbose
        self._judged: dict[str, Verdict] = {}

    def answers(self, names: Collection[str]) -> Iterator[Answer]:
        """The verdict of each of these names; the exceptions last, since they are judged by all others."""
        exceptions = EXCEPTIONS in names
        cases = [case for case in self._cases if case.guardrail.id in names or (exceptions and self._is_new(case))]
        with closing(self._bench.verdicts(cases)) as fallen:
            for _, verdict in fallen:
                self._judged[verdict.guardrail.id] = verdict
                yield self._answer(verdict)
        if exceptions:
            yield self._on_exceptions()
        for name in set(names) - self._judged.keys() - {EXCEPTIONS}:
            yield _without_verdict(name, Outcome.ERROR, "it has gone from the rulebook since the tests began")

    def _is_new(self, case: Case) -> bool:
        return case.guardrail.id not in self._judged

    def _on_exceptions(self) -> Answer:
        found = self._bench.built_in([self._judged[case.guardrail.id] for case in self._cases])
        for verdict in found:
            return self._answer(verdict)
        return _without_verdict(EXCEPTIONS, Outcome.SKIP, "no exception is written")

    def _answer(self, verdict: Verdict) -> Answer:
        return Answer(
            id=verdict.guardrail.id,
            outcome=verdict.outcome,
            gates=verdict.gates,
            seconds=verdict.seconds,
            said=_in_a_line(verdict),
            text=text.body(verdict, verbosity=int(self._verbose)),
        )


def _without_verdict(name: str, outcome: Outcome, why: str) -> Answer:
    return Answer(id=name, outcome=outcome, gates=True, seconds=0.0, said=why, text=why)


def _means() -> Means:
    folder = os.environ.get("SELFCHECK_CACHE_DIR")
    return Means(
        registry=plugins.registry(),
        store=opening.open_store(Path(folder) if folder else None),
        jobs=opening.jobs_or_cores(None),
        allowed=opening.allowed(no_exec=False),
    )


def _about(opened: opening.Opened) -> Opened:
    root = Path(opened.root).resolve()
    guardrails = [case.guardrail for case in opened.rulebook.cases]
    files = tuple(dict.fromkeys(each.place.file for each in guardrails))
    guardrails.append(builtin.exceptions(Place(opened.sources[0].name, 1)))
    return Opened(files, tuple(_told(each, root) for each in guardrails))


def _told(guardrail: Guardrail, root: Path) -> About:
    return About(
        id=guardrail.id,
        severity=guardrail.severity,
        check=guardrail.use,
        tags=guardrail.tags,
        file=str(root / guardrail.place.file),
        line=guardrail.place.line,
    )


def _in_a_line(verdict: Verdict) -> str:
    counting = sum(each.counts for each in verdict.findings)
    return text.one_line(verdict.reason or f"{counting} finding{'s' * (counting != 1)}")


if __name__ == "__main__":
    main()
