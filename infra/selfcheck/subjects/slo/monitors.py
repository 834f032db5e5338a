"""`slo-monitors.yml`: a mapping of objectives below `slos` or `slo_monitors`, or of keys that begin with `slo_`."""

import re
from collections.abc import Iterator

from selfcheck.subjects.ci.yaml import Node, Scalar, Table, items, setting, settings, text, value
from selfcheck.subjects.slo.model import Channel, Condition, Objective, Slip, Written
from selfcheck.subjects.slo.quantities import seconds, share

HOLDERS = ("slos", "slo_monitors", "objectives")
WINDOW = 30 * 86_400.0
"""The window of an objective that names none."""
PERCENTILE = re.compile(r"(?:p|max_latency_p|latency_p)([0-9]{2,3})(?:_ms)?")
CONDITION = re.compile(r"\$?\.?([A-Za-z_][\w.\[\]*-]{0,200})\s*(==|!=|<=|>=|<|>)\s*(\S[^\n]{0,200})")
VARIABLE = re.compile(r"\$\{[A-Za-z_]\w*(?::?[-?][^}]*)?\}|\$[A-Za-z_]\w*|\{\{[^}]*\}\}")
ADDRESSES = (
    "webhook_url",
    "webhook",
    "url",
    "token",
    "api_key",
    "routing_key",
    "integration_key",
    "service_key",
    "password",
)
NAMED_BY = ("url_env", "webhook_env", "env", "webhook_url_env", "token_env", "recipients", "repo", "channel", "to")


def monitors(document: Node) -> Written | None:
    """One document of this form; None where it is none."""
    found = [each for each in settings(document) if each.key in HOLDERS and isinstance(each.value, Table)]
    several = [each for holder in found for each in settings(holder.value)]
    several += [each for each in settings(document) if each.key.startswith("slo_") and each.key not in HOLDERS]
    if not several:
        return None
    alerting = setting(document, "alerting")
    base = text(value(document, "base_url")) or text(value(document, "service", "base_url")) or None
    objectives = [_objective(each.key, each.value, each.line) for each in several if isinstance(each.value, Table)]
    slips = [
        Slip(
            key=each.key,
            line=each.line,
            message=f"{each.key} is no mapping of settings",
            hint="say target, endpoint, interval",
        )
        for each in several
        if not isinstance(each.value, Table)
    ]
    channels = tuple(_channels(document))
    return Written(
        objectives=tuple(objectives),
        channels=channels,
        slips=tuple(slips),
        base_url=base,
        alerting=alerting.line if alerting else 0,
    )


def _objective(name: str, body: Node, line: int) -> Objective:
    holders = [body, *(each for each in items(value(body, "monitors")) if isinstance(each, Table))]
    target = setting(body, "target")
    is_plain = target is not None and isinstance(target.value, Scalar)
    written = text(target.value) if target is not None and is_plain else None
    return Objective(
        name=name,
        title=text(value(body, "name")) or text(value(body, "title")) or name,
        line=line,
        target=None if written is None else share(written),
        written=written,
        budget=text(value(body, "error_budget")) or text(value(body, "budget")) or None,
        window=_seconds(body, WINDOW, "window"),
        interval=next(
            (each for holder in holders if (each := _seconds(holder, None, "check_interval", "interval"))), None
        ),
        timeout=next((each for holder in holders if (each := _seconds(holder, None, "timeout"))), None),
        endpoints=tuple(dict.fromkeys(text(each) for holder in holders for each in _endpoints(holder) if text(each))),
        statuses=tuple(int(text(each)) for each in items(_first(holders, "expected_status")) if text(each).isdigit()),
        method=text(_first(holders, "method")) or "GET",
        percentiles={key: at for holder in _percented(body, holders) for key, at in _percentiles(holder)},
        conditions=tuple(each for holder in holders for each in _conditions(holder)),
        good=text(value(body, "success_metric")) or text(value(body, "good")) or None,
        total=text(value(body, "metric")) or text(value(body, "total")) or None,
        lines={each.key: each.line for each in settings(body)},
    )


def _first(holders: list[Node], key: str) -> Node | None:
    return next((found for holder in holders if (found := value(holder, key)) is not None), None)


def _seconds(body: Node, default: float | None, *keys: str) -> float | None:
    written = next((text(found) for key in keys if (found := value(body, key)) is not None), None)
    return default if written is None else seconds(written)


def _endpoints(body: Node) -> Iterator[Node]:
    for key in ("endpoint", "endpoints", "path"):
        yield from items(value(body, key))


def _percented(body: Node, holders: list[Node]) -> list[Node]:
    """Where percentiles may stand: below `target` or `targets`, or beside the other settings."""
    return [*holders, *(found for key in ("target", "targets") if isinstance(found := value(body, key), Table))]


def _percentiles(body: Node) -> Iterator[tuple[str, float]]:
    for each in settings(body):
        if (found := PERCENTILE.fullmatch(each.key)) and (at := seconds(text(each.value), "ms")) is not None:
            yield found[1], at


def _conditions(body: Node) -> Iterator[Condition]:
    for each in items(value(body, "check_fields")):
        if (found := CONDITION.fullmatch(text(each).strip())) is not None:
            yield Condition(found[1], found[2], found[3].strip().strip("'\""))
    path = text(value(body, "value"))
    if path:
        for key, op in (("below", "<"), ("above", ">"), ("equals", "==")):
            limit = text(value(body, key))
            if limit:
                number = share(limit) if limit.endswith("%") else None
                yield Condition(
                    path.removeprefix("$").removeprefix("."), op, limit if number is None else f"{number:g}"
                )


def _channels(document: Node) -> Iterator[Channel]:
    for each in items(value(document, "alerting", "channels")):
        if not isinstance(each, Table):
            continue
        name = text(value(each, "type")) or text(value(each, "name")) or "channel"
        addresses = [text(found) for key in ADDRESSES if (found := value(each, key)) is not None]
        yield Channel(
            name=name,
            line=each.line,
            enabled=text(value(each, "enabled")).lower() not in ("false", "no", "off"),
            is_open=any(address and not VARIABLE.search(address) for address in addresses),
        )
