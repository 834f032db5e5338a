"""A repository in memory under a rulebook that is written out in full, for the checks of the rulebook itself."""

from selfcheck.check import Repository
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from selfcheck.testing import memory
from tests.lint.rot import NO_FILES, SHOP, Files, guardrail


def under(*bodies: str, files: Files = NO_FILES, head: str = "") -> Repository:
    """The shop under guardrails with these keys, named `g1`, `g2` and so on; `head` are lines before them."""
    written = "".join(guardrail(f"g{number}", body) for number, body in enumerate(bodies, start=1))
    text = f"version: 1\n{head}guardrails:\n{written}"
    cases = parse((Source("guardrails.yaml", text.encode()),), Registry(plugins=False)).cases
    return memory({**SHOP, **files, "guardrails.yaml": text}).under(cases)
