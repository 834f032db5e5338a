"""Compose files, Kubernetes manifests, Helm values and templates, and Render's blueprint: YAML with probes in it."""

import re
from collections.abc import Iterator

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.ci.yaml import Items, Node, Scalar, Table, items, load_all, setting, settings, text, value
from selfcheck.subjects.probes.commands import asked
from selfcheck.subjects.probes.model import Asks, Deployed, Probe, Started

TELLING = re.compile(rb"Probe\b|healthcheck|healthCheckPath|containers:|services:")
LARGEST = 4_000_000
PROBES = {"livenessProbe": Asks.LIVENESS, "readinessProbe": Asks.READINESS, "startupProbe": Asks.STARTUP}
APART = frozenset(("containers", "initContainers", "services"))
PLACEHOLDER = "selfcheck-template"
OTHERS = re.compile(
    r"(?:.*/)?(?:postgres\w*|postgis|pgvector|redis|valkey|mysql|mariadb|mongo|nginx\S*|traefik|minio|elasticsearch|opensearch|kibana"
    r"|rabbitmq|kafka|zookeeper|keycloak|grafana|prometheus|loki|tempo|jaeger|memcached|caddy|haproxy|envoy|busybox|alpine|vault"
    r"|mailhog|mailpit|mailcatcher|adminer|clickhouse\S*|meilisearch|qdrant|weaviate|localstack|cloudsql-proxy|oauth2-proxy"
    r"|node-exporter|etcd|consul|nats|temporal\S*|registry|selenium\S*|chrome|httpbin)(?:[:@].*)?"
)
"""Images that are others', by their names."""
MOST = 20_000
"""How many values of one file are looked at: an alias that is used again and again is looked at each time."""


def manifest(content: bytes) -> Deployed:
    """What a YAML file starts.

    Raises:
        Unreadable: it is no YAML, or larger than any manifest.
    """
    if not TELLING.search(content):
        return Deployed()
    if len(content) > LARGEST:
        raise Unreadable("is too large for a manifest")
    found: list[Started] = []
    documents = _documents(content)
    for document in documents:
        found += _compose(document)
        found += _render(document)
        found += _walked(document)
    return Deployed(tuple(found), template=bool(documents) if b"{{" in content else None)


MANIFEST = Extractor("manifest probes", 2, Deployed, manifest, parsers=("pyyaml",))
"""What a YAML file says of probes, as a fact."""


def _documents(content: bytes) -> list[Node]:
    """The documents; of a template, what is left when its actions are taken out."""
    try:
        if b"{{" not in content:
            return load_all(content)
        lines = content.decode("utf-8-sig").split("\n")
        plain = [re.sub(r"\{\{[^{}]*\}\}", PLACEHOLDER, line) for line in lines]
        bare = re.compile(rf"\s*(?:- )?(?:{PLACEHOLDER}\s*)+")
        return load_all("\n".join("" if bare.fullmatch(line) else line for line in plain).encode())
    except (RecursionError, UnicodeDecodeError) as error:
        raise Unreadable(f"is no YAML: {type(error).__name__}") from error
    except Unreadable:
        if b"{{" in content:
            return []
        raise


def _compose(document: Node) -> Iterator[Started]:
    services = value(document, "services")
    if not isinstance(services, Table):
        return
    for name, body, line in settings(services):
        check = setting(body, "healthcheck")
        test = None if check is None else value(check.value, "test")
        disabled = check is not None and (text(value(check.value, "disable")) == "true" or _words(test) == "NONE")
        if not isinstance(body, Table) or not ({"image", "build", "healthcheck"} & set(body.values)):
            continue
        yield Started(
            name=name,
            kind="compose",
            line=line,
            ours=setting(body, "build") is not None,
            probes=() if check is None or disabled else tuple(_command(test, Asks.HEALTH, check.line)),
            disabled=disabled,
            serves=setting(body, "ports") is not None,
        )


def _render(document: Node) -> Iterator[Started]:
    for service in items(value(document, "services")) if isinstance(value(document, "services"), Items) else ():
        path = setting(service, "healthCheckPath")
        kind = text(value(service, "type"))
        if kind == "web" or path is not None:
            probes = (
                () if path is None else (Probe(asks=Asks.READINESS, line=path.line, path=text(path.value) or None),)
            )
            name = text(value(service, "name")) or "web"
            yield Started(name=name, kind="render", line=service.line, ours=True, probes=probes)


def _walked(document: Node) -> Iterator[Started]:
    """Every mapping that has probes, and every container of a workload."""
    waiting: list[tuple[Node, str, bool]] = [(document, _named(document), True)]
    for _ in range(MOST):
        if not waiting:
            return
        node, name, is_long = waiting.pop()
        if isinstance(node, Items):
            waiting += ((each, name, is_long) for each in reversed(node.values))
        elif isinstance(node, Table):
            is_long = is_long and text(value(node, "kind")) not in ("Job", "CronJob", "Pod")
            waiting += ((each.value, name, is_long) for each in settings(node) if each.key not in APART)
            yield from _containers(node, name, is_long=is_long)
    raise Unreadable(f"holds more than {MOST:,} values")


def _containers(node: Table, name: str, *, is_long: bool) -> Iterator[Started]:
    for each in items(value(node, "containers")):
        if isinstance(each, Table):
            yield _container(each, name, is_long=is_long)
    if set(PROBES) & set(node.values) and setting(node, "image") is None:
        yield _container(node, name or "values", is_long=False)


def _named(document: Node) -> str:
    return text(value(document, "metadata", "name"))


def _container(node: Table, workload: str, *, is_long: bool) -> Started:
    name = text(value(node, "name"))
    image = text(value(node, "image"))
    ports = [each for each in items(value(node, "ports")) if isinstance(each, Table)]
    numbers = [text(value(each, key)) for each in ports for key in ("containerPort", "name")]
    probes = [_probe(each.value, PROBES[each.key], each.line) for each in settings(node) if each.key in PROBES]
    return Started(
        name="/".join(filter(None, (workload, name))) or "container",
        kind="Kubernetes",
        line=node.line,
        ours=OTHERS.fullmatch(image) is None,
        ports=tuple(each for each in numbers if each and PLACEHOLDER not in each),
        probes=tuple(each for several in probes for each in several),
        serves=is_long and bool(ports) and PLACEHOLDER not in "".join(numbers),
    )


def _probe(node: Node, asks: Asks, line: int) -> Iterator[Probe]:
    got = value(node, "httpGet")
    command = value(node, "exec", "command")
    if got is not None:
        path = setting(got, "path")
        written = text(path.value) if path else "/"
        port = text(value(got, "port"))
        templated = PLACEHOLDER in written
        yield Probe(
            asks=asks,
            line=path.line if path else line,
            path=None if templated else written.partition("?")[0] or "/",
            port=None if PLACEHOLDER in port else port or None,
            templated=templated,
            local=value(got, "host") is None,
        )
    elif command is not None:
        yield from _command(command, asks, line)
    elif isinstance(node, Table) and node.values:
        yield Probe(asks=asks, line=line, templated=not {"tcpSocket", "grpc"} & set(node.values))


def _command(node: Node | None, asks: Asks, line: int) -> Iterator[Probe]:
    if node is not None:
        yield from (
            Probe(
                asks=each.asks,
                line=max(_line(node, each.path), line),
                path=None if PLACEHOLDER in (each.path or "") else each.path,
                port=each.port,
                tool=each.tool,
                templated=each.templated,
                local=each.local,
            )
            for each in asked(_words(node), asks, 0)
        )


def _line(node: Node, path: str | None) -> int:
    """The line of the text that holds a path."""
    return next((each.line for each in items(node) if path and path in text(each)), node.line)


def _words(node: Node | None) -> str:
    return " ".join(
        text(each) for each in items(node) if isinstance(each, Scalar) and text(each) not in ("CMD", "CMD-SHELL")
    )
