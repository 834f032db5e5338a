"""The routes of a whole tree: groups joined across files, each prefix put before what is included."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from selfcheck.model import Location
from selfcheck.subjects.routes.javascript import REQUIRED
from selfcheck.subjects.routes.lookup import Lookup
from selfcheck.subjects.routes.model import URLS, Entry, Group, Handler, Opaque, Route, Written
from selfcheck.subjects.routes.paths import join, normal, plain
from selfcheck.subjects.routes.scopes import given

Key = tuple[str, str]
"""A group by its file and its name there."""
MOST = 20_000
"""How many ways through groups are gone."""
FILES = ("StaticFiles", "static", "staticfiles", "make_wsgi_app", "make_asgi_app", "metrics_app")
"""What holds no routes of ours, by the name of what is mounted."""


class Way(NamedTuple):
    """How a group was come to: the prefix before it, whether it was read as a whole, and what guards it."""

    prefix: str
    whole: bool
    mounted: bool
    guards: tuple[str, ...]
    seen: tuple[Key, ...]
    hidden: bool = False


class Joined:
    """The groups of all files, and who includes whom."""

    def __init__(self, files: Mapping[str, Written], lookup: Lookup) -> None:
        self._lookup = lookup
        self.groups: dict[Key, Group] = {
            (path, group.name): group for path, each in files.items() for group in each.groups
        }
        self._entries: dict[Key, list[tuple[str, Entry]]] = {}
        self._included: set[Key] = set()
        self._conf = [(path, name) for path, each in files.items() for name in each.conf]
        self._targets: dict[tuple[str, int, str], Key | None] = {}
        self.opaque: list[Opaque] = []
        self.unread: dict[str, str] = {}
        self._left = MOST
        for path, each in files.items():
            for entry in each.entries:
                self._entries.setdefault(self._owner(path, entry), []).append((path, entry))
        for key, several in [*self._entries.items()]:
            for path, entry in several:
                target = self._target(path, entry)
                if target is not None and target != key:
                    self._included.add(target)

    def routes(self) -> Iterator[Route]:
        """Every route, by every way that leads to it."""
        roots = [*self._roots()]
        for key, way in roots:
            yield from self._below(key, way)

    def _roots(self) -> Iterator[tuple[Key, Way]]:
        conf = {key for key in self._configured() if key in self.groups}
        applications = {key for key, group in self.groups.items() if group.kind == "app"}
        served = bool(conf or applications)
        lost = any(self._is_lost(path, entry) for each in self._entries.values() for path, entry in each)
        for key, group in sorted(self.groups.items()):
            start = Way("", whole=True, mounted=True, guards=(), seen=())
            included = key in self._included
            if key in conf or (not included and (group.kind == "app" or (group.name == URLS and not conf))):
                yield key, start
            elif included:
                continue
            elif group.kind == "given":
                yield key, start._replace(whole=group.prefix is not None)
            elif group.kind == "list" and group.name != URLS:
                yield key, start._replace(whole=False)
            else:
                yield key, start._replace(whole=False, mounted=not served or lost)

    def _configured(self) -> Iterator[Key]:
        for path, name in self._conf:
            file = self._lookup.module(path, name)
            if file is not None:
                yield file, URLS

    def _below(self, key: Key, way: Way) -> Iterator[Route]:
        group = self.groups.get(key)
        if group is None or key in way.seen or len(way.seen) > 40:
            return
        self._left -= 1
        own = self._lookup.text(key[0], group.prefix)
        way = Way(
            join(way.prefix, own or ""),
            way.whole and own is not None,
            way.mounted,
            (*way.guards, *group.guards),
            (*way.seen, key),
            way.hidden or group.hidden,
        )
        for path, entry in self._entries.get(key, ()):
            if self._left <= 0:
                self.unread.setdefault(path, f"its groups include each other in more than {MOST:,} ways")
                return
            if entry.target is None and entry.module is None:
                yield from self._route(group, path, entry, way)
            else:
                yield from self._within(path, entry, way)

    def _route(self, group: Group, path: str, entry: Entry, way: Way) -> Iterator[Route]:
        written = self._lookup.text(path, entry.path)
        if written is not None and entry.pattern:
            written = plain(written.rstrip("$") + "$" if group.framework == "Tornado" else written)
        if written is None:
            self.opaque.append(Opaque(normal(way.prefix), Location(path, entry.line), "a path that is worked out"))
            return
        yield Route(
            path=normal(join(way.prefix, written)),
            methods=entry.methods,
            at=Location(path, entry.line),
            framework=group.framework,
            handler=None if entry.handler is None else Handler(path, entry.handler),
            whole=way.whole,
            mounted=way.mounted,
            guards=(*way.guards, *entry.guards),
            span=entry.span,
            hidden=way.hidden or entry.hidden,
        )

    def _within(self, path: str, entry: Entry, way: Way) -> Iterator[Route]:
        target = self._target(path, entry)
        text = self._lookup.text(path, entry.path)
        if text is not None and entry.pattern:
            text = plain(f"{text}$")
        prefix = join(way.prefix, text or "")
        if target is None:
            if entry.soft:
                return
            what = entry.module or entry.target or "?"
            is_static = any(name in what for name in FILES)
            self.opaque.append(Opaque(normal(prefix), Location(path, entry.line), what, is_static))
            return
        inner = Way(
            prefix,
            way.whole and text is not None,
            way.mounted,
            (*way.guards, *entry.guards),
            way.seen,
            way.hidden or entry.hidden,
        )
        if entry.overrides and target in self.groups:
            inner = inner._replace(prefix=prefix)
            yield from self._instead(target, inner)
        else:
            yield from self._below(target, inner)

    def _instead(self, key: Key, way: Way) -> Iterator[Route]:
        """Below a group whose own prefix does not count."""
        group = self.groups[key]
        self.groups[key] = Group(
            name=group.name, kind=group.kind, framework=group.framework, line=group.line, guards=group.guards
        )
        try:
            yield from [*self._below(key, way)]
        finally:
            self.groups[key] = group

    def _owner(self, path: str, entry: Entry) -> Key:
        """The group that an entry is in; one that nothing makes is given, an application if it is called like one."""
        if (path, entry.owner) in self.groups:
            return path, entry.owner
        found = self._known(path, entry.owner)
        if found is not None:
            return found
        key = (path, entry.owner)
        self.groups[key] = given(entry.owner, "", self._framework(path), entry.line)
        return key

    def _framework(self, path: str) -> str:
        return next((group.framework for key, group in self.groups.items() if key[0] == path and group.framework), "")

    def _known(self, path: str, name: str) -> Key | None:
        """The group that a name means, wherever it is made."""
        if name.startswith(REQUIRED):
            file = self._lookup.script(path, name.removeprefix(REQUIRED))
            return None if file is None else self._lookup.find(file, "default", self._is_group)
        for end in ("", ".router", ".urls", ".urlpatterns", ".routes", ".app", "()"):
            if end and not name.endswith(end):
                continue
            found = self._lookup.find(path, name.removesuffix(end), self._is_group)
            if found is not None:
                return found
        return None

    def _is_group(self, path: str, name: str) -> bool:
        return (path, name) in self.groups

    def _target(self, path: str, entry: Entry) -> Key | None:
        if entry.target is None and entry.module is None:
            return None
        asked = (path, entry.line, entry.target or entry.module or "")
        if asked not in self._targets:
            self._targets[asked] = self._resolved(path, entry)
        return self._targets[asked]

    def _resolved(self, path: str, entry: Entry) -> Key | None:
        if entry.module is not None:
            file = self._lookup.module(path, entry.module)
            if file is None:  # `include("shop.urls.patterns")`
                head, _, name = entry.module.rpartition(".")
                file, entry_name = (self._lookup.module(path, head) if head else None), name
                return (file, entry_name) if file is not None and (file, entry_name) in self.groups else None
            return (file, URLS) if (file, URLS) in self.groups else None
        name = entry.target or ""
        found = self._known(path, name)
        if found is None and (file := self._lookup.modules(path, name)) is not None:
            return (file, URLS) if (file, URLS) in self.groups else None
        return found

    def _is_lost(self, path: str, entry: Entry) -> bool:
        """Whether something is included that nobody can tell: any router may be it."""
        if entry.target is None or entry.soft or self._target(path, entry) is not None:
            return False
        # What an import names is known to be another's; what is worked out may be ours.
        head = entry.target.removesuffix("()").partition(".")[0]
        if head.startswith(REQUIRED):
            return False
        return head not in self._lookup.names(path).bound and not any(name in entry.target for name in FILES)
