"""`python -m bench.mutants`: the decisions of selfcheck spoiled in one place at a time, and whether our tests notice.

Mutated are conditions, comparisons, numbers, truth values, and statements left out, in the rooms that decide: a sample of
each module, the same for the same `--seed`. Nothing is written: a process of its own imports the spoiled module from
memory and runs the tests of its room. Exit status 1 where a mutant survives.
"""

import ast
import copy
import importlib.abc
import importlib.machinery
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

import click
import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "infra"
NEVER = "twenty_thousand or ten_thousand or hundred_thousand or fuzz or committed_schema or wheel"
"""Tests that measure time, or what no module decides alone."""
ROOMS = {
    "selfcheck/policy/*.py": ("tests/policy", "tests/judging/test_policy.py"),
    "selfcheck/rulebook/*.py": ("tests/rulebook", "--ignore=tests/rulebook/test_agreement.py"),
    "selfcheck/judge.py": (
        *("tests/judging", "--ignore=tests/judging/test_isolation.py"),
        *("tests/facts/test_recall.py", "tests/gate/test_worse.py"),
    ),
    "selfcheck/prove.py": ("tests/judging", "--ignore=tests/judging/test_isolation.py"),
}
LONGEST = 120
"""Seconds after which a spoiled module that goes round in circles counts as noticed."""
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


class Mutant(NamedTuple):
    """One module with one change: where, what it says, and what it would say."""

    path: Path
    line: int
    was: str
    now: str
    code: CodeType

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.was}  ->  {self.now}"


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of one module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spots = [node for node in _decisive(tree) if isinstance(node, ast.expr | ast.stmt)]
    for number, node in enumerate(spots):
        for change in _changes(node):
            spoiled = copy.deepcopy(tree)
            target = [each for each in _decisive(spoiled) if isinstance(each, ast.expr | ast.stmt)][number]
            was = ast.unparse(target)
            now = change(target)
            _put(spoiled, target, now)
            code = compile(ast.fix_missing_locations(spoiled), str(path), "exec")
            yield Mutant(path, node.lineno, _short(was), _short(ast.unparse(now)), code)


def _decisive(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes within functions, in order; annotations and decorators decide nothing."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                yield from (node for node in ast.walk(statement) if not isinstance(node, ast.FunctionDef))


def _changes(node: ast.AST) -> Iterator[Callable[[ast.AST], ast.AST]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in OPPOSITE:
            yield _opposite
        case ast.BoolOp():
            yield _other_word
        case ast.UnaryOp(op=ast.Not()):
            yield lambda each: each.operand if isinstance(each, ast.UnaryOp) else each
        case ast.If() | ast.IfExp():
            yield _turned
        case ast.Constant(value=bool()):
            yield lambda each: ast.Constant(not each.value) if isinstance(each, ast.Constant) else each
        case ast.Constant(value=int()):
            yield lambda each: ast.Constant(int(str(each.value)) + 1) if isinstance(each, ast.Constant) else each
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign():
            yield lambda _: ast.Pass()
        case _:
            return


def _opposite(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.Compare)
    return ast.Compare(node.left, [OPPOSITE[type(node.ops[0])]()], node.comparators)


def _other_word(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.BoolOp)
    return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _turned(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.If | ast.IfExp)
    turned = copy.copy(node)
    turned.test = ast.UnaryOp(ast.Not(), node.test)
    return turned


def _put(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    ast.copy_location(new, old)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                setattr(parent, name, [new if each is old else each for each in value])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:89]}…"


class Spoiling(importlib.abc.MetaPathFinder):
    """Imports one module as a mutant has it."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """That of the module, with the code of the mutant; any other is found as ever."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin != str(self._mutant.path):
            return None
        spec.loader = _Loader(name, self._mutant)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, str(mutant.path))
        self._code = mutant.code

    def get_code(self, fullname: str) -> CodeType:
        """What the mutant says."""
        return self._code


def survives(mutant: Mutant | None, tests: Sequence[str]) -> bool:
    """Whether the tests of its room pass all the same, in a process of its own; without a mutant, whether they pass."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        signal.alarm(LONGEST)
        if mutant is not None:
            sys.meta_path.insert(0, Spoiling(mutant))
        quick = ["-x", "-q", "--assert=plain", "-n0", "--no-cov", "-p", "no:cacheprovider", "-k", f"not ({NEVER})"]
        os._exit(int(pytest.main([*quick, *tests])))
    _, status = os.waitpid(child, 0)
    return status == 0


@click.command()
@click.option("--sample", default=6, help="How many mutants of each module.")
@click.option("--seed", default=1, help="Which.")
@click.option("--only", default="", help="Only modules whose path holds this.")
def main(sample: int, seed: int, only: str) -> None:
    """Print the mutants that survive, and how many there were of each module."""
    os.chdir(ROOT)
    begun, survived = time.monotonic(), 0
    for room, tests in ROOMS.items():
        paths = [path for path in sorted(SOURCES.glob(room)) if only in str(path)]
        if paths and not survives(None, tests):
            raise click.ClickException(f"the tests of {room} do not pass as it stands")
        for path in paths:
            every = list(mutants(path))
            chosen = random.Random(f"{seed} {path.name}").sample(every, min(sample, len(every)))
            own = [str(test) for test in sorted((ROOT / tests[0]).glob(f"test_{path.stem}*.py"))]
            left = [each for each in chosen if survives(each, [*own, *tests])]
            survived += len(left)
            click.echo(f"{path.relative_to(ROOT)}: {len(chosen) - len(left)} of {len(chosen)} noticed, of {len(every)}")
            for each in left:
                click.echo(f"    survives: {each}")
    click.echo(f"{survived} survived, in {time.monotonic() - begun:.0f} s")
    raise SystemExit(survived > 0)


if __name__ == "__main__":
    main()
