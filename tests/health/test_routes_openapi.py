"""`routes-openapi`: what is documented is answered, and what is answered is documented."""

import json

import pytest

from selfcheck.check import Repository
from selfcheck.checks.health.openapi import RoutesOpenapi
from selfcheck.checks.health.served import Served
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory

CHECK = RoutesOpenapi()
HEAD = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n"
MAIN = f"{HEAD}@app.get('/api/shirts/{{shirt_id}}')\ndef one(): ...\n@app.post('/api/shirts')\ndef new(): ...\n"
DOCUMENT = "openapi: 3.1.0\nservers: [{url: /api}]\npaths:\n  /shirts: {post: {}}\n  /shirts/{id}: {get: {}}\n"


def documented(document: str = DOCUMENT, main: str = MAIN) -> Repository:
    """An application and its document."""
    return memory({"main.py": main, "openapi.yaml": document})


def test_a_document_that_is_true_keeps_the_promise() -> None:
    verdict = assert_keeps(CHECK, documented())

    assert verdict.evidence == (Evidence("documents", 1, 1), Evidence("operations", 2, 2), Evidence("routes", 2, 2))


def test_an_operation_that_nobody_answers_is_one_finding_as_the_report_shows_it() -> None:
    findings = assert_breaks(
        CHECK,
        documented(f"{DOCUMENT}  /shirts/{{id}}/image: {{get: {{}}}}\n"),
        "unserved GET /shirts/{id}/image in openapi.yaml",
    )

    assert findings == (
        Finding(
            key="unserved GET /shirts/{id}/image in openapi.yaml",
            message="GET /shirts/{id}/image is documented, and no route answers it",
            at=Location("openapi.yaml", 6),
            hint="take it out of the document, or add the route",
            data={"method": "GET", "path": "/shirts/{id}/image", "document": "openapi.yaml"},
        ),
    )


@pytest.mark.parametrize(
    ("document", "main", "key"),
    [
        (DOCUMENT.replace("post", "put"), MAIN, "undocumented POST /api/shirts, unserved PUT /shirts in openapi.yaml"),
        (DOCUMENT, f"{MAIN}@app.get('/new')\ndef f(): ...\n", "undocumented GET /new"),
        (DOCUMENT, f"{MAIN}@app.get('/api/shirts')\ndef f(): ...\n", "undocumented GET /api/shirts"),
        (
            DOCUMENT.replace("/api", "/v2"),
            MAIN,
            "undocumented GET /api/shirts/{shirt_id}, undocumented POST /api/shirts, unserved POST /shirts in openapi.yaml, unserved GET /shirts/{id} in openapi.yaml",
        ),
    ],
)
def test_what_differs_is_found_on_its_side(document: str, main: str, key: str) -> None:
    assert_breaks(CHECK, documented(document, main), *key.split(", "))


@pytest.mark.parametrize(
    ("document", "main"),
    [
        (DOCUMENT.replace("/shirts:", "/shirts/:"), MAIN),
        (DOCUMENT.replace("servers: [{url: /api}]", "servers: [{url: 'https://shop.example.org/api/'}]"), MAIN),
        (DOCUMENT.replace("openapi: 3.1.0\nservers: [{url: /api}]", "swagger: '2.0'\nbasePath: /api"), MAIN),
        (DOCUMENT, f"{MAIN}@app.get('/h', include_in_schema=False)\ndef f(): ...\n"),
        (
            DOCUMENT,
            f"{MAIN}r = APIRouter(include_in_schema=False)\n@r.get('/h')\ndef f(): ...\napp.include_router(r)\n",
        ),
        (DOCUMENT.replace("paths:", "paths:\n  x-own: {get: {}}"), MAIN),
        (DOCUMENT.replace("servers: [{url: /api}]", "servers: [{url: '{scheme}://shop/api'}, {url: /api}]"), MAIN),
        (DOCUMENT, f"{MAIN}def init(router: APIRouter):\n    @router.get('/more')\n    def f(): ...\n"),
        (DOCUMENT, f"{MAIN}@app.get('/docs')\ndef f(): ...\n"),
        (DOCUMENT, f"{MAIN}@app.websocket('/w')\ndef f(): ...\n"),
        (DOCUMENT, f"{MAIN}@app.head('/api/shirts')\ndef f(): ...\n"),
        (DOCUMENT.replace("{post: {}}", "{$ref: shirts.yaml}"), MAIN),
        (
            f"{DOCUMENT}  /other/x: {{get: {{}}}}\n",
            f"{MAIN}import other\napp.mount('/other', other.app)\napp.mount('/api/other', other.app)\n",
        ),
    ],
)
def test_what_agrees_in_other_words_is_nearly_a_finding(document: str, main: str) -> None:
    assert judged(CHECK, documented(document, main)).outcome is Outcome.PASS


def test_a_document_in_json_has_lines_too() -> None:
    text = json.dumps({"openapi": "3.0.0", "paths": {"/gone": {"get": {}}}}, indent=2)

    findings = assert_breaks(
        RoutesOpenapi(undocumented=False),
        memory({"main.py": MAIN, "openapi.json": text}),
        "unserved GET /gone in openapi.json",
    )

    assert findings[0].at == Location("openapi.json", 5)


def test_an_exempt_path_is_not_judged() -> None:
    check = RoutesOpenapi(exempt_routes=(Served(path="/internal/{*}", reason="for ourselves"),))

    assert (
        judged(check, documented(DOCUMENT, f"{MAIN}@app.get('/internal/a/b')\ndef f(): ...\n")).outcome is Outcome.PASS
    )


def test_without_documents_or_routes_nothing_is_kept() -> None:
    assert judged(CHECK, memory({"main.py": MAIN})).outcome is Outcome.ERROR
    assert judged(CHECK, memory({"openapi.yaml": DOCUMENT})).outcome is Outcome.ERROR


@pytest.mark.parametrize("text", ["openapi: [", "openapi: " + "[" * 900, "openapi: " + "x" * 5_000_001])
def test_a_hostile_document_is_unread(text: str) -> None:
    verdict = judged(CHECK, documented(text))

    assert [each.seen.path for each in verdict.unread] == ["openapi.yaml"]


@pytest.mark.parametrize("text", ["a: 1\n", "info: {title: openapi}\n"])
def test_a_file_that_is_only_called_like_a_document_is_none(text: str) -> None:
    verdict = judged(CHECK, memory({"main.py": MAIN, "openapi.yaml": text}))

    assert (verdict.outcome, verdict.evidence[0]) == (Outcome.ERROR, Evidence("documents", 0, 0))


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        (RoutesOpenapi(unserved=False), ["answer /selfcheck-canary"]),
        (RoutesOpenapi(undocumented=False), ["let /shirts be answered elsewhere"]),
        (RoutesOpenapi(undocumented=False, paths=("**", "!x/**")), ["let /shirts be answered elsewhere"]),
        (RoutesOpenapi(unserved=False, paths=("main.py",)), []),
        (
            RoutesOpenapi(undocumented=False, exempt_routes=(Served(path="/shirts", reason="a"),)),
            ["let /shirts/{id} be answered elsewhere"],
        ),
    ],
)
def test_each_side_that_is_asked_for_is_proven(check: RoutesOpenapi, wanted: list[str]) -> None:
    assert [each.title for each in check.canaries(documented())] == wanted


def test_a_document_that_nobody_answers_cannot_be_moved_away_from() -> None:
    repo = documented("openapi: 3.1.0\npaths: {/gone: {get: {}}}\n")

    assert list(RoutesOpenapi(undocumented=False).canaries(repo)) == []


def test_a_finding_is_told_once() -> None:
    again = "openapi: 3.1.0\npaths:\n  /x/{a}: {get: {}}\n  /api/shirts: {post: {}}\n  /api/shirts/{b}: {get: {}}\n"
    main = f"{MAIN}@app.get('/new')\ndef f(): ...\n@app.get('/new')\ndef g(): ...\n@app.get('/x/{{b}}')\ndef h(): ...\n"

    assert_breaks(CHECK, documented(again, main), "undocumented GET /new")


def test_documents_and_routes_are_read_ahead() -> None:
    tree = documented().tree

    assert {file.path for _, files in CHECK.ahead(tree) for file in files} == {"openapi.yaml", "main.py"}
