"""Facts of a large tree read by several processes before the first check runs, so that no check waits for them alone."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from selfcheck import workers
from selfcheck.check import Case, Extractor, File, Repository, Unloadable
from selfcheck.trees import Recording

WORTHWHILE = 100
"""Below this many unknown files, processes cost more than they save. Measured on two cores with Django's modules: 80 small
ones take 15 ms alone and 22 ms by two processes, 120 with larger ones among them 106 and 56 ms, 400 take 305 and 193."""
SECONDS = 300.0
"""A bound on reading one share of the files; what is not read by then is read by the check, under its own deadline."""

_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(list[tuple[str, bytes]])


Asked = Mapping[Extractor[Any], Sequence[File]]
"""Facts, and the files of which they will be asked for."""
NOTHING: Asked = {}


def read_ahead(cases: Sequence[Case], repo: Repository, jobs: int, also: Asked = NOTHING) -> frozenset[int]:
    """Hold in `repo.facts` what the checks say that they will ask for, and others, where there is enough to share out.

    Then what several checks share is read once, here, and by their numbers it is told which may be judged apart.
    """
    if jobs < 2 or not workers.FORKS:
        return frozenset()
    much = False
    for extractor, files in (*_asked(cases, repo).items(), *also.items()):
        unknown = repo.facts.unknown(extractor, files)
        much = much or (len(files) >= WORTHWHILE and extractor not in also)
        if len(unknown) >= WORTHWHILE:
            _share_out(repo, extractor, [unknown[share::jobs] for share in range(jobs)])
    return frozenset(_shared(cases, repo)) if much else frozenset()


def _shared(cases: Sequence[Case], repo: Repository) -> Iterator[int]:
    """The numbers of the cases whose subject several have, and which was read."""
    subjects = Counter(_subject(case) for case in cases)
    for number, case in enumerate(cases):
        if isinstance(case.check, Unloadable) or subjects[_subject(case)] < 2 or _subject(case) is None:
            continue
        try:
            if case.check.share(repo.watched(Recording(repo.tree))):
                yield number
        except Exception:  # noqa: S112
            continue  # the same comes of its run, and is told there


def _subject(case: Case) -> str | None:
    judged = not isinstance(case.check, Unloadable) and case.guardrail.switched_off is None
    return case.check.subject if judged and not isinstance(case.check, Unloadable) else None


def _asked(cases: Sequence[Case], repo: Repository) -> dict[Extractor[Any], list[File]]:
    """Each extractor and the files that any check wants of it, each once. A check that cannot say fails when it is judged."""
    asked: dict[Extractor[Any], dict[str, File]] = {}
    for case in cases:
        if isinstance(case.check, Unloadable) or case.guardrail.switched_off is not None:
            continue
        try:
            for extractor, files in case.check.ahead(repo.tree):
                asked.setdefault(extractor, {}).update((file.path, file) for file in files)
        except Exception:  # noqa: S112
            continue  # the same comes of its run, and is told there
    return {extractor: list(files.values()) for extractor, files in asked.items()}


def _share_out(repo: Repository, extractor: Extractor[Any], shares: list[list[File]]) -> None:
    tasks = [workers.Task(number, SECONDS) for number in range(len(shares))]
    for _, answer, _ in workers.each(partial(_learned, repo, extractor, shares), tasks, len(shares)):
        if isinstance(answer, workers.Done):
            repo.facts.hold(extractor, _decoder.decode(answer.content))


def _learned(repo: Repository, extractor: Extractor[Any], shares: list[list[File]], number: int) -> bytes:
    return _encoder.encode(repo.facts.learn(extractor, shares[number]))
