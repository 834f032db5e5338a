"""A new decision: the next number, the name that its folder gives, both sides linked, the index kept."""

import posixpath
import re
import unicodedata
from datetime import date

from selfcheck.actions.adr.change import Change
from selfcheck.actions.adr.plan import Plan
from selfcheck.actions.adr.templates import document, usual
from selfcheck.errors import UsageError
from selfcheck.subjects.decisions import Decision, Decisions, Folder, Status
from selfcheck.trees import Tree

FIRST = "docs/adr"
WIDTH = 4


def plan_new(
    tree: Tree,
    found: Decisions,
    *,
    title: str,
    today: date,
    folder: str | None = None,
    template: str | None = None,
    status: Status | None = None,
    supersedes: tuple[Decision, ...] = (),
) -> tuple[Plan, str]:
    """What is to be written, and the path of the new decision. One that supersedes another is accepted unless it is said.

    Raises:
        UsageError: there are several folders and none is named, the title is no title, or what is to be changed cannot be.
    """
    if not slug(title):
        raise UsageError(f"{title!r}: is no title; give it a word")
    home, known = _home(found, folder, supersedes)
    number, path = _named(known, home, title, today)
    if path in tree.kinds:
        raise UsageError(f"{path}: is there already")
    decided = status or (Status.ACCEPTED if supersedes else Status.PROPOSED)
    chosen = template or usual(known)
    shown = number.lstrip("0") or number if chosen == "nygard" else number
    text = document(chosen, number=shown, title=title, status=_worded(chosen, decided), day=today.isoformat())
    change = Change(tree, found)
    change.write(path, text.encode())
    new = change.decision(path, home)
    for old in supersedes:
        change.supersede(new, old)
    change.index(home)
    return change.plan(), path


def slug(title: str) -> str:
    """A title as the part of a file's name."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80].strip("-")


def _worded(template: str, status: Status) -> str:
    word = status.value.replace("-", " ")
    return word if template == "madr" else word.capitalize()


def _home(found: Decisions, folder: str | None, supersedes: tuple[Decision, ...]) -> tuple[str, Folder | None]:
    """The folder that a new decision goes to, and what is in it."""
    if folder is not None:
        home = posixpath.normpath(folder)
        if home.startswith(("../", "/")) or home == "..":
            raise UsageError(f"--folder {folder}: is outside of the repository")
        return home, next((each for each in found.folders if each.path == home), None)
    if supersedes:
        return supersedes[0].folder, found.folder_of(supersedes[0])
    if len(found.folders) > 1:
        names = ", ".join(each.path for each in found.folders)
        raise UsageError(f"decisions are kept in several folders ({names}); name one with --folder")
    return (found.folders[0].path, found.folders[0]) if found.folders else (FIRST, None)


def _named(folder: Folder | None, home: str, title: str, today: date) -> tuple[str, str]:
    """The number and the path, in the way of those that are there."""
    decisions = folder.decisions if folder else ()
    own = [each for each in decisions if posixpath.dirname(each.path) in (home, posixpath.join(home, each.name.stem))]
    last = own[-1] if own else None
    suffix = ".rst" if last and last.path.endswith(".rst") else ".md"
    numbered = [each for each in decisions if each.name.number is not None]
    if own and not numbered:
        day = today.isoformat() if "-" in (last.name.stem[:5] if last else "-") else today.strftime("%Y%m%d")
        stem = f"{day}-{slug(title)}" if any(each.name.day for each in own) else slug(title)
        nested = last is not None and posixpath.basename(last.path).lower().startswith(("readme", "index"))
        return "", posixpath.join(home, stem, posixpath.basename(last.path)) if nested and last else posixpath.join(
            home, stem + suffix
        )
    highest = max((each.name.number or 0 for each in numbered), default=0)
    model = numbered[-1].name if numbered else None
    number = f"{highest + 1:0{len(model.digits) if model else WIDTH}}"
    prefix = model.stem[: model.stem.find(model.digits)] if model else ""
    joint = "_" if model and model.stem[len(prefix) + len(model.digits) :][:1] == "_" else "-"
    return number, posixpath.join(home, f"{prefix}{number}{joint}{slug(title)}{suffix if suffix == '.md' else '.md'}")
