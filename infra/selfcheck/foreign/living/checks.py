"""Shell idioms as checks: `test -f`, `grep`, `wc -l` and a script that looks for circles of imports."""

import posixpath
import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from selfcheck.check import Repository, Unreadable
from selfcheck.foreign.living import health
from selfcheck.foreign.living.grep import PLAIN, Search, search
from selfcheck.foreign.living.promises import Promise, alternatives, promises
from selfcheck.subjects.shell import Command, Pipeline, Redirect, Script, Substitution, Word
from selfcheck.trees import Tree

THERE = frozenset(("-e", "-f", "-r"))
SHORTER = {"-le": 0, "-lt": 1}
"""A comparison that bounds a length, and how much less than its number is allowed."""
CIRCLES = re.compile(r"circular|cycl|circle", re.IGNORECASE)
KNOWN = (
    (
        re.compile(r"(?:^|_)adrs?(?:_|$)"),
        "adr-enforced",
        "adr-lint, adr-links and adr-supersede judge the decisions themselves",
    ),
    (re.compile(r"secret|default_key"), "secret-defaults", "secret-leaks looks for tokens that were committed"),
    (re.compile(r"(?:^|_)cors(?:_|$)|production_settings"), "production-settings", ""),
    (re.compile(r"(?:^|_)env_(?:example|vars|variables|complete)"), "env-complete", ""),
    (re.compile(r"(?:^|_)health(?:_|$)"), "health-endpoints", "health-probes judges who asks for them"),
    (
        re.compile(r"(?:^|_)(?:migrations?|alembic)(?:_|$)"),
        "migrations-drift",
        "migrations-graph, migrations-immutable and migrations-safe judge the migrations themselves",
    ),
    (re.compile(r"(?:^|_)schema(?:_(?:sql|parity|complete|drift))?$"), "schema-parity", ""),
)
"""What scripts of such names look for, the check that does, and which others are near it."""
PYTHON = re.compile(r"python[\d.]*")
RUNNERS = (("uv", "run"), ("poetry", "run"), ("pdm", "run"), ("python", "-m"), ("python3", "-m"))
"""Words before the name of a program that only say who starts it."""
DRIFT = (
    "stricter: the migrations run on a database made for them, not on one that is there; env.py must work without it"
)
LITERAL = re.compile(r"""["']([\w.-]+)/?["']""")
LONGER = "stricter: a last line counts though no line's end closes it"


class Made(Struct, frozen=True):
    """A check, and how it differs from what was written."""

    use: str
    options: dict[str, Any]
    said: tuple[str, ...] = ()


def made(script: Script, repo: Repository) -> list[Made] | None:
    """The checks that hold what a line promises, one for each part; None where one part has no counterpart."""
    either = _either(script, repo.tree)
    if either is not None:
        return [either]
    parts = promises(script.body)
    found = [_of(part, repo) for part in parts or ()]
    kept = [each for each in found if each is not None]
    return _gathered(kept) if kept and len(kept) == len(found) else None


def script_of(command: Command) -> str | None:
    """The Python script that a command starts."""
    match command.texts:
        case (program, path, *_) if PYTHON.fullmatch(posixpath.basename(program)) and path.endswith(".py"):
            return posixpath.normpath(path)
        case _:
            return None


def _either(script: Script, tree: Tree) -> Made | None:
    """Searches in the same files of which one must find something are one search."""
    commands = alternatives(script.body)
    searches = [search(each, tree) for each in commands or () if _is_quiet(each.redirects)]
    if commands is None or len(commands) < 2 or len(searches) < len(commands):
        return None
    first, *others = searches
    if first is None or any(each is None or each.paths != first.paths for each in others):
        return None
    pattern = "|".join(f"(?:{each.pattern})" for each in searches if each is not None)
    return _contains(Search(pattern, first.paths, first.several, first.said))


def _of(promise: Promise, repo: Repository) -> Made | None:
    command = promise.command
    if not _is_quiet(command.redirects):
        return None
    found = search(command, repo.tree)
    if found is not None:
        return _contains(found) if promise.holds else Made("text-forbids", _searched(found), found.said)
    words = _tested(command)
    if words:
        return _existing(words, holds=promise.holds) or (_length(words) if promise.holds else None)
    return (_circles(command, repo) or _known(command) or _drift(command)) if promise.holds else None


def _is_quiet(redirects: Sequence[Redirect]) -> bool:
    """Whether nothing is written but to where it is forgotten."""
    return all(each.target.text in ("/dev/null", "1", "2") and ">" in each.operator for each in redirects)


def _contains(found: Search) -> Made:
    every: dict[str, Any] = {"every": False} if found.several else {}
    return Made("text-contains", {**_searched(found), **every}, found.said)


def _searched(found: Search) -> dict[str, Any]:
    return {"pattern": found.pattern, "paths": list(found.paths)}


def _tested(command: Command) -> tuple[Word, ...]:
    """The words of a test; none for another command."""
    first = command.words[0].text if command.words else None
    if first == "test":
        return command.words[1:]
    return command.words[1:-1] if first == "[" and command.words[-1].text == "]" else ()


def _existing(words: Sequence[Word], *, holds: bool) -> Made | None:
    texts = [word.text for word in words]
    if texts[:1] == ["!"]:
        texts, holds = texts[1:], not holds
    match texts:
        case [str(flag), str(path)] if flag in THERE or flag == "-d":
            path = posixpath.normpath(path)
            if not PLAIN.fullmatch(path) or path.startswith(("/", "..", "~")) or path == ".":
                return None
            said = ("stricter: the folder must hold a file, since git keeps no empty one",)
            paths = [f"{path}/**"] if flag == "-d" else [path]
            return Made(
                "files-exist" if holds else "files-absent", {"paths": paths}, said if flag == "-d" and holds else ()
            )
        case _:
            return None


def _length(words: Sequence[Word]) -> Made | None:
    """`test $(wc -l < file) -le 500`."""
    match words:
        case [counted, Word() as sign, Word() as number] if sign.text in SHORTER and (number.text or "").isdecimal():
            path = _counted(counted)
            limit = int(str(number.text)[:9]) - SHORTER[str(sign.text)]
            return Made("max-lines", {"limit": limit, "paths": [path]}, (LONGER,)) if path and limit > 0 else None
        case _:
            return None


def _counted(word: Word) -> str | None:
    """The file whose lines a word counts."""
    match word.parts:
        case (Substitution(body=body),) if len(body.items) == 1:
            node = body.items[0]
        case _:
            return None
    match node:
        case Command(redirects=(Redirect(operator="<", target=target),)) if node.texts == ("wc", "-l"):
            path = target.text
        case Pipeline(parts=(Command(redirects=()) as first, Command() as last)) if last.texts == ("wc", "-l"):
            path = first.texts[1] if first.texts and len(first.texts) == 2 and first.texts[0] == "cat" else None
        case _:
            return None
    inside = path is not None and PLAIN.fullmatch(path) and not path.startswith(("/", "..", "~"))
    return posixpath.normpath(path) if path is not None and inside else None


def _circles(command: Command, repo: Repository) -> Made | None:
    path = script_of(command)
    if path is None or not CIRCLES.search(posixpath.basename(path)):
        return None
    folders = sorted({each.partition("/")[0] for each in repo.tree.kinds if "/" in each and each.endswith(".py")})
    own = path.partition("/")[0]
    named = [each for each in folders if each in _literals(repo.tree, path)]
    roots = named or [each for each in folders if each not in (own, "tests", "test")]
    if not roots:
        return None
    whence = f"{path} names them" if named else "all folders with Python but the script's own and the tests"
    return Made(
        "imports-acyclic",
        {"roots": roots},
        (f"stricter: all modules and all imports count, whatever {path} looked at", f"the roots are a guess: {whence}"),
    )


def _known(command: Command) -> Made | None:
    path = script_of(command)
    name = posixpath.basename(path or "").removesuffix(".py").lower()
    for pattern, use, others in KNOWN:
        if path is not None and pattern.search(name):
            said = (f"a guess by the name of {path}: the whole repository is judged, whatever it looked at", others)
            return Made(use, {}, tuple(filter(None, said)))
    return None


def _drift(command: Command) -> Made | None:
    """`alembic check`, and what asks the same of Django."""
    texts = command.texts or ()
    match texts[2:] if texts[:2] in RUNNERS else texts:
        case ("alembic", *rest) if rest[-1:] == ["check"]:
            return Made("migrations-drift", {}, (DRIFT,))
        case (_, str(manager), "makemigrations", *rest) if manager.endswith("manage.py") and "--check" in rest:
            return Made("migrations-drift", {}, ("stricter: several leaves of an app are findings too",))
        case _:
            return None


def _literals(tree: Tree, path: str) -> frozenset[str]:
    """The names in quotes in a script, which is read and not run."""
    file = tree.file(path)
    try:
        return frozenset(LITERAL.findall(file.text or "" if file else ""))
    except Unreadable:
        return frozenset()


def _gathered(found: list[Made]) -> list[Made]:
    """Files that must be there, or must not, are one check; so are health endpoints, one of each role."""
    kept: list[Made] = []
    asked: dict[str, str] = {}
    for each in found:
        role, path = health.endpoint(each.options["pattern"]) or ("", "") if each.use == "text-contains" else ("", "")
        if role and asked.setdefault(role, path) == path:
            continue
        same = next((i for i, one in enumerate(kept) if one.use == each.use and one.use.startswith("files-")), None)
        if same is None:
            kept.append(each)
        else:
            one = kept[same]
            paths = list(dict.fromkeys([*one.options["paths"], *each.options["paths"]]))
            kept[same] = Made(one.use, {"paths": paths}, tuple(dict.fromkeys([*one.said, *each.said])))
    if asked:
        kept.append(Made("health-endpoints", health.options([*asked.items()]), (health.SAID,)))
    return kept
