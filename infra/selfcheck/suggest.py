"""A name that is not known, and the one that was probably meant."""

import difflib
from collections.abc import Iterable


def unknown(what: str, name: str, known: Iterable[str], about: str = "") -> str:
    """One sentence: the unknown name, and the closest known one or all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    rest = f'did you mean "{close[0]}"?' if close else f"known: {', '.join(names) or 'none'}"
    return f'unknown {what} "{short(name)}"{about and f" for {about}"}; {rest}'


def short(text: str, most: int = 60) -> str:
    """The text, cut where it is long."""
    return text if len(text) <= most else f"{text[:most]}…"
