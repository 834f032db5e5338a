"""File names as git and the disk have them, bytes, and as reports have them, text."""


def shown(raw: bytes) -> str:
    r"""The name as UTF-8; bytes that are none stand as `\xNN`."""
    return raw.decode("utf-8", "backslashreplace")
