"""GitHub as far as an issue needs it: six endpoints over real HTTP, with pages and labels, and nothing remembered of names."""

import json
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "t0ken"


class Fake:
    """The issues of one repository, and what was asked."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.comments: list[tuple[int, str]] = []
        self.labels: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self.broken = False
        self.url = ""

    @property
    def environ(self) -> dict[str, str]:
        """What GitHub Actions would set."""
        return {"GITHUB_API_URL": self.url, "GITHUB_REPOSITORY": "acme/shop", "GITHUB_TOKEN": TOKEN}

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        """The status and the document."""
        self.asked.append((method, re.sub(r"\d+", "N", path)))
        if self.broken:
            return 503, {"message": "try later"}
        number = int(found[1]) if (found := re.search(r"/issues/(\d+)", path)) else 0
        match method, re.sub(r"\d+", "N", path.removeprefix("/repos/acme/shop/")):
            case "GET", "issues":
                size, page = int(query["per_page"][0]), int(query["page"][0])
                chosen = [each for each in self.issues[::-1] if query["labels"][0] in each["labels"]]
                return 200, chosen[(page - 1) * size : page * size]
            case "POST", "issues":
                self.issues.append({"number": len(self.issues) + 1, "state": "open", **body})
                return 201, self.issues[-1]
            case "GET", "issues/N":
                return 200, self.issues[number - 1]
            case "PATCH", "issues/N":
                self.issues[number - 1] |= body
                return 200, self.issues[number - 1]
            case "POST", "issues/N/comments":
                self.comments.append((number, body["body"]))
                return 201, {}
            case "POST", "labels":
                known = body["name"] in self.labels
                self.labels.add(body["name"])
                return (422, {"message": "already_exists"}) if known else (201, {})
            case _:
                return 404, {"message": "Not Found"}


@contextmanager
def fake() -> Generator[Fake]:
    """A server on a port of its own."""
    state = Fake()

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            parts = urlsplit(self.path)
            status, document = (
                state.answer(self.command, parts.path, parse_qs(parts.query), body)
                if self.headers.get("Authorization") == f"Bearer {TOKEN}"
                else (401, {"message": "Bad credentials"})
            )
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = _handle  # noqa: N815

        def log_message(self, *_arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
