"""The writer of a request; the driver of its database is imported only here, when one is asked for."""

from typing import Any

from selfcheck.actions.sync.request import Request
from selfcheck.actions.sync.writer import Writer
from selfcheck.mirrors.address import System


def writer(request: Request, *, connection: Any = None) -> Writer:
    """How the mirror is written to; `connection` is one that the caller opened, and closes: of SQLAlchemy or pymongo.

    Raises:
        Unreachable: the address leads nowhere, or what it needs is not installed.
    """
    place, layout = request.place, request.check.layout
    # SQLAlchemy and pymongo cost more than the whole start of a command that needs neither.
    if place.system is System.MONGODB:
        from selfcheck.actions.sync.mongo import MongoWriter

        return MongoWriter(place, layout, wait=request.wait, handed=connection)
    from selfcheck.actions.sync.sql import SqlWriter

    return SqlWriter(place, layout, wait=request.wait, handed=connection)
