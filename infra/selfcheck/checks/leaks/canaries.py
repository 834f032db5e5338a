"""A token that is right in form and opens nothing."""

import zlib

from selfcheck.subjects.leaks.sorts import base62

BODY = "SelfcheckMadeThisUp4ACanary00x"
"""Thirty characters, as a token of GitHub has them before its checksum."""


def made_up() -> str:
    """A token of GitHub's form, put together here so that no file of ours holds one."""
    return f"ghp_{BODY}{base62(zlib.crc32(BODY.encode()))}"
