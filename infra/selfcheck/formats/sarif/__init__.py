"""The format `sarif`, 2.1.0: a whole run, for archives; and `sarif-upload`: of it, what GitHub's code scanning takes."""

import gzip

import msgspec

from selfcheck.formats.sarif.log import log
from selfcheck.formats.sarif.places import Places
from selfcheck.formats.sarif.results import Found, Results
from selfcheck.formats.sarif.rules import Rules
from selfcheck.guardrail import Severity
from selfcheck.model import Report

RESULTS = 5000
"""How many results of a run code scanning keeps; it refuses more than 25,000."""
SIZE = 10_000_000
"""How many bytes code scanning takes, compressed by gzip."""
LEVELS = ("error", "warning", "note")


def render(report: Report, **_options: object) -> str:
    """Every result, accepted and fixed ones too: an archive leaves nothing out."""
    rules, places = Rules(report), Places(report)
    found = Results(report, rules, places).all()
    return _encoded(msgspec.json.encode(log(report, rules, places, [each.result for each in found])))


def upload(report: Report, **_options: object) -> str:
    """The results that count: code scanning opens an alert for every one, suppressed or not."""
    return within(report, RESULTS, SIZE)


def within(report: Report, results: int, size: int) -> str:
    """The gravest results that count, as many as both limits allow."""
    rules, places = Rules(report), Places(report)
    found = Results(report, rules, places).counting()
    kept = gravest(found, results)
    while True:
        content = msgspec.json.encode(
            log(report, rules, places, [each.result for each in kept], len(found) - len(kept))
        )
        text = _encoded(content)
        if not kept or _compressed(text, size) <= size:
            return text
        kept = gravest(kept, len(kept) * 3 // 4)


def gravest(found: list[Found], count: int) -> list[Found]:
    """So many of the results, in the order that they have."""
    if len(found) <= count:
        return found
    severities = list(Severity)

    def grave(number: int) -> tuple[int, int]:
        each = found[number]
        return LEVELS.index(each.result.level), severities.index(each.severity)

    return [found[number] for number in sorted(sorted(range(len(found)), key=grave)[:count])]


def _compressed(text: str, enough: int) -> int:
    """How long the text is when compressed, which need not be known where it is short already."""
    content = text.encode("utf-8")
    return len(content) if len(content) <= enough else len(gzip.compress(content, compresslevel=6))


def _encoded(content: bytes) -> str:
    return msgspec.json.format(content, indent=2).decode("utf-8") + "\n"
