"""Which decision supersedes, amends or relates to which, as Mermaid or DOT."""

from collections.abc import Iterator

from selfcheck.subjects.decisions import Decision, Decisions, Status, Verb

ARROWS = {
    Verb.SUPERSEDES: "supersedes",
    Verb.AMENDS: "amends",
    Verb.DEPENDS: "depends on",
    Verb.ENABLES: "enables",
    Verb.RELATES: "relates to",
}
BACKWARDS = {Verb.SUPERSEDED_BY: Verb.SUPERSEDES, Verb.AMENDED_BY: Verb.AMENDS}
COLOURS = {
    Status.DRAFT: "#eeeeee",
    Status.PROPOSED: "#fff4cc",
    Status.ACCEPTED: "#d9f2d9",
    Status.IMPLEMENTED: "#b8e6b8",
    Status.PARTLY: "#e6f2d9",
    Status.DEPRECATED: "#e0e0e0",
    Status.SUPERSEDED: "#e0e0e0",
    Status.REJECTED: "#f7d4d4",
}
Edge = tuple[str, str, str]
"""From, to, and what the arrow says."""


def mermaid(found: Decisions) -> str:
    """A flow chart; a class for each status."""
    names = {each.path: f"d{number}" for number, each in enumerate(found.all)}
    lines = ["flowchart TD"]
    lines += [f'    {names[each.path]}["{_escaped(each)}"]{_class(each)}' for each in found.all]
    for one, other, said in edges(found):
        arrow = "-.->" if said != "supersedes" else "-->"
        lines.append(f"    {names[one]} {arrow}|{said}| {names[other]}")
    used = sorted({each.status for each in found.all if each.status}, key=list(Status).index)
    lines += [f"    classDef {_name(status)} fill:{COLOURS[status]},color:#222" for status in used]
    return "\n".join(lines) + "\n"


def dot(found: Decisions) -> str:
    """A digraph for Graphviz."""
    lines = [
        "digraph decisions {",
        "  rankdir=TB;",
        '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    ]
    for each in found.all:
        colour = COLOURS[each.status] if each.status else "#ffffff"
        label = _quoted(f"{each.id}\n{each.title}")
        lines.append(f'  {_quoted(each.path)} [label={label}, fillcolor="{colour}"];')
    for one, other, said in edges(found):
        style = "solid" if said == "supersedes" else "dashed"
        lines.append(f"  {_quoted(one)} -> {_quoted(other)} [label={_quoted(said)}, style={style}];")
    return "\n".join([*lines, "}"]) + "\n"


def edges(found: Decisions) -> list[Edge]:
    """Every relation once, whichever side declares it, sorted."""
    return sorted(set(_edges(found)))


def _edges(found: Decisions) -> Iterator[Edge]:
    for decision in found.all:
        for relation in decision.document.relations:
            for other in (found.meant(decision, relation) or ())[:1]:
                if other is decision:
                    continue
                verb = BACKWARDS.get(relation.verb, relation.verb)
                part = " in part" if relation.partial else ""
                pair = (other.path, decision.path) if relation.verb in BACKWARDS else (decision.path, other.path)
                yield *pair, f"{ARROWS[verb]}{part}"


def _class(decision: Decision) -> str:
    return f":::{_name(decision.status)}" if decision.status else ""


def _name(status: Status) -> str:
    return status.value.replace("-", "")


def _escaped(decision: Decision) -> str:
    text = f"{decision.id}: {decision.title}"
    for char, escape in (("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        text = text.replace(char, escape)
    return text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
