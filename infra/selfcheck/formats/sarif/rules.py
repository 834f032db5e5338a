"""Guardrails as SARIF's rules."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from selfcheck.formats.sarif.levels import PROBLEM, level, security
from selfcheck.formats.sarif.texts import clean, short
from selfcheck.formats.sarif.wire import Configuration, Message, Rule
from selfcheck.guardrail import Guardrail
from selfcheck.model import Report

TAGS = 10
"""How many tags code scanning keeps."""
SECURITY = "security"
URL = re.compile(r"https?://[\w.~:/?#@!$&'()*+,;=%\[\]-]+", re.ASCII)


class Rules:
    """The rules of one report, each guardrail once."""

    def __init__(self, report: Report) -> None:
        judged = [verdict.guardrail for verdict in report.verdicts]
        guardrails: dict[str, Guardrail] = {}
        for guardrail in (*report.run.guardrails, *judged):
            guardrails.setdefault(guardrail.id, guardrail)
        gates = {verdict.guardrail.id: verdict.gates for verdict in report.verdicts}
        self.all: Sequence[Rule] = [_rule(each, gates.get(each.id, False)) for each in guardrails.values()]
        self.indices: Mapping[str, int] = {rule.id: number for number, rule in enumerate(self.all)}


def _rule(guardrail: Guardrail, gates: bool) -> Rule:
    return Rule(
        id=guardrail.id,
        short_description=Message(text=short(guardrail.title)),
        full_description=Message(text=short(guardrail.why)),
        help=_help(guardrail),
        help_uri=next((ref for ref in guardrail.refs if URL.fullmatch(ref)), None),
        default_configuration=Configuration(
            enabled=guardrail.switched_off is None, level=level(guardrail.severity, gates)
        ),
        properties=_properties(guardrail, gates),
    )


def _properties(guardrail: Guardrail, gates: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "tags": [clean(tag) for tag in dict.fromkeys(guardrail.tags)][:TAGS],
        "problem.severity": PROBLEM[level(guardrail.severity, gates)],
        "severity": guardrail.severity.value,
        "check": guardrail.use,
    }
    if SECURITY in found["tags"]:
        found["security-severity"] = security(guardrail.severity, gates)
    return found


def _help(guardrail: Guardrail) -> Message:
    """Why, what to do, and where to read on."""
    title, why, do = clean(guardrail.title), clean(guardrail.why), clean(_to_do(guardrail))
    refs = [clean(each) for each in (*guardrail.refs, str(guardrail.place))]
    see = [f"<{ref}>" if URL.fullmatch(ref) else _code(ref) for ref in refs]
    return Message(
        text=f"{title}\n\nWhy: {why}\n\nWhat to do: {do}\n\nSee: {', '.join(refs)}",
        markdown=f"**{title}**\n\n**Why:** {why}\n\n**What to do:** {do}\n\n**See:** {', '.join(see)}",
    )


def _to_do(guardrail: Guardrail) -> str:
    said = ["Mend what the result names."]
    if guardrail.waivable:
        said.append("To accept it for a while, add a waiver with a reason, an owner and an end date to the guardrail.")
    else:
        said.append("It cannot be waived.")
    if guardrail.owner:
        said.append(f"Ask {guardrail.owner}.")
    return " ".join(said)


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("\n", " ") + "`"
