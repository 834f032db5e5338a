"""The order of a sync: read, plan, refuse or lock, plan again under the lock, export, write, verify."""

import time
from collections.abc import Callable
from contextlib import suppress

from selfcheck.actions.sync.backup import export
from selfcheck.actions.sync.reading import read_file
from selfcheck.actions.sync.request import Busy, Outcome, Refused, Request, Run, SyncError, new_run
from selfcheck.actions.sync.writer import Writer
from selfcheck.errors import Stopped
from selfcheck.mirrors.sides import Sides
from selfcheck.subjects.instructions.plan import Act, Plan, plan
from selfcheck.subjects.instructions.records import Records


def planned(request: Request, file: Records, sides: Sides) -> Plan:
    """What has to be done."""
    return plan(file.by_id, sides.rows, sides.base, strategy=request.by, mass_orphan=request.check.mass_orphan)


def apply(request: Request, writer: Writer, *, read: Callable[[Request], Records] = read_file) -> Outcome:
    """The mirror in step with the file, or as it was.

    Raises:
        SyncError: why it is not.
        Unreachable: the database does not answer.
    """
    clock = time.monotonic()
    file = read(request)
    before = writer.read()
    first = planned(request, file, before)
    unfinished = before.last is not None and before.last.outcome != "done"
    _allow(request, first)
    if not first.writes and not unfinished:
        return Outcome(guardrail=request.guardrail, plan=first, seconds=time.monotonic() - clock)
    run = new_run(file.digest, request.by)
    try:
        writer.begin(run)
        done, backup = _written(request, writer, file, run, clock)
        _verify(request, writer, file)
    except Busy:
        raise  # the one that is at work says how it ends
    except Refused as error:
        _note(writer, run, "refused", str(error))
        raise
    except Stopped:
        _note(writer, run, "interrupted", "a signal asked the process to end")
        raise
    except Exception as error:
        _note(writer, run, "failed", str(error))
        raise
    return Outcome(
        guardrail=request.guardrail,
        plan=done,
        wrote=True,
        backup=backup,
        run=run.id,
        seconds=time.monotonic() - clock,
    )


def _written(request: Request, writer: Writer, file: Records, run: Run, clock: float) -> tuple[Plan, str | None]:
    """Under the lock: what was planned before it was had may be done already, or be another thing by now."""
    with writer.writing(run) as session:
        found = planned(request, file, session.sides())
        _allow(request, found)
        retired = [item.rule for item in found.items if item.act is Act.RETIRE]
        backup = None
        if retired:
            rows = session.export(retired)
            backup = export(request.root, request.check.backups, request.check.layout.mirror, rows, run.started)
        session.write(found, file, run, backup, time.monotonic() - clock)
    return found, backup


def _allow(request: Request, found: Plan) -> None:
    if found.refusal is not None and not request.allow_mass_orphan:
        said = f"critical: {request.check.file}: {found.refusal}; nothing was written"
        raise Refused(f"{said}; restore the file, or allow it with --allow-mass-orphan")


def _verify(request: Request, writer: Writer, file: Records) -> None:
    """Read again what was written: a column may have taken less than it was given."""
    left = planned(request, file, writer.read())
    wrong = [item for item in left.items if item.act is not Act.NOTHING]
    if wrong:
        fields = sorted({f"{item.rule}: {change.field}" for item in wrong for change in item.changes})
        named = ", ".join(fields[:5] or [item.rule for item in wrong[:5]])
        raise SyncError(
            f"{request.guardrail}: {len(wrong):,} rules were written and are not as the file has them ({named}); "
            "a column is too narrow, or of another type than is declared"
        )


def _note(writer: Writer, run: Run, outcome: str, reason: str) -> None:
    # Why it failed is raised already; that even this cannot be noted adds nothing.
    with suppress(Exception):
        writer.end(run, outcome, reason)
