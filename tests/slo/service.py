"""A real service on a real port, under uvicorn, which is as well as it is told to be."""

import asyncio
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import msgspec
import uvicorn

BODIES = {
    "healthy": (
        {"status": "healthy", "checks": {"database": {"status": "ok"}, "pool": {"status": "ok", "utilization": 0.4}}},
        200,
    ),
    "degraded": ({"status": "degraded", "checks": {"database": {"status": "ok"}, "cache": {"status": "warning"}}}, 200),
    "down": ({"status": "unhealthy", "checks": {"database": {"status": "down"}}}, 503),
    "lying": ({"status": "unhealthy", "checks": {"database": {"status": "down"}}}, 200),
    "modest": ({"status": "healthy", "checks": {"database": {"status": "ok"}}}, 503),
    "full": ({"status": "healthy", "checks": {"pool": {"status": "ok", "utilization": 0.95}}}, 200),
    "stale": ({"status": "pass", "checks": {"db:time": [{"status": "pass", "time": "2001-01-01T00:00:00Z"}]}}, 200),
    "silent": ({"hello": "world"}, 200),
}


class Service:
    """Where it listens, and how it is: `mood` is one of `BODIES`, `hung`, `slow`, `moved` or `plain`."""

    def __init__(self) -> None:
        self.mood = "healthy"
        self.asked: list[str] = []
        self.url = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, as ASGI has it."""
        headers = dict(scope["headers"])
        self.asked.append(f"{scope['path']} {headers.get(b'authorization', b'').decode()}".strip())
        status, kind, body, more = await self._answer()
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind), *more]})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self) -> tuple[int, bytes, bytes, list[tuple[bytes, bytes]]]:
        match self.mood:
            case "hung":
                await asyncio.sleep(30)
                return 200, b"text/plain", b"OK", []
            case "slow":
                await asyncio.sleep(0.2)
                return 200, b"text/plain", b"OK", []
            case "moved":
                return 307, b"text/plain", b"", [(b"location", b"/elsewhere")]
            case "plain":
                return 200, b"text/plain", b"Healthy", []
            case mood:
                body, status = BODIES[mood]
                return status, b"application/json", msgspec.json.encode(body), []


@contextmanager
def running() -> Generator[Service]:
    """A service on a free port of this machine, until the end of the block."""
    service = Service()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    service.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(service, log_level="critical", lifespan="off", timeout_graceful_shutdown=0, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        listening.close()


def dead() -> str:
    """A URL that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
