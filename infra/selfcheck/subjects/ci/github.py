"""Workflows and actions of GitHub."""

import re
from collections.abc import Iterator

from selfcheck.subjects.ci import filters
from selfcheck.subjects.ci.model import Filter, Job, Said, Step, Text, Workflow
from selfcheck.subjects.ci.yaml import Node, Setting, Table, items, setting, settings, text, value

ON_CHANGE = ("pull_request", "pull_request_target", "merge_group")
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
NEVER = frozenset(
    ("false", "failure()", "cancelled()", "!always()", "failure()||cancelled()", "cancelled()||failure()")
)
ALWAYS = frozenset(("always()", "success()||failure()", "failure()||success()", "!cancelled()"))
LOOKING_BACK = re.compile(r"\bneeds\s*[.\[]|toJSON\(\s*needs", re.IGNORECASE)
# https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell
SHELLS = {"": "bash -e", "bash": "bash -eo pipefail", "sh": "sh -e"}
POSIX = re.compile(r"(?:\S*/)?(?:ba|da|k|z)?sh\b(.*)", re.DOTALL)


def workflow(path: str, document: Node) -> Workflow | None:
    """One file of `.github/workflows`; None where it has no jobs."""
    jobs = value(document, "jobs")
    if not isinstance(jobs, Table):
        return None
    on = value(document, "on")
    found, changes = _filters(on)
    return Workflow(
        path=path,
        system="GitHub",
        jobs=tuple(_job(each, jobs, document) for each in settings(jobs)),
        on_change=changes,
        filters=tuple(found),
    )


def action(document: Node) -> tuple[Step, ...]:
    """The steps of a composite action; one by which it names itself stands for what it runs."""
    steps = items(value(document, "runs", "steps"))
    found = tuple(_step(number, each, "", None, "") for number, each in enumerate(steps, start=1))
    name = text(value(document, "name"))
    return (*found, Step(name=name, line=1, uses=f"./{name}@"))


def _filters(on: Node | None) -> tuple[list[Filter], bool]:
    """The path filters of the events that a change is judged by, and whether any is; none where one has no filter."""
    events = (
        {each.key: each for each in settings(on)} if isinstance(on, Table) else {text(each): None for each in items(on)}
    )
    if "workflow_call" in events:
        return [], True  # it starts when others say so
    judged = [name for name in ON_CHANGE if name in events] or [name for name in ("push",) if name in events]
    found = [_filter(events[name]) for name in judged]
    return ([each for each in found if each] if all(found) else []), bool(judged)


def _filter(event: Setting | None) -> Filter | None:
    paths = setting(event.value, "paths") if event else None
    ignored = setting(event.value, "paths-ignore") if event else None
    said = paths or ignored
    if said is None or event is None:
        return None
    taken = None if paths is None else [text(each) for each in items(paths.value)]
    left = None if ignored is None else [text(each) for each in items(ignored.value)]
    return Filter(Said(f"on.{event.key}.{said.key}", said.line), filters.github(taken, left))


def _job(job: Setting, jobs: Table, document: Node) -> Job:
    body = job.value
    shell = text(value(body, "defaults", "run", "shell")) or text(value(document, "defaults", "run", "shell"))
    system = text(value(body, "runs-on"))
    others = "".join(_words(each.value) for each in settings(jobs) if each.key != job.key)
    around = _Around(_words(body), f"needs.{job.key}.", others)
    steps = items(value(body, "steps"))
    condition = setting(body, "if")
    return Job(
        name=job.key,
        line=job.line,
        steps=tuple(_step(number, each, shell, around, system, body) for number, each in enumerate(steps, start=1)),
        needs=tuple(text(each) for each in items(value(body, "needs"))),
        regardless=_said(condition) if condition and _bare(text(condition.value)) in ALWAYS else None,
        looks_back=LOOKING_BACK.search(around.own) is not None,
    )


class _Around:
    """What a job and the others of its workflow say, to find who looks at the outcome of what is tolerated."""

    def __init__(self, own: str, name: str, others: str) -> None:
        self.own = own
        self._name = name
        self._others = others

    def look_at_job(self) -> bool:
        """Whether another job asks for the outcome of this one."""
        return self._name in self._others or "toJSON(needs)" in self._others or "needs.*" in self._others

    def look_at_step(self, name: str) -> bool:
        """Whether the job asks for the outcome of one of its steps."""
        return (
            bool(name)
            and re.search(rf"steps\s*\.\s*{re.escape(name)}\s*\.\s*outcome|toJSON\(steps\)", self.own) is not None
        )


def _step(number: int, step: Node, shell: str, around: _Around | None, system: str, job: Node | None = None) -> Step:
    run = value(step, "run")
    name = text(value(step, "name")) or text(value(step, "id")) or f"step {number}"
    return Step(
        name=name,
        line=step.line,
        texts=tuple(_texts(run, text(value(step, "shell")) or shell, system)),
        uses=text(value(step, "uses")) or None,
        tolerated=tuple(_tolerated(step, job, around)),
        idle=tuple(_idle(step, job)),
    )


def _tolerated(step: Node, job: Node | None, around: _Around | None) -> Iterator[Said]:
    own, of_job = setting(step, "continue-on-error"), setting(job, "continue-on-error")
    looked = around is not None and around.look_at_step(text(value(step, "id")))
    if own and _bare(text(own.value)).lower() == "true" and not looked:
        yield _said(own)
    if of_job and _bare(text(of_job.value)).lower() == "true" and not (around and around.look_at_job()):
        yield _said(of_job, whole=True)


def _idle(step: Node, job: Node | None) -> Iterator[Said]:
    for each, whole in ((setting(step, "if"), False), (setting(job, "if"), True)):
        if each and _bare(text(each.value)) in NEVER:
            yield _said(each, whole=whole)


def _texts(run: Node | None, shell: str, system: str) -> Iterator[Text]:
    command = POSIX.fullmatch(SHELLS.get(shell, shell))
    if not text(run) or run is None or command is None or (not shell and "windows" in system.lower()):
        return
    script = run
    literal = bool(getattr(script, "literal", False))
    # What an expression comes to nobody knows here; a word of its length stands for it, so that places stay.
    plain = EXPRESSION.sub(lambda found: re.sub(r"[^\n]", "_", found[0]), text(script))
    yield Text(plain, script.line + literal, literal, _has_flag(command[1], "e", "errexit"), "pipefail" in command[1])


def _has_flag(options: str, letter: str, name: str) -> bool:
    return name in options or any(re.fullmatch(rf"-[a-z]*{letter}[a-z]*", each) for each in options.split())


def _said(found: Setting, *, whole: bool = False) -> Said:
    return Said(f"`{found.key}: {' '.join(text(found.value).split())}`", found.line, whole)


def _bare(condition: str) -> str:
    """A condition without the marks of an expression and without blanks."""
    whole = EXPRESSION.fullmatch(condition.strip())
    return re.sub(r"\s", "", whole[1] if whole else condition)


def _words(node: Node | None) -> str:
    """Every text in a value."""
    if isinstance(node, Table):
        return " ".join(f"{each.key} {_words(each.value)}" for each in settings(node))
    return text(node) or " ".join(_words(each) for each in items(node) if each is not node)
