"""The routes of Express, NestJS and Next, as their users write them."""

import pytest

from tests.routes.reading import paths, reading

WORKED = "a path that is worked out"
HEAD = "const express = require('express');\nconst app = express();\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"{HEAD}app.get('/health', (req, res) => res.send('ok'));", ["GET /health"]),
        (f"{HEAD}app.all(`/any`, handler);\napp.post('/p', check, handler);", ["* /any", "POST /p"]),
        (f"{HEAD}app.get('/u/:id', h);\napp.get('/f/*', h)", ["GET /f/{*}", "GET /u/{id}"]),
        (f"{HEAD}const P = '/v1';\napp.get(P + '/a', h);\napp.get(`${{P}}/b`, h);", ["GET /v1/a", "GET /v1/b"]),
        (f"{HEAD}app.route('/r').get(h).post(h);", ["GET /r", "POST /r"]),
        (f"{HEAD}const r = express.Router();\nr.get('/a', h);\napp.use('/api', cors(), r);", ["GET /api/a"]),
        (f"{HEAD}const r = express.Router();\nr.get('/a', h);", ["? - GET /a"]),
        (
            (
                f"{HEAD}const a = express.Router();\na.get('/x', h);\nconst all = [{{ path: '/a', route: a }}];\n"
                "all.forEach((each) => {\n  app.use(each.path, each.route);\n});"
            ),
            ["GET /a/x"],
        ),
        (
            f"{HEAD}const a = express.Router();\na.get('/x', h);\nfor (const each of [{{ path: '/b', go: a }}]) app.use(each.path, each.go);",
            ["GET /b/x"],
        ),
        (
            f"{HEAD}const a = express.Router();\na.get('/x', h);\nload().forEach((each) => app.use(each.path, each.route));",
            ["? GET /x"],
        ),
        (
            "import express from 'express';\nconst app: express.Application = express();\napp.get('/h', h as Handler);",
            ["GET /h"],
        ),
        (
            "import express, { Router } from 'express';\nconst app = express();\nconst r = Router();\nr.get('/h', async () => {});\napp.use(r);",
            ["GET /h"],
        ),
        ("module.exports = (app) => {\n  app.get('/h', (req, res) => {});\n};", ["GET /h"]),
        ("export default function (router) {\n  router.get('/h', h);\n}", ["? GET /h"]),
    ],
)
def test_a_route_of_express_is_read_as_it_is_written(source: str, expected: list[str]) -> None:
    assert paths({"main.ts" if ":" in source.split("\n", maxsplit=1)[0] else "main.js": source}) == expected


def test_routers_are_joined_through_modules_of_both_kinds() -> None:
    files = {
        "src/app.js": f"{HEAD}const users = require('./routes/users');\nconst {{ items: things }} = require('./routes');\n"
        "app.use('/users', users);\napp.use('/things', things);\napp.use('/late', require('./routes/late'));\n",
        "src/routes/users.js": "const router = require('express').Router();\nconst r = require('express');\nconst own = r.Router();\nown.get('/me', h);\nmodule.exports = own;\n",
        "src/routes/index.js": "exports.items = require('./items').default;\nconst x = require('./items');\nmodule.exports = { items: x };\n",
        "src/routes/items.js": "import { Router } from 'express';\nconst router = Router();\nrouter.get('/:id', h);\nexport default router;\n",
        "src/routes/late.js": "const { Router } = require('express');\nconst router = Router();\nrouter.get('/', h);\nmodule.exports = router;\n",
    }

    assert paths(files) == ["GET /late/", "GET /things/{id}", "GET /users/me"]


def test_modules_of_typescript_are_joined_by_name_alias_and_default() -> None:
    files = {
        "src/main.ts": "import express from 'express';\nimport api from './api';\nimport { health as up } from '@/health';\n"
        "const app = express();\napp.use('/api', api);\napp.use(up);\n",
        "src/api/index.ts": "import { Router } from 'express';\nimport * as users from './users.js';\nconst router = Router();\n"
        "router.use('/users', users.router);\nexport default router;\n",
        "src/api/users.ts": "import { Router } from 'express';\nexport const router = Router();\nrouter.delete('/:id', remove);\n",
        "src/health.ts": "import { Router } from 'express';\nconst router = Router();\nrouter.get('/health', h);\nexport { router as health };\n",
    }

    assert paths(files) == ["DELETE /api/users/{id}", "GET /health"]


def test_what_is_used_below_a_prefix_and_was_not_read_is_opaque() -> None:
    found = reading(
        {
            "a.js": f"{HEAD}app.use('/proxy', proxy({{}}));\napp.use('/files', express.static('x'));\napp.use(cors());\napp.get('/h', h);"
        }
    )

    assert [(each.prefix, each.what, each.static) for each in found.opaque] == [
        ("/proxy", "proxy()", False),
        ("/files", "express.static()", True),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import axios from 'axios';\naxios.get('/health', { timeout: 1 });\naxios.post('/x', body);",
        "const request = require('supertest');\nrequest(app).get('/health').expect(200);",
        f"{HEAD}app.get('view engine');\napp.set('/x', 1);\nmap.get('/x', h);",
        f"{HEAD}// app.get('/x', h)\nconst s = \"app.get('/x', h)\";",
    ],
)
def test_what_only_looks_like_a_route_is_none(source: str) -> None:
    assert paths({"main.js": source}) == []


def test_controllers_of_nest_are_read_with_the_prefix_of_their_application() -> None:
    files = {
        "src/main.ts": "async function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n"
        "  app.setGlobalPrefix('api', { exclude: ['health', { path: 'up', method: RequestMethod.GET }] });\n}",
        "src/health.controller.ts": "@Controller('health')\nexport class HealthController {\n  @Get()\n  @HealthCheck()\n  check() {}\n  @Get('ready')\n  ready() {}\n}",
        "src/users.controller.ts": "@Controller(['users', 'people'])\n@UseGuards(AuthGuard)\nexport class UsersController {\n  @Get(':id') one(@Param('id') id: string) {}\n  @Post() async new() {}\n}",
        "src/up.controller.ts": "@Controller()\nexport class Up {\n  @Get('up') up() {}\n}",
    }

    found = reading(files)

    assert paths(files) == [
        "GET /api/health/ready",
        "GET /api/people/{id}",
        "GET /api/users/{id}",
        "GET /health",
        "GET /up",
        "POST /api/people",
        "POST /api/users",
    ]
    assert {each.guards for each in found.routes if each.path == "/api/users"} == {("AuthGuard",)}


def test_a_version_of_nest_is_a_prefix_that_nobody_read() -> None:
    source = "@Controller({ path: 'cats', version: '1' })\nexport class Cats {\n  @Get() all() {}\n}"

    assert paths({"cats.ts": source}) == ["? GET /cats"]


def test_routes_of_next_are_where_their_files_stand() -> None:
    files = {
        "src/app/api/health/route.ts": "export async function GET(request: Request) {}\nexport const POST = handler;\n",
        "src/app/(shop)/items/[id]/route.js": "async function get() {}\nexport { get as GET };\n",
        "app/files/[...rest]/route.ts": "export function DELETE() {}\n",
        "app/_private/route.ts": "export function GET() {}\n",
        "app/page.tsx": "export default function Page() { return <p/>; }\n",
        "pages/api/status.ts": "export default function handler(req, res) {}\n",
        "pages/api/users/[id]/index.js": "const h = () => {};\nexport default h;\n",
        "pages/index.tsx": "export default function Home() { return null; }\n",
        "lib/route.ts": "export function GET() {}\n",
    }

    assert paths(files) == [
        "* /api/status",
        "* /api/users/{id}",
        "DELETE /files/{*}",
        "GET /api/health",
        "GET /items/{id}",
        "POST /api/health",
    ]


MADE = "const { Router } = require('express');\nconst router = Router();\nrouter.get('/a', h);\n"


@pytest.mark.parametrize(
    ("imported", "path", "exported"),
    [
        ("import r from './r';", "r.js", "exports.default = router;"),
        (
            "import * as all from './r';\nconst r = all.named;\napp.use('/p', all.named);",
            "r.js",
            "exports.named = router;",
        ),
        ("import { named as r } from './r';", "r.js", "module.exports.named = router;"),
        ("import { router as r } from './r';", "r.js", "exports.router = router;"),
        ("import { router as r } from './r';", "r.js", "module.exports = { router, other: 1 };"),
        ("import { x as r } from './r';", "r.js", "export { router as x };"),
        ("import { x as r } from './star';", "r.js", "export { router as x };"),
        ("import { router as r } from './named';", "r.js", "export { router };"),
        ("import r from '@/r';", "src/r.js", "export default router;"),
        ("import r from '~/r';", "r/index.js", "export default router;"),
        ("import r from './r.js';", "r.ts", "export default router;"),
        ("const { router: r } = require('./r');", "r.js", "module.exports = { router };"),
        ("const r = require('./r').router;", "r.js", "module.exports = { router };"),
    ],
)
def test_a_router_is_found_however_it_is_exported(imported: str, path: str, exported: str) -> None:
    files = {
        "main.js": f"{HEAD}{imported}\napp.use('/p', r);\n",
        "star.js": "export * from './r';\n",
        "named.js": "export { router } from './r';\n",
        path: f"{MADE}{exported}\n",
    }

    assert paths(files) == ["GET /p/a"]


@pytest.mark.parametrize(
    "imported", ["import r from './nothing';", "import r from 'a-package';", "const [r] = require('./r');"]
)
def test_a_router_that_leads_nowhere_is_opaque(imported: str) -> None:
    found = reading({"main.js": f"{HEAD}{imported}\napp.use('/p', r);\n"})

    assert [(each.prefix, each.what) for each in found.opaque] == [("/p", "r")]


@pytest.mark.parametrize(
    ("source", "opaque"),
    [
        ("app.use();\nfoo.use('/x', y);\napp.use(1 + 1);\napp.get('nope', h);\napp.get();", []),
        ("for (const each of list) { app.use(each.path, each.go); }", [("/", "each.go")]),
        (
            (
                "const all = [{ path: '/q' }, 3, { path: '/w', go: express.Router() }];\n"
                "for (const each of all) { app.use(each.path, each.go); }"
            ),
            [("/w", "?")],
        ),
        ("all.filter((each) => app.use(each.path, each.go));", [("/", "each.go")]),
        ("const P = a ? '/a' : '/b';\napp.get('/u' + P, h);\napp.get('/v' + f(), h);", [("/", WORKED), ("/", WORKED)]),
        ("app.use('/z', [a, b]);\nlet late;\nconst made = Router;", []),
    ],
)
def test_what_nobody_can_tell_of_express_is_opaque_at_most(source: str, opaque: list[tuple[str, str]]) -> None:
    found = reading({"main.js": f"{HEAD}{source}"})

    assert (found.routes, [(each.prefix, each.what) for each in found.opaque]) == ((), opaque)


CONTROLLER = "@Controller('x')\nexport class A {\n  @Get('b') b() {}\n}"
PREFIX = "const app = NestFactory.create(A);\napp.setGlobalPrefix({});\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.ts": "@Controller()\nexport default class {\n  @Get('b') b() {}\n}"}, []),
        ({"a.ts": CONTROLLER, "main.ts": PREFIX.format("")}, ["GET /x/b"]),
        ({"a.ts": CONTROLLER, "main.ts": PREFIX.format("'p', { exclude: [x, { method: 1 }] }")}, ["GET /p/x/b"]),
        ({"a.ts": CONTROLLER, "main.ts": PREFIX.format("name()")}, []),
        ({"one/a.ts": CONTROLLER, "two/main.ts": PREFIX.format("'q'")}, ["GET /q/x/b"]),
        (
            {
                "one/src/a.ts": CONTROLLER,
                "one/main.ts": PREFIX.format("'p'"),
                "two/main.ts": PREFIX.format("'q'"),
                "three/b.ts": CONTROLLER,
            },
            ["GET /p/x/b", "GET /x/b"],
        ),
    ],
)
def test_the_prefix_of_nest_is_that_of_the_nearest_application(files: dict[str, str], expected: list[str]) -> None:
    assert paths(files) == expected


def test_what_guards_and_throttles_a_route_of_nest_is_told() -> None:
    source = "@Controller('x')\nexport class A {\n  @Get('b')\n  @Throttle(1)\n  @UseGuards(new G(), H)\n  b() {}\n}"

    (route,) = reading({"a.ts": source}).routes

    assert route.guards == ("H", "Throttle")


@pytest.mark.parametrize("text", ["app.get('/x', " * 3000, "const app = express(" + "[" * 60_000])
def test_a_hostile_source_is_read_as_far_as_it_goes(text: str) -> None:
    assert reading({"a.js": f"{HEAD}{text}"}).routes == ()


def test_what_is_too_large_is_unread() -> None:
    found = reading({"a.js": f"{HEAD}app.get('/x', h);{'x();' * 500_001}".replace(";", ";\n")})

    assert [each.path for each in found.unread] == ["a.js"]


def test_a_bundle_of_other_sources_is_left_out() -> None:
    found = reading({"a.js": f"{HEAD}app.get('/x', h);{'x' * 2_000_001}", "b.js": f"{HEAD}app.get('/y', h);"})

    assert ([each.path for each in found.routes], found.unread) == (["/y"], ())
