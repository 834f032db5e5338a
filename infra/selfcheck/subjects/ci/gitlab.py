"""Pipelines of GitLab."""

from collections.abc import Iterator, Mapping, Sequence

from selfcheck.subjects.ci import filters
from selfcheck.subjects.ci.model import Filter, Job, Said, Step, Text, Workflow
from selfcheck.subjects.ci.yaml import Items, Node, Scalar, Setting, Table, items, setting, settings, text, value

GLOBAL = frozenset(
    [
        "default",
        "include",
        "stages",
        "variables",
        "workflow",
        "image",
        "services",
        "cache",
        "before_script",
        "after_script",
        "pages",
        "spec",
    ]
)
DEEPEST = 11
"""How many levels of `extends` GitLab follows."""
LONGEST = 10_000
GATE_CODES = frozenset(("1", "3"))
"""What a gate ends with where it is not green."""


def workflow(path: str, document: Node) -> Workflow | None:
    """One file of a pipeline; None where it has no jobs."""
    jobs = [each for each in settings(document) if each.key not in GLOBAL and isinstance(each.value, Table)]
    if not jobs:
        return None
    templates = {each.key: each for each in jobs}
    shown = [each for each in jobs if not each.key.startswith(".")]
    bodies = {each.key: _extended(each, templates) for each in shown}
    return Workflow(
        path=path,
        system="GitLab",
        jobs=tuple(_job(each, bodies[each.key], document) for each in shown),
    )


def _extended(job: Setting, templates: Mapping[str, Setting], depth: int = 0) -> Table:
    """A job with the keys of those that it extends, as far as they stand in the same file."""
    body = job.value
    assert isinstance(body, Table)
    if depth > DEEPEST:
        return body
    for each in reversed(items(value(body, "extends"))):
        template = templates.get(text(each))
        if template is not None:
            body = _over(body, _extended(template, templates, depth + 1))
    return body


def _over(own: Table, under: Table) -> Table:
    """Mappings are merged, lists and texts replaced."""
    values, lines = dict(under.values), dict(under.lines)
    for each in settings(own):
        below = values.get(each.key)
        merged = isinstance(each.value, Table) and isinstance(below, Table)
        values[each.key] = (
            _over(each.value, below)
            if merged and isinstance(below, Table) and isinstance(each.value, Table)
            else each.value
        )
        lines[each.key] = each.line
    return Table(values, lines, own.line)


def _job(job: Setting, body: Table, document: Node) -> Job:
    tolerated = tuple(_tolerated(body))
    idle = tuple(_idle(body))
    before = setting(body, "before_script") or setting(value(document, "default"), "before_script")
    script = setting(body, "script")
    after = setting(body, "after_script") or setting(value(document, "default"), "after_script")
    steps = [
        Step(name=f"{each.key}", line=each.line, texts=tuple(_texts(each.value)), tolerated=tolerated, idle=idle)
        for each in (before, script)
        if each is not None
    ]
    if after is not None:
        # Its status is not looked at: https://docs.gitlab.com/ci/yaml/#after_script
        said = Said("`after_script`", after.line, whole=True)
        steps.append(Step(name=after.key, line=after.line, texts=tuple(_texts(after.value)), tolerated=(said,)))
    return Job(name=job.key, line=job.line, steps=tuple(steps), filters=tuple(_filters(body)))


def _texts(script: Node) -> Iterator[Text]:
    """Each entry is judged before the next begins; whether a pipeline's first status counts depends on the image."""
    for each in _flat(script):
        yield Text(each.text, each.line + each.literal, each.literal, errexit=True, pipefail=True)


def _flat(node: Node) -> Iterator[Scalar]:
    """The texts of lists in lists."""
    waiting: list[Node] = [node]
    for _ in range(LONGEST):
        if not waiting:
            return
        each = waiting.pop()
        if isinstance(each, Items):
            waiting += reversed(each.values)
        elif isinstance(each, Scalar):
            yield each


def _tolerated(body: Table) -> Iterator[Said]:
    failing = setting(body, "allow_failure")
    if failing is not None and _allows(failing.value):
        yield Said(_written(failing), failing.line, whole=True)
    for rule in items(value(body, "rules")):
        each = setting(rule, "allow_failure")
        if each is not None and _allows(each.value):
            yield Said(_written(each), each.line, whole=True)


def _allows(node: Node) -> bool:
    codes = items(value(node, "exit_codes"))
    return text(node).lower() == "true" or bool(GATE_CODES.intersection(map(text, codes)))


def _idle(body: Table) -> Iterator[Said]:
    when = setting(body, "when")
    rules = items(value(body, "rules"))
    # Without rules, a job that is started by hand may fail unless it says otherwise.
    if when is not None and not rules:
        blocks = text(value(body, "allow_failure")) == "false"
        if text(when.value) in ("never", "on_failure") or (text(when.value) == "manual" and not blocks):
            yield Said(_written(when), when.line, whole=True)
    nevers = [each for rule in rules if (each := setting(rule, "when")) and text(each.value) in ("never", "on_failure")]
    if rules and len(nevers) == len(rules):
        yield Said(_written(nevers[0]), nevers[0].line, whole=True)


def _filters(body: Table) -> Iterator[Filter]:
    """What keeps changes from starting a job, if each of its rules asks for certain paths."""
    rules = [rule for rule in items(value(body, "rules")) if text(value(rule, "when")) != "never"]
    only = value(body, "only")
    found = [setting(rule, "changes") for rule in rules] if rules else [setting(only, "changes")]
    whole = [each for each in found if each is not None]
    if whole and len(whole) == len(found):
        yield Filter(Said("changes", whole[0].line), filters.gitlab(_paths(whole)))


def _paths(changes: Sequence[Setting]) -> list[str]:
    lists = [value(each.value, "paths") or each.value for each in changes]
    return [text(each) for several in lists for each in items(several)]


def _written(found: Setting) -> str:
    codes = ", ".join(map(text, items(value(found.value, "exit_codes"))))
    return f"`{found.key}: {{exit_codes: [{codes}]}}`" if codes else f"`{found.key}: {text(found.value)}`"
