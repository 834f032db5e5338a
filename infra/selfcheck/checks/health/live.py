"""A running service says that it is well, and its status and its body agree."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from msgspec import Meta

from selfcheck.check import (
    Canary,
    CannotJudge,
    Check,
    Evidence,
    Finding,
    Need,
    Repository,
    Seen,
    Strictness,
    Unprovable,
)
from selfcheck.guardrail import Text
from selfcheck.probing import Answered, Health, Level, Refusal, ask, is_loopback, read

ServiceUrl = Annotated[
    str,
    Meta(
        pattern=r"^(https?://|\$\{)[!-~]+(?!\n)$",
        description="the URL of an endpoint; `${NAME}` and `${NAME:-default}` are taken from the environment",
        examples=["http://127.0.0.1:8000/health"],
    ),
]
VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)(?::?-([^}]*))?\}")
NOWHERE = "http://127.0.0.1:1"
"""A port that nothing listens at: https://www.iana.org/assignments/service-names-port-numbers has it for tcpmux."""
SHOWN = 5


class Worst(StrEnum):
    """The worst that a service may say of itself."""

    HEALTHY = "healthy"
    MODERATE = "moderate"


class HealthLive(Check, kw_only=True):
    """A running service says that it is well, and what it says agrees with its status.

    Asked are services of this machine, others where `allow_hosts` names them. Health+json, Actuator, MicroProfile, ASP.NET
    and answers of one's own are read into healthy, moderate and critical; what was not looked at is unknown.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.NETWORK})
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "urls": Strictness.MORE,
        "allow_hosts": Strictness.LESS,
        "optional": Strictness.LESS,
        "timeout": Strictness.LESS,
        "stale_after": Strictness.LESS,
    }

    urls: Annotated[tuple[ServiceUrl, ...], Meta(min_length=1)]
    allow_hosts: tuple[Text, ...] = ()
    worst: Worst = Worst.MODERATE
    optional: tuple[Text, ...] = ()
    timeout: Annotated[float, Meta(gt=0, le=60)] = 2.0
    stale_after: Annotated[int, Meta(ge=1, le=86_400)] = 300
    headers: dict[Text, Text] | None = None

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each endpoint that does not answer, is not well, says nothing, or contradicts itself."""
        sent = self._headers(repo.environ)
        places = {written: self._expanded(written, repo.environ) for written in self.urls}
        answered = looked = 0
        for written, url in places.items():
            answer = ask(url, self.timeout, headers=sent)
            health = read(answer.body, answer.kind).seen(datetime.now(UTC), timedelta(seconds=self.stale_after))
            answered += answer.status is not None
            looked += len(health.components)
            yield from self._judge(written, answer, health)
        yield Evidence("endpoints", scope=len(places), examined=answered)
        if looked:
            yield Evidence("components", scope=looked, examined=looked)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """The variable that says where the service is leads to a port that nothing listens at."""
        for written in self.urls:
            variable = VARIABLE.match(written)
            if variable is None:
                raise Unprovable(
                    f"{written} names no variable that could lead elsewhere; write ${{NAME:-http://…}}/path"
                )
            yield Canary(f"let {variable[1]} lead nowhere", (), f"dead {written}", environ={variable[1]: NOWHERE})

    def _judge(self, written: str, answer: Answered, health: Health) -> Iterator[Finding]:
        if answer.status is None:
            yield _refused(written, answer)
            return
        level = health.aggregate(self.optional)
        data = _data(answer, health, level)
        says = answer.status < 400
        if says and level is Level.CRITICAL:
            message = f"answers {answer.status} and says that it is {health.said or 'critical'}{_broken(health)}: a probe sees the status alone"
            yield Finding(
                key=f"lying {written}",
                message=f"{written} {message}",
                hint="answer 503 where it is critical",
                data=data,
            )
        elif not says and health.level is not None and level is not Level.CRITICAL:
            message = f"answers {answer.status} and says that it is {health.said}"
            yield Finding(
                key=f"disagreeing {written}",
                message=f"{written} {message}",
                hint="let the status and the body agree",
                data=data,
            )
        elif not says or level is Level.CRITICAL:
            said = f" and says that it is {health.said}" if health.said else ""
            yield Finding(
                key=f"critical {written}",
                message=f"{written} answers {answer.status}{said}{_broken(health)}",
                data=data,
            )
        elif answer.status >= 300 or level is Level.UNKNOWN:
            what = f"answers {answer.status}, a redirect" if answer.status >= 300 else "says nothing of how it is"
            stale = [each.name for each in health.components if each.said.endswith(", stale")]
            what = f"has not looked at {', '.join(stale[:SHOWN])} for {self.stale_after} s" if stale else what
            hint = "answer with a status for each component, and when it was looked at"
            yield Finding(key=f"unknown {written}", message=f"{written} {what}: that is no yes", hint=hint, data=data)
        elif level is Level.MODERATE and self.worst is Worst.HEALTHY:
            yield Finding(
                key=f"moderate {written}", message=f"{written} says that it is moderate{_broken(health)}", data=data
            )

    def _expanded(self, written: str, environ: Mapping[str, str]) -> str:
        for name, default in VARIABLE.findall(written):
            if not environ.get(name) and not default:
                raise CannotJudge(f"the variable {name} is not set", f"set it, or write ${{{name}:-http://…}}")
        url = VARIABLE.sub(lambda found: environ.get(found[1]) or found[2], written)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CannotJudge(f"{written} is no URL of http or https")
        if not is_loopback(url) and parts.hostname not in self.allow_hosts:
            raise CannotJudge(f"{parts.hostname} is not this machine", "name it under `allow_hosts`")
        return url

    def _headers(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """Headers from the environment: no secret stands in a rulebook."""
        found: dict[str, str] = {}
        for name, variable in (self.headers or {}).items():
            value = environ.get(variable)
            if not value or not re.fullmatch(r"[A-Za-z0-9-]+", name) or re.search(r"[\r\n]", value):
                raise CannotJudge(f"there is no header {name}, or no variable {variable} in the environment")
            found[name] = value
        return found


def _refused(written: str, answer: Answered) -> Finding:
    """A service that hangs is told from one that is not there."""
    kind = "hung" if answer.refusal is Refusal.TIMEOUT else "dead"
    return Finding(
        key=f"{kind} {written}",
        message=f"{written} does not answer: {answer.refusal}",
        hint="start the service before this guardrail is judged" if kind == "dead" else "see what it waits for",
        data={"refusal": str(answer.refusal)},
    )


def _broken(health: Health) -> str:
    names = [each.name for each in health.components if each.level is not Level.HEALTHY]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f" ({', '.join(names[:SHOWN])}{more})" if names else ""


def _data(answer: Answered, health: Health, level: Level) -> dict[str, object]:
    """What is told of the answer: statuses by name, never the body, which may hold secrets."""
    return {
        "status": answer.status,
        "level": str(level),
        "form": health.form,
        "breakdown": health.breakdown(),
        "components": {each.name: str(each.level) for each in health.components},
    }
