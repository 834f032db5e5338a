"""Which calls of Python make something that holds routes."""

import ast

from selfcheck.subjects.routes.texts import last

APPS = {
    "APIFlask": "Flask",
    "Application": "",
    "FastAPI": "FastAPI",
    "Flask": "Flask",
    "Litestar": "Litestar",
    "Quart": "Quart",
    "Sanic": "Sanic",
    "Starlette": "Starlette",
}
"""The classes of applications; whose an `Application` is, the imports tell."""
ENDINGS = {"Router": "", "Blueprint": "Flask", "RouteTableDef": "aiohttp", "Namespace": "Flask", "NinjaAPI": "Django"}
RESTFUL = frozenset(("Api", "API"))
FRAMEWORKS = (
    ("fastapi", "FastAPI"),
    ("starlette", "Starlette"),
    ("litestar", "Litestar"),
    ("tornado", "Tornado"),
    ("aiohttp", "aiohttp"),
    ("quart", "Quart"),
    ("flask", "Flask"),
    ("django", "Django"),
    ("rest_framework", "Django"),
    ("ninja", "Django"),
    ("sanic", "Sanic"),
    ("bottle", "Bottle"),
)
"""The packages by which a module shows whose routes it writes; the first that it imports tells."""
APPLIKE = frozenset(("app", "application", "api", "server", "webapp", "asgi_app", "wsgi_app", "fastapi_app"))
"""What people call an application that comes from elsewhere."""


def kind_of(call: ast.Call, classes: dict[str, str], framework: str) -> tuple[str, str] | None:
    """The kind and the framework of what a call makes, if that holds routes; `classes` are bases by the file's own names."""
    name = last(call.func)
    name = classes.get(name, name)
    if name in APPS:
        own = APPS[name] or (framework if framework in ("Tornado", "aiohttp") else "")
        return ("app", own) if own else None
    for ending, whose in ENDINGS.items():
        if name.endswith(ending):
            return "router", whose or framework
    if name in RESTFUL and framework in ("Flask", "Quart", "Django"):
        return "router", framework
    return None


def framework_of(imported: frozenset[str]) -> str:
    """The framework of a module that imports these packages; empty where none is known."""
    found = [name for package, name in FRAMEWORKS if any(each.startswith(package) for each in imported)]
    return found[0] if found else ""


def is_applike(name: str, annotation: str) -> bool:
    """Whether something given is an application by its name or annotation."""
    return annotation in APPS or (not annotation and name.rpartition(".")[2] in APPLIKE)
