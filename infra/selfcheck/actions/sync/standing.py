"""How a mirror stands: status, counts, what differs and what to do, as data for people and programs alike."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, structs

from selfcheck.actions.sync.engine import planned
from selfcheck.actions.sync.opening import writer
from selfcheck.actions.sync.reading import read_file
from selfcheck.actions.sync.request import Request, SyncError
from selfcheck.errors import CannotJudge
from selfcheck.mirrors.sides import Sides
from selfcheck.subjects.instructions.health import Health, LastRun, Status, health
from selfcheck.subjects.instructions.layout import ACTIVE
from selfcheck.subjects.instructions.plan import Act, Item, Plan
from selfcheck.subjects.instructions.records import Records


class Standing(Struct, frozen=True, kw_only=True):
    """One mirror as it stands; `error` says why nothing is known of it, where that is so."""

    guardrail: str
    file: str
    mirror: str
    health: Health
    plan: Plan | None = None
    read: Records | None = None
    last: LastRun | None = None
    error: str | None = None


def standing(request: Request, *, read: Callable[[Request], Records] = read_file) -> Standing:
    """How the mirror of a guardrail stands; whatever cannot be read is critical."""
    name = request.check.layout.mirror
    try:
        name = f"{name} in {request.place.name}"
        file = read(request)
        sides: Sides = writer(request).read()
    except (SyncError, CannotJudge) as error:
        said = str(error).removeprefix("critical: ").removesuffix("; nothing was written")
        bad = Health(Status.CRITICAL, (said,), ())
        return Standing(guardrail=request.guardrail, file=request.check.file, mirror=name, health=bad, error=said)
    found = planned(request, file, sides)
    return Standing(
        guardrail=request.guardrail,
        file=request.check.file,
        mirror=name,
        health=health(found, sides.last, request.check.thresholds),
        plan=found,
        read=file,
        last=sides.last,
    )


def as_data(found: Standing) -> dict[str, Any]:
    """The same as JSON has it."""
    plan, read = found.plan, found.read
    items = () if plan is None else plan.items
    return {
        "guardrail": found.guardrail,
        "status": found.health.status.value,
        "reasons": list(found.health.reasons),
        "recommendations": list(found.health.recommendations),
        "error": found.error,
        "file": {"path": found.file, "rules": None if plan is None else plan.file_count},
        "database": {"mirror": found.mirror, "active": None if plan is None else plan.active_count},
        "missing": [each.rule for each in items if not each.changes and each.line is not None],
        "orphaned": [each.rule for each in items if not each.changes and each.line is None],
        "changed": {each.rule: [shown(change.field) for change in each.changes] for each in items if each.changes},
        "plan": None if plan is None else _planned(plan),
        "not_mirrored": dict(read.dropped) if read is not None else {},
        "lossy": {name: list(words) for name, words in read.lossy.items()} if read is not None else {},
        "last": None if found.last is None else structs.asdict(found.last),
    }


def shown(field: str) -> str:
    """What a field is called where people read it."""
    return "active" if field == ACTIVE else field


def _planned(plan: Plan) -> Mapping[str, Any]:
    return {
        "strategy": plan.strategy.value,
        "counts": plan.counts,
        "writes": plan.writes,
        "refusal": plan.refusal,
        "items": [_item(each) for each in plan.items],
    }


def _item(item: Item) -> Mapping[str, Any]:
    fields = [{"field": shown(each.field), "changed": each.cause.value, "taken": each.taken} for each in item.changes]
    return {"rule": item.rule, "kind": item.kind.value, "act": item.act.value, "held": item.held, "fields": fields}


DONE = {
    Act.INSERT: "is written",
    Act.UPDATE: "takes the file's side",
    Act.REACTIVATE: "is switched on again",
    Act.DEACTIVATE: "is switched off",
    Act.RETIRE: "is exported to a backup and switched off",
    Act.NOTHING: "is left as it is",
}


def sentence(item: Item) -> str:
    """One rule of a plan: how it differs, in which fields, and what becomes of it."""
    fields = ", ".join(shown(each.field) for each in item.changes)
    what = f"{item.rule} ({fields})" if fields else item.rule
    why = f": {item.held}" if item.held is not None else ""
    return f"{item.kind.value:<10} {what} {DONE[item.act]}{why}"


def summary(plan: Plan) -> str:
    """How many rules differ, and how."""
    if not plan.items:
        return "in step"
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in plan.counts.items())
    count = len(plan.items)
    return f"{count:,} rule{'s' * (count != 1)} differ{'s' * (count == 1)} ({kinds})"
