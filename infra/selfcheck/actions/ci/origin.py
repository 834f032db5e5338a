"""Where the selfcheck that runs here came from, so that another machine can be told to install the same."""

from importlib.metadata import distribution
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from selfcheck import __version__

WHEEL = f"./tools/selfcheck-{__version__}-py3-none-any.whl"
"""Where a wheel is kept in the repository, if nothing better is known."""


class Origin(Struct, frozen=True):
    """What pip is told to install, and the git repository and commit where it came from one."""

    requirement: str
    repository: str | None = None
    commit: str | None = None


class Checkout(Struct):
    """A revision of a repository, as an installer records it."""

    vcs: str
    commit_id: str


class Archive(Struct):
    """The digests of a file, by the names of their algorithms."""

    hashes: dict[str, str] = {}


class Direct(Struct):
    """What an installer records: https://packaging.python.org/en/latest/specifications/direct-url-data-structure/."""

    url: str
    vcs_info: Checkout | None = None
    archive_info: Archive | None = None


def origin() -> Origin:
    """Of this installation; one from an index records nothing but its version."""
    recorded = distribution("selfcheck").read_text("direct_url.json")
    return Origin(f"selfcheck=={__version__}") if recorded is None else told(recorded)


def told(recorded: str) -> Origin:
    """By what an installer recorded; what stands on this machine's disk cannot be had elsewhere."""
    direct = msgspec.json.decode(recorded, type=Direct)
    if _private(direct.url):
        return Origin(WHEEL)
    if direct.vcs_info is not None:
        commit = direct.vcs_info.commit_id
        requirement = f"selfcheck @ {direct.vcs_info.vcs}+{direct.url}@{commit}"
        return Origin(requirement, direct.url, commit) if direct.vcs_info.vcs == "git" else Origin(requirement)
    if direct.archive_info is not None and "sha256" in direct.archive_info.hashes:
        return Origin(f"selfcheck @ {direct.url}#sha256={direct.archive_info.hashes['sha256']}")
    return Origin(WHEEL)


def _private(url: str) -> bool:
    """Whether it is no address that another machine has, or holds what may be a secret."""
    parts = urlsplit(url)
    secret = parts.password is not None or (parts.scheme == "https" and parts.username is not None)
    return secret or parts.scheme not in ("https", "ssh")
