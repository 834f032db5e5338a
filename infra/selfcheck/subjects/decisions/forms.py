"""Which template a document follows, and the sections that it therefore has."""

from collections.abc import Mapping, Sequence

from selfcheck.subjects.decisions.model import Form, Said, Where

CONTEXT = ("context", "context and problem statement", "problem statement", "problem", "background", "motivation")
DECISION = ("decision", "decision outcome", "decisions", "the decision", "outcome")
CONSEQUENCES = (
    *("consequences", "positive consequences", "negative consequences", "implications", "impact", "impacts"),
    *("what it costs", "results", "trade-offs", "tradeoffs"),
)
OPTIONS = ("considered options", "options considered", "options", "considered alternatives", "alternatives considered")
REQUIRED: Mapping[Form, tuple[tuple[str, ...], ...]] = {
    Form.NYGARD: (CONTEXT, DECISION, CONSEQUENCES),
    Form.COSMOS: (CONTEXT, DECISION, CONSEQUENCES),
    Form.MADR_2: (CONTEXT, OPTIONS, DECISION),
    Form.MADR_3: (CONTEXT, OPTIONS, DECISION),
    Form.MADR_4: (CONTEXT, OPTIONS, DECISION),
    Form.PHASED: (CONTEXT, ("status",), ("decision",), ("alternatives considered",), CONSEQUENCES, ("risks",)),
    Form.SCORED: (CONTEXT,),
    Form.STRUCTURED: (
        *(("status",), CONTEXT, ("decision drivers",), OPTIONS, DECISION, CONSEQUENCES),
        *(("related decisions",), ("links",), ("more information",), ("audit",)),
    ),
    Form.TYREE: (("issue",), ("decision",), ("positions",), ("argument",)),
    Form.RATIONALE: (("decision",), ("rationale",)),
    Form.ARCHGATE: (CONTEXT, DECISION),
    Form.FREE: (),
}
"""For each form, the sections that it asks for; each by any of these titles. They are asked for where a folder has them."""


def form_of(said: Sequence[Said], titles: frozenset[str]) -> Form:
    """The form that the keys of a document and the titles of its sections tell."""
    front = {each.name: each.text for each in said if each.where is Where.FRONT}
    return _marked(front, said, titles) or _madr(front, titles) or _plain(titles)


def _marked(front: Mapping[str, str], said: Sequence[Said], titles: frozenset[str]) -> Form | None:
    """A form that says by words of its own which it is."""
    if any(each.startswith("phase 1") for each in titles) or "source verification & claim tracking" in titles:
        return Form.PHASED
    if front.get("type") == "adr" or "audit" in titles:
        return Form.STRUCTURED
    if "rules" in front and "domain" in front:
        return Form.ARCHGATE
    if any(each.name == "decision id" for each in said):
        return Form.SCORED
    return None


def _madr(front: Mapping[str, str], titles: frozenset[str]) -> Form | None:
    if "context and problem statement" not in titles:
        return None
    if "decision makers" in front or "confirmation" in titles:
        return Form.MADR_4
    if "status" in front or "deciders" in front or "validation" in titles:
        return Form.MADR_3
    return Form.MADR_2


def _plain(titles: frozenset[str]) -> Form:
    if "issue" in titles and {"positions", "argument"} & titles:
        return Form.TYREE
    if {"decision", "rationale"} <= titles and "context" not in titles:
        return Form.RATIONALE
    if "changelog" in titles and "status" in titles:
        return Form.COSMOS
    if "decision" in titles and ("context" in titles or "status" in titles):
        return Form.NYGARD
    return Form.FREE


def is_decision(titles: frozenset[str], said: Sequence[Said]) -> bool:
    """Whether a document that no name tells of is a decision by its shape."""
    has = [bool(titles & frozenset(each)) for each in (CONTEXT, DECISION, CONSEQUENCES, OPTIONS)]
    return (has[1] and sum(has) > 1) or (has[1] and any(each.name == "status" for each in said))
