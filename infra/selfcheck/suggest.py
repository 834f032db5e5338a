"""A name that is not known, and the one that was probably meant."""

import difflib
from collections.abc import Iterable

MOST = 20
"""How many known names are listed."""


def unknown(what: str, name: str, known: Iterable[str], about: str = "") -> str:
    """One sentence: the unknown name, and the closest known one or all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    rest = f'did you mean "{short(close[0])}"?' if close else f"known: {_listed(names)}"
    return f'unknown {what} "{short(name)}"{about and f" for {about}"}; {rest}'


def short(text: str, most: int = 60) -> str:
    """The text, cut where it is long, what a terminal would obey or not show written as an escape."""
    cut = text if len(text) <= most else f"{text[:most]}…"
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in cut)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(short(name) for name in names[:MOST]) + more or "none"
