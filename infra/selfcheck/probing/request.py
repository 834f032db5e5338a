"""One request, with an end to all of it: name, connection, TLS, head and body. Redirects are not followed."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

LARGEST = 1_000_000
"""Bytes of an answer that are read."""


class Refusal(StrEnum):
    """Why there is no answer."""

    NAME = "name not found"
    CONNECTION = "connection refused"
    TLS = "TLS failed"
    TIMEOUT = "no answer in time"
    BROKEN = "answer broken off"


class Answered(Struct, frozen=True, kw_only=True):
    """What came of a request; without a status there is a refusal."""

    seconds: float
    status: int | None = None
    kind: str = ""
    """The content type."""
    body: bytes = b""
    refusal: Refusal | None = None


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine without anybody else being asked where that is."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def ask(url: str, timeout: float, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answered:
    """The answer to one request; whatever takes longer than so many seconds in all is `TIMEOUT`.

    Raises:
        ValueError: the URL is none of http or https, or has no host.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url} is no URL of http or https")
    started = time.monotonic()
    connection = _connection(parts, timeout)
    late = threading.Event()

    def stop() -> None:
        late.set()
        sock: socket.socket | None = getattr(connection, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(timeout, stop)
    timer.daemon = True
    timer.start()
    try:
        connection.request(
            method, _target(parts), headers={"User-Agent": "selfcheck", "Connection": "close", **(headers or {})}
        )
        response = connection.getresponse()
        body = response.read(LARGEST)
        taken = time.monotonic() - started
        if late.is_set():
            return Answered(seconds=taken, refusal=Refusal.TIMEOUT)
        kind = response.headers.get("Content-Type") or ""
        return Answered(seconds=taken, status=response.status, kind=kind, body=body)
    except (OSError, http.client.HTTPException) as error:
        refusal = Refusal.TIMEOUT if late.is_set() else _refusal(error)
        return Answered(seconds=time.monotonic() - started, refusal=refusal)
    finally:
        timer.cancel()
        connection.close()


def _connection(parts: SplitResult, timeout: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, parts.port, timeout=timeout)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, TimeoutError):
        return Refusal.TIMEOUT
    if isinstance(error, socket.gaierror):
        return Refusal.NAME
    if isinstance(error, ssl.SSLError):
        return Refusal.TLS
    if isinstance(error, ConnectionRefusedError):
        return Refusal.CONNECTION
    return Refusal.BROKEN
