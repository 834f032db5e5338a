"""What a CI system runs for a change, as far as a gate is concerned: steps, what keeps their failure from counting, filters."""

import posixpath
from collections.abc import Callable, Iterator

from msgspec import Struct

from selfcheck.check import Unread


class Said(Struct, frozen=True):
    """A setting in the words of the file, and its line; `whole` if it is one of the whole job."""

    text: str
    line: int
    whole: bool = False


class Text(Struct, frozen=True):
    """A text for a shell: where its first line stands, whether all lines of it are lines of the file, how it is run."""

    text: str
    line: int
    literal: bool
    errexit: bool
    pipefail: bool

    def line_of(self, line: int) -> int:
        """The line of the file in which a line of the text stands, both counting from 1."""
        return self.line + line - 1 if self.literal else self.line


class Step(Struct, frozen=True, kw_only=True):
    """One thing that a job does."""

    name: str
    line: int
    texts: tuple[Text, ...] = ()
    uses: str | None = None
    """Another's action, by its name, or a folder of this repository."""
    tolerated: tuple[Said, ...] = ()
    """The settings by which its failure does not count."""
    idle: tuple[Said, ...] = ()
    """The settings by which it does not start on its own for a change that is well."""


class Filter(Struct, frozen=True):
    """The setting that keeps changes from starting something, and whether a change of one path alone starts it."""

    said: Said
    starts: Callable[[str], bool]


class Job(Struct, frozen=True, kw_only=True):
    """Steps that run one after the other."""

    name: str
    line: int
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()
    regardless: Said | None = None
    """The setting by which it runs whatever became of those that it needs."""
    looks_back: bool = False
    """Whether it asks anywhere what became of them."""
    filters: tuple[Filter, ...] = ()
    """What keeps changes from starting it; none where any change starts it."""


class Workflow(Struct, frozen=True, kw_only=True):
    """One file of a CI system."""

    path: str
    system: str
    jobs: tuple[Job, ...]
    on_change: bool = True
    """Whether changes start it at all."""
    filters: tuple[Filter, ...] = ()
    """What keeps changes from starting any of its jobs; none where any change starts it."""

    @property
    def steps(self) -> Iterator[tuple[Job, Step]]:
        """Every step with its job."""
        yield from ((job, step) for job in self.jobs for step in job.steps)


class Ci(Struct, frozen=True):
    """All that was read, and the files that could not be; `actions` are the steps of this repository's own, by folder."""

    workflows: tuple[Workflow, ...]
    actions: dict[str, tuple[Step, ...]]
    unread: tuple[Unread, ...]

    def action(self, uses: str) -> tuple[Step, ...]:
        """The steps of an action that is named by a folder of this repository."""
        return self.actions.get(posixpath.normpath(uses), ()) if uses.startswith("./") else ()
