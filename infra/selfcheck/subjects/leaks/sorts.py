"""Which tokens there are: the form of each, and what besides it must be true of one that is real."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Callable
from typing import NamedTuple, cast

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _always(_: str) -> bool:
    return True


class Sort(NamedTuple):
    """A sort of secret: its id, what it is called, its form, and a proof that the form alone does not give."""

    id: str
    title: str
    form: str
    proof: Callable[[str], bool] = _always


def base62(number: int) -> str:
    """A number as the checksums of tokens are written, six digits."""
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _DIGITS[rest] + digits
    return digits.rjust(6, "0")


def _no_example(token: str) -> bool:
    return not token.endswith("EXAMPLE")


def _checksummed(token: str) -> bool:
    """GitHub's and npm's tokens end in the CRC-32 of what stands between their prefix and it.

    https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    """
    body = token.split("_", 1)[1]
    return base62(zlib.crc32(body[:-6].encode())) == body[-6:]


def _grafana(token: str) -> bool:
    body, _, checksum = token.removeprefix("glsa_").rpartition("_")
    return f"{zlib.crc32(body.encode()):08x}" == checksum.lower()


def _age(key: str) -> bool:
    """Bech32: https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki"""
    prefix, _, data = key.lower().rpartition("1")
    values = [_BECH32.find(each) for each in data]
    if min(values) < 0:
        return False
    checksum = 1
    for value in [*(ord(each) >> 5 for each in prefix), 0, *(ord(each) & 31 for each in prefix), *values]:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum == 1


def _pypi(token: str) -> bool:
    """A macaroon whose location is pypi.org."""
    body = token.removeprefix("pypi-")
    try:
        return b"pypi.org" in base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))[:40]
    except (binascii.Error, ValueError):
        return False


def _azure(text: str) -> bool:
    return _decodes(text.rpartition("AccountKey=")[2], 64)


def _decodes(text: str, size: int) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == size
    except (binascii.Error, ValueError):
        return False


def _private_key(text: str) -> bool:
    """A body that is DER, or OpenSSH's own form, or encrypted; an abbreviated one is none."""
    lines = re.split(r"\\n|[\r\n]+", text)[1:]
    body = "".join(line.strip(" \t\"',\\") for line in lines if ":" not in line and "-----" not in line)
    body = re.sub(r"[^A-Za-z0-9+/=]", "", body)
    try:
        start = base64.b64decode(body[: len(body) // 4 * 4][:400])
    except (binascii.Error, ValueError):
        return False
    is_encrypted = "ENCRYPTED" in text[:200]
    return len(start) >= 32 and (
        is_encrypted or start[:1] == b"\x30" or start.startswith(b"openssh-key-v1") or "PGP" in text[:40]
    )


def _service_role(token: str) -> bool:
    """A JSON web token that names the role of a service, and is no example of the standard's site."""
    try:
        payload = token.split(".")[1]
        data = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError, IndexError):
        return False
    return isinstance(data, dict) and cast("dict[str, object]", data).get("role") == "service_role"


SORTS: tuple[Sort, ...] = (
    Sort("github-token", "a token of GitHub", r"\bgh[pousr]_[A-Za-z0-9]{36}\b", _checksummed),
    Sort(
        "github-fine-grained-token", "a fine-grained token of GitHub", r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b"
    ),
    Sort(
        "gitlab-token", "a token of GitLab", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_-]{20,64}\b"
    ),
    Sort(
        "aws-access-key",
        "an access key of AWS",
        # In a signed address it tells who signed, and opens nothing.
        r"(?<!SubscriptionId=)(?<!AWSAccessKeyId=)(?<!X-Amz-Credential=)\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
        _no_example,
    ),
    Sort("slack-token", "a token of Slack", r"\bxox[abposre]-(?:\d+-)?[A-Za-z0-9-]{20,200}\b"),
    Sort("slack-app-token", "an app token of Slack", r"\bxapp-\d-[A-Z0-9]{8,14}-\d{10,14}-[a-f0-9]{64}\b"),
    Sort(
        "slack-webhook",
        "a webhook of Slack",
        r"https://hooks\.slack\.com/services/T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{24}\b",
    ),
    Sort("stripe-key", "a live key of Stripe", r"\b[sr]k_live_[A-Za-z0-9]{24,120}\b"),
    Sort("npm-token", "a token of npm", r"\bnpm_[A-Za-z0-9]{36}\b", _checksummed),
    Sort("pypi-token", "a token of PyPI", r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,400}\b", _pypi),
    Sort("sendgrid-key", "a key of SendGrid", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
    Sort(
        "openai-key",
        "a key of OpenAI",
        r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}\b",
    ),
    Sort("anthropic-key", "a key of Anthropic", r"\bsk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{93}AA\b"),
    Sort("digitalocean-token", "a token of DigitalOcean", r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
    Sort("huggingface-token", "a token of Hugging Face", r"\bhf_[A-Za-z]{34}\b"),
    Sort("shopify-token", "a token of Shopify", r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b"),
    Sort("telegram-token", "a bot token of Telegram", r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    Sort("vault-token", "a token of Vault", r"\bhv[sb]\.[A-Za-z0-9_-]{90,200}\b"),
    Sort("docker-token", "a token of Docker Hub", r"\bdckr_pat_[A-Za-z0-9_-]{27}\b"),
    Sort("databricks-token", "a token of Databricks", r"\bdapi[a-f0-9]{32}(?:-\d)?\b"),
    Sort("grafana-token", "a token of Grafana", r"\bglsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}\b", _grafana),
    Sort("age-key", "a secret key of age", r"\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b", _age),
    Sort("azure-storage-key", "a key of Azure storage", r"\bAccountKey=[A-Za-z0-9+/]{86}==", _azure),
    Sort(
        "supabase-service-key",
        "a service key of Supabase",
        r"\beyJ[A-Za-z0-9_-]{10,200}\.eyJ[A-Za-z0-9_-]{20,1000}\.[A-Za-z0-9_-]{20,200}\b",
        _service_role,
    ),
    Sort(
        "private-key",
        "a private key",
        r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----[^-]{64,16000}",
        _private_key,
    ),
    Sort("putty-key", "a private key of PuTTY", r"PuTTY-User-Key-File-\d: \S{1,40}[\s\S]{0,4000}?Private-Lines: \d+"),
)
FILED: tuple[tuple[str, Sort], ...] = (
    (r"(?:.*/)?\.git-credentials", Sort("git-credentials", "a password of git", r"(?m)^https?://[^:/\s]+:[^/\s]+@")),
    (r"(?:.*/)?[._]netrc", Sort("netrc-password", "a password for a machine", r"(?m)\bpassword\s+\S+")),
    (r"(?:.*/)?\.pgpass", Sort("pgpass-password", "a password of PostgreSQL", r"(?m)^(?:[^:#\s]*:){4}[^\s:]+")),
    (
        r"(?:.*/)?\.npmrc",
        Sort("npmrc-credential", "a credential of npm", r"(?m)(?:_authToken|_password|_auth)\s*=\s*[^\s$<{]+"),
    ),
    (
        r"(?:.*/)?(?:\.docker/config\.json|\.dockercfg|\.docker/\.dockercfg|\.?docker/config\.json)",
        Sort("docker-credential", "a credential of a registry", r'"auth"\s*:\s*"[A-Za-z0-9+/=]{8,}"'),
    ),
    (r"(?:.*/)?\.htpasswd", Sort("htpasswd-hash", "the hash of a password", r"(?m)^[^:\s#]+:(?:\$|\{SHA\})\S{10,}")),
    (r"(?:.*/)?etc/shadow", Sort("shadow-hash", "the hash of a password", r"(?m)^[^:\s]+:\$[^:\s]{10,}:")),
    (
        r"(?:.*/)?\.pypirc",
        Sort("pypirc-password", "a password of a package index", r"(?m)^\s*password\s*[=:]\s*[^\s$<{%]+"),
    ),
)
"""Files that are there to hold a credential, by their paths."""
