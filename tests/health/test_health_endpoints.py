"""`health-endpoints`: an application can be asked how it is, and can say no."""

import pytest

from selfcheck.checks.health.endpoints import HealthEndpoints
from selfcheck.checks.health.faults import Fault
from selfcheck.checks.health.roles import Role
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven
from tests.health.services import ALIVE, CHECKED, MAIN, service

CHECK = HealthEndpoints()


def test_endpoints_that_ask_what_they_need_keep_the_promise() -> None:
    verdict = assert_keeps(CHECK, service())

    assert verdict.evidence == (Evidence("routes", 3, 3), Evidence("handlers of health endpoints", 3, 3))


def test_an_endpoint_that_is_not_there_is_one_finding_that_names_what_is_there_instead() -> None:
    repo = memory({"main.py": 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/healthz")\ndef f(): ...\n'})

    findings = assert_breaks(HealthEndpoints(roles=(Role.HEALTH,)), repo, "missing /health")

    assert findings == (
        Finding(
            key="missing /health",
            message="no route answers GET /health",
            hint="add it, or name the path that stands for it under `health`; there is /healthz (main.py:3)",
            data={"role": "health", "paths": ["/health"], "similar": ["/healthz (main.py:3)"]},
        ),
    )


@pytest.mark.parametrize(
    ("role", "body", "fault"),
    [
        ("readiness", ALIVE, "untouched /health/readiness"),
        (
            "readiness",
            "    log.info('asked')\n    return JSONResponse({'version': settings.VERSION})\n",
            "untouched /health/readiness",
        ),
        (
            "readiness",
            "    return answer()\n\n\ndef answer():\n    return {'ok': True}\n",
            "untouched /health/readiness",
        ),
        ("liveness", CHECKED, "touching /health/liveness"),
        ("liveness", "    asked()\n    return 1\n\n\ndef asked():\n    redis.ping()\n", "touching /health/liveness"),
        (
            "health",
            "    try:\n        db.execute('')\n    except Exception:\n        return {'status': 'down'}\n    return 1\n",
            "swallowed /health",
        ),
        (
            "health",
            "    ok = True\n    try:\n        db.execute('')\n    except Exception:\n        ok = False\n    return {'ok': ok}\n",
            "swallowed /health",
        ),
        (
            "health",
            "    try:\n        db.execute('')\n    except:\n        pass\n    return JSONResponse({})\n",
            "swallowed /health",
        ),
        (
            "health",
            "    try:\n        db.execute('')\n    except E as e:\n        raise HTTPException(503, f'no {e}')\n    return 1\n",
            "leaking /health",
        ),
        (
            "health",
            "    try:\n        db.execute('')\n    except E:\n        return JSONResponse(traceback.format_exc(), 503)\n    return 1\n",
            "leaking /health",
        ),
        ("health", "    requests.get('http://x/health')\n    return 1\n", "unbounded /health"),
    ],
)
def test_an_endpoint_that_misleads_is_found(role: str, body: str, fault: str) -> None:
    assert_breaks(CHECK, service(**{role: body}), fault)


@pytest.mark.parametrize(
    ("role", "body"),
    [
        ("health", ALIVE),
        ("readiness", "    return {'ok': state.ready}\n"),
        ("readiness", "    return {'ok': checker.everything()}\n"),
        ("liveness", "    return {'since': time.time() - started_at, 'version': __version__}\n"),
        (
            "health",
            "    try:\n        db.execute('')\n    except Exception:\n        return JSONResponse({}, status_code=503)\n    return 1\n",
        ),
        (
            "health",
            "    try:\n        db.execute('')\n    except Exception:\n        return {'status': 'down'}, 503\n    return 1\n",
        ),
        (
            "health",
            "    ok = True\n    try:\n        db.execute('')\n    except Exception:\n        ok = False\n    return JSONResponse({}, 200 if ok else 503)\n",
        ),
        (
            "health",
            "    try:\n        db.execute('')\n    except Exception as e:\n        log.error(str(e))\n        raise HTTPException(503) from e\n    return 1\n",
        ),
        *(
            ("health", f"    try:\n        db.execute('')\n    except Exception:\n        {answer}\n    return 1\n")
            for answer in (
                "return JSONResponse({}, status.HTTP_503_SERVICE_UNAVAILABLE)",
                "return JSONResponse({}, HTTP_503_SERVICE_UNAVAILABLE)",
                "abort(FAILED)",
                "return {}, code",
                "return a or b",
                "return answer().json()",
            )
        ),
        ("readiness", "    ok: bool = state.ready\n    return {'ok': ok}\n"),
        ("readiness", "    ok: bool\n    if broker.up:\n        ok = True\n    return {'ok': ok}\n"),
        ("health", "    requests.get('http://x/health', timeout=2)\n    return 1\n"),
        ("health", "    with anyio.fail_after(2):\n        requests.get('http://x/health')\n    return 1\n"),
    ],
)
def test_an_endpoint_that_can_say_no_is_nearly_a_finding(role: str, body: str) -> None:
    assert judged(CHECK, service(**{role: body})).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("def h(user=Depends(get_current_user)):", "guarded"),
        ("def h(user: Annotated[User, Depends(verify_token)]):", "guarded"),
        ("@login_required\ndef h():", "guarded"),
        ("@limiter.limit('5/minute')\ndef h():", "limited"),
    ],
)
def test_an_endpoint_that_a_probe_cannot_reach_is_found(line: str, fault: str) -> None:
    source = f"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\n{line}\n{CHECKED}"

    assert_breaks(HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source}), f"{fault} /health")


def test_what_guards_a_whole_router_guards_its_endpoints() -> None:
    main = MAIN.replace("prefix=", "dependencies=[Depends(get_current_user)], prefix=")
    files = {
        "shop/__init__.py": "",
        "shop/main.py": main,
        "shop/health.py": f"from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('')\ndef h():\n{CHECKED}",
    }

    assert_breaks(HealthEndpoints(roles=(Role.HEALTH,)), memory(files), "guarded /health")


def test_an_exempt_endpoint_is_not_limited() -> None:
    source = f"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\n@limiter.exempt\ndef h():\n{CHECKED}"

    assert judged(HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source})).outcome is Outcome.PASS


def test_health_that_is_constant_is_found_only_where_nothing_else_asks() -> None:
    source = f"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef h():\n{ALIVE}"

    findings = assert_breaks(HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source}), "constant /health")

    assert findings[0].at == Location("m.py", 4)


def test_an_endpoint_that_no_application_includes_is_missing() -> None:
    source = f"from fastapi import APIRouter, FastAPI\nr = APIRouter()\n@r.get('/health')\ndef h():\n{CHECKED}\napp = FastAPI()\n"

    findings = assert_breaks(HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source}), "missing /health")

    assert findings[0].message == "no route answers GET /health; no application includes the one in m.py:3"


def test_an_endpoint_behind_an_unknown_prefix_is_taken_for_it_and_not_counted_as_known() -> None:
    source = f"from fastapi import APIRouter\nr = APIRouter()\n@r.get('/health')\ndef h():\n{CHECKED}"

    verdict = judged(HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source}))

    assert (verdict.outcome, verdict.evidence[0]) == (Outcome.PASS, Evidence("routes", 1, 0))


@pytest.mark.parametrize("path", ["health/", "^health/$", "^health/?$", "^health"])
def test_a_pattern_of_django_may_answer_at_the_path(path: str) -> None:
    files = {
        "shop/settings.py": "ROOT_URLCONF = 'shop.urls'\n",
        "shop/urls.py": (
            f"from django.urls import re_path\nfrom shop.views import up\nurlpatterns = [re_path(r'{path}', up)]\n"
        ),
        "shop/views.py": f"def up(request):\n{CHECKED}",
    }

    assert judged(HealthEndpoints(roles=(Role.HEALTH,)), memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [".*", "^(?P<path>.*)$", "^(?:.*)/?$"])
def test_what_takes_every_path_is_no_health_endpoint(path: str) -> None:
    files = {
        "shop/settings.py": "ROOT_URLCONF = 'shop.urls'\n",
        "shop/urls.py": (
            f"from django.urls import re_path\nfrom shop.views import up\nurlpatterns = [re_path(r'{path}', up)]\n"
        ),
        "shop/views.py": f"def up(request):\n{CHECKED}",
    }

    assert_breaks(HealthEndpoints(roles=(Role.HEALTH,)), memory(files), "missing /health")


def test_what_is_known_to_answer_goes_before_what_may() -> None:
    source = (
        f"from fastapi import APIRouter, FastAPI\napp = FastAPI()\n@app.get('/health')\ndef h():\n{CHECKED}\n"
        "def more(router: APIRouter):\n    @router.get('/health')\n    def other(user=Depends(get_current_user)): ...\n"
    )

    assert judged(HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source})).outcome is Outcome.PASS


def test_another_name_suffices_where_the_rulebook_says_so() -> None:
    source = f"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/healthz')\ndef h():\n{CHECKED}"

    assert_keeps(HealthEndpoints(roles=(Role.HEALTH,), health=("/health", "/healthz")), memory({"m.py": source}))


def test_a_fault_that_is_not_asked_for_is_not_found() -> None:
    check = HealthEndpoints(faults=(Fault.SWALLOWED,))

    assert judged(check, service(readiness=ALIVE)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "path", ["/health/{name}", "/{name}/", "/{rest:path}", "/users/{id}/health", "/api/health", "/healthy"]
)
def test_a_path_that_is_not_the_one_does_not_count(path: str) -> None:
    source = f"from fastapi import FastAPI\napp = FastAPI()\n@app.get('{path}')\ndef h():\n{CHECKED}"

    assert_breaks(HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source}), "missing /health")


def test_a_repository_without_routes_is_no_pass() -> None:
    assert judged(CHECK, memory({"a.py": "x = 1\n"})).outcome is Outcome.ERROR


def test_a_source_that_does_not_parse_is_unread() -> None:
    verdict = judged(CHECK, memory({"m.py": "from fastapi import FastAPI\napp = FastAPI(\n"}))

    assert [each.seen.path for each in verdict.unread] == ["m.py"]


def test_a_path_that_is_no_literal_cannot_be_proven() -> None:
    source = f"from fastapi import FastAPI\nP = '/health'\napp = FastAPI()\n@app.get(P)\ndef h():\n{CHECKED}"

    assert proven(HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source})).outcome is Proven.UNPROVABLE


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        (
            (
                "from tornado.web import Application, RequestHandler\nclass Health(RequestHandler):\n    def get(self):\n"
                "        try:\n            self.check()\n        except Exception as error:\n            self.write(str(error))\n"
                "    def check(self):\n        db.execute('')\napp = Application([(r'/health', Health)])"
            ),
            ["leaking /health"],
        ),
        (
            (
                "from flask import Flask\nfrom flask.views import MethodView\napp = Flask(__name__)\nclass Health(MethodView):\n"
                "    def get(self):\n        return {'status': 'ok'}\napp.add_url_rule('/health', view_func=Health.as_view('health'))"
            ),
            ["constant /health"],
        ),
        (
            (
                "from fastapi import FastAPI\ndef make():\n    app = FastAPI()\n    def checked():\n        return 1\n"
                "    @app.get('/health')\n    def health():\n        return checked()\n    return app"
            ),
            ["constant /health"],
        ),
        (
            (
                "from fastapi import FastAPI\nclass Api:\n    def __init__(self):\n        self.app = FastAPI()\n"
                "        self.app.add_api_route('/health', self.health)\n    def health(self):\n        return {'status': 'ok'}"
            ),
            [],
        ),
        (
            (
                "from fastapi import FastAPI\nimport checks\napp = FastAPI()\n@app.get('/health')\nasync def health():\n"
                "    try:\n        await checks.everything()\n    except (ValueError, OperationalError):\n        return JSONResponse({'ok': False})\n    return {}"
            ),
            ["swallowed /health"],
        ),
        (
            (
                "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health(session: SessionDep, db=Security(get_db)):\n"
                "    if True:\n        return {'ok': session.scalar(q)}"
            ),
            [],
        ),
        (
            (
                "from django.urls import path\ndef health(request):\n    try:\n        connection.ensure_connection()\n"
                "    except Exception:\n        return HttpResponse(status=503)\n    return HttpResponse('ok')\nurlpatterns = [path('health', health)]"
            ),
            [],
        ),
        (
            (
                "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health(response: Response):\n    ok = True\n"
                "    try:\n        ping()\n    except Exception:\n        response.status_code = 503\n    return {'ok': ok}"
            ),
            [],
        ),
        (
            (
                "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health():\n    try:\n        ping()\n"
                "    except Exception:\n        details['db'] = traceback.format_exc()\n        raise HTTPException(HTTP_503_SERVICE_UNAVAILABLE)"
            ),
            ["leaking /health"],
        ),
    ],
)
def test_handlers_of_every_framework_are_looked_into(source: str, keys: list[str]) -> None:
    verdict = judged(
        HealthEndpoints(roles=(Role.HEALTH,)), memory({"m.py": source, "checks.py": "async def everything(): ...\n"})
    )

    assert [each.seen.key for each in verdict.findings] == keys


def test_an_endpoint_of_express_is_judged_by_what_stands_before_it() -> None:
    source = "const app = require('express')();\napp.get('/health', verifyToken, (req, res) => res.send('ok'));"

    assert_breaks(HealthEndpoints(roles=(Role.HEALTH,)), memory({"a.js": source}), "guarded /health")


def test_a_repository_whose_sources_may_not_be_added_to_proves_what_it_can() -> None:
    found = proven(HealthEndpoints(paths=("shop/*.py", "!shop/selfcheck*")), service())

    assert (found.outcome, len(found.bit)) == (Proven.PROVEN, 3)


def test_routes_are_read_ahead() -> None:
    files = {file.path for _, several in CHECK.ahead(service().tree) for file in several}

    assert files == {"shop/__init__.py", "shop/main.py", "shop/health.py"}


@pytest.mark.parametrize(
    ("handler", "keys"),
    [
        (
            "async def h(own, *, db=1, user: User = 2):\n    await session.execute\n    return 1\n",
            ["touching /health/liveness"],
        ),
        ("def h():\n    return {'ok': broken.asked()}\n", []),
        (
            "def h():\n    return {'ok': first()}\n\ndef first():\n    second()\n    second()\n\ndef second():\n    first()\n",
            [],
        ),
        ("h = make()\n", []),
        ("class H:\n    def get(self):\n        session.execute('')\n", ["touching /health/liveness"]),
    ],
)
def test_a_handler_is_looked_into_as_far_as_it_can_be(handler: str, keys: list[str]) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/broken.py": "def asked(:\n",
        "shop/main.py": (
            "from fastapi import FastAPI\nfrom shop import broken\napp = FastAPI()\n"
            f"{handler}\napp.add_api_route('/health/liveness', {'H' if 'H:' in handler else 'h'})\n"
        ),
    }

    verdict = judged(HealthEndpoints(roles=(Role.LIVENESS,)), memory(files))

    assert [each.seen.key for each in verdict.findings] == keys
