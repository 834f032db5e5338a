"""`pytest --selfcheck`: each guardrail of the repository is a test item."""

from collections.abc import Generator

import pytest

from selfcheck.pytest_plugin.items import NAME, Guardrail, rulebook
from selfcheck.pytest_plugin.judge import Judge
from selfcheck.suggest import unknown

PREFIX = f"{NAME}::"
"""What the node id of every guardrail begins with, and an argument that chooses one; alone it stands for all."""
MARKER = f"{NAME}(severity, check, tag): a guardrail; it has this mark once for each of its tags"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option; without it nothing else of this plugin runs."""
    parser.getgroup(NAME, "guardrails").addoption(
        "--selfcheck", action="store_true", help="Judge each guardrail of the repository, after the tests."
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read the rulebook before anything is collected, and by xdist before anything is shared out.

    Raises:
        pytest.UsageError: the rulebook is wrong, or there is none.
    """
    if not config.getoption("--selfcheck"):
        return
    judge = Judge(config.rootpath, verbose=config.get_verbosity() > 0)
    config.add_cleanup(judge.close)
    judge.open()
    config.addinivalue_line("markers", MARKER)
    config.pluginmanager.register(_Hooks(judge, shared_out=hasattr(config, "workerinput")), f"{NAME}-hooks")


class _Hooks:
    """What a run with `--selfcheck` adds to those of pytest."""

    def __init__(self, judge: Judge, *, shared_out: bool) -> None:
        self._judge = judge
        self._shared_out = shared_out
        self._chosen: list[str] = []

    def pytest_report_header(self) -> str:
        """How many there are, and where they are written."""
        return f"{NAME}: {len(self._judge.guardrails)} guardrails, {', '.join(self._judge.files)}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """The node id of a guardrail is no path: it is taken out of the arguments before pytest looks for files.

        Raises:
            pytest.UsageError: there is no such guardrail.
        """
        known = [about["id"] for about in self._judge.guardrails]
        arguments = session.config.args
        self._chosen = [each.removeprefix(PREFIX) for each in arguments if each.startswith(PREFIX)]
        for name in self._chosen:
            if name and name not in known:
                raise pytest.UsageError(unknown("guardrail", name, known))
        arguments[:] = [each for each in arguments if not each.startswith(PREFIX)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """After the tests, whichever were collected; before anything is deselected."""
        items.extend(session.genitems(rulebook(session, self._judge, self._chosen)))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """What is left is judged together, on all cores; a worker of xdist does not know which of it will be its own."""
        if not self._shared_out:
            self._judge.expected = [item.name for item in session.items if isinstance(item, Guardrail)]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A guardrail's report tells of the guardrail."""
        report = yield
        return item.told(report) if isinstance(item, Guardrail) else report
