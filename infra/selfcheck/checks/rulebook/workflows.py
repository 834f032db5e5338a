"""The gate gates: no workflow swallows what selfcheck says, or keeps it from being asked."""

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, NamedTuple

from msgspec import Meta, structs

from selfcheck.check import Canary, Check, Evidence, Finding, Globs, Location, Repository, Seen, Strictness, Write
from selfcheck.checks.rulebook.gates import SELFCHECK, asked, gates
from selfcheck.checks.rulebook.losses import why
from selfcheck.checks.rulebook.rules import PACK, holds, in_force, listed
from selfcheck.checks.rulebook.swallowing import swallowed
from selfcheck.guardrail import RootPath, Text
from selfcheck.subjects import ci
from selfcheck.subjects.ci import Ci, Filter, Job, Said, Step, Workflow
from selfcheck.subjects.shell import outcome, parse
from selfcheck.trees.globs import matcher

HANDED_ON = ("GITHUB_OUTPUT", "GITHUB_ENV", "::set-output", "task.setvariable")
"""A script that writes there tells later steps what it came to; whether they listen is not judged."""
SETTING = re.compile(r"[\w-]+")
"""The name of a setting, in its words."""
TAKE_OUT = "take it out: a red gate has to be a red job"


class _Gate(NamedTuple):
    """A step that runs the gate, and where it stands."""

    workflow: Workflow
    job: Job
    step: Step

    @property
    def name(self) -> str:
        """How keys name it."""
        return f"{self.workflow.path}: {self.job.name}: {self.step.name}"

    @property
    def filters(self) -> tuple[Filter, ...]:
        """What keeps changes from starting it; none where any change does."""
        return self.workflow.filters or self.job.filters


class RulebookWorkflows(Check):
    """No workflow that runs selfcheck swallows its exit status, or keeps it from starting.

    Read are GitHub's workflows, GitLab's and Azure's pipelines, and Jenkinsfiles as far as they can be read without
    running them. `commands` are what starts the gate there, the first words of each.
    """

    strictness: ClassVar = {"commands": Strictness.MORE}

    commands: Annotated[tuple[Text, ...], Meta(min_length=1)] = (SELFCHECK,)

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each setting and each construct by which a failing gate is green, or is not asked."""
        read = self._read(repo)
        found = list(self._gates(read))
        yield Evidence("steps that run the gate", scope=len(found), examined=len(found))
        yield from read.unread
        yield from _of_settings(found)
        for gate in found:
            yield from self._swallowed(gate, found)
        for workflow in read.workflows:
            yield from self._always_green(workflow, found)
        yield from _unstarted(repo, found)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each command, workflows that go on after it, swallow it or never start it; and a job that may fail, for GitLab."""
        for command in self.commands:
            line = f"{command} run" if command == SELFCHECK else command
            for number, (title, step, about) in enumerate(_STEPS, start=1):
                path = _free(repo, f".github/workflows/canary-{number}{{}}.yml")
                content = _GITHUB.format(step=step.format(command=line))
                key = f"{path}: gate: step 1: {about}"
                yield Canary(f"add a workflow that runs `{line}` {title}", (Write(path, content.encode()),), key)
            path = _free(repo, "canary{}.gitlab-ci.yml")
            content = f"gate:\n  allow_failure: true\n  script: [{line}]\n"
            key = f"{path}: gate: allow_failure"
            yield Canary(f"add a pipeline whose job runs `{line}` and may fail", (Write(path, content.encode()),), key)

    def _read(self, repo: Repository) -> Ci:
        words = tuple(shlex.split(command)[0] for command in self.commands)
        return repo.subject(ci.read, repo.tree, words)

    def _gates(self, read: Ci) -> Iterator[_Gate]:
        for workflow in read.workflows:
            for job, step in workflow.steps:
                if self._runs(step, read):
                    yield _Gate(workflow, job, step)

    def _runs(self, step: Step, read: Ci, depth: int = 0) -> bool:
        """Whether a step runs the gate: in a script, by an action of that name, or by an action of this repository that does."""
        if any(True for text in step.texts for _ in gates(parse(text.text, bash=True), self.commands)):
            return True
        if step.uses is None or depth > 2:
            return False
        name = step.uses.partition("@")[0].removeprefix("./")
        named = name.rpartition("/")[2] == SELFCHECK and SELFCHECK in self.commands
        return named or any(self._runs(each, read, depth + 1) for each in read.action(step.uses))

    def _swallowed(self, gate: _Gate, others: Sequence[_Gate]) -> Iterator[Finding]:
        """What a script does to the status of the gate, unless another step asks the same and lets it count."""
        for text in gate.step.texts:
            if any(each in text.text for each in HANDED_ON):
                continue
            for reason, command in swallowed(text, self.commands):
                if asked(command) not in self._counting(gate, others):
                    said = f"the exit status of `{' '.join(command.source.split())}` is swallowed: {why(reason)}"
                    line = text.line_of(reason.line)
                    yield _found(gate.workflow, f"{gate.name}: {reason.kind}", said, line, reason.instead)

    def _counting(self, gate: _Gate, others: Sequence[_Gate]) -> set[tuple[str, ...]]:
        """What is asked in the same job so that its status counts."""
        found: set[tuple[str, ...]] = set()
        for other in others:
            if other.job is gate.job and not other.step.tolerated and not other.step.idle:
                for text in other.step.texts:
                    lost = [command for _, command in swallowed(text, self.commands)]
                    kept = gates(parse(text.text, bash=True), self.commands)
                    found |= {asked(each) for each in kept if each.source not in {each.source for each in lost}}
        return found

    def _always_green(self, workflow: Workflow, found: Sequence[_Gate]) -> Iterator[Finding]:
        """A job that runs whatever became of the gate and has nothing in it that could fail: as a required check it is green."""
        gating = {gate.job.name for gate in found if gate.workflow is workflow}
        for job in workflow.jobs:
            if job.regardless is None or job.looks_back or not gating.intersection(job.needs) or not job.steps:
                continue
            ends = [outcome(parse(t.text, bash=True), errexit=t.errexit) for step in job.steps for t in step.texts]
            if all(step.texts for step in job.steps) and not any(end.can_fail for end in ends):
                said = f"{job.name} runs whatever becomes of {' and '.join(job.needs)}, and nothing in it can fail"
                hint = "let a step fail where `contains(needs.*.result, 'failure')`, or require the gate itself"
                yield _found(workflow, f"{workflow.path}: {job.name}: always green", said, job.regardless.line, hint)


def _of_settings(found: Sequence[_Gate]) -> Iterator[Finding]:
    """What keeps a failure from counting, or the gate from starting; a setting of a job once, whatever steps it has."""
    seen: set[tuple[str, Said]] = set()
    for gate in found:
        for said, what in (
            *((each, "its failure does not count") for each in gate.step.tolerated),
            *((each, "it does not start for a change that is well otherwise") for each in gate.step.idle),
        ):
            if (gate.workflow.path, said) in seen:
                continue
            seen.add((gate.workflow.path, said))
            key = SETTING.search(said.text)
            assert key is not None
            name = f"{gate.workflow.path}: {gate.job.name}" if said.whole else gate.name
            message = f"{gate.job.name}, {gate.step.name}: {said.text}: {what}"
            yield _found(gate.workflow, f"{name}: {key[0]}", message, said.line, TAKE_OUT)


def _unstarted(repo: Repository, found: Sequence[_Gate]) -> Iterator[Finding]:
    """Path filters that leave out what guardrails look at, where no other workflow of the system makes up for it."""
    for system in sorted({gate.workflow.system for gate in found}):
        gates = [gate for gate in found if gate.workflow.system == system and gate.workflow.on_change]
        if gates and all(gate.filters for gate in gates):
            yield from _left_out(repo, gates)


def _left_out(repo: Repository, gates: Sequence[_Gate]) -> Iterator[Finding]:
    filters = {(gate.workflow.path, one.said): (gate.workflow, one) for gate in gates for one in gate.filters}
    starts = [one.starts for _, one in filters.values()]
    left = next((path for path in _looked_at(repo) if not any(start(path) for start in starts)), None)
    if left is None:
        return
    for workflow, one in filters.values():
        said = f"`{one.said.text}`: a change of {left} alone is not judged, though guardrails look at it"
        hint = "leave the filter out, or let it hold the rulebook and all that guardrails look at"
        yield _found(workflow, f"{workflow.path}: {one.said.text}", said, one.said.line, hint)


def _looked_at(repo: Repository) -> Iterator[str]:
    """The files of the rulebook, then all that options of guardrails select."""
    rulebook = {each.place.file for each in repo.guardrails if not each.place.file.startswith(PACK)}
    yield from sorted(path for path in rulebook if path in repo.tree.kinds)
    selected = [matcher(patterns) for patterns in _patterns(repo)]
    yield from (path for path in repo.tree.kinds if any(selects(path) for selects in selected))


def _patterns(repo: Repository) -> Iterator[tuple[str, ...]]:
    for guardrail in in_force(repo):
        check = repo.check_of(guardrail)
        for field in structs.fields(check) if check else ():
            patterns = listed(guardrail.options.get(field.encode_name))
            if patterns is not None and (holds(field.type, Globs) or holds(field.type, RootPath)):
                yield patterns


def _found(workflow: Workflow, key: str, said: str, line: int, hint: str) -> Finding:
    return Finding(
        key=key,
        message=f"{workflow.system}: {said}",
        at=Location(workflow.path, line),
        hint=hint,
        data={"workflow": workflow.path, "system": workflow.system},
    )


_GITHUB = "on: pull_request\njobs:\n  gate:\n    runs-on: ubuntu-latest\n    steps:\n{step}"
_STEPS = (
    ("and goes on after a failure", "      - run: {command}\n        continue-on-error: true\n", "continue-on-error"),
    ("|| true", "      - run: {command} || true\n", "or"),
    (
        "and something after it that counts instead",
        "      - shell: bash {{0}}\n        run: |\n          {command}\n          echo done\n",
        "last",
    ),
    ("only after a failure", "      - run: {command}\n        if: failure()\n", "if"),
)


def _free(repo: Repository, pattern: str) -> str:
    """A path that is free in the tree."""
    names = (pattern.format(number or "") for number in range(10**6))
    return next(name for name in names if name not in repo.tree.kinds)
