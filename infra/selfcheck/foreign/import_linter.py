"""Contracts of import-linter as guardrails."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from selfcheck.errors import Fault, RulebookError
from selfcheck.foreign.around import Around, Ignored
from selfcheck.foreign.carried import Carried, Draft, Ids, Note, fate, slug
from selfcheck.foreign.contracts import Configuration, Section, Value, reasons
from selfcheck.foreign.options import TYPES, options
from selfcheck.rulebook.documents import as_list
from selfcheck.subjects.imports import Graph
from selfcheck.suggest import short, unknown

PROGRAM = "import-linter"
SETTINGS = (
    "root_package",
    "root_packages",
    "include_external_packages",
    "exclude_type_checking_imports",
    "contract_types",
    "contracts",
)
KINDS = ("function", "type-checking", "guarded", "lazy", "star")
"""The imports that import-linter counts: all statements, wherever they stand."""
GENERATIONS = 10
"""How many generations of siblings import-linter looks at where the contract does not say."""
BLIND = 3
"""How many of them are written where no repository tells how many there are."""


class _Session(Struct, frozen=True):
    """What holds for all contracts: the roots as packages and as folders, the kinds of imports, what is around."""

    packages: tuple[str, ...]
    roots: tuple[str, ...]
    kinds: tuple[str, ...]
    around: Around | None
    """None where the packages do not stand in the repository."""
    differences: tuple[str, ...]
    custom: tuple[str, ...]
    """Contract types that the project registers itself."""


class _Contract(Struct, frozen=True):
    """One contract: where it stands, its options, what it ignores."""

    section: Section
    id: str
    name: str
    options: dict[str, Any]
    ignored: tuple[Ignored, ...]
    why: str


class _Made(Struct, frozen=True):
    """The check that holds a contract, or a part of one, and how it differs from it."""

    use: str
    options: dict[str, Any]
    differences: tuple[str, ...] = ()
    suffix: str = ""


def carry(configuration: Configuration, around: Around | None) -> Carried:
    """The guardrails of all contracts.

    Raises:
        RulebookError: with every fault of the configuration.
    """
    faults: list[Fault] = []
    text = configuration.settings.text
    session = _session(configuration.settings, around, faults)
    if not configuration.contracts:
        faults.append(text.fault(configuration.settings.first, "holds no contract; there is nothing to carry over"))
    contracts = [each for each in (_contract(section, session, faults) for section in configuration.contracts) if each]
    if faults:
        raise RulebookError(sorted(set(faults)))
    ids = Ids()
    drafts: list[Draft] = []
    notes = list(_settings(configuration.settings, session))
    for contract in contracts:
        found, note = _drafts(contract, session, ids)
        drafts += found
        notes.append(note)
    return Carried(PROGRAM, text.name, tuple(drafts), tuple(notes))


def _session(settings: Section, around: Around | None, faults: list[Fault]) -> _Session:
    text = settings.text
    odd = [key for key in settings.values if key not in SETTINGS]
    faults += [text.fault(settings.line(key), unknown("option", key, SETTINGS)) for key in odd]
    packages = _several(settings.values.get("root_packages") or settings.values.get("root_package") or [])
    if not packages:
        remedy = "write the name of the package that the contracts are about"
        faults.append(text.fault(settings.first, f"neither `root_package` nor `root_packages`; {remedy}"))
    odd = [package for package in packages if not all(map(str.isidentifier, package.split(".")))]
    faults += [
        text.fault(settings.first, f'"{short(each)}" is no package\'s name; write it as it is imported') for each in odd
    ]
    excluding = str(settings.values.get("exclude_type_checking_imports", "false")).strip().lower() == "true"
    kinds = tuple(kind for kind in KINDS if not (excluding and kind == "type-checking"))
    found = [around.root(package) if around else None for package in packages]
    here = tuple(dict.fromkeys(root for root in found if root))
    custom = tuple(each.partition(":")[0].strip() for each in _several(settings.values.get("contract_types", [])))
    if around is None or None in found or not packages:
        guessed = tuple(dict.fromkeys(each.partition(".")[0] for each in packages))
        return _Session(packages, guessed, kinds, None, (), custom)
    return _Session(packages, here, kinds, around, tuple(_beyond(packages, here, around)), custom)


def _beyond(packages: Sequence[str], roots: Sequence[str], around: Around) -> Iterator[str]:
    orphans = around.outside_packages(roots)
    if orphans:
        yield f"stricter: modules in folders without __init__.py are judged, which import-linter leaves out ({orphans} of them)"
    for package in packages:
        if "." in package:
            yield f"stricter: what stands beside {package} in its namespace is read as well"


def _settings(settings: Section, session: _Session) -> Iterator[Note]:
    key = "root_packages" if "root_packages" in settings.values else "root_package"
    if session.around is None:
        said = "not found around the file: mend `roots` where they are no folders, and give each wildcard exemption its `count`"
        yield Note(settings.line(key), ", ".join(session.packages), said)
    for difference in session.differences:
        yield Note(settings.line(key), ", ".join(session.packages), difference)


def _contract(section: Section, session: _Session, faults: list[Fault]) -> _Contract | None:
    text = section.text
    name = " ".join(_several(section.values.get("name", "")))
    kind = section.values.get("type")
    if not name:
        faults.append(text.fault(section.first, "a contract without a `name`; give it one"))
    if not kind:
        known = ", ".join(sorted(TYPES))
        faults.append(text.fault(section.first, f"a contract without a `type`; give it one of {known}"))
        return None
    if not isinstance(kind, str):
        faults.append(text.fault(section.line("type"), "`type` must be one text"))
        return None
    identity = str(section.values.get("id") or slug(name))
    if kind not in TYPES:
        if kind not in session.custom:
            faults.append(text.fault(section.line("type"), unknown("contract type", kind, (*TYPES, *session.custom))))
        return _Contract(section, identity, name, {}, (), "")
    found = options(section, faults)
    why = found.get("broken_contract_guidance", "").strip() or text.above(section.first)
    ignored = tuple(_ignored(section, found.get("ignore_imports", [])))
    return _Contract(section, identity, name, found, ignored, why)


def _ignored(section: Section, expressions: Sequence[str]) -> Iterator[Ignored]:
    patterns = {
        each: r"(?<![\w.*])" + r"\s*->\s*".join(map(re.escape, each.split(" -> "))) + r"(?![\w.*])"
        for each in expressions
    }
    for expression, line, comment in reasons(section, "ignore_imports", patterns):
        yield Ignored(
            expression, comment or f"carried over from {section.text.name}:{line}, where no reason stands", line
        )


def _drafts(contract: _Contract, session: _Session, ids: Ids) -> tuple[list[Draft], Note]:
    kind = str(contract.section.values["type"])
    if kind not in TYPES:
        return [], _note(
            contract, f'not carried: "{short(kind)}" is a contract type of its own; write a check for it (README)'
        )
    made = list(MAKERS[kind](contract, session))
    if not made:
        return [], _note(contract, "not carried: its wildcards can be written out only where its packages are found")
    drafts: list[Draft] = []
    differences = [each for one in made for each in one.differences]
    if contract.ignored and contract.options.get("unmatched_ignore_imports_alerting", "error") != "error":
        differences.append("stricter: an exemption that covers no import is a finding")
    for one in made:
        draft = _draft(contract, session, one, ids)
        drafts.append(draft)
        differences += draft.left
    return drafts, _note(contract, fate(", ".join(dict.fromkeys(one.use for one in made)), differences))


def _draft(contract: _Contract, session: _Session, made: _Made, ids: Ids) -> Draft:
    check = {"use": made.use, "roots": session.roots, "kinds": session.kinds, **made.options}
    kept: list[dict[str, str | int]] = [{"imports": each.imports, "reason": each.reason} for each in contract.ignored]
    left: list[str] = []
    if session.around and contract.ignored:
        kept, left = session.around.exemptions(check, contract.ignored)
    why = contract.why or (
        f"It was a contract of {PROGRAM} in {contract.section.text.name}; say here what it costs when it is broken."
    )
    return Draft(
        line=contract.section.first,
        id=ids.new(f"{contract.id}{made.suffix}"),
        title=f"{contract.name} ({made.suffix.strip('-').replace('-', ' ')})" if made.suffix else contract.name,
        why=why,
        check={**check, **({"exempt": kept} if kept else {})},
        left=tuple(left),
    )


def _note(contract: _Contract, said: str) -> Note:
    return Note(contract.section.first, contract.name, said)


def _same(use: str, *names: str) -> Callable[[_Contract, _Session], Iterator[_Made]]:
    """A contract whose options have the same names in the check."""

    def made(contract: _Contract, _: _Session) -> Iterator[_Made]:
        yield _Made(
            use, {name: contract.options[name] for name in names if contract.options.get(name) not in (None, [])}
        )

    return made


def _layers(contract: _Contract, _: _Session) -> Iterator[_Made]:
    names = ("layers", "containers", "exhaustive", "exhaustive_ignores" if contract.options.get("exhaustive") else "")
    options = {name: contract.options[name] for name in names if contract.options.get(name)}
    told = ["stricter: one of `exhaustive_ignores` that nothing needs is a finding"] * ("exhaustive_ignores" in options)
    yield _Made("imports-layers", options, tuple(told))


def _forbidden(contract: _Contract, _: _Session) -> Iterator[_Made]:
    names = ("source_modules", "forbidden_modules", "allow_indirect_imports", "as_packages")
    options = {name: contract.options[name] for name in names if name in contract.options}
    pairs = ((source, each) for source in options["source_modules"] for each in options["forbidden_modules"])
    inner = [each for source, each in pairs if each.startswith(f"{source}.") and options.get("as_packages", True)]
    told = [f"stricter: {each} is forbidden to what stands beside it in a source" for each in inner]
    yield _Made("imports-forbidden", options, tuple(told))


def _acyclic(contract: _Contract, session: _Session) -> Iterator[_Made]:
    """One check for each generation: siblings of a generation are packages of one depth."""
    generations = contract.options.get("depth", GENERATIONS) + 1
    differences = ["stricter: a package's own __init__.py counts beside what is in it"]
    if contract.options.get("skip_descendants"):
        differences.append("stricter: `skip_descendants` has no counterpart, they are judged as well")
    ancestors = list(_ancestors(contract, session))
    for ancestor, root, deepest in ancestors:
        parts = ancestor.count(".") + 1
        last = min(generations, (deepest or parts + min(generations, BLIND)) - parts)
        for generation in range(1, last + 1):
            depth = parts + generation
            whole = depth == deepest
            name = f"-{slug(ancestor)}" * (len(ancestors) > 1) + f"-depth-{depth}" * (last > 1)
            yield _Made(
                "imports-acyclic", {"roots": [root], **({} if whole else {"depth": depth})}, tuple(differences), name
            )
        if deepest is None and generations > BLIND:
            yield _Made(
                "imports-acyclic",
                {"roots": [root]},
                (f"looser: packages at depth {parts + last + 1} and below are judged as modules only",),
                f"-{slug(ancestor)}-modules" if len(ancestors) > 1 else "-modules",
            )


def _ancestors(contract: _Contract, session: _Session) -> Iterator[tuple[str, str, int | None]]:
    """Each ancestor with the folder it stands at and the most parts of a name in it, where that is known."""
    for expression in contract.options["ancestors"]:
        if session.around is None:
            if "*" not in expression:
                yield expression, expression.replace(".", "/"), None
            continue
        for name in session.around.modules(expression, session.roots):
            graph = session.around.graph(session.roots)
            inner = [each.count(".") + 1 for each in graph.modules if each.startswith(f"{name}.")]
            if inner:
                yield name, _folder(name, graph), max(inner)


def _folder(package: str, graph: Graph) -> str:
    """Where a package stands, with a file of its own or without."""
    name, module = next(item for item in graph.modules.items() if item[0].startswith(f"{package}."))
    folders = module.path.removesuffix("/__init__.py").split("/")
    return "/".join(folders[: len(folders) - (name.count(".") - package.count("."))])


def _several(value: Value | object) -> tuple[str, ...]:
    lines = [value] if isinstance(value, str) else as_list(value)
    return tuple(line.strip() for line in lines if line.strip())


MAKERS: dict[str, Callable[[_Contract, _Session], Iterator[_Made]]] = {
    "acyclic_siblings": _acyclic,
    "forbidden": _forbidden,
    "independence": _same("imports-independent", "modules"),
    "layers": _layers,
    "protected": _same("imports-protected", "protected_modules", "allowed_importers", "as_packages"),
}
