"""msgspec decides whether a rulebook is right, JSON Schema says why it is not: both must draw the same line."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.check import Check
from selfcheck.guardrail import Promise
from selfcheck.registry import Registry
from selfcheck.rulebook.parse import Outline, convert
from selfcheck.rulebook.schema import check_schema, outline_schema, promise_schema
from selfcheck.rulebook.validator import validator
from tests.rulebook.catalog import Odd

BUILT_IN = Registry(plugins=False)

TEXTS = (
    *("", " ", "\n", "a", "a\n", "A b", "no-import-cycles", "a--b", "-a", "é", "\0", "\ud7ff", "high", "HIGH", "block"),
    *(
        "src/**/*.py",
        "!x",
        "!",
        "!!x",
        "/etc",
        "..",
        "../a",
        "a/..",
        "a/../b",
        "a/...",
        "..a",
        "a\n/../b",
        "!../a",
        "a\\b",
    ),
    *(
        "(a",
        "(?<!a)b",
        "(?i)a",
        "[",
        "a)|(b",
        r"\1",
        "a{1001}",
        "*",
        ".",
        "function",
        "type-checking",
        "a.*.b",
        "**",
        "a -> b",
        "a | b",
        "a | b : c",
        "(a)",
        "pack:",
        "pack:x",
    ),
    *("2026-12-01", "2026-02-29", "2024-02-29", "0000-01-01", "9999-12-31", "2026-1-1", "20261201", "2026-12-01\n"),
    *("\N{FULLWIDTH DIGIT TWO}026-12-01", "2026-12-01T00:00:00", "2026-W01-1", "yes", "1", "true", "null"),
)
texts = st.sampled_from(TEXTS) | st.text(max_size=6)
numbers = st.integers(-(10**17), 10**18 - 1) | st.sampled_from([0, 1, -1, 86400, 86401]) | st.floats()
simple = st.one_of(st.none(), st.booleans(), numbers, texts)
anything = st.recursive(
    simple, lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=3), max_leaves=6
)
anything_keyed = st.dictionaries(texts, anything, max_size=3)
lists = st.lists(simple | texts, max_size=3)
near = simple | lists | anything

names = st.from_regex(r"[a-z*.]{0,3}[a-z*](/[a-z*]{1,4}){0,2}", fullmatch=True)
globs = st.builds(str.__add__, st.sampled_from(["", "!"]), names)
urls = st.from_regex(r"/[a-z{}.-]{0,4}", fullmatch=True)
filled = st.text(min_size=1, max_size=6).filter(str.strip)

modules = st.from_regex(r"[a-z]{1,3}(\.([a-z]{1,3}|\*)){0,2}", fullmatch=True)
SWITCHES = [
    "checksums",
    "round_trip",
    "ancestors",
    "exhaustive",
    "allow_indirect_imports",
    "as_packages",
    "standard_library",
    "third_party",
    "indirect",
    "any",
    "undeclared",
    "unused",
    "exclusions",
    "both",
    "dependencies",
    "packages",
    "attested",
    "required",
    "retired",
    "gaps",
    "types",
    "nullability",
    "outside",
    "missing",
    "stale",
    "defaults",
    "defaulted",
    "django",
    "advice",
    "undocumented",
    "unserved",
]
EXPRESSIONS = [
    "containers",
    "source_modules",
    "forbidden_modules",
    "modules",
    "protected_modules",
    "importers",
    "allowed_importers",
    "interface",
    "allowed_modules",
]

RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "limit": st.integers(1, 10**17),
    "paths": st.lists(globs, min_size=1, max_size=4),
    "pattern": st.sampled_from(["a|b", "(?i)x", "^$", "(a)(b)", r"\\d"])
    | st.from_regex(r"[a-z.]{1,4}", fullmatch=True),
    "every": st.booleans(),
    "example": st.none() | st.text(max_size=4),
    "run": st.lists(filled, min_size=1, max_size=4),
    "shell": filled,
    "expect": st.lists(st.integers(-9, 255), min_size=1, max_size=4),
    "env": st.lists(filled, max_size=3),
    "roots": st.lists(names, min_size=1, max_size=3),
    "kinds": st.lists(st.sampled_from(["function", "type-checking", "guarded", "lazy", "star"]), max_size=3),
    "depth": st.none() | st.integers(1, 9),
    "exempt": st.lists(
        st.fixed_dictionaries(
            {"imports": st.builds("{} -> {}".format, modules, modules), "reason": filled},
            optional={"count": st.none() | st.integers(1, 9)},
        ),
        max_size=2,
    ),
    "layers": st.lists(st.sampled_from(["a", "b.c", "(d)", "e | f", "(g) : h"]), min_size=1, unique=True),
    "exhaustive_ignores": st.lists(st.sampled_from(["x", "y"]), max_size=2),
    "closed": st.just([]),
    "manifests": st.lists(globs, min_size=1, max_size=2),
    "development": st.none() | st.lists(globs, min_size=1, max_size=2),
    "import_names": st.none() | st.dictionaries(filled, st.lists(filled, min_size=1, max_size=2), max_size=2),
    "require": st.lists(st.sampled_from(["owner", "refs", "tags", "canaries"]), max_size=3),
    "records": st.lists(st.sampled_from(["status", "date", "deciders"]), max_size=3),
    "folders": st.none() | st.lists(globs, min_size=1, max_size=2),
    "statuses": st.none()
    | st.dictionaries(filled, st.sampled_from(["draft", "accepted", "partially-superseded"]), max_size=2),
    "since": st.none() | st.sampled_from(["2026-12-01", "2024-02-29"]),
    "exempt_paths": st.lists(globs, min_size=1, max_size=2),
    "fixtures": st.lists(globs, min_size=1, max_size=2),
    "bots": st.lists(filled, max_size=2),
    "indexes": st.lists(names, max_size=2),
    "days": st.integers(1, 36_500),
    "commands": st.lists(filled, min_size=1, max_size=2),
    "parts": st.lists(st.sampled_from(["ids", "upgrade", "downgrade", "helpers", "removed"]), max_size=3),
    "schema": st.lists(globs, min_size=1, max_size=2),
    "models": st.lists(globs, min_size=1, max_size=2),
    "rules": st.lists(st.sampled_from(["drop-table", "not-null", "data-and-schema"]), min_size=1, max_size=3),
    "dialect": st.none() | st.sampled_from(["postgresql", "mysql", "sqlite", "mssql", "oracle"]),
    "after": st.lists(filled, max_size=2),
    "version_table": st.none() | st.sampled_from(["rules", "governance.rules"]),
    "mode": st.sampled_from(["project", "strict"]),
    "bootstrap": st.sampled_from(["migrations", "create_all_then_stamp", "sql_file"]),
    "sql": filled,
    **dict.fromkeys(["python", "server", "settings"], st.none() | filled),
    **dict.fromkeys(["python_path", "squawk", "x"], st.lists(filled, max_size=2)),
    "engine": st.none() | st.sampled_from(["postgresql", "sqlite"]),
    "variables": st.none()
    | st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,3}", fullmatch=True), st.text(max_size=3), max_size=2),
    "isolation": st.sampled_from(["best", "required"]),
    "level": st.sampled_from(["high", "medium", "low"]),
    "environment": st.sampled_from(["production", "staging", "eu-1"]),
    "docs": st.none() | st.lists(globs, min_size=1, max_size=2),
    "scanners": st.lists(st.sampled_from(["kingfisher", "gitleaks", "betterleaks", "detect-secrets"]), max_size=3),
    "file": names,
    "database": st.none() | st.from_regex(r"[A-Z_]{1,4}", fullmatch=True),
    **dict.fromkeys(["items", "stamp", "project"], st.none() | filled),
    **dict.fromkeys(["id", "active"], filled),
    **dict.fromkeys(["versions", "left_out", "copies", "platforms", "cited_by"], st.lists(filled, max_size=2)),
    "fields": st.none()
    | st.lists(
        st.fixed_dictionaries(
            {"source": filled},
            optional={
                "column": st.none() | st.from_regex(r"[a-z_]{1,4}", fullmatch=True),
                "type": st.sampled_from(["text", "integer", "number", "boolean", "timestamp", "json"]),
                "values": st.none() | st.dictionaries(filled, filled, max_size=2),
                "unmapped": st.sampled_from(["error", "default", "keep"]),
                "default": st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
                "search": st.booleans(),
            },
        ),
        min_size=1,
        max_size=2,
    ),
    "into": st.sampled_from(["rules", "governance.rules"]),
    **dict.fromkeys(
        ["id_column", "active_column", "note_column", "stamp_column", "project_column"],
        st.from_regex(r"[a-z_]{1,4}", fullmatch=True),
    ),
    "strategy": st.sampled_from(["file-wins", "newest-wins", "database-wins", "manual"]),
    "mass_orphan": st.integers(0, 100),
    **dict.fromkeys(["backups", "source"], names),
    **dict.fromkeys(["warning", "critical"], st.integers(1, 99)),
    "stale_days": st.none() | st.integers(1, 99),
    "decisions": st.none() | names,
    "ignore": st.lists(st.fixed_dictionaries({"name": filled, "reason": filled}), max_size=2),
    **dict.fromkeys(["health", "readiness", "liveness"], st.lists(urls, min_size=1, max_size=2)),
    "roles": st.lists(st.sampled_from(["health", "readiness", "liveness"]), min_size=1, max_size=3),
    "urls": st.lists(st.sampled_from(["http://127.0.0.1/x", "${A:-http://b}/c"]), min_size=1, max_size=2),
    "allow_hosts": st.lists(filled, max_size=2),
    "worst": st.sampled_from(["healthy", "moderate"]),
    "optional": st.lists(filled, max_size=2),
    "timeout": st.floats(0, 60, exclude_min=True),
    "stale_after": st.integers(1, 86_400),
    "headers": st.none() | st.dictionaries(filled, filled, max_size=2),
    "faults": st.just([]),
    "map": names,
    "runs": st.integers(2, 1000),
    "tolerance": st.floats(0, 1),
    "minimum": st.floats(0, 1, exclude_min=True),
    "aspects": st.lists(st.sampled_from(["paths", "goals", "claims", "sizes"]), max_size=3),
    "files": st.lists(globs, min_size=1, max_size=3),
    **dict.fromkeys(
        ["served", "exempt_routes"], st.lists(st.fixed_dictionaries({"path": urls, "reason": filled}), max_size=2)
    ),
    **dict.fromkeys(SWITCHES, st.booleans()),
    **dict.fromkeys(EXPRESSIONS, st.lists(modules, min_size=1, max_size=3)),
    "ratio": st.floats(0, 1, exclude_max=True) | st.just(0),
    "count": st.none() | st.integers(1, 9),
    "word": st.text(min_size=2, max_size=3) | st.integers(-99, 99),
    "table": st.dictionaries(st.text(max_size=3), st.lists(st.integers(-9, 9), max_size=3), max_size=3),
    "grid": st.lists(st.lists(st.integers(-9, 9), max_size=2), max_size=2),
    "many": st.text(max_size=3) | st.lists(st.booleans(), max_size=2),
}
Strategies = Mapping[str, st.SearchStrategy[Any]]


def nearly(start: st.SearchStrategy[dict[str, Any]], others: Strategies) -> st.SearchStrategy[dict[str, Any]]:
    """What is right, with up to two of its values replaced."""
    replaced = st.lists(st.sampled_from(sorted(others)), max_size=2, unique=True)
    changes = replaced.flatmap(lambda chosen: st.fixed_dictionaries({name: others[name] for name in chosen}))
    return st.builds(dict.__or__, start, changes) | start


def right(check: type[Check]) -> st.SearchStrategy[dict[str, Any]]:
    """Options that are right: all that must be there, some that may."""
    fields = {field.encode_name: field.required for field in msgspec.structs.fields(check)}
    if "layers" in fields:
        exhaustive = {"containers": RIGHT["containers"], "exhaustive": st.just(True)}
        return st.fixed_dictionaries({"layers": RIGHT["layers"]}, optional={"kinds": RIGHT["kinds"]}) | (
            st.fixed_dictionaries(
                {"layers": RIGHT["layers"], **exhaustive}, optional={"exhaustive_ignores": RIGHT["exhaustive_ignores"]}
            )
        )
    if "shell" in fields:
        return st.fixed_dictionaries({"run": RIGHT["run"]}, optional={"expect": RIGHT["expect"], "env": RIGHT["env"]})
    return st.fixed_dictionaries(
        {name: RIGHT[name] for name, required in fields.items() if required},
        optional={name: RIGHT[name] for name, required in fields.items() if not required},
    )


def options(check: type[Check]) -> st.SearchStrategy[dict[str, Any]]:
    """Options of a check: right, nearly right, or anything."""
    known = {field.encode_name: near for field in msgspec.structs.fields(check)}
    return nearly(right(check), {**known, "unknown": near}) | anything_keyed


def converts(data: object, wanted: Any) -> bool:
    try:
        msgspec.convert(data, wanted)
    except msgspec.ValidationError:
        return False
    return True


def made(data: dict[str, Any], check: type[Check]) -> bool:
    try:
        convert(data, check)
    except msgspec.ValidationError:
        return False
    return True


def loaded(name: str) -> type[Check]:
    check = BUILT_IN.check(name)
    assert isinstance(check, type)
    return check


@pytest.mark.parametrize("name", BUILT_IN.checks())
@settings(deadline=None)
@given(data=st.data())
def test_msgspec_and_the_schema_accept_the_same_options_of_every_check(name: str, data: st.DataObject) -> None:
    check = loaded(name)
    drawn = data.draw(options(check))

    valid, is_made = validator(check_schema(check)).is_valid(drawn), made(drawn, check)
    # That layers of two entries are one, or that a closed layer is none, no schema can say; the check itself does.
    assert valid is is_made or (name == "imports-layers" and valid and not is_made)


@pytest.mark.parametrize("name", BUILT_IN.checks())
@settings(deadline=None)
@given(data=st.data())
def test_right_options_are_accepted_by_both(name: str, data: st.DataObject) -> None:
    check = loaded(name)
    drawn = data.draw(right(check))

    assert (made(drawn, check), validator(check_schema(check)).is_valid(drawn)) == (True, True)


@settings(deadline=None)
@given(options(Odd))
def test_msgspec_and_the_schema_accept_the_same_options_of_other_types(drawn: dict[str, Any]) -> None:
    assert validator(check_schema(Odd)).is_valid(drawn) is made(drawn, Odd)


dates = st.sampled_from(["2026-12-01", "2024-02-29"]) | texts
paths = st.sampled_from(["a", "a/b"]) | texts
words = st.just("a") | texts | simple
write = nearly(st.just({"path": "a", "text": ""}), {"path": paths, "text": words, "x": simple}) | simple
replace = nearly(st.just({"path": "a", "old": "b", "new": ""}), {"path": paths, "old": words, "new": words}) | simple
canary = nearly(
    st.sampled_from([{"delete": "a"}, {"expect": "k"}]),
    {
        **dict.fromkeys(("write", "append"), write),
        "replace": replace,
        **dict.fromkeys(("delete", "patch"), paths | simple),
        "expect": words,
        "x": simple,
    },
)
waiver = nearly(
    st.just({"match": "a", "reason": "a", "owner": "a", "until": "2026-12-01"}),
    {"match": words, "until": dates, "count": numbers | simple, "x": simple},
)
pending = nearly(st.just({"until": "2026-12-01", "reason": "a"}), {"until": dates, "reason": words, "x": simple})
enabled = nearly(st.just({"value": False, "reason": "a"}), {"value": simple, "reason": words, "x": simple})
promise = nearly(
    st.just({"id": "a", "title": "t", "why": "w", "severity": "low", "check": {"use": "x"}}),
    {
        "id": texts | simple,
        "title": words,
        "severity": st.sampled_from(["critical", "high", "medium"]) | near,
        "check": st.just({"use": "y", "z": 1}) | simple,
        "enforce": st.sampled_from(["block", "warn"]) | near,
        "refs": lists | near,
        "owner": words | near,
        "tags": lists | near,
        "timeout": numbers | near,
        "allow_empty": near,
        "pending": pending | near,
        "waivers": st.lists(waiver | simple, max_size=2) | near,
        "waivable": near,
        "canaries": st.lists(canary | simple, max_size=2) | near,
        "enabled": enabled | near,
        "x": simple,
    },
)
outline = nearly(
    st.just({"version": 1}),
    {
        "version": st.sampled_from([1, 1.0, True, "1", 2]) | near,
        "guardrails": st.lists(anything_keyed | simple, max_size=2) | near,
        "fail_on": st.sampled_from(["high", "low"]) | near,
        "extends": st.lists(st.just("pack:x") | texts, max_size=2) | near,
        "x": simple,
    },
)


@settings(deadline=None)
@given(promise)
def test_msgspec_and_the_schema_accept_the_same_guardrails(drawn: dict[str, Any]) -> None:
    assert validator(promise_schema()).is_valid(drawn) is converts(drawn, Promise)


@settings(deadline=None)
@given(outline)
def test_msgspec_and_the_schema_accept_the_same_outlines(drawn: dict[str, Any]) -> None:
    assert validator(outline_schema()).is_valid(drawn) is converts(drawn, Outline)
