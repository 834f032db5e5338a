"""Generated Python projects, large enough to be worth remembering and sharing out."""

from random import Random

from selfcheck.testing import Files

RULEBOOK = """version: 1
guardrails:
  - {id: acyclic, title: t, why: w, severity: high, check: {use: imports-acyclic}}
  - {id: no-todo, title: t, why: w, severity: high, check: {use: text-forbids, pattern: TODO, paths: ["**/*.py"]}}
  - {id: short, title: t, why: w, severity: low, check: {use: max-lines, limit: 50, paths: ["**/*.py"]}}
  - {id: there, title: t, why: w, severity: low, check: {use: files-exist, paths: ["pkg/m0.py", "pkg/none.py"]}}
"""


def project(count: int, seed: int = 0) -> dict[str, str]:
    """A rulebook and so many modules of one package, with circles, to-dos, long files and files that do not parse."""
    random = Random(seed)
    files = {"guardrails.yaml": RULEBOOK, "pkg/__init__.py": ""}
    for number in range(count):
        imported = random.sample(range(count), 2) if random.random() < 0.2 else [min(number + 1, count - 1)]
        lines = [f"from pkg import m{each}" for each in imported]
        lines += [f"x{line} = {random.random()}" for line in range(random.randint(1, 60))]
        lines += ["# TODO"] if random.random() < 0.02 else []
        lines += ["def broken(:"] if random.random() < 0.02 else []
        files[f"pkg/m{number}.py"] = "\n".join((*lines, ""))
    return files


def commit(count: int, seed: int = 0) -> Files:
    """The same as a commit of `git_repository`."""
    return project(count, seed)
