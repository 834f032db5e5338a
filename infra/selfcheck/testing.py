"""For the authors of checks: repositories in memory and in git, and assertions that a check breaks, keeps, and can be proven."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from selfcheck.check import Case, Change, Check, Finding, Repository
from selfcheck.errors import UsageError
from selfcheck.git import Git, open_git
from selfcheck.git.history import resolve
from selfcheck.guardrail import Guardrail, Place, Severity, Waiver
from selfcheck.judge import examine
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import decide
from selfcheck.prove import Proof, Proven, Terms, proof
from selfcheck.trees import Directory, Memory, Revision, Tree

TODAY = date(2026, 1, 1)
COMMITTER = b"A Committer <committer@example.org> %d +0000"
FIRST = 1_767_225_600
"""The second of the first commit: midnight of `TODAY`; each further one is a second later."""

Files = Mapping[str, str | bytes | None]
"""What a commit changes: path to content; None takes a file away."""


def memory(
    files: Mapping[str, str | bytes],
    *,
    links: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    today: date = TODAY,
    base: Mapping[str, str | bytes] | None = None,
    target: Mapping[str, str | bytes] | None = None,
    change: Change | None = None,
) -> Repository:
    """A repository of these files, path to content; `base` are those that it is compared with, `target` those that it
    will be merged into, `change` is what came with the change since the base.
    """
    before = None if base is None else _in_memory(base)
    onto = None if target is None else _in_memory(target)
    return over(_in_memory(files, links), environ=environ, today=today, base=before, target=onto, change=change)


def over(
    tree: Tree,
    *,
    environ: Mapping[str, str] | None = None,
    today: date = TODAY,
    base: Tree | None = None,
    target: Tree | None = None,
    change: Change | None = None,
) -> Repository:
    """A repository of any tree, compared with any other, to be merged into any other."""
    return Repository(tree, environ=environ or {}, today=today, base=base, target=target, change=change)


def git_repository(folder: Path, *commits: Files) -> Repository:
    r"""A real git repository in `folder`, which is made if need be: one commit on `main` for each mapping, checked out.

    The repository is over the working tree: what is written below `folder` before the tree is first asked is seen.
    A content is what git stores; one that begins with `#!` is executable. The ids of the commits depend on nothing
    else, so that they are the same wherever a test runs.

        repo = git_repository(tmp_path, {"a.py": "import b\n"}, {"b.py": "import a\n", "a.py": None})
        before = git_revision(tmp_path, "HEAD~1")

    Raises:
        CannotOpen: git is not installed, or refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    git = Git(folder.resolve(), folder.resolve() / ".git")
    git.line("init", "--quiet", "--initial-branch=main")
    git.rows("fast-import", "--quiet", "--date-format=raw", stdin=b"".join(_import(commits)))
    if commits:
        git.line("reset", "--hard", "--quiet")
    return over(Directory(folder))


def git_revision(folder: Path, revision: str) -> Repository:
    """The git repository that `folder` belongs to as one of its commits holds it, read from git's objects.

    Raises:
        UsageError: the revision names no commit, or `folder` is in no repository.
    """
    git = open_git(folder)
    if git is None:
        raise UsageError(f"{folder}: is in no git repository")
    within = folder.resolve().relative_to(git.top).as_posix()
    return over(Revision(git, resolve(git, revision), "" if within == "." else within))


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
    return proof(Case(guardrail(), check), repo, Terms(fail_on=Severity.HIGH))


def assert_keeps(check: Check, repo: Repository) -> Verdict:
    """The check passes, with evidence, and its canaries turn it red."""
    verdict = judged(check, repo)
    assert verdict.outcome is Outcome.PASS, f"{verdict.outcome}: {verdict.reason or verdict.findings}"
    found = proven(check, repo)
    assert found.outcome is Proven.PROVEN, f"{found.outcome}: {found.reason or found.missed[0]}"
    return verdict


def assert_breaks(check: Check, repo: Repository, *keys: str) -> tuple[Finding, ...]:
    """The check fails with findings of exactly these keys, in this order."""
    verdict = judged(check, repo)
    assert verdict.outcome is Outcome.FAIL, f"{verdict.outcome}: {verdict.reason}"
    findings = tuple(ruling.seen for ruling in verdict.findings)
    assert tuple(finding.key for finding in findings) == keys, [finding.key for finding in findings]
    return findings


def _import(commits: tuple[Files, ...]) -> Iterator[bytes]:
    """The commits as git-fast-import(1) reads them."""
    for number, files in enumerate(commits):
        yield b"commit refs/heads/main\ncommitter %b\n" % (COMMITTER % (FIRST + number))
        yield _data(b"commit %d\n" % (number + 1))
        for path, content in files.items():
            name = path.encode("utf-8", "surrogateescape")
            for plain, escaped in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n")):
                name = name.replace(plain, escaped)
            yield b'D "%b"\n' % name if content is None else b'M %b inline "%b"\n' % (_mode(content), name)
            yield b"" if content is None else _data(_bytes(content))


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _mode(content: str | bytes) -> bytes:
    return b"100755" if _bytes(content).startswith(b"#!") else b"100644"


def _in_memory(files: Mapping[str, str | bytes], links: Mapping[str, str] | None = None) -> Memory:
    return Memory({path: _bytes(content) for path, content in files.items()}, links)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
