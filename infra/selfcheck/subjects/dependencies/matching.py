"""Which distribution an import may come from, as far as names tell."""

from collections.abc import Collection, Iterable, Mapping

from selfcheck.subjects.dependencies.declared import Declared, normal
from selfcheck.subjects.dependencies.names import import_names, is_like, is_tool, providers, stubbed


class Matching:
    """Import names by distribution: those that a user gave, then the table's, then likeness."""

    def __init__(self, given: Mapping[str, Iterable[str]]) -> None:
        self._given = {normal(name): tuple(each.partition(".")[0] for each in names) for name, names in given.items()}

    def names(self, name: str) -> tuple[str, ...] | None:
        """The top-level names of a distribution; None where they are not known."""
        return import_names(name, self._given)

    def provides(self, name: str, top: str, *, stubs: bool = False) -> bool:
        """Whether a distribution has, or may have, a top-level name; its stubs have it for a type checker."""
        about = stubbed(name)
        if about is not None:
            return stubs and self.provides(about, top)
        known = self.names(name)
        if known is None:
            # A fork is called like what it comes from.
            return is_like(name, top) or any(is_like(name, each) for each in providers(top))
        return top in known or (name not in self._given and normal(top) == name)

    def may_be_unknown(self, top: str, declared: Iterable[Declared], imported: Collection[str]) -> bool:
        """Whether a name that no known distribution has may come from one that nothing is known of."""
        if providers(top):
            return False
        unknown = {each.name for each in declared if self.names(each.name) is None and not is_tool(each.name)}
        return any(not any(is_like(name, each) for each in imported) for name in unknown)
