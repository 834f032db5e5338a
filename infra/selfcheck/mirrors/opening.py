"""The mirror at an address; the driver of its database is imported only here, when one is asked for."""

from selfcheck.mirrors.address import Address, System
from selfcheck.mirrors.sides import Mirror
from selfcheck.subjects.instructions.layout import Layout


def mirror(place: Address, layout: Layout) -> Mirror:
    """A mirror to read.

    Raises:
        Unreachable: what it needs is not installed.
    """
    # SQLAlchemy and pymongo cost more than the whole start of a command that needs neither.
    if place.system is System.MONGODB:
        from selfcheck.mirrors.mongo import MongoMirror

        return MongoMirror(place, layout)
    from selfcheck.mirrors.sql import SqlMirror

    return SqlMirror(place, layout)
