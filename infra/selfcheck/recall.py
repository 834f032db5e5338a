"""What a check saw is remembered with every question that it asked; the same answers make the same sight."""

import hashlib
import time
from collections.abc import Callable

import msgspec
from msgspec import Struct

from selfcheck.check import Case, Check, Need, Repository, Unloadable
from selfcheck.edition import edition
from selfcheck.policy import Examination, Failed
from selfcheck.store import Store
from selfcheck.trees import Recording
from selfcheck.trees.recording import answer

HEAD = "examinations 2"
BASE = "examinations 2 of a base"
"""A base is remembered apart: else the two would forget each other's answers by turns."""
WORTHWHILE = 0.05
"""Seconds below which looking again costs no more than remembering."""


class _Memory(Struct, frozen=True):
    """An examination, and the questions and answers that it came of."""

    answers: list[tuple[tuple[str, ...], str]]
    examination: Examination


_decoder = msgspec.msgpack.Decoder(_Memory)


def recalled(case: Case, repo: Repository, store: Store | None, kind: str = HEAD) -> Examination | None:
    """What the check saw when it was last asked, if every answer that it was given would be given again."""
    if store is None or not is_pure(case):
        return None
    key = check_key(case.check)
    content = store.get(kind, [key]).get(key)
    if content is None:
        return None
    try:
        memory = _decoder.decode(content)
    except msgspec.MsgspecError:
        return None
    tree = repo.tree.origin
    holds = all(answer(tree, question) == given for question, given in memory.answers)
    return memory.examination if holds else None


def remembering(
    case: Case,
    repo: Repository,
    store: Store | None,
    examine: Callable[[Case, Repository], Examination],
    worthwhile: float = WORTHWHILE,
    kind: str = HEAD,
) -> Examination:
    """Examine, and remember what came of it where that is sound and took longer than so many seconds."""
    if store is None or not is_pure(case):
        return examine(case, repo)
    begun = time.monotonic()
    tree = Recording(repo.tree)
    watched = repo.watched(tree)
    found = examine(case, watched)
    sound = tree.sound and not watched.asked_beyond and not isinstance(found, Failed)
    if sound and time.monotonic() - begun > worthwhile:
        key = check_key(case.check)
        store.put(kind, {key: msgspec.msgpack.encode(_Memory(list(tree.answers.items()), found))})
    return found


def is_pure(case: Case) -> bool:
    """A check of trees alone, which is not switched off. What it saw of a base other than the tree itself is not kept,
    since whoever asks for that asks beyond the tree.
    """
    pure = not isinstance(case.check, Unloadable) and case.check.asks_for <= {Need.BASE}
    return pure and case.guardrail.switched_off is None


def check_key(check: Check | Unloadable) -> str:
    """The check's class, its options, its version, and the code that it is made of."""
    kind = type(check)
    options = msgspec.json.encode(check, enc_hook=str, order="deterministic")
    version = check.version if isinstance(check, Check) else 0
    code = (edition(kind.__module__), edition(__package__))
    parts = (kind.__module__, kind.__qualname__, str(version), options.decode(), *code)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
