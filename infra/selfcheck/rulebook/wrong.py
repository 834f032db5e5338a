"""Why a rulebook is wrong: all faults by its JSON Schema, each in a person's words; loaded only when there is one."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from jsonschema.exceptions import ValidationError

from selfcheck.check import Check, Unloadable
from selfcheck.errors import Fault
from selfcheck.rulebook.documents import EMPTY, Document, Path, as_mapping
from selfcheck.rulebook.parse import Catalog
from selfcheck.rulebook.schema import check_schema, outline_schema, promise_schema
from selfcheck.rulebook.validator import validator
from selfcheck.rulebook.words import Wrong, explained
from selfcheck.rulebook.written import Written
from selfcheck.suggest import unknown

MSGSPEC_PLACE = re.compile(r"^(?P<message>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)


def outline_faults(document: Document, otherwise: str) -> list[Fault]:
    """The faults of a file's outline."""
    if document.data is None:
        return [document.fault((), EMPTY)]
    if as_mapping(document.data) is None:
        return [document.fault((), "a rulebook is a mapping with `version: 1` and `guardrails:`")]
    found = _schema_faults(document.data, validator(outline_schema()), document.fault, "rulebook")
    return list(found) or [_translated(otherwise, document.fault)]


def guardrail_faults(written: Written, catalog: Catalog, otherwise: str) -> list[Fault]:
    """The faults of a guardrail and of its check's options."""
    found = list(_schema_faults(written.data, _promise(), written.fault, "guardrail"))
    check = as_mapping(written.data.get("check")) or {}
    use = check.get("use")
    if not isinstance(use, str):
        return found or [_translated(otherwise, written.fault)]
    return found + _option_faults(check, use, catalog, written) or [_translated(otherwise, _below_check(written))]


def _option_faults(check: dict[str, Any], use: str, catalog: Catalog, written: Written) -> list[Fault]:
    loaded = catalog.check(use)
    if loaded is None:
        return [written.fault(("check", "use"), unknown("check", use, catalog.checks()))]
    if isinstance(loaded, Unloadable):
        return []
    options = {key: value for key, value in check.items() if key != "use"}
    return list(_schema_faults(options, _options(loaded), _below_check(written), f'check "{use}"'))


def _below_check(written: Written) -> Callable[..., Fault]:
    def fault(path: Path, message: str, *, at_key: bool = False) -> Fault:
        return written.fault(("check", *path), message, at_key=at_key)

    return fault


def _translated(said: str, fault: Callable[..., Fault]) -> Fault:
    """What only msgspec found wrong, at the place that it names."""
    found = MSGSPEC_PLACE.match(said)
    steps = re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", (found and found["path"]) or "")
    path: Path = tuple(int(index) if index else key for key, index in steps)
    return fault(path, (found and found["message"]) or said)


@cache
def _promise() -> Any:
    return validator(promise_schema())


@cache
def _options(check: type[Check]) -> Any:
    return validator(check_schema(check))


def _schema_faults(data: Any, keeping: Any, fault: Callable[..., Fault], what: str) -> Iterator[Fault]:
    for error in keeping.iter_errors(data):
        for wrong in _meant(error):
            yield from explained(wrong, fault, what)


def _meant(error: ValidationError) -> Iterator[Wrong]:
    """The fault itself; in a choice, all faults of the branch that was meant: the one of the value's own type."""
    branches: dict[Any, list[ValidationError]] = {}
    for each in (error.context or ()) if error.validator == "anyOf" else ():
        branches.setdefault(each.schema_path[0], []).append(each)
    of_its_type = [faults for faults in branches.values() if not any(_is_for_another(each, error) for each in faults)]
    if of_its_type:
        for each in max(of_its_type, key=lambda faults: max(len(fault.absolute_path) for fault in faults)):
            yield from _meant(each)
    elif branches:
        types = [
            each.validator_value for faults in branches.values() for each in faults if _is_for_another(each, error)
        ]
        yield _wrong(error)._replace(keyword="type", wanted=[each for each in types if each != "null"])
    else:
        yield _wrong(error)


def _is_for_another(fault: ValidationError, choice: ValidationError) -> bool:
    """Whether a branch of a choice is for values of another type."""
    return fault.validator == "type" and len(fault.absolute_path) == len(choice.absolute_path)


def _wrong(error: ValidationError) -> Wrong:
    schema: Any = error.schema
    path: Path = tuple(error.absolute_path)
    return Wrong(str(error.validator), error.validator_value, error.instance, schema, path, error.message, error.cause)
