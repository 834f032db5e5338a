"""Decisions as data: selfcheck's own, and the workspace documentation of Structurizr."""

from collections.abc import Mapping
from typing import Any

import msgspec

from selfcheck.subjects.decisions import Decision, Decisions, Status

# https://github.com/structurizr/json: `documentation.decisions` of a workspace.
STRUCTURIZR: Mapping[Status | None, str] = {
    Status.DRAFT: "Proposed",
    Status.PROPOSED: "Proposed",
    Status.ACCEPTED: "Accepted",
    Status.IMPLEMENTED: "Accepted",
    Status.PARTLY: "Accepted",
    Status.DEPRECATED: "Deprecated",
    Status.SUPERSEDED: "Superseded",
    Status.REJECTED: "Rejected",
    None: "Accepted",
}


def row(found: Decisions, decision: Decision) -> dict[str, Any]:
    """One decision as data."""
    return {
        "id": decision.id,
        "number": decision.number,
        "title": decision.title,
        "status": decision.status.value if decision.status else None,
        "in_force": found.in_force(decision),
        "date": decision.day.isoformat() if decision.day else None,
        "deciders": list(decision.deciders),
        "path": decision.path,
        "folder": decision.folder,
        "form": decision.document.form.value,
        "relations": [
            {
                "verb": each.verb.value,
                "partial": each.partial,
                "to": [other.id for other in found.meant(decision, each) or ()],
                "text": each.text,
                "line": each.line,
            }
            for each in decision.document.relations
        ],
    }


def whole(found: Decisions, decision: Decision) -> dict[str, Any]:
    """One decision with everything that its document says."""
    document = decision.document
    return {
        **row(found, decision),
        "sections": [{"title": each.title, "level": each.level, "line": each.line} for each in document.sections],
        "options": [{"name": each.name, "line": each.line} for each in document.options],
        "links": [{"text": each.text, "target": each.target, "line": each.line} for each in document.links],
        "mentions": [{"path": each.path, "line": each.line} for each in document.mentions],
        "claims": [
            {"claim": each.text, "source": each.source, "verified": each.verified, "line": each.line}
            for each in document.claims
        ],
    }


def json(rows: object) -> str:
    """Data as text."""
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"


def structurizr(found: Decisions, contents: Mapping[str, str]) -> str:
    """The decisions of a workspace; a date that is not known is left out."""
    decisions = [
        {
            "id": str(each.number) if each.number is not None else each.name.stem,
            **({"date": f"{each.day.isoformat()}T00:00:00Z"} if each.day else {}),
            "status": STRUCTURIZR[each.status],
            "title": each.title,
            "content": contents.get(each.path, ""),
            "format": "Markdown",
            "links": [
                {"id": _id(other), "description": relation.verb.value}
                for relation in each.document.relations
                for other in (found.meant(each, relation) or ())[:1]
                if other is not each
            ],
        }
        for each in found.all
    ]
    return json({"documentation": {"decisions": decisions}})


def _id(decision: Decision) -> str:
    return str(decision.number) if decision.number is not None else decision.name.stem
