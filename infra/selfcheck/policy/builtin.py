"""The guardrails that no rulebook writes: they judge the exceptions, and the rulebook's own change."""

from selfcheck.guardrail import EXCEPTIONS, LOOSENED, Enforce, Guardrail, Place, Severity


def exceptions(place: Place) -> Guardrail:
    """The guardrail over waivers, comments and the baseline."""
    return _guardrail(
        EXCEPTIONS,
        "Every exception is in force, complete and needed",
        "An exception that nobody needs, or that has ended, hides the next finding under its name.",
        place,
    )


def loosened(place: Place) -> Guardrail:
    """The guardrail over what a change does to the rulebook that judges it."""
    return _guardrail(
        LOOSENED,
        "The change does not loosen the rules that judge it",
        "Who may move the bar while jumping is never too low.",
        place,
    )


def _guardrail(name: str, title: str, why: str, place: Place) -> Guardrail:
    return Guardrail(
        id=name,
        title=title,
        why=why,
        severity=Severity.HIGH,
        enforce=Enforce.BLOCK,
        waivable=False,
        check={"use": name},
        place=place,
    )
