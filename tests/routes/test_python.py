"""The routes of Python's frameworks, each as its users write them."""

import pytest

from tests.routes.reading import paths, reading

FAST = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n"
SEVERAL = {
    "shop/__init__.py": "",
    "shop/main.py": (
        "from fastapi import FastAPI\nfrom shop.api import api_router\nfrom shop.core.config import settings\n"
        "app = FastAPI()\napp.include_router(api_router, prefix=settings.API)\n"
    ),
    "shop/core/__init__.py": "",
    "shop/core/config.py": (
        "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    API: str = '/api/v1'\nsettings = Settings()\n"
    ),
    "shop/api/__init__.py": "from .routing import api_router\n",
    "shop/api/routing.py": (
        "from fastapi import APIRouter\nfrom shop.api.routes import items, users as people\n"
        "api_router = APIRouter()\napi_router.include_router(items.router)\n"
        "api_router.include_router(people.router, prefix='/users', tags=['u'])\n"
    ),
    "shop/api/routes/__init__.py": "",
    "shop/api/routes/items.py": (
        "from fastapi import APIRouter\nrouter = APIRouter(prefix='/items')\n"
        "@router.get('/{id}')\ndef one(id): ...\n@router.post('')\ndef new(): ...\n"
    ),
    "shop/api/routes/users.py": (
        "from fastapi import APIRouter\nimport fastapi\nrouter = fastapi.APIRouter()\n"
        "@router.api_route('/me', methods=['GET', 'PUT'])\nasync def me(): ...\n"
    ),
}


def test_prefixes_are_joined_through_five_files() -> None:
    assert paths(SEVERAL) == ["GET /api/v1/items/{id}", "GET|PUT /api/v1/users/me", "POST /api/v1/items"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef f(): ...", ["GET /health"]),
        ("from fastapi import FastAPI\napp = FastAPI()\n@app.get(path='/health')\ndef f(): ...", ["GET /health"]),
        (
            "from fastapi import FastAPI\nP = '/v1'\napp = FastAPI()\n@app.get(f'{P}/a' + '/b')\ndef f(): ...",
            ["GET /v1/a/b"],
        ),
        (
            "from fastapi import FastAPI\napp = FastAPI()\napp.add_api_route('/h', f, methods=['GET', 'HEAD'])",
            ["GET|HEAD /h"],
        ),
        (
            "from fastapi import FastAPI\ndef make():\n    app = FastAPI()\n    @app.get('/h')\n    def f(): ...\n    return app",
            ["GET /h"],
        ),
        (
            "from fastapi import FastAPI\ndef make(path='/h'):\n    app = FastAPI()\n    @app.get(path)\n    def f(): ...\n",
            ["GET /h"],
        ),
        (
            "from fastapi import FastAPI\nclass A:\n    def __init__(self):\n        self.app = FastAPI()\n        self.app.add_api_route('/h', self.h)",
            ["GET /h"],
        ),
        ("from fastapi import FastAPI\ndef init(app: FastAPI):\n    @app.get('/h')\n    def f(): ...", ["GET /h"]),
        (
            "from fastapi import APIRouter\ndef init(router: APIRouter):\n    @router.get('/h')\n    def f(): ...",
            ["? GET /h"],
        ),
        (
            "from fastapi import APIRouter, FastAPI\nr = APIRouter()\n@r.get('/h')\ndef f(): ...\napp = FastAPI()",
            ["? - GET /h"],
        ),
        ("from fastapi import APIRouter\nr = APIRouter(prefix='/p')\n@r.get('/h')\ndef f(): ...", ["? GET /p/h"]),
        (
            (
                "from fastapi import APIRouter, FastAPI\na = APIRouter()\nb = APIRouter()\n@a.get('/a')\ndef f(): ...\n"
                "@b.get('/b')\ndef g(): ...\napp = FastAPI()\nfor each in (a, b):\n    app.include_router(each, prefix='/x')"
            ),
            ["GET /x/a", "GET /x/b"],
        ),
        (
            "from fastapi import FastAPI\nsub = FastAPI()\n@sub.get('/h')\ndef f(): ...\napp = FastAPI()\napp.mount('/sub', sub)",
            ["GET /sub/h"],
        ),
        (
            (
                "from fastapi import APIRouter, FastAPI\nclass Own(APIRouter): ...\nr = Own(prefix='/o')\n@r.get('/h')\ndef f(): ...\n"
                "app = FastAPI(routes=r.routes)"
            ),
            ["GET /o/h"],
        ),
        ("from fastapi import FastAPI\napp = FastAPI()\n@app.websocket('/ws')\ndef f(): ...", ["WEBSOCKET /ws"]),
        ("from fastapi import FastAPI\napp = FastAPI()\n@app.get('/f/{rest:path}')\ndef f(): ...", ["GET /f/{*}"]),
        (
            (
                "from starlette.applications import Starlette\nfrom starlette.routing import Mount, Route\n"
                "routes = [Route('/h', f), Mount('/a', routes=[Route('/b', g, methods=['POST'])])]\napp = Starlette(routes=routes)"
            ),
            ["GET /h", "POST /a/b"],
        ),
        (
            "import uvicorn\nfrom starlette.applications import Starlette\nfrom starlette.routing import Route\nuvicorn.run(Starlette(routes=[Route('/h', f)]))",
            ["GET /h"],
        ),
        ("from flask import Flask\napp = Flask(__name__)\n@app.route('/h')\ndef f(): ...", ["GET /h"]),
        (
            "from flask import Flask\napp = Flask(__name__)\n@app.route('/u/<int:id>', methods=['POST'])\ndef f(id): ...",
            ["POST /u/{id}"],
        ),
        ("from flask import Flask\napp = Flask(__name__)\napp.add_url_rule('/h', 'h', H.as_view('h'))", ["GET /h"]),
        (
            (
                "from flask import Blueprint, Flask\nbp = Blueprint('b', __name__, url_prefix='/own')\n@bp.get('/h')\ndef f(): ...\n"
                "def make():\n    app = Flask(__name__)\n    app.register_blueprint(bp)\n    return app"
            ),
            ["GET /own/h"],
        ),
        (
            (
                "from flask import Blueprint, Flask\nbp = Blueprint('b', __name__, url_prefix='/own')\n@bp.get('/h')\ndef f(): ...\n"
                "app = Flask(__name__)\napp.register_blueprint(bp, url_prefix='/other')"
            ),
            ["GET /other/h"],
        ),
        (
            (
                "from flask import Blueprint, Flask\nb = Blueprint('b', __name__)\n@b.get('/h')\ndef f(): ...\n"
                "a = Blueprint('a', __name__, url_prefix='/a')\na.register_blueprint(b, url_prefix='/b')\n"
                "app = Flask(__name__)\napp.register_blueprint(a)"
            ),
            ["GET /a/b/h"],
        ),
        (
            (
                "from flask import Flask\nfrom flask_restful import Api\napp = Flask(__name__)\napi = Api(app, prefix='/api')\n"
                "api.add_resource(Health, '/h', '/healthz')"
            ),
            ["* /api/h", "* /api/healthz"],
        ),
        ("from quart import Quart\napp = Quart(__name__)\n@app.get('/h')\nasync def f(): ...", ["GET /h"]),
        (
            "from aiohttp import web\napp = web.Application()\napp.router.add_get('/h', f)\napp.router.add_route('POST', '/p', f)",
            ["GET /h", "POST /p"],
        ),
        (
            "from aiohttp import web\napp = web.Application()\napp.add_routes([web.get('/h', f), web.post('/p', g)])",
            ["GET /h", "POST /p"],
        ),
        (
            "from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/h')\nasync def f(r): ...\napp = web.Application()\napp.add_routes(routes)",
            ["GET /h"],
        ),
        (
            "from aiohttp import web\nsub = web.Application()\nsub.router.add_get('/h', f)\napp = web.Application()\napp.add_subapp('/s/', sub)",
            ["GET /s/h"],
        ),
        (
            "from litestar import Litestar, get\n@get('/h')\nasync def h() -> str: ...\napp = Litestar(route_handlers=[h])",
            ["GET /h"],
        ),
        (
            (
                "from litestar import Controller, Litestar, Router, get\nclass Users(Controller):\n    path = '/users'\n"
                "    @get()\n    async def all(self): ...\n    @get('/{id:int}')\n    async def one(self): ...\n"
                "api = Router(path='/api', route_handlers=[Users])\napp = Litestar([api]) if 0 else Litestar(route_handlers=[api])"
            ),
            ["GET /api/users", "GET /api/users/{id}"],
        ),
        (
            "import tornado.web\napp = tornado.web.Application([(r'/health$', H), (r'/u/(?P<id>\\d+)', U)])",
            ["* /health", "* /u/{id}"],
        ),
        (
            "from tornado.web import Application, url\ndef make():\n    return Application([url(r'/h', H, name='h')])",
            ["* /h"],
        ),
        (
            "from tornado.web import url\nhandlers = [\n    url(r'/x', X),\n    url(r'/y/(.+)', Y),\n]",
            ["? * /x", "? * /y/{*}"],
        ),
        ("import tornado\ndefault_handlers = [(r'/health$', H)]", ["? * /health"]),
        (
            (
                "from fastapi import APIRouter, FastAPI\nr = APIRouter()\n@r.get('/h')\ndef f(): ...\napp = FastAPI()\n"
                "try:\n    with open('x') as f:\n        match 1:\n            case 1: app.include_router(r, prefix=str('/t'))\nfinally: ..."
            ),
            ["GET /t/h"],
        ),
        (
            "from fastapi import FastAPI\nasync def make():\n    app: FastAPI = FastAPI()\n    app.add_api_websocket_route('/w', f)\n",
            ["GET /w"],
        ),
        (
            (
                "from starlette.routing import Host, Mount, Route, Router\nfrom starlette.applications import Starlette\n"
                "inner = Router(routes=[Route('/i', f)])\n"
                "app = Starlette(routes=[Host('x.org', app=inner), Mount('/m', app=inner), *([Route('/l', g)] if 1 else [])])"
            ),
            ["GET /i", "GET /l", "GET /m/i"],
        ),
        (
            (
                "from starlette.routing import Mount, Route\nfrom starlette.applications import Starlette\n"
                "app = Starlette(routes=[Route('/a', f)] + [Mount('/b', Starlette(routes=[Route('/c', g)]))])\napp.add_route('/d', h)"
            ),
            ["GET /a", "GET /b/c", "GET /d"],
        ),
        (
            (
                "from flask import Flask\nfrom flask_restx import Api, Namespace, Resource\nns = Namespace('cats')\n"
                "@ns.route('/')\nclass Cats(Resource): ...\napi = Api()\napi.add_namespace(ns, path='/kittens')\n"
                "api.add_resource(One, '/one')\napp = Flask(__name__)\napi.init_app(app)\ndb.init_app(app)"
            ),
            ["* /one"],
        ),
        (
            "from sanic import Sanic\napp = Sanic('x')\napp.add_route(h, '/h')\n@app.get('/g')\ndef g(r): ...",
            ["GET /g", "GET /h"],
        ),
        (
            "from aiohttp import web\napp = web.Application()\napp.add_routes([web.route('PUT', '/x', f), web.view('/v', V)])",
            ["GET /v", "GET /x"],
        ),
        (
            "from litestar import Litestar, get\n@get(['/a', '/b'], guards=[g])\nasync def h(): ...\napp = Litestar()\napp.register(h)",
            ["GET /a", "GET /b"],
        ),
        (
            (
                "import tornado.web\napp = tornado.web.Application()\napp.add_handlers('.*', [('/x', X), tornado.web.url('/y', Y)])\n"
                "handlers = [tornado.web.url(r'/z/([0-9]+)', Z)]"
            ),
            ["* /x", "* /y", "? * /z/{value}"],
        ),
        (
            (
                "from django.conf.urls import url\nfrom django.urls import include, path\nfrom django.conf.urls.i18n import i18n_patterns\n"
                "more = [path('m', f)]\nurlpatterns = i18n_patterns(path('a', f), path('b/', include((more, 'b')))) + [url(r'^c/(?P<x>\\d+)/$', decorated(f))]\n"
                "urlpatterns += [include(more)]\nurlpatterns += static('/media')\nurlpatterns += tools()"
            ),
            ["* /a", "* /b/m", "* /c/{x}/", "* /m"],
        ),
        (
            "from django.urls import path, re_path\nurlpatterns = [re_path(r'^(a|b)+(?=c)', f), re_path(r'^open/', g), path(name, h)]",
            ["* /open/{*}"],
        ),
        (
            "from ninja import NinjaAPI\nfrom django.urls import path\napi = NinjaAPI()\n@api.get('/n')\ndef n(r): ...\nurlpatterns = [path('api/', api.urls)]",
            ["GET /api/n"],
        ),
        (
            f"{FAST}@app.websocket_route('/w')\ndef g(): ...\n@app.route('/r', methods=M)\ndef h(): ...\n",
            ["GET /r", "WEBSOCKET /w"],
        ),
        (
            (
                "from aiohttp import web\napp = web.Application()\napp.router.add_route('*', '/a', f)\n"
                "app.router.add_route(M, '/b', f)\napp.router.add_static('/s', 'd')\napp.add_routes()"
            ),
            ["* /a", "* /b"],
        ),
        (
            (
                "from rest_framework.routers import DefaultRouter\nfrom django.urls import path, include\n"
                "router = DefaultRouter()\nrouter.register(name(), V)\nrouter.register(r'items', V)\n"
                "urlpatterns = [path('', include(router.urls))]"
            ),
            ["* /items/", "* /items/{pk}/"],
        ),
        (
            (
                "from litestar import Controller, Litestar, get\nclass A(Controller):\n    'doc'\n    path: str = '/a'\n"
                "    guards = [g]\n    @other\n    @get(path='/b')\n    def b(self): ...\n    @handler()\n    def c(self): ...\n"
                "def make():\n    class B(Controller):\n        path = '/bb'\n        @get()\n        def d(self): ...\n"
                "    return Litestar(route_handlers=[A, B])"
            ),
            ["GET /a/b", "GET /bb"],
        ),
        (
            "from django.urls import path\nurlpatterns = [path('c', f()()), path('d'), path('e', lambda r: 1)]",
            ["* /c", "* /d", "* /e"],
        ),
        ("from tornado.web import Application, url, Rule\napp = Application([url(), url(r'/x', X)])", ["* /x"]),
        (f"{FAST}def make(own: 'fastapi.FastAPI'):\n    @own.get('/s')\n    def f(): ...", ["GET /s"]),
        (
            f"{FAST}r = APIRouter(prefix=make())\n@r.get('/s')\ndef f(): ...\napp.include_router(r)",
            ["? GET /s"],
        ),
        (
            (
                "from fastapi import APIRouter, FastAPI\ndef f(p='/z'):\n    r = APIRouter(prefix=p)\n    @r.get('/s')\n"
                "    def g(): ...\n    app = FastAPI()\n    app.include_router(r)\n"
            ),
            ["GET /z/s"],
        ),
        (
            (
                "from flask import Flask\nclass W:\n    def __init__(self, app):\n        self.app = app\n"
                "        self.app.add_url_rule('/x', 'x', self.x)\n        app.view_functions.get('/q')\n"
            ),
            ["GET /x"],
        ),
    ],
)
def test_a_route_is_read_as_it_is_written(source: str, expected: list[str]) -> None:
    assert paths({"main.py": source}) == expected


def test_routes_of_django_are_found_below_the_folder_that_is_run() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/core/__init__.py": "",
        "shop/core/settings/base.py": "ROOT_URLCONF = 'core.urls'\n",
        "shop/core/urls.py": (
            "from django.urls import include, re_path\nurlpatterns = [re_path(r'^', include('users.urls'))]\n"
            "urlpatterns = [re_path(r'health/', up)] + urlpatterns\n"
        ),
        "shop/users/__init__.py": "",
        "shop/users/urls.py": "from django.urls import path\nurlpatterns = [path('me/', me)]\n",
    }

    assert paths(files) == ["* /health/{*}", "* /me/"]


@pytest.mark.parametrize(
    ("given", "loop", "expected"),
    [
        ("", "for each in (a, b):\n    app.include_router(each, prefix='/x')", ["GET /x/a", "GET /x/b"]),
        ("ALL = [a, b]\n", "for each in ALL:\n    app.include_router(each)", ["GET /a", "GET /b"]),
        ("ALL: tuple = (a, b)\n", "for each in ALL:\n    app.include_router(each)", ["GET /a", "GET /b"]),
        (
            "ALL = [(a, '/1'), (b, '/2')]\n",
            "for router, prefix in ALL:\n    app.include_router(router, prefix=prefix)",
            ["GET /1/a", "GET /2/b"],
        ),
        (
            "ALL = {'/1': a, '/2': b, **more}\n",
            "for prefix, router in ALL.items():\n    app.include_router(router, prefix=f'/v{prefix}')",
            ["GET /v/1/a", "GET /v/2/b"],
        ),
        (
            "",
            "for path in ('/p', '/q'):\n    app.add_api_route(path, f)",
            ["? - GET /a", "? - GET /b", "GET /p", "GET /q"],
        ),
        ("ALL = [a, b]\n", "for each in sorted(ALL):\n    app.include_router(each)", ["? GET /a", "? GET /b"]),
        ("", "for each in found.items():\n    app.include_router(each)", ["? GET /a", "? GET /b"]),
        ("", "for x, y in (a, b):\n    app.include_router(x)", ["? GET /a", "? GET /b"]),
    ],
)
def test_a_loop_over_what_is_written_out_is_taken_turn_by_turn(given: str, loop: str, expected: list[str]) -> None:
    routers = "".join(f"{name} = APIRouter()\n@{name}.get('/{name}')\ndef f(): ...\n" for name in "ab")

    assert paths({"main.py": f"{FAST}{routers}{given}{loop}\n"}) == expected


def test_loops_within_loops_end() -> None:
    loops = "".join(f"{'    ' * depth}for i{depth} in ({'1, ' * 40}):\n" for depth in range(12))

    assert paths({"main.py": f"{FAST}{loops}{'    ' * 12}app.add_api_route('/p', f)\n"}) == ["GET /p"]


@pytest.mark.parametrize(
    ("imported", "used"),
    [
        ("from shop.routes.items import router", "router"),
        ("from shop.routes import items", "items.router"),
        ("from .routes.items import router as r", "r"),
        ("from . import routes", "routes.items.router"),
        ("import shop.routes.items", "shop.routes.items.router"),
        ("import shop.routes.items as i", "i.router"),
        ("from shop.routes import *", "everything"),
        ("from shop import routes", "routes.everything"),
    ],
)
def test_a_router_is_found_however_it_is_imported(imported: str, used: str) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/main.py": f"from fastapi import FastAPI\n{imported}\napp = FastAPI()\napp.include_router({used}, prefix='/x')\n",
        "shop/routes/__init__.py": "from shop.routes import items\nfrom shop.routes.items import router as everything\n",
        "shop/routes/items.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/i')\ndef f(): ...\n",
    }

    assert paths(files) == ["GET /x/i"]


@pytest.mark.parametrize(
    ("config", "used"),
    [
        ("class S(B):\n    P: str = Field(default='/p')\ns = S()\n", "s.P"),
        ("class S(B):\n    P: str = Field('/p')\n@cache\ndef get_s():\n    return S()\ns = get_s()\n", "s.P"),
        ("P = '/p'\n", "P"),
        ("Q = '/p'\nP = Q\n", "P"),
        ("class P:\n    X = '/p'\n", "P.X"),
    ],
)
def test_a_prefix_is_found_where_the_settings_say_it(config: str, used: str) -> None:
    main = f"from fastapi import FastAPI\nfrom config import {used.partition('.')[0]}\napp = FastAPI()\n@app.get({used} + '/h')\ndef f(): ...\n"

    assert paths({"main.py": main, "config.py": config}) == ["GET /p/h"]


def test_a_prefix_that_refers_to_itself_is_unknown() -> None:
    main = "from fastapi import FastAPI\nP = P + '/x'\napp = FastAPI()\n@app.get(P)\ndef f(): ...\n"

    assert paths({"main.py": main}) == []


def test_routes_of_django_begin_at_the_root_that_the_settings_name() -> None:
    files = {
        "site/settings.py": "ROOT_URLCONF = 'site.urls'\n",
        "site/__init__.py": "",
        "site/urls.py": (
            "from django.contrib import admin\nfrom django.urls import include, path, re_path\nfrom shop import views\n"
            "urlpatterns = [path('shop/', include('shop.urls')), re_path(r'^health/$', views.health),\n"
            "    path('v/', include([path('a/<int:pk>/', views.a)]))]\nurlpatterns += [path('admin/', admin.site.urls)]\n"
        ),
        "shop/__init__.py": "",
        "shop/views.py": "",
        "shop/urls.py": (
            "from django.urls import include, path\nfrom rest_framework.routers import DefaultRouter\nfrom . import views\n"
            "router = DefaultRouter()\nrouter.register(r'items', views.Items)\n"
            "urlpatterns = [path('', include(router.urls)), path('up', views.Up.as_view())]\n"
        ),
        "old/__init__.py": "",
        "old/urls.py": "from django.urls import path\nurlpatterns = [path('gone', f)]\n",
    }

    found = reading(files)

    assert paths(files) == [
        "* /health/",
        "* /shop/items/",
        "* /shop/items/{pk}/",
        "* /shop/up",
        "* /v/a/{pk}/",
        "? - * /gone",
    ]
    assert [(each.prefix, each.what) for each in found.opaque] == [("/admin/", "admin.site.urls")]


@pytest.mark.parametrize(
    ("source", "opaque"),
    [
        (
            "from django.urls import path, include\nurlpatterns = [path('a/', include('gone.urls')), path('b/', include('gone'))]",
            [("/a/", "gone.urls"), ("/b/", "gone")],
        ),
        ("from starlette.applications import Starlette\napp = Starlette(routes=routes_of())", [("/", "routes_of()")]),
        (f"{FAST}app.include_router(other.r)\n", [("/", "other.r")]),
        (
            "from tornado.web import Application, Rule\napp = Application([Rule(P, T)])",
            [("/", "a path that is worked out")],
        ),
        (f"{FAST}app.mount()\napp.add_handlers('x')\n@app.get(3)\ndef f(): ...\nd().get('/y')\n", []),
        ("from flask_restful import Api\nfrom flask import Flask\napi = Api()\napi.init_app()\nb = Api(app.x())", []),
        ("from litestar import Litestar\napp = Litestar([])\napp.register()\n", []),
        (
            f"{FAST}s = requests.Session()\ns.mount('https://', adapter)\nsession.mount(prefix, adapter)\napp.mount()\n",
            [],
        ),
        (
            (
                "from django.contrib import admin\nfrom django.core import checks\nadmin.site.register(Order, OrderAdmin)\n"
                "class Shop:\n    def ready(self):\n        checks.register(check_it, checks.Tags.admin)\n"
            ),
            [],
        ),
    ],
)
def test_what_nobody_can_tell_is_opaque_at_most(source: str, opaque: list[tuple[str, str]]) -> None:
    found = reading({"main.py": source})

    assert (found.routes, [(each.prefix, each.what) for each in found.opaque]) == ((), opaque)


@pytest.mark.parametrize(
    "source",
    [
        "import requests\nrequests.get('/health')",
        "from fastapi.testclient import TestClient\nclient = TestClient(app)\nclient.get('/health')",
        "import click\n@click.group()\ndef cli(): ...\n@cli.command('/x')\ndef f(): ...",
        "cache = {}\ncache.get('/health')",
        "from functools import lru_cache\n@lru_cache(maxsize=1)\ndef get(): ...",
        "# @app.get('/health')\ndocs = \"@app.get('/health')\" # fastapi",
    ],
)
def test_what_only_looks_like_a_route_is_none(source: str) -> None:
    assert paths({"main.py": source}) == []


def test_tests_and_examples_serve_nothing() -> None:
    source = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef f(): ..."

    assert paths({"tests/app.py": source, "test_a.py": source, "examples/b.py": source, "c/conftest.py": source}) == []


def test_routers_that_include_each_other_are_read_once() -> None:
    source = (
        "from fastapi import APIRouter, FastAPI\na = APIRouter()\nb = APIRouter()\n@a.get('/h')\ndef f(): ...\n"
        "a.include_router(b, prefix='/b')\nb.include_router(a, prefix='/a')\napp = FastAPI()\napp.include_router(a)"
    )

    assert paths({"main.py": source}) == ["GET /h"]


@pytest.mark.parametrize("leaf", ["@r30.get('/h')\ndef f(): ...\n", ""])
def test_what_includes_more_than_can_be_written_out_ends(leaf: str) -> None:
    lines = [
        f"r{n} = APIRouter()\nr{n}.include_router(r{n + 1})\nr{n}.include_router(r{n + 1}, prefix='/x')\n"
        for n in range(30)
    ]
    source = f"from fastapi import APIRouter, FastAPI\nr30 = APIRouter()\n{leaf}{''.join(lines)}"

    found = reading({"main.py": f"{source}app = FastAPI()\napp.include_router(r0)\n"})

    assert [(each.path, each.reason) for each in found.unread] == [
        ("main.py", "its groups include each other in more than 20,000 ways")
    ]


def test_modules_that_import_all_of_each_other_are_looked_through_once() -> None:
    names = [f"m{n}" for n in range(60)]
    stars = "".join(f"from {name} import *\n" for name in names)
    main = "from fastapi import FastAPI\nfrom m0 import router\napp = FastAPI()\napp.include_router(router)\n"

    assert paths({"main.py": main, **{f"{name}.py": stars for name in names}}) == []


def test_a_source_that_does_not_parse_is_unread() -> None:
    found = reading({"main.py": "from fastapi import FastAPI\napp = FastAPI(\n"})

    assert [each.path for each in found.unread] == ["main.py"]


def test_a_source_newer_than_the_running_python_is_read() -> None:
    source = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/h')\ndef f[T](x: T):\n    try: ...\n    except A, B: ...\n"

    assert paths({"main.py": source}) == ["GET /h"]
