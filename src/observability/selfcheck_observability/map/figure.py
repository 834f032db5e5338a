"""The map as a picture in Mermaid. Names of a repository stand in quotes, and nothing in them is markup."""

import re
from collections.abc import Iterator, Mapping

from selfcheck_observability.map.model import Map, linked

MOST = 60
"""How many modules are drawn: those that people named, then the largest."""
UNSAFE = re.compile(r"[^\w ./:@+,()=-]")


def mermaid(whole: Map) -> str:
    """Modules by what imports what, the goals that they serve, and what they lean on."""
    return "\n".join(_lines(whole)) + "\n"


def drawn(whole: Map) -> tuple[str, ...]:
    """The modules for which there is room."""
    measured = whole.measured.modules if whole.measured else {}
    large = sorted(measured.keys() - whole.modules.keys(), key=lambda path: (-measured[path].lines, path))
    return tuple([*whole.modules, *large][:MOST])


def _lines(whole: Map) -> Iterator[str]:
    modules = {path.rstrip("/"): f"m{number}" for number, path in enumerate(drawn(whole))}
    yield "flowchart LR"
    yield "  subgraph modules"
    measured = whole.measured.modules if whole.measured else {}
    for path, name in modules.items():
        lines = f"<br/>{measured[path].lines:,} lines" if path in measured else ""
        yield f'    {name}["{_safe(path)}{lines}"]'
    yield "  end"
    for path, name in modules.items():
        for target in measured[path].imports if path in measured else ():
            if target in modules:
                yield f"  {name} --> {modules[target]}"
    yield from _goals(whole, modules)
    yield from _dependencies(whole, modules)
    lost = [name for path, name in modules.items() if path not in linked(whole)]
    if lost:
        yield "  classDef lost stroke-dasharray: 4"
        yield f"  class {','.join(lost)} lost"


def _goals(whole: Map, modules: Mapping[str, str]) -> Iterator[str]:
    for number, (name, goal) in enumerate(whole.business_goals.items()):
        yield f'  g{number}(["{_safe(name)}"])'
        said = {path.rstrip("/") for path, each in whole.modules.items() if name in each.business_goals}
        for path in sorted(said | {each.rstrip("/") for each in goal.modules}):
            if path in modules:
                yield f"  {modules[path]} -.-> g{number}"


def _dependencies(whole: Map, modules: Mapping[str, str]) -> Iterator[str]:
    for number, (name, dependency) in enumerate(whole.resilience_dependencies.items()):
        yield f'  d{number}[("{_safe(name)}")]'
        said = {path.rstrip("/") for path, each in whole.modules.items() if name in each.resilience_dependencies}
        for path in sorted(said | {each.rstrip("/") for each in dependency.modules_dependent}):
            if path in modules:
                yield f"  {modules[path]} ==> d{number}"


def _safe(text: str) -> str:
    """A text without what ends a label or begins markup."""
    return UNSAFE.sub(lambda found: f"#{ord(found[0])};", text)
