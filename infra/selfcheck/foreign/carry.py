"""From the bytes of a foreign file to guardrails: which program it was written for, and what became of each contract."""

from selfcheck.check import Repository
from selfcheck.errors import RulebookError
from selfcheck.foreign import contracts, import_linter, living, tach, tach_guardrails
from selfcheck.foreign.around import Around
from selfcheck.foreign.carried import Carried
from selfcheck.foreign.text import Text
from selfcheck.rulebook import Catalog

NEITHER = "holds neither contracts of import-linter ([tool.importlinter]) nor a configuration of tach; name the file that does"


def carry(name: str, content: bytes, repo: Repository, catalog: Catalog) -> Carried:
    """The contracts of a file, which stands in a repository, as guardrails.

    Raises:
        RulebookError: with every fault of the file.
    """
    text = Text(name, content)
    last = name.rpartition("/")[2]
    if last.endswith((".yaml", ".yml")):
        return living.carry(text, repo)
    around = Around(repo, catalog)
    if not last.endswith(".toml"):
        return import_linter.carry(contracts.from_ini(text), around)
    data = text.toml()
    if contracts.is_configuration(data):
        return import_linter.carry(contracts.from_toml(text, data), around)
    if tach.is_configuration(last, data):
        return tach_guardrails.carry(tach.read(text, data), repo.tree, around)
    raise RulebookError([text.fault(1, NEITHER)])
