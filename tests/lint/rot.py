"""A kind of rot, and a whole repository that holds many kinds, each beside its healthy twin."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

MARK = "# <-"
Files = Mapping[str, str]
NO_FILES: Files = {}


class Rot(NamedTuple):
    """One kind: the check that names it, keys of a guardrail that are rotten, and the same in good health."""

    name: str
    by: str
    rotten: str
    healthy: str
    rotten_files: Files = NO_FILES
    healthy_files: Files = NO_FILES
    again: str = ""
    """The keys of a second guardrail, which is what is rotten."""


class Site(NamedTuple):
    """Where a finding stands, and the check that finds it."""

    check: str
    path: str
    line: int


HEAD = """version: 1
guardrails:
  - id: rules-have-owners
    title: Every guardrail has somebody to ask
    why: A finding that nobody owns is waived by whoever meets it.
    severity: high
    owner: "@platform"
    check: {use: rulebook-complete, require: [owner]}
"""
KEYS = {
    "title": "The shop is well",
    "why": "What is not well is found by a customer.",
    "severity": "high",
    "owner": '"@shop"',
}
SHOP: Files = {
    "LICENSE": "Free for all.\n",
    "prices.txt": "shirt 20\n",
    "shop/__init__.py": "",
    "shop/a.py": "",
    "shop/orders.py": "KEY = None\n",
    "shop/demo/prices.py": "KEY = 'demo'\n",
    "docs/adr/0001-one-shop.md": "# One shop\n",
    "docs/audit.md": "# Audit\n",
}
CANARY = "canaries: [{delete: LICENSE}]"


def repository(rots: tuple[Rot, ...], *, healthy: bool, today: date) -> dict[str, str]:
    """A whole repository with one guardrail, script or workflow of each kind."""
    files = dict(SHOP)
    rulebook = HEAD
    for rot in rots:
        body = rot.healthy if healthy else rot.rotten
        files |= rot.healthy_files if healthy else rot.rotten_files
        if body:
            rulebook += guardrail(rot.name, body)
        if rot.again and not healthy:
            rulebook += guardrail(f"{rot.name}-again  {MARK}", rot.again)
    soon = (today + timedelta(days=30)).isoformat()
    return {path: content.replace("{soon}", soon) for path, content in {**files, "guardrails.yaml": rulebook}.items()}


def marked(rots: tuple[Rot, ...], files: Files) -> Iterator[Site]:
    """Every line with a mark, and the check that has to name it."""
    by_file = {path: rot.by for rot in rots for path in rot.rotten_files}
    by_guardrail = {rot.name: rot.by for rot in rots}
    for path, content in files.items():
        check = by_file.get(path, "")
        for number, line in enumerate(content.splitlines(), start=1):
            if path == "guardrails.yaml" and (found := re.match(r"  - id: (\S+)", line)):
                check = by_guardrail.get(found[1].removesuffix("-again"), "")
            if line.rstrip().endswith(MARK):
                yield Site(check, path, number)


def guardrail(name: str, body: str) -> str:
    """A guardrail with these keys, and what it needs beside them."""
    own = {line.partition(":")[0] for line in body.splitlines()}
    keys = [f"{key}: {value}" for key, value in KEYS.items() if key not in own]
    return f"  - id: {name}\n" + "".join(f"    {line}\n" for line in (*keys, *body.splitlines()))
