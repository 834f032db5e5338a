"""Rules for Prometheus: error ratios over several windows, and alerts where two windows burn the budget too fast.

The pairs of windows and the share of the budget that each spends are those of the SRE workbook.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from selfcheck.subjects.slo import Objective
from selfcheck.subjects.slo.quantities import percent
from selfcheck.subjects.slo.statistics import BURNS, FEWEST_FAILURES, threshold

WINDOWS = {300.0: "5m", 1800.0: "30m", 3600.0: "1h", 7200.0: "2h", 21_600.0: "6h", 86_400.0: "1d", 259_200.0: "3d"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["groups"],
    "additionalProperties": False,
    "properties": {
        "groups": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "rules"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "interval": {"type": "string"},
                    "rules": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"oneOf": [{"$ref": "#/$defs/record"}, {"$ref": "#/$defs/alert"}]},
                    },
                },
            },
        }
    },
    "$defs": {
        "record": {
            "type": "object",
            "required": ["record", "expr"],
            "additionalProperties": False,
            "properties": {
                "record": {"type": "string", "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*$"},
                "expr": {"type": "string", "minLength": 1},
                "labels": {"$ref": "#/$defs/labels"},
            },
        },
        "alert": {
            "type": "object",
            "required": ["alert", "expr"],
            "additionalProperties": False,
            "properties": {
                "alert": {"type": "string", "minLength": 1},
                "expr": {"type": "string", "minLength": 1},
                "for": {"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d|w|y)$"},
                "labels": {"$ref": "#/$defs/labels"},
                "annotations": {"$ref": "#/$defs/labels"},
            },
        },
        "labels": {
            "type": "object",
            "patternProperties": {"^[a-zA-Z_][a-zA-Z0-9_]*$": {"type": "string"}},
            "additionalProperties": False,
        },
    },
}
"""What a file of rules is, for those who have no promtool: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/."""


def rules(objectives: Sequence[Objective]) -> dict[str, Any]:
    """The file of rules as a value: one group for each objective with a target."""
    groups: list[dict[str, Any]] = []
    for each in objectives:
        if each.target is not None and 0 < each.target < 1:
            found = [*_records(each, each.target), *_alerts(each, each.target)]
            groups.append({"name": f"selfcheck-slo-{each.name}", "rules": found})
    return {"groups": groups}


def _label(objective: Objective) -> str:
    """The name as a label's value, in which nothing needs an escape."""
    return re.sub(r"[^\w.:/ -]", "_", objective.name)


def _records(objective: Objective, target: float) -> Iterator[dict[str, Any]]:
    labels = {"slo": _label(objective)}
    for window in WINDOWS.values():
        yield {"record": f"slo:sli_error:ratio_rate{window}", "expr": _ratio(objective, window), "labels": labels}
    # What the short windows recorded is averaged: a query over 30 days costs too much to be asked each minute.
    days = _days(objective)
    name = f'slo:sli_error:ratio_rate5m{{slo="{_label(objective)}"}}'
    whole = f"sum_over_time({name}[{days}])\n/\ncount_over_time({name}[{days}])"
    yield {"record": "slo:sli_error:ratio_period", "expr": whole, "labels": labels}
    yield {"record": "slo:objective:ratio", "expr": f"vector({target:.10g})", "labels": labels}
    yield {"record": "slo:error_budget:ratio", "expr": f"vector(1 - {target:.10g})", "labels": labels}
    own = f'{{slo="{_label(objective)}"}}'
    burn = f"slo:sli_error:ratio_rate5m{own}\n/ on (slo)\nslo:error_budget:ratio{own}"
    yield {"record": "slo:current_burn_rate:ratio", "expr": burn, "labels": labels}
    left = f"1 - slo:sli_error:ratio_period{own}\n/ on (slo)\nslo:error_budget:ratio{own}"
    yield {"record": "slo:period_error_budget_remaining:ratio", "expr": left, "labels": labels}


def _ratio(objective: Objective, window: str) -> str:
    if objective.good and objective.total:
        return f"1 - (\n  {_rate(objective.good, window)}\n  /\n  {_rate(objective.total, window)}\n)"
    return f"1 - avg(avg_over_time(probe_success{_selected(objective)}[{window}]))"


def _rate(query: str, window: str) -> str:
    """A query with a window of its own, or the rate of a counter."""
    for form in ("{{.window}}", "$window", "[5m]"):
        if form in query:
            return query.replace(form, f"[{window}]" if form == "[5m]" else window)
    return f"sum(rate({query}[{window}]))" if re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[^{}]*\})?", query) else query


def _selected(objective: Objective) -> str:
    """The probes of the blackbox exporter: their targets end with the endpoints."""
    # What is special in a string or an expression of PromQL is matched by any character.
    ends = "|".join(re.sub(r"[^\w/~%:=&-]", ".", each) for each in objective.endpoints)
    return f'{{instance=~".*({ends})"}}' if ends else f'{{slo="{_label(objective)}"}}'


def _alerts(objective: Objective, target: float) -> Iterator[dict[str, Any]]:
    """One alert for pages and one for tickets; each pair of windows says so much of the budget in so much time."""
    budget = 1 - target
    period = objective.window or 2_592_000.0
    for severity in dict.fromkeys(burn.severity for burn in BURNS):
        pairs = [
            _pair(objective, burn.long, burn.short, threshold(burn, period) * budget)
            for burn in BURNS
            if burn.severity == severity
        ]
        share = percent(next(burn.spent for burn in BURNS if burn.severity == severity))
        yield {
            "alert": f"SloBudgetBurn{severity.capitalize()}",
            "expr": "\nor\n".join(pairs),
            "for": "2m" if severity == "page" else "15m",
            "labels": {"slo": _label(objective), "severity": severity},
            "annotations": {
                "summary": f"{objective.title} burns its error budget too fast",
                "description": f"At least {share} of the budget of {percent(budget)} went in one of the long windows, and it goes on.",
            },
        }


def _pair(objective: Objective, long: float, short: float, limit: float) -> str:
    own = f'{{slo="{_label(objective)}"}}'
    names = [f"slo:sli_error:ratio_rate{WINDOWS[window]}{own} > {limit:.6g}" for window in (short, long)]
    if not (objective.good and objective.total):
        # A blip is no burn: in an hour of one probe a minute a single failure is 17 times the rate of 99.9 %.
        failed = f"sum(count_over_time(probe_success{_selected(objective)}[{WINDOWS[long]}]) * (1 - avg_over_time(probe_success{_selected(objective)}[{WINDOWS[long]}])))"
        return f"({names[0]}\n  and {names[1]}\n  and on () ({failed}) >= {FEWEST_FAILURES})"
    both = "\n  and ".join(names)
    return f"({both})"


def _days(objective: Objective) -> str:
    seconds = int(objective.window or 2_592_000)
    return f"{seconds // 86_400}d" if seconds % 86_400 == 0 else f"{seconds}s"
