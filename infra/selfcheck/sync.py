"""For programs that start and want their instructions mirrored: `sync(folder, silent=True)`, of a session or a server."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from selfcheck.actions.sync.engine import apply
from selfcheck.actions.sync.opening import writer
from selfcheck.actions.sync.request import Outcome, Request, requests
from selfcheck.actions.sync.standing import summary
from selfcheck.errors import CannotJudge, SelfcheckError, UsageError
from selfcheck.registry import Registry
from selfcheck.rulebook import discover, parse

__all__ = ["Outcome", "sync"]


def sync(
    folder: str | Path = ".",
    *,
    rule: str | None = None,
    connection: Any = None,
    environ: Mapping[str, str] | None = None,
    silent: bool = False,
) -> Sequence[Outcome]:
    """Bring every mirror that the rulebook of this folder promises in step with its file; one outcome each.

    `rule` names one guardrail. `connection` is one that the caller opened: an SQLAlchemy connection in no transaction,
    or a pymongo database; it is used for the guardrail instead of a new one, and never closed. With `silent` nothing is
    printed and nothing raised: what went wrong stands in the outcome's `error`, so that a session starts without its
    database.

    Raises:
        SelfcheckError: the rulebook is wrong, or a mirror could not be brought in step; not with `silent`.
        CannotJudge: a database does not answer; not with `silent`.
    """
    try:
        asked = _requests(Path(folder), rule, os.environ if environ is None else environ)
        if connection is not None and len(asked) != 1:
            raise UsageError(
                f"a connection is for one guardrail, and {len(asked)} promise parity: name one with `rule`"
            )
    except SelfcheckError as error:
        if not silent:
            raise
        return (Outcome(guardrail=rule or "", plan=None, error=str(error)),)
    return tuple(_synced(request, connection, silent=silent) for request in asked)


def _requests(folder: Path, rule: str | None, environ: Mapping[str, str]) -> list[Request]:
    sources = discover(folder.resolve())
    found = requests(parse(sources.files, Registry()).cases, sources.root, environ)
    chosen = [each for each in found if rule in {None, each.guardrail}]
    if not chosen:
        raise UsageError(
            "no guardrail in force uses the check instructions-parity" + (f" and is {rule}" if rule else "")
        )
    return chosen


def _synced(request: Request, connection: Any, *, silent: bool) -> Outcome:
    try:
        found = apply(request, writer(request, connection=connection))
    except (SelfcheckError, CannotJudge) as error:
        if not silent:
            raise
        return Outcome(guardrail=request.guardrail, plan=None, error=str(error))
    except Exception as error:
        # The edge of a foreign process: a fault of ours must not keep its session from starting.
        if not silent:
            raise
        return Outcome(guardrail=request.guardrail, plan=None, error=f"{type(error).__name__} in selfcheck itself")
    if not silent and found.plan is not None:
        print(f"selfcheck: {request.guardrail}: {summary(found.plan)}", file=sys.stderr)  # noqa: T201
    return found
