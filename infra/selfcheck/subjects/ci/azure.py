"""Azure Pipelines."""

from collections.abc import Iterator

from selfcheck.subjects.ci.model import Job, Said, Step, Text, Workflow
from selfcheck.subjects.ci.yaml import Node, Setting, Table, items, setting, text, value

NEVER = frozenset(("false", "failed()", "canceled()"))
BASH = frozenset(("bash@3", "shellscript@2"))
HOOKS = ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic")


def workflow(path: str, document: Node) -> Workflow | None:
    """One pipeline or template; None where it has no steps."""
    jobs = tuple(_jobs(document))
    return Workflow(path=path, system="Azure Pipelines", jobs=jobs) if any(job.steps for job in jobs) else None


def _jobs(document: Node) -> Iterator[Job]:
    image = text(value(document, "pool", "vmImage"))
    if (steps := setting(document, "steps")) is not None:
        yield Job(name="steps", line=steps.line, steps=tuple(_steps(steps.value, None, image)))
    stages = [value(each, "jobs") for each in items(value(document, "stages"))]
    for each in (value(document, "jobs"), *stages):
        for number, job in enumerate(items(each), start=1):
            name = text(value(job, "job")) or text(value(job, "deployment")) or f"job {number}"
            own = text(value(job, "pool", "vmImage")) or image
            yield Job(name=name, line=job.line, steps=tuple(_of_job(job, own)))


def _of_job(job: Node, image: str) -> Iterator[Step]:
    hooks = [value(job, "strategy", way, hook) for way in ("runOnce", "rolling", "canary") for hook in HOOKS]
    for holder in (job, *hooks):
        yield from _steps(value(holder, "steps"), job, image)


def _steps(steps: Node | None, job: Node | None, image: str) -> Iterator[Step]:
    for number, step in enumerate(items(steps), start=1):
        if isinstance(step, Table):
            yield Step(
                name=text(value(step, "displayName")) or text(value(step, "name")) or f"step {number}",
                line=step.line,
                texts=tuple(_texts(step, windows="windows" in image.lower())),
                tolerated=tuple(_where(step, job, "continueOnError", frozenset(("true",)))),
                idle=tuple(_where(step, job, "condition", NEVER)),
            )


def _texts(step: Table, *, windows: bool) -> Iterator[Text]:
    """A script ends with the status of its last command: https://learn.microsoft.com/azure/devops/pipelines/scripts/cross-platform-scripting."""
    task = text(value(step, "task")).lower() in BASH
    for each in (
        value(step, "bash"),
        None if windows else value(step, "script"),
        value(step, "inputs", "script") if task else None,
    ):
        if each is not None and text(each):
            literal = bool(getattr(each, "literal", False))
            yield Text(text(each), each.line + literal, literal, errexit=False, pipefail=False)


def _where(step: Table, job: Node | None, key: str, values: frozenset[str]) -> Iterator[Said]:
    for each, whole in ((setting(step, key), False), (setting(job, key), True)):
        if each is not None and _bare(each) in values:
            yield Said(f"`{key}: {text(each.value)}`", each.line, whole)


def _bare(found: Setting) -> str:
    return "".join(text(found.value).split()).lower()
