"""Commands that tell nothing."""

from tests.lint.rot import CANARY, MARK, Rot


def command(shell: str, *more: str, marked: bool = True) -> str:
    """The options of a `command` with a line for the shell, and a canary that fits."""
    mark = f"  {MARK}" if marked else ""
    return "\n".join((f"check: {{use: command, shell: '{shell}'}}{mark}", *more, CANARY))


COMMANDS = (
    Rot(
        "or-true",
        "rulebook-commands",
        command("grep -q free LICENSE || true"),
        command("grep -q free LICENSE", marked=False),
    ),
    Rot(
        "or-echo",
        "rulebook-commands",
        command("grep -q all LICENSE || echo WARNING"),
        command("grep -q all LICENSE || exit 1", marked=False),
    ),
    Rot("exit-0", "rulebook-commands", command("make lint; exit 0"), command("make lint", marked=False)),
    Rot(
        "set-plus-e",
        "rulebook-commands",
        command("set +e; make types; echo done"),
        command("set -e; make types; echo done", marked=False),
    ),
    Rot(
        "pipeline",
        "rulebook-commands",
        command("make docs | tee docs.log"),
        command("make docs > docs.log", marked=False),
    ),
    Rot(
        "grep-untested",
        "rulebook-commands",
        command("grep -c Free LICENSE; echo counted"),
        command("grep -c Free LICENSE && echo counted", marked=False),
    ),
    Rot("background", "rulebook-commands", command("make serve &"), command("make serve", marked=False)),
    Rot(
        "if-that-says-so",
        "rulebook-commands",
        command("if make test; then echo good; else echo bad; fi"),
        command("if make test; then echo good; else exit 1; fi", marked=False),
    ),
    Rot(
        "test-of-the-rulebook",
        "rulebook-commands",
        command("test -f guardrails.yaml"),
        command("test -f LICENSE", marked=False),
    ),
    Rot("no-shell-reads-it", "rulebook-commands", command("if make build"), command("make build", marked=False)),
    Rot(
        "never-holds",
        "rulebook-commands",
        command("make check && exit 2; exit 1"),
        command("make check && exit 0; exit 1", marked=False),
    ),
    Rot(
        "constant",
        "rulebook-commands",
        f"check: {{use: command, run: [echo, fine]}}  {MARK}\n{CANARY}",
        f"check: {{use: command, run: [make, fine]}}\n{CANARY}",
    ),
    Rot(
        "shell-in-a-shell",
        "rulebook-commands",
        f"check: {{use: command, run: [bash, -c, make audit || true]}}  {MARK}\n{CANARY}",
        f"check: {{use: command, run: [bash, -c, make audit]}}\n{CANARY}",
    ),
    Rot(
        "a-no-expected",
        "rulebook-commands",
        f"check: {{use: command, run: [grep, -q, shirt, prices.txt], expect: [0, 1]}}  {MARK}\n{CANARY}",
        f"check: {{use: command, run: [grep, -q, shirt, prices.txt], expect: [0]}}\n{CANARY}",
    ),
    Rot(
        "script-that-cannot-fail",
        "rulebook-commands",
        f"check: {{use: command, run: [sh, tools/sizes.sh]}}\n{CANARY}",
        f"check: {{use: command, run: [sh, tools/sizes.sh]}}\n{CANARY}",
        {"tools/sizes.sh": f"if ! make sizes; then  {MARK}\n  echo bad\nfi\necho fine\n"},
        {"tools/sizes.sh": "if ! make sizes; then\n  exit 1\nfi\necho fine\n"},
    ),
    Rot(
        "script-that-moved",
        "rulebook-commands",
        f"check: {{use: command, run: [python3, tools/stock.py]}}  {MARK}\n{CANARY}",
        f"check: {{use: command, run: [python3, tools/stock.py]}}\n{CANARY}",
        {},
        {"tools/stock.py": "raise SystemExit(0)\n"},
    ),
    Rot(
        "script-that-does-not-compile",
        "rulebook-commands",
        f"check: {{use: command, run: [python3, tools/tracker.py]}}\n{CANARY}",
        f"check: {{use: command, run: [python3, tools/tracker.py]}}\n{CANARY}",
        {"tools/tracker.py": f"import sys\n\nif sys.argv  {MARK}\n    sys.exit(1)\n"},
        {"tools/tracker.py": "import sys\n\nif sys.argv:\n    sys.exit(1)\n"},
    ),
)
