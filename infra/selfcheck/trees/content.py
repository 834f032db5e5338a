"""The identity of a content: the id that git gives it as a blob."""

import hashlib


def blob_id(content: bytes, like: str | None = None) -> str:
    """SHA-1 over `blob SIZE`, a NUL and the content; SHA-256 where `like` is an id of that kind."""
    algorithm = "sha256" if like is not None and len(like) == hashlib.sha256().digest_size * 2 else "sha1"
    digest = hashlib.new(algorithm, b"blob %d\0" % len(content), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()
