"""A repository of 5,000 files with one changed, judged alone and compared with its base."""

from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

from bench.clock import SELFCHECK, Candidate, compete, table
from bench.history import file, imported

FILES = 5_000
CHANGED = "pkg/p7/m7.py"
MOST = "1.5"
RULEBOOK = """\
version: 1
guardrails:
  - {id: cycles, title: No circles, why: They rot., severity: high, check: {use: imports-acyclic}}
  - {id: apart, title: Apart, why: They move alone., severity: high,
     check: {use: imports-forbidden, source_modules: [pkg.p1], forbidden_modules: [pkg.p2], as_packages: true, allow_indirect_imports: true}}
  - {id: length, title: Short files, why: Reading., severity: high, check: {use: max-lines, limit: 32, paths: ["**/*.py"]}}
  - {id: words, title: No word, why: Taste., severity: high, check: {use: text-forbids, pattern: 'VALUE_7 = 7\\b', paths: ["pkg/**"]}}
  - {id: secrets, title: No secret, why: Thieves., severity: high, check: {use: text-forbids, pattern: 'SECRET', paths: ["pkg/**"]}}
  - {id: readme, title: There is a readme, why: Newcomers., severity: high, check: {use: files-exist, paths: [pkg/p0/m0.py]}}
"""
PLAIN, BASE, FIXED = "selfcheck run", "selfcheck run --base main", "selfcheck run --base main, with what is fixed"


def tables(folder: Path) -> Iterator[str]:
    """Two tables: nothing changed since the last run, and one file saved before each."""
    repository = folder / "repository"
    _generate(repository)
    for title, editing in (("nothing saved since the last run", False), ("one file saved before every run", True)):
        cache = folder / f"cache-{editing}"
        arguments = {
            PLAIN: [],
            BASE: ["--base", "main"],
            FIXED: ["--base", "main", "--format", f"json={folder / 'report'}"],
        }
        numbers = count()
        candidates = {
            name: Candidate(
                [SELFCHECK, "run", "--cache-dir", str(cache), *more],
                repository,
                before=partial(_save, repository, numbers) if editing else bool,
                codes=(1,),
            )
            for name, more in arguments.items()
        }
        heading = f"One of {FILES:,} files changed, compared with the base, warm: {title}"
        yield table(heading, compete(candidates), PLAIN, {}, {"ratio at most": {BASE: MOST}})


def _generate(folder: Path) -> None:
    """Modules of 30 lines in 50 packages, each importing two that come later, and a few that close circles."""
    stream = [b"commit refs/heads/main\ncommitter b <b@b> 1700000000 +0000\ndata 1\nx"]
    for number in range(FILES):
        others = {(number * 7 + 1) % FILES, (number * 13 + 5) % FILES}
        lines = [f"from pkg.p{other % 50} import m{other}" for other in sorted(others) if other > number]
        lines += [f"from pkg.p{(number - 1) % 50} import m{number - 1}"] * (number % 1000 == 1)
        values = (f"VALUE_{line} = {number * line}" for line in range(30))
        stream.append(file(f"pkg/p{number % 50}/m{number}.py", "\n".join((*lines, *values, ""))))
    stream.append(file("guardrails.yaml", RULEBOOK))
    imported(folder, stream)
    _save(folder, count())


def _save(folder: Path, numbers: Iterator[int]) -> None:
    """The one file, with a content that it never had."""
    folder.joinpath(CHANGED).write_text(f"from pkg.p8 import m8\nSECRET = {next(numbers)}\n", encoding="utf-8")
