"""`health-probes`: whoever asks the application how it is asks what it answers."""

import pytest

from selfcheck.check import Repository
from selfcheck.checks.health.probed import Wrong
from selfcheck.checks.health.probes import HealthProbes
from selfcheck.checks.health.served import Served
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

CHECK = HealthProbes()
MAIN = "from fastapi import FastAPI\napp = FastAPI()\n" + "".join(
    f"@app.get('{path}')\ndef f(): ...\n" for path in ("/ready", "/live", "/slash/")
)
IMAGE = "FROM python:3.13\nEXPOSE 8000\nHEALTHCHECK CMD curl -f http://localhost:8000/ready || exit 1\n"
WORKLOAD = """kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: web
          image: shop
          ports: [{containerPort: 8000, name: http}]
"""


def deployed(path: str, text: str, main: str = MAIN) -> Repository:
    """The application and one file that deploys it."""
    return memory({"main.py": main, path: text})


def test_probes_of_what_is_answered_keep_the_promise() -> None:
    verdict = assert_keeps(CHECK, deployed("Dockerfile", IMAGE))

    assert verdict.evidence == (
        Evidence("routes", 3, 3),
        Evidence("deployed containers and services", 1, 1),
        Evidence("probes", 1, 1),
    )


def test_a_probe_of_what_no_route_answers_is_one_finding_as_the_report_shows_it() -> None:
    repo = deployed("Dockerfile", IMAGE.replace("/ready", "/v1/ready"))

    findings = assert_breaks(CHECK, repo, "unknown /v1/ready in Dockerfile")

    assert findings == (
        Finding(
            key="unknown /v1/ready in Dockerfile",
            message="the HEALTHCHECK asks /v1/ready, which no route answers",
            at=Location("Dockerfile", 3),
            hint="ask /ready",
            data={"path": "/v1/ready", "asks": "health", "similar": ["/ready"]},
        ),
    )


def probe(asks: str, path: str, port: str = "8000") -> str:
    """One probe of a container."""
    return f"          {asks}Probe: {{httpGet: {{path: {path}, port: {port}}}}}\n"


@pytest.mark.parametrize(
    ("path", "text", "key"),
    [
        (
            "Dockerfile",
            "FROM a\nHEALTHCHECK --interval=5s \\\n  # why\n  CMD wget -q http://127.0.0.1/gone\n",
            "unknown /gone in Dockerfile",
        ),
        (
            "Dockerfile",
            'FROM a\nHEALTHCHECK CMD ["curl", "-f", "http://localhost:80/gone"]\n',
            "unknown /gone in Dockerfile",
        ),
        (
            "Dockerfile",
            "FROM a\nHEALTHCHECK CMD python -c \"import urllib.request as u; u.urlopen('http://localhost/gone')\"\n",
            "unknown /gone in Dockerfile",
        ),
        (
            "Dockerfile",
            "FROM a AS b\nHEALTHCHECK CMD curl localhost:8000/gone\nFROM b\nRUN x\n",
            "unknown /gone in Dockerfile",
        ),
        ("Dockerfile", IMAGE.replace(":8000/", ":9000/"), "port 9000 of image in Dockerfile"),
        ("Dockerfile", IMAGE.replace("3.13", "3.13-slim"), "tool curl in Dockerfile"),
        ("Dockerfile", "FROM a\nEXPOSE 80\n", "unprobed image in Dockerfile"),
        ("Dockerfile", "FROM a\nEXPOSE 80\nHEALTHCHECK NONE\n", "unprobed image in Dockerfile"),
        (
            "compose.yml",
            "services:\n  a:\n    build: .\n    healthcheck:\n      test: curl -f http://localhost/gone\n",
            "unknown /gone in compose.yml",
        ),
        (
            "compose.yml",
            "services:\n  a:\n    build: .\n    healthcheck:\n      test: [CMD, curl, 'http://localhost:${P:-80}/gone']\n",
            "unknown /gone in compose.yml",
        ),
        ("compose.yml", "services:\n  a:\n    build: .\n    ports: ['80:80']\n", "unprobed a in compose.yml"),
        (
            "compose.yml",
            "services:\n  a:\n    build: .\n    ports: ['80:80']\n    healthcheck: {disable: true}\n",
            "unprobed a in compose.yml",
        ),
        ("k8s.yaml", WORKLOAD + probe("liveness", "/gone"), "unknown /gone in k8s.yaml"),
        ("k8s.yaml", f"a: 1\n---\n{WORKLOAD}{probe('startup', '/gone')}", "unknown /gone in k8s.yaml"),
        ("k8s.yaml", WORKLOAD + probe("readiness", "/ready", "8001"), "port 8001 of shop/web in k8s.yaml"),
        ("k8s.yaml", WORKLOAD + probe("readiness", "/ready", "web"), "port web of shop/web in k8s.yaml"),
        ("k8s.yaml", WORKLOAD + probe("readiness", "/slash"), "redirected /slash in k8s.yaml"),
        ("k8s.yaml", WORKLOAD + probe("readiness", "/live/"), "redirected /live/ in k8s.yaml"),
        (
            "k8s.yaml",
            WORKLOAD + probe("liveness", "/live") + probe("readiness", "/live"),
            "shared /live of shop/web in k8s.yaml",
        ),
        ("k8s.yaml", WORKLOAD, "unprobed shop/web in k8s.yaml"),
        (
            "chart/templates/d.yaml",
            "{{- if .Values.on }}\n"
            + WORKLOAD.replace("shop", '{{ include "n" . }}')
            + probe("liveness", "/gone")
            + "{{- end }}\n",
            "unknown /gone in chart/templates/d.yaml",
        ),
        (
            "chart/values.yaml",
            "web:\n  livenessProbe:\n    httpGet:\n      path: /gone\n      port: http\n",
            "unknown /gone in chart/values.yaml",
        ),
        ("fly.toml", "[http_service]\n  [[http_service.checks]]\n  path = '/gone'\n", "unknown /gone in fly.toml"),
        ("fly.toml", "[http_service]\ninternal_port = 80\n", "unprobed app in fly.toml"),
        (
            "render.yaml",
            "services:\n  - type: web\n    name: a\n    healthCheckPath: /gone\n",
            "unknown /gone in render.yaml",
        ),
        ("render.yaml", "services:\n  - type: web\n    name: a\n", "unprobed a in render.yaml"),
        (
            "compose.yml",
            "services:\n  a: text\n  b:\n    build: .\n    healthcheck: {test: [CMD-SHELL, 'wget -qO- localhost:80/gone']}\n",
            "unknown /gone in compose.yml",
        ),
        (
            "k8s.yaml",
            f"{WORKLOAD}          readinessProbe: {{exec: {{command: [curl, 'http://127.0.0.1:8000/gone']}}}}\n",
            "unknown /gone in k8s.yaml",
        ),
        (
            "Dockerfile",
            "ARG X\nFROM a\nRUN cat <<EOF > x\nHEALTHCHECK CMD curl http://localhost/no\nEOF\nHEALTHCHECK CMD curl http://localhost/gone\n",
            "unknown /gone in Dockerfile",
        ),
        (
            "Dockerfile",
            "FROM gcr.io/distroless/python3\nHEALTHCHECK CMD wget http://localhost/ready\n",
            "tool wget in Dockerfile",
        ),
        (
            "fly.toml",
            "[checks.a]\ntype = 'http'\npath = '/gone'\n[checks.b]\ntype = 'tcp'\n",
            "unknown /gone in fly.toml",
        ),
        ("nginx.conf", "location / { health_check interval=5 uri=/gone; }", "unknown /gone in nginx.conf"),
    ],
)
def test_a_probe_that_asks_the_wrong_thing_is_found(path: str, text: str, key: str) -> None:
    assert_breaks(CHECK, deployed(path, text), key)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", IMAGE.replace("http://localhost:8000/ready", "http://other:9/gone")),
        ("Dockerfile", IMAGE.replace("curl -f http://localhost:8000/ready", "/healthcheck.sh")),
        ("Dockerfile", IMAGE.replace("/ready", "/${PATH_OF_HEALTH}")),
        ("Dockerfile", IMAGE.replace("3.13", "3.13-slim").replace("EXPOSE", "RUN apt-get install curl\nEXPOSE")),
        ("Dockerfile", "FROM a AS build\nEXPOSE 1\nFROM b\nRUN x\n"),
        ("Dockerfile", "FROM a\nEXPOSE 8000-8010\nHEALTHCHECK CMD curl localhost:8005/ready\n"),
        (
            "compose.yml",
            "services:\n  db:\n    image: postgres\n    ports: ['5432:5432']\n    healthcheck: {test: curl http://localhost/gone}\n",
        ),
        ("compose.yml", "services:\n  worker:\n    build: .\n"),
        ("k8s.yaml", WORKLOAD + probe("liveness", "/live") + probe("readiness", "/ready", "http")),
        ("k8s.yaml", WORKLOAD.replace("Deployment", "Job")),
        ("k8s.yaml", WORKLOAD.replace("image: shop", "image: docker.io/library/redis:7")),
        ("k8s.yaml", WORKLOAD + "          livenessProbe: {tcpSocket: {port: 8000}}\n"),
        ("k8s.yaml", WORKLOAD + probe("liveness", '"{{ .Values.path }}"', '"{{ .Values.port }}"')),
        ("docs/k8s.yaml", WORKLOAD),
        ("compose.dev.yml", "services:\n  a:\n    build: .\n    ports: ['80:80']\n"),
    ],
)
def test_a_probe_that_may_be_right_is_nearly_a_finding(path: str, text: str) -> None:
    repo = memory(
        {
            "main.py": MAIN,
            path: text,
            "fly.toml": "[[http_service.checks]]\npath = '/ready'\n[http_service]\n".replace(
                "[[http_service.checks]]\npath = '/ready'\n[http_service]\n",
                "[[services]]\n[[services.http_checks]]\npath = '/ready'\n",
            ),
        }
    )

    assert judged(CHECK, repo).outcome is Outcome.PASS


def test_what_nginx_answers_itself_needs_no_route() -> None:
    repo = memory(
        {
            "main.py": MAIN,
            "k.yaml": WORKLOAD + probe("liveness", "/nginx"),
            "nginx.conf": "location = /nginx { return 200 'ok'; }",
        }
    )

    assert judged(CHECK, repo).outcome is Outcome.PASS


def test_what_is_said_to_be_served_needs_no_route() -> None:
    repo = deployed("k.yaml", WORKLOAD + probe("liveness", "/metrics"))

    assert judged(HealthProbes(served=(Served(path="/metrics", reason="the exporter"),)), repo).outcome is Outcome.PASS


def test_a_page_that_answers_at_every_path_answers_at_the_root_too() -> None:
    files = {
        "shop/settings.py": "ROOT_URLCONF = 'shop.urls'\n",
        "shop/urls.py": "from django.urls import re_path\nfrom shop.views import page\nurlpatterns = [re_path(r'.*', page)]\n",
        "shop/views.py": "def page(request):\n    return render(request)\n",
        "Dockerfile": IMAGE.replace("http://localhost:8000/ready", "http://localhost:8000"),
    }

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_what_may_be_behind_a_mount_that_was_not_read_is_not_found() -> None:
    main = f"{MAIN}import other\napp.mount('/other', other.app)\n"

    verdict = judged(CHECK, deployed("k.yaml", WORKLOAD + probe("liveness", "/other/health"), main))

    assert (verdict.outcome, verdict.evidence[-1]) == (Outcome.PASS, Evidence("probes", 1, 0))


def test_a_fault_that_is_not_asked_for_is_not_found() -> None:
    assert judged(HealthProbes(faults=(Wrong.PORT,)), deployed("k.yaml", WORKLOAD)).outcome is Outcome.PASS


def test_without_routes_or_deployments_nothing_is_kept() -> None:
    assert judged(CHECK, memory({"Dockerfile": IMAGE})).outcome is Outcome.ERROR
    assert judged(CHECK, memory({"main.py": MAIN})).outcome is Outcome.ERROR


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("k.yaml", "containers: [\n"),
        ("k.yaml", f"containers: []\n# {'x' * 4_000_000}"),
        ("Dockerfile", f"FROM a\n# {'x' * 2_000_000}"),
        ("k.yaml", "containers: " + "[" * 500),
        ("fly.toml", "= broken"),
        (
            "k.yaml",
            "services:\n"
            "a: &a [x]\n"
            + "".join(f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))
            + "containers:\n",
        ),
    ],
)
def test_a_hostile_file_ends_as_unread(path: str, text: str) -> None:
    verdict = judged(CHECK, deployed(path, text))

    assert [each.seen.path for each in verdict.unread] == [path]


def test_a_template_that_cannot_be_read_is_counted_as_such() -> None:
    repo = memory(
        {
            "main.py": MAIN,
            "Dockerfile": IMAGE,
            "chart/t.yaml": "containers:\n{{ toYaml .Values.x | indent 2 }}\n  - : [\n",
        }
    )

    verdict = judged(CHECK, repo)

    assert (verdict.outcome, verdict.evidence[2]) == (Outcome.PASS, Evidence("templates", 1, 0))


def test_where_no_probe_can_be_edited_and_no_file_added_nothing_can_be_proven() -> None:
    repo = deployed("Dockerfile", IMAGE.replace("/ready", "/${PATH_OF_HEALTH}"))

    assert proven(HealthProbes(files=("Dockerfile",)), repo).outcome is Proven.UNPROVABLE


def test_a_binary_dockerfile_is_nothing() -> None:
    assert judged(CHECK, memory({"main.py": MAIN, "Dockerfile": b"\x00"})).outcome is not Outcome.PASS


def titles(check: HealthProbes, repo: Repository) -> list[str]:
    """What the canaries do."""
    return [each.title for each in check.canaries(repo)]


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        (HealthProbes(faults=(Wrong.PORT,)), ["add a workload whose probe is port"]),
        (HealthProbes(faults=(Wrong.TOOL,)), ["add an image that runs what it has not"]),
        (
            HealthProbes(faults=(Wrong.UNKNOWN,)),
            ["let a probe in Dockerfile ask /selfcheck-canary", "add a workload whose probe is unknown"],
        ),
        (
            HealthProbes(faults=(Wrong.UNKNOWN,), files=("Dockerfile",)),
            ["let a probe in Dockerfile ask /selfcheck-canary"],
        ),
        (
            HealthProbes(faults=(Wrong.SHARED, Wrong.TOOL), files=("*.yaml", "Dockerfile")),
            ["add a workload whose probe is shared"],
        ),
    ],
)
def test_each_fault_that_is_asked_for_is_proven(check: HealthProbes, wanted: list[str]) -> None:
    repo = deployed("Dockerfile", IMAGE)

    assert titles(check, repo) == wanted
    assert_keeps(check, repo)


def test_what_may_be_answered_elsewhere_and_redirects_nowhere_is_not_proven() -> None:
    main = "import other\nfrom flask import Flask\napp = Flask(__name__)\napp.register_blueprint(other.b)\n@app.get('/ready')\ndef f(): ...\n"
    check = HealthProbes(faults=(Wrong.UNKNOWN, Wrong.REDIRECTED, Wrong.PORT))

    assert titles(check, deployed("Dockerfile", IMAGE, main)) == ["add a workload whose probe is port"]


def test_a_workload_that_stands_where_the_canary_would_is_left_alone() -> None:
    repo = memory({"main.py": MAIN, "Dockerfile": IMAGE, "selfcheck-canary.yaml": "a: 1\n"})

    assert titles(CHECK, repo) == ["let a probe in Dockerfile ask /selfcheck-canary"]


def test_a_probe_of_the_root_is_not_edited() -> None:
    repo = deployed("Dockerfile", IMAGE.replace("/ready", "/"), f"{MAIN}@app.get('/')\ndef root(): ...\n")

    assert proven(HealthProbes(files=("Dockerfile", "*.yml")), repo).outcome is Proven.UNPROVABLE


def test_a_probe_of_a_route_that_takes_no_get_is_found() -> None:
    main = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/ready')\ndef f(): ...\n"

    assert_breaks(CHECK, deployed("Dockerfile", IMAGE, main), "unknown /ready in Dockerfile")


def test_a_probe_of_a_route_whose_beginning_is_unknown_is_nearly_a_finding() -> None:
    main = "from fastapi import APIRouter\ndef init(router: APIRouter):\n    @router.get('/ready')\n    def f(): ...\n"

    assert judged(CHECK, deployed("Dockerfile", IMAGE.replace("/ready", "/api/ready"), main)).outcome is Outcome.PASS


def test_routes_and_deployments_are_read_ahead() -> None:
    tree = deployed("Dockerfile", IMAGE).tree

    assert {file.path for _, files in CHECK.ahead(tree) for file in files} == {"Dockerfile", "main.py"}
