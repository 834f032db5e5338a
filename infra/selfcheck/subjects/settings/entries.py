"""A value in a file that is no code, as a setting: what `${X:-value}` and its like leave to the environment is parted off."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selfcheck.errors import Unreadable
from selfcheck.subjects.settings.code import Found
from selfcheck.subjects.settings.model import Form, Needed, Setting
from selfcheck.subjects.settings.names import Consequence, consequence
from selfcheck.subjects.settings.values import Kind, Shape, Value, literal, shape

LARGEST = 1_000_000
"""Bytes beyond which a file holds data, not settings."""
MOST = 50_000
"""How many values of one file are looked at: aliases can make a small file into an endless one."""

_interpolated = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?:(:?[-?+=])([^{}]*))?\}|([A-Za-z_]\w*))")
_spring = re.compile(r"\$\{([\w.-]+)(?::([^{}]*))?\}")


class Entry(NamedTuple):
    """What one value comes to: settings with their texts, and variables that it takes from elsewhere."""

    found: tuple[Found, ...]
    needed: tuple[Needed, ...] = ()


def require_small(content: bytes) -> None:
    """Raise `Unreadable` for a file that is too large to be settings."""
    if len(content) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST // 1000} KB, too large for a file of settings")


def decoded(content: bytes) -> str:
    """The text of a file of settings.

    Raises:
        Unreadable: it is too large, or no text.

    """
    require_small(content)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8 at byte {error.start}") from None


def entry(name: str, text: str, line: int, *, scope: str = "", variable: str | None = None) -> Entry:
    """A variable and its value, in which others may be named as a shell names them."""
    sets = name if variable is None else variable
    parts = list(_interpolated.finditer(text))
    if not parts:
        return Entry((_setting(name, sets, text, line, Form.ENTRY, scope),))
    needed = tuple(_needed(each, line) for each in parts)
    rest = _interpolated.sub("\0", text)
    if rest == "\0":
        return Entry(tuple(_fallback(name, parts[0], line, scope)), needed)
    defaults = [found for each in parts for found in _fallback(each[1] or each[4], each, line, scope)]
    written = _interpolated.sub(lambda each: each[3] or "\0" if (each[2] or "").endswith("-") else "\0", text)
    whole = _setting(name, sets, written, line, Form.ENTRY, scope)
    if whole.setting.value.shape is Shape.ADDRESS:
        return Entry((whole,), needed)
    return Entry(tuple(defaults), needed)


def spring(name: str, text: str, line: int) -> Entry:
    """A property of Spring, in which `${X:value}` names a variable and its default."""
    parts = list(_spring.finditer(text))
    if not parts:
        return Entry((_setting(name, "", text, line, Form.ENTRY, ""),))
    needed = tuple(Needed(variable=each[1], line=line, required=each[2] is None) for each in parts)
    if _spring.fullmatch(text):
        default = parts[0][2]
        if default is None:
            return Entry((), needed)
        about = consequence(name) or consequence(parts[0][1])
        setting = Setting(
            name=name, variable=parts[0][1], line=line, form=Form.FALLBACK, value=literal(default, about), about=about
        )
        return Entry((Found(setting, default),), needed)
    written = _spring.sub(lambda each: each[2] or "\0", text)
    return Entry((_setting(name, "", written, line, Form.ENTRY, ""),), needed)


def _needed(each: re.Match[str], line: int) -> Needed:
    return Needed(variable=each[1] or each[4], line=line, required=(each[2] or "").endswith("?"))


def _fallback(name: str, each: re.Match[str], line: int, scope: str) -> Iterator[Found]:
    """What a variable holds here that is not set outside: nothing, unless a default is written."""
    variable = each[1] or each[4]
    about = consequence(name) or consequence(variable)
    how = each[2] or ""
    default = each[3] if how.endswith(("-", "=")) else None
    value = Value(Kind.REQUIRED if how.endswith("?") else Kind.NONE) if default is None else literal(default, about)
    setting = Setting(
        name=name, variable=variable, line=line, form=Form.FALLBACK, value=value, about=about, scope=scope
    )
    yield Found(setting, default)


def _setting(name: str, variable: str, text: str, line: int, form: Form, scope: str) -> Found:
    about = consequence(name)
    if about is None and "://" in text and shape(text) is Shape.ADDRESS:
        about = Consequence.ADDRESS
    value = literal(text, about)
    if "\0" in text and value.shape is not Shape.ADDRESS:
        value = Value(Kind.UNKNOWN)
    return Found(
        Setting(name=name, variable=variable, line=line, form=form, value=value, about=about, scope=scope), text
    )
