"""`secret-leaks`: tokens by their form and proof, merged with what other scanners find; none of them is ever shown."""

import base64
import stat
import zlib
from pathlib import Path

import pytest

from selfcheck.check import Need, Repository
from selfcheck.checks.leaks.canaries import made_up
from selfcheck.checks.leaks.secret_leaks import SecretLeaks
from selfcheck.model import Outcome
from selfcheck.subjects.leaks.sorts import base62
from selfcheck.testing import TODAY, assert_breaks, assert_keeps, judged, memory
from selfcheck.trees import Memory

CHECK = SecretLeaks()
BODY = "q7Wm2Zt9Xc4Vb8Nn1Lk6Jh3Gf5Ds0Ra"
DER = base64.b64encode(b"\x30\x82\x01\x0a" + bytes(range(7, 250))).decode()


def npm() -> str:
    """A token of npm's form with a right checksum."""
    body = BODY[:30]
    return f"npm_{body}{base62(zlib.crc32(body.encode()))}"


def pem(body: str, kind: str = "RSA ") -> str:
    """A private key in PEM."""
    dashes = "-" * 5
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    return f"{dashes}BEGIN {kind}PRIVATE KEY{dashes}\n{lines}\n{dashes}END {kind}PRIVATE KEY{dashes}\n"


LEAKS = {
    "github-token": made_up(),
    "npm-token": npm(),
    "gitlab-token": f"glpat-{BODY[:20]}",
    "aws-access-key": "AKIA" + "QYLPMN5HFIQR7XYA",
    "slack-token": f"xoxb-123456789012-{BODY}",
    "stripe-key": f"sk_live_{BODY[:24]}",
    "sendgrid-key": f"SG.{BODY[:22]}.{(BODY * 2)[:43]}",
    "digitalocean-token": "dop_v1_" + "0f1e2d3c4b5a6978" * 4,
    "grafana-token": f"glsa_{BODY + '7'}_{zlib.crc32((BODY + '7').encode()):08x}",
    "private-key": pem(DER),
}


def test_files_without_tokens_keep_the_promise_and_the_canary_bites() -> None:
    assert_keeps(CHECK, memory({"app.py": "TOKEN = os.environ['TOKEN']\n", "logo.png": b"\0\1\2"}))


@pytest.mark.parametrize("sort", LEAKS)
def test_a_token_is_found_in_any_text_and_never_shown(sort: str) -> None:
    (finding,) = assert_breaks(CHECK, memory({"app.py": f"x = '''{LEAKS[sort]}'''\n"}), f"{sort} in app.py")

    assert LEAKS[sort][8:24] not in str(finding)


@pytest.mark.parametrize(
    "text",
    [
        made_up()[:-1] + ("0" if made_up()[-1] != "0" else "1"),
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AKIA" + "X" * 16,
        "glpat-" + "x" * 20,
        "sk_live_" + "example" * 4,
        pem("MII..."),
        pem(base64.b64encode(b"no key at all " * 6).decode()),
        "ghp_short",
    ],
)
def test_what_is_nearly_a_token_is_none(text: str) -> None:
    assert judged(CHECK, memory({"app.py": f"x = '''{text}'''\n"})).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("path", "text", "sort"),
    [
        (".git-credentials", "https://ann:pw@git.example\n", "git-credentials"),
        ("home/.netrc", "machine a login b password c\n", "netrc-password"),
        (".pgpass", "db:5432:shop:ann:pw\n", "pgpass-password"),
        (".npmrc", "//r.example/:_authToken=abc\n", "npmrc-credential"),
        (".docker/config.json", '{"auths": {"r": {"auth": "YW5uOnNlY3JldA=="}}}', "docker-credential"),
        ("www/.htpasswd", "ann:$apr1$abcdefgh$ijklmnop\n", "htpasswd-hash"),
    ],
)
def test_a_file_that_is_there_to_hold_a_credential_holds_one(path: str, text: str, sort: str) -> None:
    assert_breaks(CHECK, memory({path: text}), f"{sort} in {path}")


def test_a_text_that_is_too_large_is_an_error_with_its_path() -> None:
    verdict = judged(CHECK, memory({"dump.sql": b"x" * 5_000_001}))

    assert (verdict.outcome, [ruling.seen.path for ruling in verdict.unread]) == (Outcome.ERROR, ["dump.sql"])


def test_hostile_text_takes_no_time() -> None:
    text = ("-----BEGIN RSA PRIVATE KEY-----" + "A" * 40) * 20_000 + "sk-" * 100_000 + "eyJ" * 100_000

    assert judged(CHECK, memory({"a.txt": text})).outcome is Outcome.PASS


def test_no_program_is_asked_for_where_no_scanner_is_named() -> None:
    named = SecretLeaks(scanners=("gitleaks",))

    assert (CHECK.asks_for, named.asks_for) == (frozenset(), frozenset({Need.PROGRAM}))


def test_a_scanner_that_is_not_installed_is_an_error() -> None:
    verdict = judged(
        SecretLeaks(scanners=("gitleaks",)), _with_programs(Path("/nowhere"), {"a.py": "x\n"}, Path("/tmp"))
    )

    assert (verdict.outcome, verdict.reason) == (
        Outcome.ERROR,
        "gitleaks is not installed; install it, or take it out of `scanners`",
    )


def test_what_a_scanner_finds_is_merged_with_ours_and_told_once(tmp_path: Path) -> None:
    rows = '[{"RuleID":"github-pat","File":"app.py","StartLine":1},{"RuleID":"generic-api-key","File":"b.py","StartLine":2}]'
    _program(
        tmp_path / "bin",
        "gitleaks",
        f'while [ $# -gt 0 ]; do [ "$1" = --report-path ] && echo \'{rows}\' > "$2"; shift; done\n',
    )
    files = {"app.py": f"x = '{made_up()}'\n", "b.py": "a\nb\n"}
    repo = _with_programs(tmp_path / "bin", files, tmp_path)

    findings = assert_breaks(
        SecretLeaks(scanners=("gitleaks",)), repo, "github-token in app.py", "generic-api-key in b.py"
    )

    assert [finding.data["also"] for finding in findings] == [["gitleaks: github-pat"], ["gitleaks: generic-api-key"]]


def test_a_scanner_that_fails_is_an_error(tmp_path: Path) -> None:
    _program(tmp_path / "bin", "gitleaks", "exit 3\n")

    verdict = judged(SecretLeaks(scanners=("gitleaks",)), _with_programs(tmp_path / "bin", {"a.py": "x\n"}, tmp_path))

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "gitleaks ended with exit status 3")


def test_a_scanner_that_writes_what_nobody_knows_is_an_error(tmp_path: Path) -> None:
    _program(tmp_path / "bin", "detect-secrets", "echo '[1, 2'\n")

    verdict = judged(
        SecretLeaks(scanners=("detect-secrets",)), _with_programs(tmp_path / "bin", {"a.py": "x\n"}, tmp_path)
    )

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "detect-secrets wrote what is not its format")


def _program(folder: Path, name: str, text: str) -> None:
    """A program of that name, as small as can be."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _with_programs(folder: Path, files: dict[str, str], scratch: Path) -> Repository:
    tree = Memory({path: text.encode() for path, text in files.items()})
    environ = {"PATH": f"{folder}:/usr/bin:/bin"}
    return Repository(tree, environ=environ, today=TODAY, scratch=scratch)
