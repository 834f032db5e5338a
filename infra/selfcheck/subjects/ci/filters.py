"""Which change of one path starts something: the path filters of GitHub and of GitLab."""

import re
from collections.abc import Callable, Sequence
from functools import cache

Starts = Callable[[str], bool]


def github(paths: Sequence[str] | None, ignored: Sequence[str] | None) -> Starts:
    """`paths` and `paths-ignore`: the last pattern that matches decides, `!` takes out again."""

    def starts(path: str) -> bool:
        if ignored is not None and _last(ignored, path):
            return False
        return paths is None or _last(paths, path)

    return starts


def gitlab(paths: Sequence[str]) -> Starts:
    """`changes`: any pattern, as Ruby's File.fnmatch reads it with FNM_PATHNAME, FNM_DOTMATCH and FNM_EXTGLOB."""

    def starts(path: str) -> bool:
        return any(_ruby(pattern).fullmatch(path) for pattern in paths)

    return starts


def _last(patterns: Sequence[str], path: str) -> bool:
    found = False
    for pattern in patterns:
        if _github(pattern.removeprefix("!")).fullmatch(path):
            found = not pattern.startswith("!")
    return found


@cache
def _github(pattern: str) -> re.Pattern[str]:
    """https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#filter-pattern-cheat-sheet."""
    parts: list[str] = []
    for token in re.findall(r"\*\*/|\*\*|\*|\\.|\[[^\]]*\]|.", pattern, re.DOTALL):
        match token:
            case "**/":
                parts.append("(?:.*/)?")
            case "**":
                parts.append(".*")
            case "*":
                parts.append("[^/]*")
            case "?" | "+" if parts:
                parts.append(token)
            case _ if token.startswith("[") and len(token) > 1:
                parts.append(token)
            case _:
                parts.append(re.escape(token.removeprefix("\\") or token))
    return _compiled("".join(parts), pattern)


@cache
def _ruby(pattern: str) -> re.Pattern[str]:
    return _compiled("|".join(_expanded(each) for each in _braces(pattern)), pattern)


def _compiled(expression: str, pattern: str) -> re.Pattern[str]:
    """The expression; where it is none, the pattern as it stands."""
    try:
        return re.compile(expression, re.DOTALL)
    except re.error:
        return re.compile(re.escape(pattern))


def _expanded(pattern: str) -> str:
    parts: list[str] = []
    for token in re.findall(r"\*\*/|\*|\?|\\.|\[[^\]]*\]|.", pattern, re.DOTALL):
        match token:
            case "**/":
                parts.append("(?:.*/)?")
            case "*":
                parts.append("[^/]*")
            case "?":
                parts.append("[^/]")
            case _ if token.startswith("[") and len(token) > 1:
                parts.append(token.replace("[!", "[^", 1))
            case _:
                parts.append(re.escape(token.removeprefix("\\") or token))
    return "".join(parts)


def _braces(pattern: str, most: int = 200) -> list[str]:
    """Every text that `{a,b}` stands for."""
    found, done = [pattern], list[str]()
    while found and len(found) + len(done) < most:
        each = found.pop()
        if (choice := re.search(r"\{([^{}]*)\}", each)) is None:
            done.append(each)
        else:
            found += [each[: choice.start()] + one + each[choice.end() :] for one in choice[1].split(",")]
    return done + found
