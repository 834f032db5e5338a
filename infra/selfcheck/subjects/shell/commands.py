"""Which simple commands end well whatever a repository holds, and which comparisons are decided beforehand."""

import operator
import re
from collections.abc import Callable, Sequence

FAILED = "a status that is not 0"
"""In place of an exit status, where a command failed and nobody knows with what."""

ALWAYS = frozenset(
    [
        "true",
        ":",
        "echo",
        "export",
        "umask",
        "pwd",
        "sleep",
        "date",
        "hostname",
        "whoami",
        "alias",
        "hash",
        "times",
        "jobs",
        "seq",
        "yes",
        "shopt",
        "ulimit",
    ]
)
"""Their status does not depend on files. (A full disk, or a closed output, is nobody's promise.)"""
FILTERS = {
    "awk": "Fvf",
    "cat": "",
    "column": "sct",
    "cut": "bcdf",
    "fmt": "w",
    "fold": "w",
    "head": "cn",
    "nl": "bdfhilnsvw",
    "paste": "d",
    "rev": "",
    "sed": "ef",
    "sort": "kStT",
    "tac": "s",
    "tail": "cn",
    "tee": "",
    "tr": "",
    "uniq": "fsw",
    "wc": "",
}
"""What reads its input where no file is named, and ends well; with each the options that take a value."""
WRITES = frozenset(("tee", "tr"))
"""Their operands are no files that must be there."""
PROGRAM = frozenset(("awk", "sed"))
"""Their first operand is a program."""
QUITS = {"awk": re.compile(r"\bexit\b|\bgetline\b|\bsystem\b"), "sed": re.compile(r"[qQrRwWeF]")}
"""What such a program may hold that decides its status, or reads other files."""
ACTS = frozenset(("-exec", "-execdir", "-ok", "-okdir", "-delete", "-newer", "-samefile", "-files0-from"))
"""Parts of an expression of find by which it may fail."""
NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq,
    "-ne": operator.ne,
    "-gt": operator.gt,
    "-ge": operator.ge,
    "-lt": operator.lt,
    "-le": operator.le,
}
FAILED_AGAINST_0 = {"-eq": False, "=": False, "==": False, "-ne": True, "!=": True, "-gt": True, "-le": False}
WRAPPERS = frozenset(("command", "builtin", "exec", "env", "nohup", "time", "nice"))
"""What only starts another command."""
SPECIAL = frozenset(
    (
        ":",
        ".",
        "break",
        "continue",
        "eval",
        "exec",
        "exit",
        "export",
        "readonly",
        "return",
        "set",
        "shift",
        "trap",
        "unset",
    )
)
"""What ends a shell that is not interactive where its redirect fails (POSIX, 2.8.1)."""
INTEGER = re.compile(r"[ \t]*[+-]?\d+[ \t]*", re.ASCII)


def succeeds(words: Sequence[str | None]) -> bool:
    """Whether a command, given by its words (None for one that is not known), ends with 0 whatever it finds."""
    name, *rest = words
    if name == "printf":
        return bool(rest) and rest[0] is not None and re.search(r"%[^%sbc\n]|%$", rest[0].replace("%%", "")) is None
    if name in ALWAYS:
        return True
    if name == "wait":
        return not rest
    if name == "ls":
        return all(each is not None and (each == "." or each.startswith("-")) for each in rest)
    if name == "find":
        return _finds(rest)
    return name in FILTERS and _filters(name, rest)


def unwrapped(words: Sequence[str | None]) -> tuple[str | None, tuple[str | None, ...], bool]:
    """A command without what only starts it (`env A=1`, `nice`, `exec`); whether that takes the shell's place."""
    name, rest, replaced = words[0], tuple(words[1:]), False
    while name in WRAPPERS:
        replaced = replaced or name == "exec"
        while name == "env" and rest and "=" in (rest[0] or ""):
            rest = rest[1:]
        if not rest:
            return (None if replaced else name), (), replaced
        name, rest = rest[0], rest[1:]
    return name, rest, replaced


def decided(words: Sequence[str | None]) -> bool | None:
    """Whether the words between `[` and `]` hold; None where that depends on what is not known here."""
    negations = next((i for i, each in enumerate(words) if each != "!"), len(words))
    if negations:
        inner = decided(words[negations:])
        return None if inner is None else inner != (negations % 2 == 1)
    match list(words):
        case []:
            return False
        case [str(one)]:
            return one != ""
        case ["-n" | "-z" as sign, str(one)]:
            return (one != "") == (sign == "-n")
        case [str(left), str(sign), str(right)]:
            return _compared(left, sign, right)
        case _:
            return None


def _compared(left: str, sign: str, right: str) -> bool | None:
    if FAILED in (left, right):
        if left == FAILED:
            against_0 = INTEGER.fullmatch(right) is not None and int(right) == 0
            return FAILED_AGAINST_0.get(sign) if against_0 else None
        return None
    if sign in ("=", "=="):
        return left == right
    if sign == "!=":
        return left != right
    if sign in NUMBERS and INTEGER.fullmatch(left) and INTEGER.fullmatch(right):
        return NUMBERS[sign](int(left), int(right))
    return None


def _finds(rest: Sequence[str | None]) -> bool:
    """A find that begins in the current folder reports what it finds, and ends well."""
    if any(each is None or each in ACTS for each in rest):
        return False
    begin = next((i for i, each in enumerate(rest) if each is not None and each[:1] in ("-", "(", "!")), len(rest))
    return all(each in (".", "./") for each in rest[:begin])


def _filters(name: str, rest: Sequence[str | None]) -> bool:
    operands: list[str] = []
    programs: list[str] = []
    waiting = iter(rest)
    for each in waiting:
        if each is None or each.startswith("--"):
            return False
        if each == "-" or not each.startswith("-"):
            operands.append(each)
        elif each[-1] in FILTERS[name]:
            value = next(waiting, None)
            if value is None or (name in PROGRAM and each[-1] == "f"):
                return False
            programs += [value] * (each[-1] == "e" and name == "sed")
    if name in PROGRAM:
        programs, operands = (programs, operands) if programs else (operands[:1], operands[1:])
        if not programs or any(QUITS[name].search(program) for program in programs):
            return False
    return name in WRITES or all(each == "-" for each in operands)
