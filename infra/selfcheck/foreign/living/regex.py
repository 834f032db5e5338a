"""Regular expressions of grep as RE2's (POSIX, Base Definitions, 9.3 and 9.4, with what GNU adds)."""

import re
from collections.abc import Iterator

SIGNS = frozenset("|(){}+?")
"""What is an operator in an extended expression, and with a backslash in a basic one."""
BRACKET = re.compile(r"\[(\^?)(\]?(?:\[[:.=][^]]*[:.=]\]|[^]])*)\]")
SPECIAL = {"<": r"\b", ">": r"\b", "s": r"[^\S\n]", "W": r"[^\w\n]", "b": r"\b", "B": r"\B", "w": r"\w", "S": r"\S"}
"""What GNU reads behind a backslash, within one line."""
BEGINS = frozenset(("", "(", "|", "^"))
"""After what a star is none, and a circumflex is an anchor."""
ENDS = frozenset(("", r"\)", r"\|"))
"""Before what a dollar is an anchor."""


def translated(text: str, *, extended: bool) -> str:
    """The expression as RE2 reads it.

    Raises:
        ValueError: it has no counterpart, as a backreference has none.
    """
    parts = list(_parts(text))
    found: list[str] = []
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        before = found[-1] if found else ""
        inside = (part == "^" and before not in BEGINS) or (part == "$" and following not in ENDS)
        if part.startswith("["):
            found.append(_bracketed(part))
        elif inside and not extended:
            found.append(f"\\{part}")
        else:
            found.append(_sign(part, before, extended=extended))
    return "".join(found)


def _parts(text: str) -> Iterator[str]:
    """Bracket expressions, escapes and single characters."""
    i = 0
    while i < len(text):
        bracket = BRACKET.match(text, i)
        if bracket is not None:
            yield bracket[0]
            i = bracket.end()
            continue
        if text[i] == "[":
            raise ValueError("a bracket that nothing closes")
        length = 2 if text[i] == "\\" else 1
        yield text[i : i + length]
        i += length


def _bracketed(part: str) -> str:
    found = BRACKET.fullmatch(part)
    assert found is not None
    inner = found[2].replace("\\", "\\\\")
    inner = f"\\{inner}" if inner.startswith("]") else inner
    return f"[^{inner}\\n]" if found[1] else f"[{inner}]"


def _sign(part: str, before: str, *, extended: bool) -> str:
    if part.startswith("\\"):
        return _escaped(part[1:], extended=extended)
    if part == "*":
        return r"\*" if before in BEGINS else part
    if part in SIGNS:
        return part if extended else f"\\{part}"
    return part


def _escaped(sign: str, *, extended: bool) -> str:
    if not sign or sign.isdigit():
        raise ValueError("a backreference, or a backslash at the end")
    if sign in SIGNS:
        return f"\\{sign}" if extended else sign
    return SPECIAL.get(sign, re.escape(sign))
