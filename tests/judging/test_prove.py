"""A guardrail is proven if every canary turns it red, with a finding that was not there and that counts."""

import os
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from msgspec import structs

from selfcheck.check import (
    Append,
    Canary,
    CannotJudge,
    Case,
    Check,
    Delete,
    Edit,
    Evidence,
    Finding,
    Need,
    Replace,
    Repository,
    Seen,
    Skip,
    Unloadable,
    Unprovable,
    Unread,
    Write,
)
from selfcheck.guardrail import Enabled, Guardrail, Severity, Waiver
from selfcheck.judge import ALL_NEEDS
from selfcheck.prove import Proof, Proven, Terms, proof, prove
from selfcheck.testing import guardrail, memory
from tests.judging import hostile

PROVEN, MISSED, UNPROVABLE, ERROR = Proven.PROVEN, Proven.MISSED, Proven.UNPROVABLE, Proven.ERROR


class NoBang(Check):
    """No file holds an exclamation mark."""

    own: tuple[Canary, ...] = ()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """A finding for each mark; other words make it behave otherwise."""
        files = repo.tree.files()
        text = "".join(file.text or "" for file in files)
        if "crash" in text:
            raise ZeroDivisionError
        if "skip" in text:
            raise Skip("not here")
        if "unread" in text:
            yield Unread("a", "odd")
        yield Evidence("files", len(files), len(files))
        for file in files:
            for _ in range((file.text or "").count("!")):
                yield Finding(key=file.path, message="a mark", parts=("part of " + file.path,))
        if repo.environ.get("MARK") or repo.today.year == 1999:
            yield Finding(key="the world", message="a mark")

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """The ones that it is given."""
        if not self.own:
            raise Unprovable("none was given")
        yield from self.own


def append(text: str, expect: str | None = None, path: str = "a") -> Canary:
    return Canary(f"append {text}", (Append(path, text.encode()),), expect)


def proved(
    own: tuple[Canary, ...] = (), users: tuple[Canary, ...] = (), on: Guardrail | None = None, a: str = "text\n"
) -> Proof:
    return proof(
        Case(on or guardrail(), NoBang(own=own), users), memory({"a": a, "b": "text\n"}), Terms(fail_on=Severity.HIGH)
    )


@pytest.mark.parametrize(
    "edit",
    [Append("a", b"!"), Write("a", b"!"), Write("new", b"!"), Replace("a", b"text", b"!"), Write("new/folder", b"!")],
)
def test_an_edit_of_each_kind_can_prove_a_guardrail(edit: Edit) -> None:
    assert proved((Canary("edit", (edit,)),)) == Proof(outcome=PROVEN, bit=("edit",))


def test_a_file_that_is_taken_away_can_prove_a_guardrail() -> None:
    class Wants(Check):
        def run(self, repo: Repository) -> Iterator[Seen]:
            yield Evidence("files", 1, 1)
            if repo.tree.file("a") is None:
                yield Finding(key="a", message="a is not there")

    case = Case(guardrail(), Wants(), (Canary("delete a", (Delete("a"),), expect="a"),))

    assert proof(case, memory({"a": ""}), Terms(fail_on=Severity.HIGH)) == Proof(outcome=PROVEN, bit=("delete a",))


@pytest.mark.parametrize(
    ("canary", "reason"),
    [
        (append("."), "append .: no new finding came of it"),
        (append("!", expect="b"), "append !: no new finding about b came of it"),
        (
            append("!", path="gone"),
            "append !: the edit does not fit this repository: gone: there is no such file to edit",
        ),
        (
            Canary("replace", (Replace("a", b"absent", b"!"),)),
            "replace: the edit does not fit this repository: replace in a: the text to replace does not occur",
        ),
        (append("crash"), r"append crash: it could not be judged: crashed: ZeroDivisionError .*"),
        (append("unread"), "append unread: it could not be judged: 1 file could not be read"),
        (append("skip!"), "append skip!: no new finding came of it"),
    ],
)
def test_a_canary_that_does_not_bite_is_missed(canary: Canary, reason: str) -> None:
    found = proved((canary,))

    [missed] = found.missed
    assert (found.outcome, bool(re.fullmatch(reason, missed))) == (MISSED, True), missed


def test_every_canary_must_bite_and_those_before_are_named() -> None:
    found = proved((append("!"), append("."), append("!!")))

    assert found == Proof(
        outcome=MISSED, missed=("append .: no new finding came of it",), bit=("append !", "append !!")
    )


def test_the_expected_key_may_be_a_part_of_a_finding() -> None:
    assert proved((append("!", expect="part of a"),)).outcome is PROVEN


def test_a_finding_that_was_there_before_proves_nothing() -> None:
    assert proved((append("."),), a="!").outcome is MISSED


def test_one_finding_more_of_a_key_that_was_there_proves_a_failing_guardrail() -> None:
    assert proved((append("!", expect="a"),), a="!").outcome is PROVEN


def test_a_canary_that_a_waiver_hides_is_missed() -> None:
    waiver = Waiver(match="a", reason="known", owner="@li", until=date(2026, 12, 31))

    found = proved((append("!"),), on=guardrail(waivers=(waiver,)))

    assert (found.outcome, found.missed) == (MISSED, ("append !: a waiver hides the finding (guardrails.yaml:1)",))


def test_a_canary_may_set_the_day_and_the_environment() -> None:
    day = Canary("long ago", (), "the world", today=date(1999, 1, 1))
    environment = Canary("with a mark", (), "the world", environ={"MARK": "1"})

    assert proved((day, environment)) == Proof(outcome=PROVEN, bit=("long ago", "with a mark"))


def test_users_canaries_prove_a_check_without_its_own() -> None:
    assert proved((), users=(append("!"),)) == Proof(outcome=PROVEN, bit=("append !",))


def test_users_canaries_come_before_the_checks_own() -> None:
    found = proved((append("!"),), users=(append("!!"),))

    assert found == Proof(outcome=PROVEN, bit=("append !!", "append !"))


def test_a_check_without_a_canary_is_unprovable_with_its_reason() -> None:
    assert proved(()) == Proof(outcome=UNPROVABLE, reason="none was given")


def canaries_that(error: type[Exception] | None) -> type[Check]:
    class Odd(NoBang):
        def canaries(self, repo: Repository) -> Iterator[Canary]:
            if error is not None:
                raise error("no database")
            yield from ()

    return Odd


@pytest.mark.parametrize(
    ("error", "reason"), [(CannotJudge, "no database"), (None, "the check offers no canary for this repository")]
)
def test_a_check_that_finds_no_canary_here_is_unprovable(error: type[Exception] | None, reason: str) -> None:
    found = proof(Case(guardrail(), canaries_that(error)()), memory({"a": ""}), Terms(fail_on=Severity.HIGH))

    assert found == Proof(outcome=UNPROVABLE, reason=reason)


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        ("skip", UNPROVABLE, "judged skip as the repository stands: not here"),
        ("unread", ERROR, "judged error as the repository stands: 1 file could not be read"),
    ],
)
def test_what_cannot_be_judged_as_it_stands_is_not_proven(text: str, outcome: Proven, reason: str) -> None:
    assert proved((append("!"),), a=text) == Proof(outcome=outcome, reason=reason)


def test_what_is_switched_off_is_unprovable() -> None:
    off = structs.replace(guardrail(), enabled=Enabled(value=False, reason="too early"))

    assert proved((append("!"),), on=off).outcome is UNPROVABLE


def test_the_repository_is_judged_again_and_never_changed() -> None:
    repo = memory({"a": "text\n"})

    proof(Case(guardrail(), NoBang(own=(append("!"),))), repo, Terms(fail_on=Severity.HIGH))

    assert repo.tree.read("a") == b"text\n"


class CanariesEnd(hostile.Sees):
    """Its canaries end the process."""

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """None."""
        os._exit(0)


class CanariesCrash(hostile.Sees):
    """Its canaries crash."""

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """None."""
        raise ZeroDivisionError


class CanariesNever(hostile.Sees):
    """Its canaries never come."""

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """None."""
        while True:
            pass


def proofs(*checks: Check | Unloadable, jobs: int, **options: Any) -> list[Proof]:
    on = structs.replace(guardrail(), timeout=60.0)
    short = structs.replace(guardrail(), timeout=0.1)
    cases = [Case(short if isinstance(check, CanariesNever) else on, check) for check in checks]
    found = dict(prove(cases, memory({"a": ""}), terms=Terms(fail_on=Severity.HIGH, **options), jobs=jobs))
    return [found[number] for number in range(len(cases))]


@pytest.mark.parametrize("jobs", [1, 4])
def test_whatever_its_canaries_do_each_guardrail_has_its_own_proof(jobs: int) -> None:
    checks = (NoBang(own=(append("!"),)), CanariesEnd(), CanariesCrash(), CanariesNever(), Unloadable("broken"))

    found = proofs(*checks, NoBang(own=(append("."),)), jobs=jobs)

    assert [each.outcome for each in found] == [PROVEN, ERROR, ERROR, ERROR, ERROR, MISSED]
    assert [(each.reason or "".join(each.missed)).partition(" (in")[0] for each in found] == [
        "",
        "crashed: it ended its process with exit code 0",
        "crashed: ZeroDivisionError",
        "timed out after 0.4 s",
        "broken",
        "append .: no new finding came of it",
    ]


def test_what_is_not_allowed_is_unprovable() -> None:
    [found] = proofs(hostile.NeedsMuch(), jobs=1, allowed=ALL_NEEDS - {Need.NETWORK})

    assert found == Proof(
        outcome=UNPROVABLE, reason="judged skip as the repository stands: not allowed: needs a network"
    )
