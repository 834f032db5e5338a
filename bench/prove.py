"""A repository of 5,000 files, twenty guardrails of a dozen checks: what it costs to prove them all beside judging them."""

from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

from bench.clock import SELFCHECK, Candidate, compete, table
from bench.history import file, imported

FILES = 5_000
PACKAGES = 50
CHANGED = "pkg/p7/m7.py"
MOST = "10"
ONE = """\
  - {{id: {id}, title: One of twenty, why: It is measured., severity: high,
     check: {{use: {check}}}}}
"""
CHECKS = {
    "cycles": "imports-acyclic",
    "package-cycles": "imports-acyclic, ancestors: true",
    "layers": "imports-layers, layers: [pkg.p1, pkg.p26]",
    "more-layers": "imports-layers, containers: [pkg], layers: [p2 | p3, p27 | p28, p40]",
    "apart": "imports-forbidden, source_modules: [pkg.p5], forbidden_modules: [pkg.p6]",
    "no-requests": "imports-forbidden, source_modules: [pkg], forbidden_modules: [requests, httpx]",
    "independent": "imports-independent, modules: [pkg.p20, pkg.p21, pkg.p22]",
    "protected": "imports-protected, protected_modules: [pkg.p30], allowed_importers: [pkg.p5]",
    "allowed": "imports-allowed, source_modules: [pkg.p10], allowed_modules: [pkg.p35]",
    "resolved": "imports-resolve",
    "length": 'max-lines, limit: 40, paths: ["**/*.py"]',
    "package-length": 'max-lines, limit: 35, paths: ["pkg/p1/**", "pkg/p2/**", "pkg/p3/**"]',
    "no-debugger": "text-forbids, pattern: 'breakpoint\\(', paths: [\"**/*.py\"]",
    "no-secret": "text-forbids, pattern: 'SECRET_KEY', paths: [pkg]",
    "no-print": 'text-forbids, pattern: \'^print\\(\', paths: ["pkg/p1/**", "pkg/p2/**"]',
    "no-conflict": 'text-forbids, pattern: \'^<<<<<<< \', paths: ["**", "!guardrails.yaml"]',
    "values": "text-contains, pattern: 'VALUE_0', paths: [\"pkg/**/*.py\"]",
    "readme": "files-exist, paths: [README.md, pkg/p0/m0.py]",
    "no-environment": 'files-absent, paths: ["**/.env", "**/*.pem"]',
    "no-copies": 'files-absent, paths: ["**/*.orig"]',
}
RULEBOOK = "version: 1\nguardrails:\n" + "".join(ONE.format(id=name, check=check) for name, check in CHECKS.items())
RUN, PROVE = "selfcheck run", "selfcheck prove"


def tables(folder: Path) -> Iterator[str]:
    """Three tables: nothing remembered, nothing saved since the last time, and one file saved before each."""
    repository = folder / "repository"
    _generate(repository)
    for title, cached, editing in (
        ("nothing is remembered", False, False),
        ("nothing saved since the last time", True, False),
        ("one file saved before every time", True, True),
    ):
        more = ["--cache-dir", str(folder / f"cache-{editing}")] if cached else ["--no-cache"]
        numbers = count()
        candidates = {
            f"selfcheck {command}": Candidate(
                [SELFCHECK, command, *more],
                repository,
                before=partial(_save, repository, numbers) if editing else bool,
                codes=(0,),
            )
            for command in ("run", "prove")
        }
        heading = f"{len(CHECKS)} guardrails of {FILES:,} files proven: {title}"
        yield table(heading, compete(candidates, rounds=5), RUN, {}, {"ratio below": {PROVE: MOST}})


def _generate(folder: Path) -> None:
    """Modules of 30 lines, each importing two of its package; those of the first 25 packages one more, 25 packages on."""
    stream = [b"commit refs/heads/main\ncommitter b <b@b> 1700000000 +0000\ndata 1\nx"]
    for number in range(FILES):
        package, place = number % PACKAGES, number // PACKAGES
        later = {place + 1, place + 7} & set(range(FILES // PACKAGES))
        lines = [f"from pkg.p{package} import m{each * PACKAGES + package}" for each in sorted(later)]
        lines += [f"from pkg.p{package + 25} import m{number + 25}"] * (package < 25)
        values = (f"VALUE_{line} = {number * line}" for line in range(30))
        stream.append(file(f"pkg/p{package}/m{number}.py", "\n".join((*lines, *values, ""))))
    stream += [file("README.md", "# Many modules\n"), file("guardrails.yaml", RULEBOOK)]
    imported(folder, stream)


def _save(folder: Path, numbers: Iterator[int]) -> None:
    """One file, with a content that it never had."""
    text = f"from pkg.p7 import m57\nVALUE_0 = {next(numbers)}\n"
    folder.joinpath(CHANGED).write_text(text, encoding="utf-8")
