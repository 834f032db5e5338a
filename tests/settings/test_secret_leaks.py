"""`secret-leaks`: tokens by their form and proof, merged with what other scanners find; none of them is ever shown."""

import base64
import stat
import zlib
from pathlib import Path

import pytest

from selfcheck.check import Need, Repository
from selfcheck.checks.leaks.canaries import made_up
from selfcheck.checks.leaks.scanners import Name
from selfcheck.checks.leaks.secret_leaks import SecretLeaks
from selfcheck.model import Outcome
from selfcheck.prove import Proven
from selfcheck.subjects.leaks.find import PART, found
from selfcheck.subjects.leaks.sorts import SORTS, base62
from selfcheck.testing import TODAY, assert_breaks, assert_keeps, judged, memory, proven
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
        "https://shop.example/?SubscriptionId=" + LEAKS["aws-access-key"],
        "https://files.example/a?AWSAccessKeyId=" + LEAKS["aws-access-key"] + "&Signature=x",
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
    verdict = judged(CHECK, memory({"dump.sql": b"x" * 50_000_001}))

    assert (verdict.outcome, [ruling.seen.path for ruling in verdict.unread]) == (Outcome.ERROR, ["dump.sql"])


def test_where_no_text_can_be_read_there_is_no_canary() -> None:
    assert proven(CHECK, memory({"app.bin": b"\xff\xfe\xfd"})).outcome is Proven.UNPROVABLE


def test_the_tokens_of_every_file_are_looked_for_ahead() -> None:
    tree = memory({"a.py": "x\n", "b.txt": "y\n"}).tree

    assert [[file.path for file in files] for _, files in CHECK.ahead(tree)] == [["a.py", "b.txt"]]


def test_hostile_text_takes_no_time() -> None:
    text = ("-----BEGIN RSA PRIVATE KEY-----" + "A" * 40) * 20_000 + "sk-" * 100_000 + "eyJ" * 100_000

    assert judged(CHECK, memory({"a.txt": text})).outcome is Outcome.PASS


def test_of_a_text_full_of_tokens_a_thousand_are_told_in_no_time() -> None:
    leaks = found((LEAKS["aws-access-key"] + "\n").encode() * 200_000)

    assert (len(leaks), leaks[-1].line) == (1000, 1000)


@pytest.mark.parametrize("before", [PART - 10, PART, 2 * PART + 3])
def test_a_token_in_a_large_text_is_found_at_its_place(before: int) -> None:
    text = "a\n" * (before // 2) + " " * (before % 2) + LEAKS["aws-access-key"] + "\n"

    (leak,) = found(text.encode())

    assert (leak.line, leak.column) == (before // 2 + 1, before % 2 + 1)


def test_a_token_in_a_line_without_end_is_found_at_its_column() -> None:
    (leak,) = found(("a\n" + "x " * PART + LEAKS["aws-access-key"]).encode())

    assert (leak.line, leak.column) == (2, 2 * PART + 1)


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


def test_the_proofs_of_makers_are_what_they_say() -> None:
    encoded = base64.urlsafe_b64encode(b"\x02\x01\x08pypi.org" + bytes(range(60))).decode().rstrip("=")
    role = base64.urlsafe_b64encode(b'{"role":"service_role"}').decode().rstrip("=")
    proofs = {sort.id: sort.proof for sort in SORTS}

    assert proofs["pypi-token"](f"pypi-{encoded}")
    assert not proofs["pypi-token"]("pypi-AAAAAAAAAAAA")
    assert not proofs["pypi-token"]("pypi-\u00e9")
    assert proofs["azure-storage-key"]("AccountKey=" + base64.b64encode(bytes(range(64))).decode())
    assert not proofs["azure-storage-key"]("AccountKey=abc")
    assert proofs["supabase-service-key"](f"eyJhbGciOiJIUzI1NiJ9.{role}.abc")
    assert not proofs["supabase-service-key"]("eyJhbGciOiJIUzI1NiJ9")
    assert proofs["age-key"]("AGE-SECRET-KEY-" + _bech32("age-secret-key-", [*range(32), 1, 2, 3]).upper())
    assert not proofs["age-key"]("AGE-SECRET-KEY-1" + "Q" * 58)
    assert not proofs["age-key"]("AGE-SECRET-KEY-1" + "B" * 58)
    assert not proofs["private-key"]("-----BEGIN PRIVATE KEY-----\nA===BCDE")
    assert not proofs["private-key"]("-----BEGIN PRIVATE KEY-----\nAAAAA")


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("kingfisher", '{"findings":[{"rule":{"id":"r"},"finding":{"path":"./a.py","line":2}}]}\n{"findings":1}'),
        ("detect-secrets", '{"results":{"a.py":[{"type":"R","line_number":2}]}}'),
        ("betterleaks", '[{"RuleID":"r","File":"a.py","StartLine":2}]'),
    ],
)
def test_the_output_of_each_scanner_is_read(name: Name, output: str, tmp_path: Path) -> None:
    _program(tmp_path / "bin", name, f"printf '%s\\n' '{output}'\n")

    findings = assert_breaks(
        SecretLeaks(scanners=(name,)), _with_programs(tmp_path / "bin", {"a.py": "x\ny\n"}, tmp_path), "r in a.py"
    )

    assert findings[0].data["also"] == [f"{name}: r"]


def _bech32(prefix: str, values: list[int]) -> str:
    """A text with its checksum, as the standard has it."""
    characters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    expanded = [ord(each) >> 5 for each in prefix] + [0] + [ord(each) & 31 for each in prefix]
    checksum = 1
    for value in [*expanded, *values, 0, 0, 0, 0, 0, 0]:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if top >> bit & 1 else 0
    last = [(checksum ^ 1) >> 5 * (5 - each) & 31 for each in range(6)]
    return "1" + "".join(characters[each] for each in [*values, *last])
