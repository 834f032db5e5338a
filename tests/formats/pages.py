"""Pages of the `html` format as a strict parser reads them, and what reports to make them of."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from msgspec import structs

from selfcheck.check import Finding, Location
from selfcheck.formats.html import render
from selfcheck.model import Acceptance, By, Report, Ruling, Status, Verdict
from tests.formats.reports import SOME, STARTED, guardrail, report, verdict

CIRCLE = [
    {"importer": "shop.orders", "imported": "shop.prices", "path": "shop/orders.py", "line": 2},
    {"importer": "shop.prices", "imported": "shop.orders", "path": "shop/prices.py", "line": 1},
]


def parsed(page: str) -> Element:
    """The page as a strict parser reads it: any parse error raises."""
    found: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return found


def read(of: Report) -> Element:
    """The rendered page, parsed."""
    return parsed(render(of))


def having(root: Element, **wanted: str) -> list[Element]:
    """The elements with these attributes; of a class, that has this class among others."""
    kinds = wanted.pop("kind", "").split()
    return [
        each
        for each in root.iter()
        if set(kinds) <= set(each.get("class", "").split()) and all(each.get(key) == wanted[key] for key in wanted)
    ]


def said(element: Element) -> str:
    """What a reader sees of it, blanks folded."""
    return " ".join("".join(element.itertext()).split())


def section(root: Element, name: str) -> Element:
    """One section of the page."""
    [found] = having(root, id=name)
    return found


def places(root: Element) -> list[str]:
    """The places of the listed findings."""
    return [said(place) for row in having(root, kind="row") for place in row if place.get("class") == "place"]


def shape(root: Element) -> list[tuple[str, tuple[str, ...]]]:
    """Every element and the names of its attributes, but for the places where a long name may break."""
    return [(str(each.tag), tuple(sorted(each.keys()))) for each in root.iter() if each.tag != "wbr"]


def lines(count: int) -> Iterator[Finding]:
    """So many findings, each in a file of its own."""
    return (Finding(key=f"{n}", message=f"{n} is odd", at=Location(f"src/m{n}.py", n)) for n in range(1, count + 1))


def accepted(*acceptances: Acceptance | None, written: tuple[Acceptance, ...] = ()) -> Verdict:
    """A kept guardrail with one finding for each acceptance."""
    statuses = {By.BASELINE: Status.BASELINED}
    rulings = tuple(
        Ruling(each, statuses.get(by.by, Status.WAIVED) if by else Status.EXISTING, f"{number}", by)
        for number, (each, by) in enumerate(zip(lines(len(acceptances)), acceptances, strict=True))
    )
    return structs.replace(verdict(guardrail("old"), SOME), findings=rulings, acceptances=written)


def acceptance(by: By = By.WAIVER, *, days: int | None = None, line: int = 9, **changes: Any) -> Acceptance:
    """An exception that ends so many days after the run."""
    until = None if days is None else STARTED.date() + timedelta(days=days)
    about: dict[str, Any] = {"match": "src/*", "reason": "the split lands in July", "owner": "@li"}
    return Acceptance(by=by, at=Location("guardrails/house.yaml", line), until=until, **(about | changes))


def circle(data: Mapping[str, Any] | None = None, sources: Mapping[str, bytes] | None = None, **about: Any) -> Element:
    """The page on a circle of two imports, with these sources."""
    found = Finding(
        key="shop.orders, shop.prices",
        message="2 modules import each other in a circle, the shortest: shop.orders -> shop.prices [shop/orders.py:2]",
        at=Location("shop/orders.py", 2),
        data={"cycle": CIRCLE} if data is None else data,
    )
    of = report(verdict(guardrail("acyclic", **about), SOME, found))
    return read(structs.replace(of, source=dict(sources or {}).get))
