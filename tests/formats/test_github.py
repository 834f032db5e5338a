"""The `github` format, read back by the rules of actions/runner: what was meant, and nothing that others wrote."""

from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from selfcheck.check import Finding, Location, Unread
from selfcheck.formats.github import CAP, LONGEST, render
from selfcheck.guardrail import Enforce, Place, Severity
from selfcheck.model import Report, Status
from tests.formats.generated import reports
from tests.formats.reports import SOME, compared, error, everything, guardrail, report, skip, verdict

# All that the runner would obey, in any case.
COMMANDS = {
    *("error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "add-path", "add-matcher", "echo"),
    *("remove-matcher", "save-state", "set-env", "set-output", "stop-commands"),
}
INJECTIONS = [
    "\n::add-mask::x",
    "\r::error::x",
    "\r\n ::stop-commands::x",
    "::set-output name=a::b",
    "##[add-mask]x",
    "\n##[group]x",
    "%0A::error::x",
    "%250A%25",
    "a,line=9,title=b::c",
    "a:b,c=d%2C%3A",
    "\u2028::error::x\x85\x0b\x0c\x1c::error::x",
    "=x",
    " x ",
]
hostile = st.lists(st.sampled_from(INJECTIONS) | st.text(max_size=9), max_size=4).map("".join)


class Command(NamedTuple):
    """What the runner understands of a line."""

    name: str
    properties: dict[str, str]
    data: str


def obeyed(log: str) -> list[Command | str]:
    """What the runner makes of each line: a command, or text that it prints.

    By `ActionCommand.cs`: `TryParseV2`, then `TryParse` for the older form that may begin anywhere in a line. .NET ends
    a line at CR, LF or both.
    """
    lines = log.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return [_command(line) or _older_command(line) or line for line in lines if line]


def _command(line: str) -> Command | None:
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, written = line[2:end].partition(" ")
    if name.lower() not in COMMANDS:
        return None
    properties = dict(filter(None, (_pair(each) for each in written.strip().split(",") if each)))
    return Command(name, properties, _unescaped(line[end + 2 :], "\r\n"))


def _pair(written: str) -> tuple[str, str] | None:
    """Split at the first separator, empty parts left out: those before the value are gone."""
    name, _, value = written.lstrip("=").partition("=")
    value = value.lstrip("=")
    return (name, _unescaped(value, "\r\n:,")) if value else None


def _unescaped(text: str, escaped: str) -> str:
    for character in (*escaped, "%"):
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def _older_command(line: str) -> Command | None:
    _, found, rest = line.partition("##[")
    info, closed, data = rest.partition("]")
    name = info.partition(" ")[0]
    return Command(name, {}, data) if found and closed and name.lower() in COMMANDS else None


def commands(of: Report) -> list[Command]:
    """All that the runner obeys; there is nothing that it prints."""
    found = obeyed(render(of))
    assert [each for each in found if isinstance(each, str)] == []
    return [each for each in found if isinstance(each, Command)]


def in_folder(of: Report, folder: str) -> Report:
    """The same, judged in a folder of the repository."""
    return structs.replace(of, run=structs.replace(of.run, folder=folder))


def test_a_report_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(everything()) == snapshot


def test_a_comparison_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(compared()) == snapshot


def test_a_report_of_nothing_is_empty() -> None:
    assert render(report(verdict(guardrail("kept"), SOME), skip(guardrail("off"), "needs a program"))) == ""


def test_a_finding_is_shown_at_its_place_from_the_top_of_the_repository() -> None:
    finding = Finding(key="x", message="is odd", at=Location("a b.py", 3, 2), hint="mend it")

    assert commands(in_folder(report(verdict(guardrail("a"), SOME, finding)), "services/shop")) == [
        Command(
            "error",
            {"file": "services/shop/a b.py", "line": "3", "col": "2", "title": "a"},
            "is odd\ndo: mend it",
        )
    ]


@pytest.mark.parametrize("line", [None, 0])
def test_a_finding_about_a_whole_file_is_shown_at_its_first_line(line: int | None) -> None:
    """Without a line GitHub shows it in the summary only."""
    finding = Finding(key="x", message="is odd", at=Location("a.py", line, 4))

    assert commands(report(verdict(guardrail("a"), SOME, finding))) == [
        Command("error", {"file": "a.py", "line": "1", "title": "a"}, "is odd")
    ]


def test_a_finding_without_a_place_is_shown_at_its_guardrail() -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd")))

    assert commands(in_folder(made, "shop")) == [
        Command("error", {"file": "shop/guardrails/house.yaml", "line": "7", "title": "a"}, "is odd")
    ]


@pytest.mark.parametrize(("place", "at"), [("pack:python", None), ("rules.yaml", Location(""))])
def test_a_finding_that_stands_in_no_file_is_shown_without_one(place: str, at: Location | None) -> None:
    of = guardrail("a", place=Place(place, 3))

    assert commands(report(verdict(of, SOME, Finding(key="x", message="is odd", at=at)))) == [
        Command("error", {"title": "a"}, "is odd")
    ]


def test_a_path_that_the_runner_would_misread_is_said_in_the_message() -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd", at=Location("==a.py", 3))))

    assert commands(made) == [Command("error", {"title": "a"}, "==a.py:3: is odd")]


def test_a_message_says_what_is_worse() -> None:
    judged = verdict(guardrail("a"), SOME, Finding(key="x", message="is odd", at=Location("a.py", 3)))
    grown = structs.replace(judged.findings[0], growth="2,300, accepted at 2,298")

    [found] = commands(report(structs.replace(judged, findings=(grown,))))

    assert found.data == "is odd\nworse: 2,300, accepted at 2,298"


def test_a_finding_without_a_message_is_called_by_its_guardrail() -> None:
    [found] = commands(report(verdict(guardrail("a"), SOME, Finding(key="x", message=""))))

    assert found.data == "a"


def test_what_only_warns_is_a_warning() -> None:
    found = Finding(key="x", message="is odd", at=Location("a.py", 3))
    blocks = verdict(guardrail("blocks", Severity.LOW, enforce=Enforce.BLOCK), SOME, found)
    warns = verdict(guardrail("warns", Severity.CRITICAL, enforce=Enforce.WARN), SOME, found)

    told = [(each.name, each.properties["title"]) for each in commands(report(warns, blocks))]

    assert told == [("error", "blocks"), ("warning", "warns")]


@pytest.mark.parametrize("status", [Status.EXISTING, Status.BASELINED, Status.WAIVED])
def test_what_does_not_count_is_not_shown(status: Status) -> None:
    judged = verdict(guardrail("a"), SOME, Finding(key="x", message="is odd"), Unread("b.py", "no permission"))
    findings = tuple(structs.replace(each, status=status) for each in judged.findings)
    unread = tuple(structs.replace(each, status=status) for each in judged.unread)

    assert render(report(structs.replace(judged, findings=findings, unread=unread))) == ""


def test_what_could_not_be_judged_pretends_no_place() -> None:
    made = report(
        error(guardrail("broken"), "timed out after 30 s"),
        error(guardrail("odd", enforce=Enforce.WARN), "crashed"),
        verdict(guardrail("lost"), SOME, Unread("a.py", "no permission"), Unread("b.py", "not UTF-8")),
    )

    assert commands(made) == [
        Command("error", {"title": "broken"}, "could not be judged: timed out after 30 s"),
        Command(
            "error",
            {"title": "lost"},
            "could not be judged: 2 files could not be read\na.py: no permission\nb.py: not UTF-8",
        ),
        Command("warning", {"title": "odd"}, "could not be judged: crashed"),
    ]


def test_a_broken_guardrail_tells_what_it_could_not_read_as_well() -> None:
    finding = Finding(key="x", message="is odd", at=Location("a.py", 3))

    found = commands(report(verdict(guardrail("a"), SOME, finding, Unread("b.py", "no permission"))))

    assert [each.data for each in found] == [
        "is odd",
        "could not be judged in full, for some files could not be read:\nb.py: no permission",
    ]


def test_an_interrupted_run_says_so_first() -> None:
    judged = verdict(guardrail("a", Severity.CRITICAL), SOME, Finding(key="x", message="is odd"))

    found = commands(report(judged, stopped=130))

    assert found[0] == Command("error", {"title": "selfcheck"}, "interrupted: this report is not complete")


def test_the_gravest_are_shown_first_and_equals_in_the_order_of_the_report() -> None:
    found = (Finding(key=key, message=key, at=Location("a.py", 3)) for key in "dcba")
    low, critical, high, second = (
        verdict(guardrail(f"{severity.value}-{number}", severity, enforce=Enforce.BLOCK), SOME, each)
        for number, (severity, each) in enumerate(
            zip((Severity.LOW, Severity.CRITICAL, Severity.HIGH, Severity.CRITICAL), found, strict=True)
        )
    )

    titles = [each.properties["title"] for each in commands(report(low, critical, high, second))]

    assert titles == ["critical-1", "critical-3", "high-2", "low-0"]


def many(count: int, severity: Severity, name: str) -> tuple[Finding, ...]:
    """So many findings."""
    return tuple(Finding(key=f"{n}", message=f"{name} {n}", at=Location("a.py", n)) for n in range(1, count + 1))


@pytest.mark.parametrize(
    ("errors", "warnings", "told"),
    [
        (CAP, CAP, None),
        (CAP + 1, CAP, "1 error more than GitHub shows as annotations; the step summary has the whole list"),
        (0, CAP + 2, "2 warnings more than GitHub shows as annotations; the step summary has the whole list"),
        (
            CAP + 1234,
            CAP + 1,
            "1,234 errors and 1 warning more than GitHub shows as annotations; the step summary has the whole list",
        ),
    ],
)
def test_of_more_than_the_runner_keeps_the_rest_is_counted(errors: int, warnings: int, told: str | None) -> None:
    made = report(
        verdict(guardrail("warns", Severity.LOW), SOME, *many(warnings, Severity.LOW, "warning")),
        verdict(guardrail("blocks"), SOME, *many(errors, Severity.HIGH, "error")),
    )

    found = commands(made)

    assert [each.data for each in found if each.name == "error"] == [
        f"error {number}" for number in range(1, min(errors, CAP) + 1)
    ]
    assert [each.data for each in found if each.name == "warning"] == [f"warning {n}" for n in range(1, CAP + 1)]
    assert [each for each in found if each.name == "notice"] == (
        [Command("notice", {"title": "selfcheck"}, told)] if told else []
    )


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * (LONGEST - 1) + "…"),
        ("\U0001f600" * (LONGEST // 2), "\U0001f600" * (LONGEST // 2)),
        ("\U0001f600" * LONGEST, "\U0001f600" * (LONGEST // 2 - 1) + "…"),
        ("%\n" * LONGEST, "%\n" * (LONGEST // 2 - 1) + "%…"),
        ("\ud800" * LONGEST, "\ud800" * LONGEST),
    ],
)
def test_a_message_is_cut_where_the_runner_would_cut_it_but_no_character_is_halved(message: str, shown: str) -> None:
    [found] = commands(report(verdict(guardrail("a"), SOME, Finding(key="x", message=message))))

    assert found.data == shown


@settings(deadline=None)
@given(
    hostile.map(lambda text: text.lstrip("/")),
    hostile,
    hostile,
    st.sampled_from(["", "shop", "=odd", "a:b,c%0A\n::x::"]),
)
@example("a.py", "is odd", "mend it", "shop")
def test_whatever_others_wrote_is_read_back_and_nothing_else_is_obeyed(
    path: str, message: str, hint: str, folder: str
) -> None:
    finding = Finding(key="x", message=message, at=Location(path, 3), hint=hint)
    judged = verdict(guardrail("a"), SOME, finding, Unread(path, message))

    found = commands(in_folder(report(judged, error(guardrail("b"), message)), folder))

    whole = f"{folder}/{path}" if folder else path
    said = f"{message}\ndo: {hint}" if hint else message or "a"
    shown = Command("error", {"file": whole, "line": "3", "title": "a"}, said)
    if not path:
        shown = Command("error", {"title": "a"}, said)
    elif whole.startswith("="):
        shown = Command("error", {"title": "a"}, f"{whole}:3: {said}")
    assert found == [
        shown,
        Command(
            "error",
            {"title": "a"},
            f"could not be judged in full, for some files could not be read:\n{path}: {message}",
        ),
        Command("error", {"title": "b"}, f"could not be judged: {message}"),
    ]


@settings(deadline=None, max_examples=50)
@given(reports())
def test_the_runner_obeys_every_line_of_every_report_and_drops_none(generated: Report) -> None:
    found = commands(generated)

    names = [each.name for each in found]
    assert set(names) <= {"error", "warning", "notice"}
    assert max(names.count(name) for name in ("error", "warning", "notice")) <= CAP
    assert all(set(each.properties) <= {"file", "line", "col", "title"} for each in found)


@pytest.mark.parametrize(
    "line",
    ["::error::x", "  ::ERROR a=b::x", "x ##[error]y", "##[add-mask]y", "::group::", "::error a=b,,c=d::"],
)
def test_the_reader_of_these_tests_knows_a_command(line: str) -> None:
    assert [type(each) for each in obeyed(line)] == [Command]


@pytest.mark.parametrize("line", ["x ::error::y", "::nothing::x", ":: error::x", "::error:x", "##[error", "##[odd]x"])
def test_the_reader_of_these_tests_knows_what_is_no_command(line: str) -> None:
    assert obeyed(line) == [line]
