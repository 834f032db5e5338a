"""OpenSLO v1: https://github.com/OpenSLO/OpenSLO, documents of several kinds that refer to each other by name."""

import re
from collections.abc import Iterator

from selfcheck.subjects.ci.yaml import Node, Scalar, Table, items, setting, text, value
from selfcheck.subjects.slo.model import Objective, Slip, Written
from selfcheck.subjects.slo.quantities import NUMBER, seconds

KINDS = frozenset(("SLO", "SLI", "Service", "DataSource", "AlertPolicy", "AlertCondition", "AlertNotificationTarget"))
METHODS = frozenset(("Occurrences", "Timeslices", "RatioTimeslices"))
OPS = frozenset(("lte", "gte", "lt", "gt"))


def openslo(document: Node) -> Written | None:
    """One document of OpenSLO; None where it is none."""
    version = setting(document, "apiVersion")
    if version is None or not text(version.value).startswith("openslo"):
        return None
    kind, name = text(value(document, "kind")), text(value(document, "metadata", "name"))
    slips = [*_head(document, version.line, kind, name)]
    objectives: list[Objective] = []
    spec = value(document, "spec")
    line = _line(document, "spec")
    if kind == "SLO" and isinstance(spec, Table):
        slips += _slo(spec, name, line)
        objectives += _objectives(spec, name or "?")
    elif kind == "AlertPolicy" and isinstance(spec, Table):
        slips += _policy(spec, name, line)
    elif kind == "AlertCondition" and isinstance(spec, Table):
        slips += _condition(spec, name, line)
    return Written(
        objectives=tuple(objectives),
        slips=tuple(slips),
        names=(f"{kind}/{name}",) if name else (),
        wanted=tuple(_wanted(kind, spec)),
        alerting=_line(spec, "alertPolicies") if setting(spec, "alertPolicies") else 0,
    )


def _head(document: Node, line: int, kind: str, name: str) -> Iterator[Slip]:
    if text(value(document, "apiVersion")) != "openslo/v1":
        yield _slip("apiVersion", line, "is of another version than openslo/v1", "write `apiVersion: openslo/v1`")
    if kind not in KINDS:
        yield _slip(
            "kind", _line(document, "kind"), f'"{kind}" is no kind of OpenSLO', f"one of {', '.join(sorted(KINDS))}"
        )
    if not name:
        yield _slip("metadata.name", line, "the document has no name", "add `metadata.name`")


def _slo(spec: Node, name: str, line: int) -> Iterator[Slip]:
    windows = items(value(spec, "timeWindow"))
    if len(windows) != 1:
        yield _slip(
            f"{name} timeWindow",
            _line(spec, "timeWindow", line),
            f"has {len(windows)} time windows",
            "OpenSLO asks for exactly one",
        )
    if (setting(spec, "indicator") is None) == (setting(spec, "indicatorRef") is None):
        yield _slip(
            f"{name} indicator",
            line,
            "needs exactly one of `indicator` and `indicatorRef`",
            "name the SLI, or write it",
        )
    method = text(value(spec, "budgetingMethod"))
    if method not in METHODS:
        yield _slip(
            f"{name} budgetingMethod",
            _line(spec, "budgetingMethod", line),
            f'"{method}" is no budgeting method',
            f"one of {', '.join(sorted(METHODS))}",
        )
    yield from _of_objectives(spec, name, line, method)


def _of_objectives(spec: Node, name: str, line: int, method: str) -> Iterator[Slip]:
    objectives = items(value(spec, "objectives"))
    if not objectives:
        yield _slip(f"{name} objectives", _line(spec, "objectives", line), "has no objectives", "add one with a target")
    for number, each in enumerate(objectives, start=1):
        label = f"{name} objective {number}"
        if (setting(each, "target") is None) == (setting(each, "targetPercent") is None):
            yield _slip(
                f"{label} target",
                each.line,
                "needs exactly one of `target` and `targetPercent`",
                "say which share is good",
            )
        if method == "Timeslices" and setting(each, "timeSliceTarget") is None:
            yield _slip(
                f"{label} timeSliceTarget", each.line, "counts time slices and says no `timeSliceTarget`", "add it"
            )
        op = setting(each, "op")
        if op is not None and text(op.value) not in OPS:
            yield _slip(
                f"{label} op", op.line, f'"{text(op.value)}" is no comparison', f"one of {', '.join(sorted(OPS))}"
            )


def _policy(spec: Node, name: str, line: int) -> Iterator[Slip]:
    conditions = items(value(spec, "conditions"))
    if len(conditions) != 1:
        yield _slip(
            f"{name} conditions",
            _line(spec, "conditions", line),
            f"has {len(conditions)} conditions",
            "OpenSLO allows exactly one; `selfcheck slo export prometheus` writes several windows",
        )


def _condition(spec: Node, name: str, line: int) -> Iterator[Slip]:
    condition = value(spec, "condition")
    op = text(value(condition, "op"))
    if text(value(condition, "kind")) == "burnrate" and op not in ("gt", "gte"):
        at = _line(condition, "op", line)
        yield _slip(
            f"{name} op",
            at,
            f'alerts while the burn rate is "{op}" its threshold: always when all is well',
            "write `op: gte`",
        )


def _objectives(spec: Node, name: str) -> Iterator[Objective]:
    window = next((seconds(text(value(each, "duration"))) for each in items(value(spec, "timeWindow"))), None)
    metric = value(spec, "indicator", "spec", "ratioMetric")
    for number, each in enumerate(items(value(spec, "objectives")), start=1):
        ratio, of_hundred = setting(each, "target"), setting(each, "targetPercent")
        found = ratio or of_hundred
        written = None if found is None else text(found.value)
        number_written = _number(written)
        yield Objective(
            name=name if number == 1 else f"{name} objective {number}",
            title=text(value(each, "displayName")) or name,
            line=each.line,
            form="openslo ratio" if ratio else "openslo percent",
            target=None if number_written is None else number_written / (1 if ratio else 100),
            written=written,
            window=window,
            good=_query(value(metric, "good")),
            total=_query(value(metric, "total")),
            lines={} if found is None else {"target": found.line},
        )


def _number(written: str | None) -> float | None:
    return float(written) if written and re.fullmatch(NUMBER, written.strip()) else None


def _query(metric: Node | None) -> str | None:
    return text(value(metric, "metricSource", "spec", "query")) or None


def _wanted(kind: str, spec: Node | None) -> Iterator[tuple[str, int]]:
    """The names of other documents that one refers to."""
    if kind == "SLO":
        for key, other in (("indicatorRef", "SLI"), ("service", "Service")):
            found = setting(spec, key)
            if found is not None and text(found.value):
                yield f"{other}/{text(found.value)}", found.line
        yield from _refs(spec, "alertPolicies", "AlertPolicy", "alertPolicyRef")
    elif kind == "AlertPolicy":
        yield from _refs(spec, "conditions", "AlertCondition", "conditionRef")
        yield from _refs(spec, "notificationTargets", "AlertNotificationTarget", "targetRef")


def _refs(spec: Node | None, key: str, kind: str, ref: str) -> Iterator[tuple[str, int]]:
    for each in items(value(spec, key)):
        name = text(each) if isinstance(each, Scalar) else text(value(each, ref))
        if name:
            yield f"{kind}/{name}", each.line


def _line(node: Node | None, key: str, default: int = 1) -> int:
    found = setting(node, key)
    return default if found is None else found.line


def _slip(key: str, line: int, message: str, hint: str) -> Slip:
    return Slip(key=key, line=line, message=message, hint=hint)
