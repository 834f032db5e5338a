"""What a canary changes: each edit turns a path's old content into its new one; None stands for no file."""

from msgspec import Struct


class EditMissed(Exception):
    """An edit cannot be made on this tree; the message says which and why."""


class Write(Struct, frozen=True):
    """A file with this content, whether or not it was there."""

    path: str
    content: bytes

    def applied(self, old: bytes | None) -> bytes | None:
        """The content after the edit."""
        return self.content


class Append(Struct, frozen=True):
    """Bytes at the end of a file that is there."""

    path: str
    content: bytes

    def applied(self, old: bytes | None) -> bytes | None:
        """The content after the edit; raises `EditMissed` where there is no such file."""
        return _present(self.path, old) + self.content


class Replace(Struct, frozen=True):
    """Every occurrence of `old` in a file by `new`."""

    path: str
    old: bytes
    new: bytes

    def applied(self, old: bytes | None) -> bytes | None:
        """The content after the edit; raises `EditMissed` where `old` does not occur."""
        content = _present(self.path, old)
        if self.old not in content:
            raise EditMissed(f"replace in {self.path}: the text to replace does not occur")
        return content.replace(self.old, self.new)


class Delete(Struct, frozen=True):
    """A file taken away."""

    path: str

    def applied(self, old: bytes | None) -> bytes | None:
        """None, for no file; raises `EditMissed` where there was none."""
        _present(self.path, old)
        return None


Edit = Write | Append | Replace | Delete


def _present(path: str, old: bytes | None) -> bytes:
    if old is None:
        raise EditMissed(f"{path}: there is no such file to edit")
    return old
