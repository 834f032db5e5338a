"""The six endpoints of GitHub's API that an issue needs, over HTTP. The token is never printed, and never sent in the clear."""

import json
import re
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from selfcheck.errors import CannotOpen, UsageError

PATIENCE = 30
PAGE = 100
PAGES = 100
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
LOCAL = ("127.0.0.1", "localhost", "::1")


class Issue(NamedTuple):
    """What of an issue is of interest."""

    number: int
    open: bool
    title: str
    body: str


class _NoRedirect(HTTPRedirectHandler):
    """A token goes to the host that it was given for, and to no other."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        """Nowhere."""


class GitHub:
    """The issues of one repository."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Where GitHub Actions say: `GITHUB_API_URL`, `GITHUB_REPOSITORY`, `GITHUB_TOKEN`.

        Raises:
            UsageError: one of them is missing or is none.
        """
        self._api = (environ.get("GITHUB_API_URL") or "https://api.github.com").rstrip("/")
        self._repository = environ.get("GITHUB_REPOSITORY", "")
        self._token = environ.get("GITHUB_TOKEN", "")
        host = urlsplit(self._api)
        if host.scheme != "https" and not (host.scheme == "http" and host.hostname in LOCAL):
            raise UsageError("GITHUB_API_URL: is no https address; a token is not sent in the clear")
        if not REPOSITORY.fullmatch(self._repository):
            raise UsageError("GITHUB_REPOSITORY: is no OWNER/NAME; in GitHub Actions it is set")
        if not self._token:
            raise UsageError("GITHUB_TOKEN: is not set; give the step `env: {GITHUB_TOKEN: ${{ github.token }}}`")
        self._opener = build_opener(_NoRedirect())

    def issues(self, label: str) -> Iterator[Issue]:
        """Every issue with a label, open or closed, newest first; all pages."""
        query = urlencode({"labels": label, "state": "all", "per_page": PAGE, "sort": "created", "direction": "desc"})
        for page in range(1, PAGES + 1):
            found = self._ask("GET", f"issues?{query}&page={page}")
            for each in found:
                if "pull_request" not in each:
                    yield _issue(each)
            if len(found) < PAGE:
                return

    def issue(self, number: int) -> Issue:
        """One issue."""
        return _issue(self._ask("GET", f"issues/{number}"))

    def create(self, title: str, body: str, label: str) -> Issue:
        """A new issue."""
        return _issue(self._ask("POST", "issues", {"title": title, "body": body, "labels": [label]}))

    def update(self, number: int, **changes: str) -> Issue:
        """The issue with another title, body or state."""
        return _issue(self._ask("PATCH", f"issues/{number}", changes))

    def comment(self, number: int, body: str) -> None:
        """One more comment."""
        self._ask("POST", f"issues/{number}/comments", {"body": body})

    def label(self, name: str, color: str, description: str) -> None:
        """The label, whether it was there or not."""
        about = {"name": name, "color": color, "description": description}
        self._ask("POST", "labels", about, accepted=(422,))

    def _ask(self, method: str, path: str, body: Any = None, accepted: tuple[int, ...] = ()) -> Any:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "selfcheck",
        }
        data = None if body is None else json.dumps(body).encode()
        address = f"{self._api}/repos/{quote(self._repository)}/{path}"
        request = Request(address, data, headers, method=method)  # noqa: S310 - the scheme was looked at
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read())
        except HTTPError as error:
            with error:
                if error.code in accepted:
                    return {}
                raise CannotOpen(f"GitHub: {method} {path.partition('?')[0]}: {error.code} {_said(error)}") from None
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise CannotOpen(f"GitHub: {method} {path.partition('?')[0]}: {error}") from None


def _issue(found: Any) -> Issue:
    try:
        return Issue(int(found["number"]), found["state"] == "open", str(found["title"]), str(found["body"] or ""))
    except (LookupError, TypeError, ValueError):
        raise CannotOpen("GitHub: answers with something that is no issue") from None


def _said(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read())["message"])[:200]
    except (ValueError, LookupError, TypeError):
        return str(error.reason)
