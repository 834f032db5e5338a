"""import-linter over many small contracts in one process: `python -m tests.imports.lint_imports FOLDER < rows.json`.

Each row is `{"roots", "settings", "contract"}`; the packages stand in the folder. Printed is one verdict each: kept,
broken, or error where the contract could not be checked.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from importlinter.application.output import console
from importlinter.application.use_cases import create_report
from importlinter.application.user_options import UserOptions
from importlinter.configuration import configure
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import registry


def verdict(roots: list[str], settings: Mapping[str, str], contract: Mapping[str, Any]) -> str:
    """What import-linter says of one contract."""
    options = UserOptions({"root_packages": roots, **settings}, [{"name": "under test", **contract}])
    try:
        report = create_report(options, cache_dir=None)
    except Exception:  # its errors have no class in common
        return "error"
    if report.could_not_run:
        return "error"
    return "broken" if report.contains_failures else "kept"


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    configure()
    console.quiet = True
    for kind in (AcyclicSiblingsContract, ForbiddenContract, IndependenceContract, LayersContract, ProtectedContract):
        registry.register(kind, kind.type_name)
    json.dump([verdict(**each) for each in json.load(sys.stdin)], sys.stdout)
