"""The list of decisions that stands between the markers of an index, and nothing around it."""

import posixpath
from collections.abc import Iterator, Sequence

from selfcheck.errors import UsageError
from selfcheck.subjects.decisions import Decision, Folder
from selfcheck.subjects.decisions.index import MARKERS, block_in


def block(path: str, content: bytes, folders: Sequence[Folder]) -> bytes:
    """An index with its list made anew.

    Raises:
        UsageError: it has no markers, or is not written in UTF-8.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not written in UTF-8; it is left as it is") from None
    place = block_in(text)
    if place is None:
        opening, closing = MARKERS[0]
        raise UsageError(
            f"{path}: has no markers; write `{opening}` and `{closing}` on lines of their own where the list is to be"
        )
    begin, end = place
    line = "\r\n" if "\r\n" in text else "\n"
    as_adr_log = text[:begin].endswith(MARKERS[1][0])
    rows = line.join(_rows(path, folders, as_adr_log=as_adr_log))
    return (text[:begin] + f"{line}{line}{rows}{line}{line}" + text[end:]).encode("utf-8")


def _rows(path: str, folders: Sequence[Folder], *, as_adr_log: bool) -> Iterator[str]:
    for folder in folders:
        for decision in folder.decisions:
            link = posixpath.relpath(decision.path, posixpath.dirname(path) or ".").replace(" ", "%20")
            if as_adr_log:
                yield f"* [{decision.id}]({link}) - {decision.title}"
            else:
                yield f"- [{decision.id}]({link}): {decision.title}{_status(decision)}"


def _status(decision: Decision) -> str:
    return f" ({decision.status.value.replace('-', ' ')})" if decision.status else ""
