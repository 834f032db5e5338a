"""What programs run in is gone once a run has ended, however it ended; nothing else is ever taken away."""

import fcntl
import stat
from pathlib import Path

import pytest

from selfcheck.cli.copies import BEFORE, LOCK, remove, room_for_copies
from tests.cli.process import alive, number_in, rulebook, selfcheck, started, wait_until
from tests.trees.working_copy import working_copy

SLOW = """\
  - {id: slow, title: A slow one, why: It takes long., severity: high, timeout: 600,
     check: {use: command, shell: 'echo $$ > "$PROCESS"; exec sleep 600', env: [PROCESS]}}
"""
PROVABLE = """\
  - id: provable
    title: Nothing is broken
    why: It would be a pity.
    severity: high
    check: {{use: command, shell: '{shell}'}}
    canaries: [{{write: {{path: broken, text: x}}}}]
"""


def provable(shell: str) -> str:
    """A guardrail with a program and a canary."""
    return PROVABLE.format(shell=shell)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The folder for what is temporary."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def environ(tmp_path: Path, scratch: Path) -> dict[str, str]:
    """Where copies are made, and where what runs long writes its process number."""
    return {"TMPDIR": str(scratch), "PROCESS": str(tmp_path / "process")}


def repository(tmp_path: Path, *guardrails: str) -> Path:
    return working_copy(tmp_path / "repo", {"a": b"text\n", "guardrails.yaml": rulebook(*guardrails).encode()})


def state(root: Path) -> dict[str, tuple[bytes, int, int]]:
    """Every file below a folder but git's own: its content, its mode, and when it was changed."""
    files = [path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {
        str(path): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode), path.stat().st_mtime_ns) for path in files
    }


@pytest.mark.parametrize("command", ["run", "prove"])
def test_a_killed_run_ends_its_programs_and_the_next_one_removes_its_copies(
    command: str, tmp_path: Path, scratch: Path, environ: dict[str, str]
) -> None:
    root = repository(tmp_path, SLOW)
    before = state(root)
    with started(command, cwd=root, environ=environ) as running:
        program = number_in(Path(environ["PROCESS"]))
        running.kill()
    wait_until(lambda: not alive(program))
    left = [path.name for path in scratch.iterdir()]
    (root / "guardrails.yaml").write_bytes(rulebook(provable("! test -e broken")).encode())

    def is_clean() -> bool:
        """The processes of the killed run may take seconds to end, and their copies are theirs until then."""
        assert selfcheck(command, cwd=root, environ=environ).returncode == 0
        return [*scratch.iterdir()] == []

    assert (len(left), left[0].startswith(BEFORE)) == (1, True)
    wait_until(is_clean)
    assert state(root) == {**before, **{path: now for path, now in state(root).items() if path.endswith(".yaml")}}


@pytest.mark.parametrize(
    ("shell", "said"),
    [
        ("kill -9 $PPID", "its process was killed by SIGKILL"),
        ("kill -9 $$", "the program was killed by SIGKILL"),
        ("test -e broken && kill -9 $PPID; true", "its process was killed by SIGKILL"),
    ],
)
def test_a_proof_whose_process_is_killed_leaves_nothing(
    shell: str, said: str, tmp_path: Path, scratch: Path, environ: dict[str, str]
) -> None:
    root = repository(tmp_path, provable(shell))
    before = state(root)

    done = selfcheck("prove", "provable", cwd=root, environ=environ)

    assert (done.returncode, said in done.stdout) == (3, True), done.stdout
    assert ([*scratch.iterdir()], state(root)) == ([], before)


def test_what_a_program_does_in_its_copy_reaches_no_file_of_the_user(
    tmp_path: Path, scratch: Path, environ: dict[str, str]
) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine\n")
    mine.chmod(0o440)
    # A removal that mends permissions must not mend those of what a link leads to.
    shell = f"echo changed > a; mkdir shut; ln -s {mine} shut/link; chmod 0 shut; ! test -e broken"
    root = repository(tmp_path, provable(shell))
    before = state(root) | state(tmp_path / "mine")

    done = selfcheck("prove", "provable", cwd=root, environ=environ)

    assert (done.returncode, done.stdout) == (0, "proven     provable (1 canary)\n1 proven\n")
    assert (state(root) | state(tmp_path / "mine"), mine.stat().st_mode & 0o777) == (before, 0o440)
    assert [*scratch.iterdir()] == []


def test_two_runs_at_once_leave_each_other_alone(scratch: Path) -> None:
    with room_for_copies(str(scratch)) as first, room_for_copies(str(scratch)) as second:
        (first / "copy").write_bytes(b"")

        assert (first != second, (first / "copy").exists(), second.exists()) == (True, True, True)

    assert [*scratch.iterdir()] == []


def test_a_folder_stays_while_a_process_of_its_run_lives(scratch: Path) -> None:
    left = scratch / f"{BEFORE}left"
    left.mkdir()
    with (left / LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        with room_for_copies(str(scratch)):
            while_held = left.exists()
    with room_for_copies(str(scratch)):
        afterwards = left.exists()

    assert (while_held, afterwards) == (True, False)


def test_only_what_a_run_has_left_is_removed(scratch: Path) -> None:
    (scratch / f"{BEFORE}notes").mkdir()
    (scratch / f"{BEFORE}notes/mine").write_bytes(b"")
    (scratch / f"{BEFORE}file").write_bytes(b"")
    elsewhere = scratch.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / LOCK).touch()
    (scratch / f"{BEFORE}link").symlink_to(elsewhere)
    (scratch / f"{BEFORE}lock-is-a-link").mkdir()
    (scratch / f"{BEFORE}lock-is-a-link" / LOCK).symlink_to(elsewhere / LOCK)
    before = sorted(scratch.rglob("*"))

    with room_for_copies(str(scratch)):
        pass

    assert (sorted(scratch.rglob("*")), (elsewhere / LOCK).exists()) == (before, True)


def test_a_folder_without_permissions_is_removed_with_all_that_is_in_it(tmp_path: Path) -> None:
    deep = tmp_path / "room/copy/deep"
    deep.mkdir(parents=True)
    (deep / "file").write_bytes(b"")
    for folder in (deep, deep.parent):
        folder.chmod(0)

    remove(str(tmp_path / "room"))

    assert not (tmp_path / "room").exists()
