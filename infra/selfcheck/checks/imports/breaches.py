"""A chain of imports that a contract forbids, as a finding."""

from selfcheck.check import Finding
from selfcheck.checks.imports.contract import at, shown, step
from selfcheck.subjects.imports.chains import Chain


def breach(chain: Chain, reason: str, hint: str) -> Finding:
    """A single import is known by both modules; a longer chain by where it begins and the package that it reaches.

    Its parts name the importer too, so that the chain of one is not taken for that of another.
    """
    first = chain.imports[0]
    direct = len(chain.imports) == 1
    return Finding(
        key=f"{first.importer} -> {first.imported if direct else f'… -> {chain.package}'}",
        message=f"{reason}: {shown(chain.imports)}",
        at=at(first),
        hint=hint,
        data={"chain": [step(each) for each in chain.imports]},
        parts=() if direct else tuple(f"{first.importer} -> {module}" for module in chain.reached),
    )
