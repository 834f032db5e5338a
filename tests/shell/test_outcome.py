"""What a script can come to, whose status is lost, and by which construct."""

import pytest

from selfcheck.subjects.shell import Fault, Kind, Reason, outcome, parse, simple


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("make lint || true", Kind.OR),
        ("make lint || echo WARNING", Kind.OR),
        ("make lint || exit 0", Kind.OR),
        ("make lint; true", Kind.LAST),
        ("make lint; exit 0", Kind.EXIT),
        ("set -e; set +e; make lint; true", Kind.ERREXIT),
        ("set -e; if make lint; then :; fi", Kind.IF),
        ("set -e; ! make lint; true", Kind.TESTED),
        ("make lint | tee log", Kind.PIPELINE),
        ("if make lint; then echo yes; else echo no; fi", Kind.IF),
        ("case $x in a) make lint || :;; esac", Kind.OR),
        ("for f in a b; do make $f; true; done", Kind.LAST),
        ("while make lint; do :; done", Kind.LOOP),
        ("make lint &", Kind.BACKGROUND),
        ("echo $(make lint)", Kind.SUBSTITUTION),
        ("trap 'exit 0' EXIT; make lint", Kind.TRAP),
        ("exit 0; make lint", Kind.UNREACHED),
        ("echo fine", Kind.NOTHING),
    ],
)
def test_a_script_that_cannot_fail_says_what_loses_the_status(text: str, kind: Kind) -> None:
    end = outcome(parse(text))

    assert (end.can_pass, end.can_fail, [reason.kind for reason in end.lost]) == (True, False, [kind])


@pytest.mark.parametrize(
    "text",
    [
        "make lint",
        "make lint || exit 1",
        "make lint || { echo no; exit 1; }",
        "make lint; status=$?; echo done; exit $status",
        "make lint && true",
        "set -e; make lint; true",
        "set -o pipefail; make lint | tee log",
        "grep -q a b && exit 1 || exit 0",
        "for f in a b; do make $f || exit 1; done",
        "output=$(make lint) || exit 1",
        """grep -q "a$" b""",
        """grep -q "a$'b" c""",
    ],
)
def test_a_script_that_can_fail_loses_nothing(text: str) -> None:
    end = outcome(parse(text, bash=True))

    assert (end.can_pass, end.can_fail, end.lost) == (True, True, ())


def test_a_reason_has_a_place_a_command_and_what_to_write_instead() -> None:
    end = outcome(parse("make a\nmake b || true\n"))

    assert end.lost == (Reason(1, 1, Kind.SEQUENCE, "make a"), Reason(2, 11, Kind.OR, "make b"))
    assert end.lost[1].instead == "let it fail: take away what follows `||`, or end it with `exit 1`"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("if then", Fault(1, 4, "a command was expected, not `then`")),
        ("make 'lint", Fault(1, 6, "a single quote that nothing closes")),
        ("make lint )", Fault(1, 11, "an unexpected `)`")),
        ("if a; then b; elif c; then d", Fault(1, 27, "`elif` or `else` or `fi` was expected, not the end")),
        ("(" * 1_000, Fault(1, 61, "is nested too deeply to be read", beyond=True)),
        ("f() " * 1_000 + "{ a; }", Fault(1, 241, "is nested too deeply to be read", beyond=True)),
        ("a\n" * 60_000, Fault(1, 1, "is longer than 100,000 characters", beyond=True)),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_place_and_both_ends_are_possible(text: str, fault: Fault) -> None:
    script = parse(text)

    assert script.faults == (fault,)
    assert (outcome(script).can_pass, outcome(script).can_fail) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "if a; then b; " + "elif a; then b; " * 1_000 + "fi",
        "a && " * 5_000 + "a",
        "! " * 5_000 + "a",
        "[ " + "! " * 5_000 + "a ]",
        "a || true; " * 1_000,
        "f() { f; f; }; f",
        "".join(f"f{i}() {{ f{i + 1}; f{i + 1}; }}\n" for i in range(30)) + "f30() { a; }; f0",
        "for x in 1 2; do " * 30 + "a" + "; done" * 30,
        "".join(f"x{i}=$y{i}; [ $x{i} = 1 ] && a; " for i in range(500)),
        "trap 'trap a EXIT' EXIT; " * 500 + "a",
        "a\0b || true\0",
        "\udc80 || true",
        "`" * 1_001,
        "cat " + "<<A " * 1_000,
    ],
)
def test_a_hostile_script_comes_to_an_end_without_an_exception(text: str) -> None:
    assert outcome(parse(text, bash=True)).can_pass


def test_one_simple_command_is_told_from_all_else() -> None:
    texts = ["make 'a b'", "make a; make b", "A=1 make", "make $a", "make *.c", "( make )", ""]

    found = [simple(parse(text)) for text in texts]

    assert [each.texts if each else None for each in found] == [("make", "a b"), *[None] * 6]
