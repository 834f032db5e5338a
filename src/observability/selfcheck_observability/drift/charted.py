"""What changed in the intelligence map since the run before: the sources of both commits measured, people's words compared."""

from msgspec import structs

from selfcheck.check import CannotJudge, Tree
from selfcheck.cli import opening
from selfcheck.errors import SelfcheckError, Unreadable
from selfcheck.facts import Facts
from selfcheck_observability.drift.night import Charted
from selfcheck_observability.map import PLACE, Map
from selfcheck_observability.map.differences import differences

TOLERANCE = 0.1
"""A number that moved by less is not told every night."""


def charted(here: opening.Opened, facts: Facts, revision: str | None) -> Charted | None:
    """The differences of the maps; None where there is no map."""
    if here.tree.file(PLACE) is None:
        return None
    if revision is None or here.git is None:
        return Charted(said="there is no earlier commit to compare it with")
    try:
        before = opening.revision(here.git, revision, here.folder)
        if before.file(PLACE) is None:
            return Charted(said=f"{revision[:12]} had none")
        return Charted(differences=differences(_now(before, facts), _now(here.tree, facts), tolerance=TOLERANCE))
    except (SelfcheckError, CannotJudge, Unreadable) as error:
        return Charted(said=f"it could not be compared: {error}")


def _now(tree: Tree, facts: Facts) -> Map:
    """The map of a tree, its measured part as it would be generated there; what only git knows is left out."""
    # Reading routes takes parsers that are heavy.
    from selfcheck_observability.map.measure import Past
    from selfcheck_observability.map.survey import measured, opened

    whole = opened(tree, facts, PLACE).whole
    return structs.replace(whole, measured=measured(tree, facts, whole, Past()).measured)
