"""What is wrong with an objective: its target, its arithmetic, or that nothing could ever show it."""

import itertools
import re
from collections.abc import Iterator
from enum import StrEnum

from selfcheck.check import Finding, Location
from selfcheck.subjects.slo import Objective
from selfcheck.subjects.slo.model import Written
from selfcheck.subjects.slo.quantities import NUMBER, percent, said, seconds, share
from selfcheck.subjects.slo.statistics import needed, needed_for_percentile, resolution

YEAR = 31_536_000.0
CLOSE = 0.02
"""How far a budget may be off, as a share of it: people round."""


class Slip(StrEnum):
    """The ways in which a file of objectives promises what it does not mean, or what nobody can see."""

    FORM = "form"
    TARGET = "target"
    BUDGET = "budget"
    ORDER = "order"
    POWER = "power"
    ENDPOINT = "endpoint"
    CHANNEL = "channel"


Found = tuple[Slip, Finding]


def of_file(path: str, written: Written) -> Iterator[Found]:
    """Every fault of one file, but for its endpoints and references."""
    for slip in written.slips:
        yield Slip.FORM, _finding(path, slip.line, f"form {slip.key}", f"{slip.key}: {slip.message}", slip.hint)
    for each in written.objectives:
        yield from _target(path, each)
        yield from _budget(path, each)
        yield from _order(path, each)
        yield from _power(path, each)
    yield from _channels(path, written)


def _target(path: str, each: Objective) -> Iterator[Found]:
    wrong = _of_target(each)
    if wrong is not None:
        yield Slip.TARGET, _about("target", path, each, each.at("target", "targets"), *wrong)


def _of_target(each: Objective) -> tuple[str, str] | None:
    """What is wrong with a target, and what to write."""
    if each.target is None:
        if (each.percentiles or each.conditions) and each.written is None:
            return None
        wrong = f'"{each.written}" is no share' if each.written else "says no target"
        return wrong, "write `target: 99.9%`, thresholds such as `p95: 200ms`, or `check_fields`"
    if each.form == "openslo ratio" and each.target > 1:
        wrong = f"`target: {each.written}` is a ratio in OpenSLO, so it is more than all"
        return wrong, f"write `targetPercent: {each.written}`"
    if each.target >= 1:
        wrong = f"its target of {percent(each.target)} leaves no budget: it is broken by the first failure"
        return wrong, "promise less, such as 99.9%"
    if each.target < 0.5:
        return f"its target is {percent(each.target)}: most may fail", "99.9% is 0.999 or 99.9%"
    return None


def _budget(path: str, each: Objective) -> Iterator[Found]:
    if each.budget is None or (each.target is not None and each.target >= 1):
        return
    right = [1 - each.target] if each.target is not None else [1 - _quantile(key) for key in each.percentiles]
    if not right:
        return
    found = _spent(each)
    if found is None:
        yield (
            Slip.BUDGET,
            _about(
                "budget",
                path,
                each,
                each.at("error_budget", "budget"),
                f'its budget "{each.budget}" is neither a share nor a duration',
                "leave it out: it follows from the target",
            ),
        )
    elif not any(abs(one - wanted) <= CLOSE * wanted for one in found for wanted in right):
        time = f", {said(right[0] * each.window)} in {said(each.window)}" if each.window else ""
        message = f'its budget is written as "{each.budget}", and its target leaves {percent(right[0])}{time}'
        yield (
            Slip.BUDGET,
            _about(
                "budget",
                path,
                each,
                each.at("error_budget", "budget"),
                message,
                "leave it out, or write what follows from the target",
            ),
        )


def _spent(each: Objective) -> list[float] | None:
    """The shares that a written budget may mean: a number alone is in the unit of the target, a duration in the window."""
    written = (each.budget or "").strip()
    if re.fullmatch(NUMBER, written):
        number = float(written)
        in_percent = "%" in (each.written or "") or (each.target is not None and _above_one(each.written))
        return (
            [number / 100]
            if in_percent or number >= 1
            else [number]
            if each.target is not None
            else [number, number / 100]
        )
    if (found := share(written)) is not None:
        return [found]
    duration = seconds(re.sub(r"(?:per|/|in)\s*(?:year|month|week|\d+\s*d\w*)$", "", written).strip())
    if duration is None:
        return None
    yearly = re.search(r"y(?:ear)?$", written) is not None
    return [duration / (YEAR if yearly else each.window or YEAR)]


def _above_one(written: str | None) -> bool:
    return written is not None and re.fullmatch(NUMBER, written.strip()) is not None and float(written) > 1


def _quantile(key: str) -> float:
    """`95` is 0.95, `999` is 0.999."""
    return float(f"0.{key}")


def _order(path: str, each: Objective) -> Iterator[Found]:
    ranked = sorted(each.percentiles.items(), key=lambda item: _quantile(item[0]))
    line = each.at("targets", "target", *(f"p{key}" for key in each.percentiles))
    for (low, below), (high, above) in itertools.pairwise(ranked):
        if below > above:
            yield (
                Slip.ORDER,
                _about(
                    "order",
                    path,
                    each,
                    line,
                    f"p{low} may take {said(below)}, and p{high}, which is never below it, only {said(above)}",
                    "swap them",
                ),
            )
    slowest = max(each.percentiles.values(), default=0.0)
    if each.timeout is not None and slowest > each.timeout:
        yield (
            Slip.ORDER,
            _about(
                "order",
                path,
                each,
                each.at("timeout"),
                f"it waits {said(each.timeout)} for an answer that may take {said(slowest)}",
                "wait longer than the slowest that is promised",
            ),
        )


def _power(path: str, each: Objective) -> Iterator[Found]:
    if not each.window or not each.interval:
        return
    probes = int(each.window / each.interval)
    rate = f"one probe in {said(each.interval)} makes {probes:,} in {said(each.window)}"
    line = each.at("check_interval", "interval", "window")
    if each.target is not None and 0 < each.target < 1:
        if probes < resolution(each.target):
            message = (
                f"{rate}: a single failed one breaks {percent(each.target)}, which takes {resolution(each.target):,}"
            )
            yield Slip.POWER, _about("power", path, each, line, message, "ask more often, or promise less")
        elif probes < needed(each.target):
            message = f"{rate}: not even {probes:,} good ones show {percent(each.target)}, which takes {needed(each.target):,}"
            yield (
                Slip.POWER,
                _about("power", path, each, line, message, "ask more often, take a longer window, or promise less"),
            )
    for key in each.percentiles:
        if 0.5 < _quantile(key) < 1 and probes < needed_for_percentile(_quantile(key)):
            message = f"{rate}: p{key} takes {needed_for_percentile(_quantile(key)):,}"
            yield Slip.POWER, _about("power", path, each, line, message, "ask more often, or take a longer window")
            return


def _channels(path: str, written: Written) -> Iterator[Found]:
    for each in written.channels:
        if each.is_open:
            message = f"the address of the channel {each.name} stands in the file: whoever reads it can write there"
            yield (
                Slip.CHANNEL,
                _finding(path, each.line, f"channel {each.name}", message, "name a variable: `${SLACK_WEBHOOK_URL}`"),
            )
    on = [each for each in written.channels if each.enabled]
    if not on and written.objectives and written.objectives[0].form == "monitors":
        what = "every channel is switched off" if written.channels else "names no channel"
        line = written.alerting or 1
        yield (
            Slip.CHANNEL,
            _finding(
                path,
                line,
                "channel",
                f"{what}: nobody is told when an objective is missed",
                "add one under `alerting: {channels: […]}`",
            ),
        )


def _about(slip: str, path: str, each: Objective, line: int, message: str, hint: str) -> Finding:
    return _finding(path, line, f"{slip} {each.name}", f"{each.name}: {message}", hint, objective=each.name)


def _finding(path: str, line: int, key: str, message: str, hint: str, **data: str) -> Finding:
    return Finding(key=f"{key} in {path}", message=message, at=Location(path, line), hint=hint, data=data)
