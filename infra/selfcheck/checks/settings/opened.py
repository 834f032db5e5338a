"""Switches that are open: each with what a stranger makes of it, and how to close it."""

from collections.abc import Iterator, Sequence

from selfcheck.check import Finding, Location
from selfcheck.checks.settings.effective import Effective, Standing
from selfcheck.subjects.settings import Known

HSTS = 3600
_CLOSED = ("off", "none")
_SECURE = {
    "SESSION_COOKIE_SECURE": ("W012", "the session's cookie goes over plain HTTP"),
    "CSRF_COOKIE_SECURE": ("W016", "the cookie against forgery goes over plain HTTP"),
    "SECURE_SSL_REDIRECT": ("W008", "plain HTTP is answered, and not led to HTTPS"),
}
_OFF = {
    "SESSION_COOKIE_SECURE": "the session's cookie goes over plain HTTP",
    "CSRF_COOKIE_SECURE": "the cookie against forgery goes over plain HTTP",
    "REMEMBER_COOKIE_SECURE": "the cookie that remembers a user goes over plain HTTP",
    "SESSION_COOKIE_HTTPONLY": "a script on the page can read the session's cookie",
    "SECURE_CONTENT_TYPE_NOSNIFF": "browsers guess the type of what users upload",
}
_MIDDLEWARE = {
    "SecurityMiddleware": ("W001", "nothing of `SECURE_…` has an effect"),
    "XFrameOptionsMiddleware": ("W002", "other sites can put pages into frames"),
    "CsrfViewMiddleware": ("W003", "other sites can send forms in a user's name"),
}


def judged(standing: Effective, *, django: bool) -> Iterator[tuple[str, Finding]]:
    """Every switch that is open, by the name under which it can be ignored."""
    origins = [each for each in standing.every if each.switch.id in ("cors-origins", "cors-all-origins")]
    any_origin = next((each for each in origins if each.switch.state in ("any", "on")), None)
    allowed = next(
        (each for each in standing.every if each.switch.id == "cors-credentials" and each.switch.state == "on"), None
    )
    for each in standing.every:
        yield from _open(each, any_origin)
    if allowed is not None and any_origin is not None:
        yield from _cors(any_origin, f"and {allowed.place} lets them send credentials")
    if django:
        for module, switches in standing.django:
            yield from _deployed(module, switches)


def _open(each: Standing, any_origin: Standing | None) -> Iterator[tuple[str, Finding]]:
    switch, state = each.switch, each.switch.state
    if switch.id == "debug" and state == "on":
        told = "debugging is on: whoever meets an error sees the source, and with some servers runs code"
        yield "debug", _finding("debug", each, told, "leave it off by default, and switch it on for development")
    elif switch.id == "hosts" and state == "any":
        told = "every host name is accepted: links in mails can be made to lead elsewhere"
        yield "hosts", _finding("hosts", each, told, "name the hosts, from a variable without a default")
    elif switch.id == "cors" and state == "any+credentials":
        yield from _cors(each, "and may send credentials")
    elif (
        switch.id == "cors" and state.startswith("named") and state.endswith("+credentials") and any_origin is not None
    ):
        yield from _cors(each, f"and may send credentials, since {any_origin.place} names them all")
    elif switch.id in _OFF and state == "off":
        yield switch.id, _finding(switch.id, each, f"{switch.id} is off: {_OFF[switch.id]}", "set it to `True`")


def _cors(each: Standing, how: str) -> Iterator[tuple[str, Finding]]:
    told = f"every origin is allowed {how}: any page that a user visits acts in the user's name"
    yield "cors", _finding("cors", each, told, "name the origins, from a variable without a default")


def _deployed(module: Known, switches: Sequence[Standing]) -> Iterator[tuple[str, Finding]]:
    """What `django check --deploy` would say of a module, as far as it can be read."""
    found = {each.switch.id: each for each in switches}
    for name, (code, told) in _SECURE.items():
        if name not in found:
            yield name, _missing(name, module, f"{name} is not set: {told} (security.{code})", f"set `{name} = True`")
    hsts = found.get("SECURE_HSTS_SECONDS")
    if hsts is None or hsts.switch.state in ("0", "off"):
        told = "SECURE_HSTS_SECONDS is not set: browsers may come back over plain HTTP (security.W004)"
        yield (
            "SECURE_HSTS_SECONDS",
            _missing("SECURE_HSTS_SECONDS", module, told, f"set it to {HSTS}, and to more once all works"),
        )
    redirect = found.get("SECURE_SSL_REDIRECT")
    if redirect is not None and redirect.switch.state == "off" and "SECURE_PROXY_SSL_HEADER" not in found:
        told = "SECURE_SSL_REDIRECT is off: plain HTTP is answered, and not led to HTTPS (security.W008)"
        yield "SECURE_SSL_REDIRECT", _finding("SECURE_SSL_REDIRECT", redirect, told, "set it to `True`")
    middleware = found.get("MIDDLEWARE")
    for name, (code, told) in _MIDDLEWARE.items():
        if middleware is not None and name not in middleware.switch.state:
            said = f"{name} is not in MIDDLEWARE: {told} (security.{code})"
            yield name, _finding(name, middleware, said, "add it")


def _finding(key: str, each: Standing, message: str, hint: str) -> Finding:
    before = each.before
    changed = f"; {before.place} has it {before.switch.state}, and this wins" if before is not None else ""
    head, colon, rest = message.partition(":")
    variable = f" unless {each.switch.variable} is set" if each.switch.variable and before is None else ""
    return Finding(
        key=f"{key} in {each.file.path}",
        message=f"{head}{variable}{colon}{rest}{changed}",
        at=Location(each.file.path, each.switch.line),
        hint=hint,
        data={
            "switch": key,
            "state": each.switch.state,
            "variable": each.switch.variable or None,
            "before": None if before is None else {"place": before.place, "state": before.switch.state},
        },
    )


def _missing(key: str, module: Known, message: str, hint: str) -> Finding:
    data = {"switch": key, "state": "not set", "variable": None, "before": None}
    return Finding(key=f"{key} in {module.path}", message=message, at=Location(module.path, 1), hint=hint, data=data)
