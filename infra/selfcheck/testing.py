"""For the authors of checks: repositories in memory, and assertions that a check breaks, keeps, and can be proven."""

from collections.abc import Mapping
from datetime import date

from selfcheck.check import Case, Check, Finding, Repository
from selfcheck.guardrail import Guardrail, Place, Severity, Waiver
from selfcheck.judge import examine
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import decide
from selfcheck.prove import Proof, Proven, proof
from selfcheck.trees import Memory, Tree

TODAY = date(2026, 1, 1)


def memory(
    files: Mapping[str, str | bytes],
    *,
    links: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    today: date = TODAY,
) -> Repository:
    """A repository of these files, path to content."""
    contents = {path: content.encode() if isinstance(content, str) else content for path, content in files.items()}
    return over(Memory(contents, links), environ=environ, today=today)


def over(tree: Tree, *, environ: Mapping[str, str] | None = None, today: date = TODAY) -> Repository:
    """A repository of any tree."""
    return Repository(tree, environ=environ or {}, today=today)


def guardrail(
    *, severity: Severity = Severity.HIGH, waivers: tuple[Waiver, ...] = (), allow_empty: bool = False
) -> Guardrail:
    """A guardrail to hang a check on."""
    return Guardrail(
        id="under-test",
        title="The check under test",
        why="It is under test.",
        severity=severity,
        check={"use": "under-test"},
        waivers=waivers,
        allow_empty=allow_empty,
        place=Place("guardrails.yaml", 1),
    )


def judged(check: Check, repo: Repository, on: Guardrail | None = None) -> Verdict:
    """The verdict of a check on a repository, in this process."""
    on = on or guardrail()
    return decide(on, examine(Case(on, check), repo), today=repo.today, fail_on=Severity.HIGH)


def proven(check: Check, repo: Repository) -> Proof:
    """The proof of a check on a repository, in this process."""
    return proof(Case(guardrail(), check), repo, Severity.HIGH)


def assert_keeps(check: Check, repo: Repository) -> Verdict:
    """The check passes, with evidence, and its canaries turn it red."""
    verdict = judged(check, repo)
    assert verdict.outcome is Outcome.PASS, f"{verdict.outcome}: {verdict.reason or verdict.findings}"
    found = proven(check, repo)
    assert found.outcome is Proven.PROVEN, f"{found.outcome}: {found.reason}"
    return verdict


def assert_breaks(check: Check, repo: Repository, *keys: str) -> tuple[Finding, ...]:
    """The check fails with findings of exactly these keys, in this order."""
    verdict = judged(check, repo)
    assert verdict.outcome is Outcome.FAIL, f"{verdict.outcome}: {verdict.reason}"
    findings = tuple(ruling.seen for ruling in verdict.findings)
    assert tuple(finding.key for finding in findings) == keys, [finding.key for finding in findings]
    return findings
