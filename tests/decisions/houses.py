"""Hand-made folders of decisions: every template in use, and one that is out to mislead a reader."""

from collections.abc import Mapping

House = Mapping[str, str]
"""Path to text."""

BODY = "## Context\n\nTwo shops.\n\n## Decision\n\nOne shop.\n\n## Consequences\n\nOne till.\n"
MADR_BODY = (
    "## Context and Problem Statement\n\nTwo shops.\n\n## Considered Options\n\n* One shop\n* Two shops\n\n"
    "## Decision Outcome\n\nOne shop.\n"
)

NYGARD: House = {
    "doc/adr/0001-two-shops.md": f"# 1. Two shops\n\nDate: 2026-01-10\n\n## Status\n\nSuperceded by [2. One shop](0002-one-shop.md)\n\n{BODY}",
    "doc/adr/0002-one-shop.md": f"# 2. One shop\n\nDate: 2026-01-11\n\n## Status\n\nAccepted\n\nSupercedes [1. Two shops](0001-two-shops.md)\n\n{BODY}",
    "doc/adr/0003-one-till.md": f"# 3. One till\n\nDate: 2026-01-12\n\n## Status\n\nProposed\n\n{BODY}",
}
MADR_2: House = {
    "docs/adr/0001-two-shops.md": f"# Two shops\n\n* Status: superseded by [ADR-0002](0002-one-shop.md)\n* Deciders: Li, Ada\n* Date: 2026-01-10\n\nTechnical Story: #12\n\n{MADR_BODY}",
    "docs/adr/0002-one-shop.md": f"# One shop\n\n* Status: accepted\n* Deciders: Li\n* Date: 2026-01-11\n\n{MADR_BODY}\n## Links\n\n* Supersedes [ADR-0001](0001-two-shops.md)\n",
    "docs/adr/0003-one-till.md": f"# One till\n\n* Status: proposed\n* Deciders: Ada\n* Date: 2026-01-12\n\n{MADR_BODY}",
}
MADR_3: House = {
    "docs/decisions/0001-two-shops.md": f"---\nstatus: superseded by [ADR-0002](0002-one-shop.md)\ndate: 2026-01-10\ndeciders: Li, Ada\n---\n# Two shops\n\n{MADR_BODY}\n## Validation\n\nBy hand.\n",
    "docs/decisions/0002-one-shop.md": f"---\nstatus: accepted\ndate: 2026-01-11\ndeciders: Li\n---\n# One shop\n\n{MADR_BODY}\n## More Information\n\nSupersedes [ADR-0001](0001-two-shops.md).\n",
    "docs/decisions/0003-one-till.md": f"---\nstatus: proposed\ndate: 2026-01-12\ndeciders: Ada\n---\n# One till\n\n{MADR_BODY}",
}
MADR_4: House = {
    "docs/decisions/0001-two-shops.md": f'---\nstatus: "superseded by ADR-0002"\ndate: 2026-01-10\ndecision-makers:\n  - Li\n  - Ada\n---\n\n# Two shops\n\n{MADR_BODY}\n### Confirmation\n\nBy hand.\n',
    "docs/decisions/0002-one-shop.md": f'---\nstatus: "accepted"\ndate: 2026-01-11\ndecision-makers: [Li]\nsupersedes: ADR-0001\n---\n\n# One shop\n\n{MADR_BODY}\n### Confirmation\n\nBy hand.\n',
    "docs/decisions/0003-one-till.md": f'---\nstatus: "proposed" # for now\ndate: 2026-01-12\ndecision-makers: [Ada]\n---\n\n# One till\n\n{MADR_BODY}\n### Confirmation\n\nBy hand.\n',
}


def phased(number: str, title: str, status: str, day: str, supersedes: str = "N/A") -> str:
    """A document of the phased template; what its comments hold is an example."""
    return f"""# Architecture Decision Record (ADR)

## Metadata

- **ADR ID**: ADR-{number}
- **Status**: {status}
- **Date**: {day}
- **Author(s)**: Li
- **Reviewers**: Ada

## Phase 1: Core Decision (ESSENTIAL)

### Title

{title}
<!-- EXAMPLE: Use PostgreSQL -->

### Status

**Current Status**: {status}
<!-- EXAMPLE: Accepted (2026-01-15) -->

**Decision Date**: {day}

**Supersedes**: {supersedes}
<!-- EXAMPLE: Supersedes ADR-012 (MongoDB decision from 2024-03-01) -->

### Context

**Problem**: Two shops sell the same.

**Constraints**: One street.

**Stakeholders**: Whoever buys.

### Source Verification & Claim Tracking

<!-- EXAMPLE:
| Claim | Source | Verified | Date |
|-------|--------|----------|------|
| Made up | hearsay | No | |
-->

| Claim | Source | Verified | Date |
|-------|--------|----------|------|
| One shop costs half | the books | ✅ Yes | 2026-01-10 |

**Unverified claims** (must be resolved before L2 — Reviewed):
- [x] Nobody comes twice

## Phase 2: Decision & Alternatives (EXPAND WHEN READY)

<details>
<summary>Click to expand decision rationale and alternatives considered</summary>

### Decision

**What we are deciding to do:**

One shop.

**Why this decision:**

It costs half.

### Alternatives Considered

#### Alternative 1: Two shops

**Description**: As it is.

**Pros**:
- Near

**Cons**:
- Dear

**Why Not Chosen**: Dear.

</details>

## Phase 3: Impact & Implementation (ADVANCED)

<details>
<summary>Click to expand consequences, risks, and implementation details</summary>

### Consequences

#### Positive Outcomes

- One till

### Risks

**Technical Risks**:
- None that we know

**Business Risks**:
- A queue

**Security Risks**:
- One door

### Implementation Sketch

```
shops = 1
```

### Testing Strategy

**Unit tests**: `tests/shop_test.py`

### Definition of Done

| Level | Gate | Criteria |
|-------|------|----------|
| **L1 — Proposed** | ADR drafted | Phase 1 complete |

**Current level**: L3

**Blocking items for next level**:
- [ ] build it

</details>

## References

- @shop/door.py - Implementation

## Review & Approval

**Reviewers**:
- [x] Ada - Approved {day}
"""


PHASED: House = {
    "docs/adr/ADR-001-two-shops.md": phased("001", "Have two shops", "Superseded by ADR-002", "2026-01-10"),
    "docs/adr/ADR-002-one-shop.md": phased("002", "Have one shop", "Accepted", "2026-01-11", "ADR-001"),
    "docs/adr/ADR-003-one-till.md": phased("003", "Have one till", "Accepted", "2026-01-12"),
}
SCORED: House = {
    f"docs/adr/adr-{number}-{slug}.md": f"# {title}\n\n---\ntags: [shops]\n---\n\n**Decision ID:** ADR-{number}\n**Status:** {status}\n**Date:** {day}\n{more}\n\n{BODY}"
    for number, slug, title, status, day, more in (
        ("001", "two-shops", "Two shops", "Superseded by [ADR-002](adr-002-one-shop.md)", "2026-01-10", ""),
        ("002", "one-shop", "One shop", "Accepted", "2026-01-11", "**Supersedes:** [ADR-001](adr-001-two-shops.md)"),
        ("003", "one-till", "One till", "Proposed", "2026-01-12", ""),
    )
}
STRUCTURED: House = {
    f"docs/adr/{number}-{slug}.md": f"---\ntitle: {title}\ntype: adr\nstatus: {status}\ncreated: {day}\nauthor: Li\n{more}---\n\n# ADR-{number}: {title}\n\n## Status\n\n{status.partition(' ')[0].capitalize()}\n\n{BODY}\n## Audit\n\nNone.\n"
    for number, slug, title, status, day, more in (
        ("0001", "two-shops", "Two shops", "superseded by ADR-0002", "2026-01-10", ""),
        ("0002", "one-shop", "One shop", "accepted", "2026-01-11", "supersedes: ADR-0001\n"),
        ("0003", "one-till", "One till", "proposed", "2026-01-12", ""),
    )
}
LOG4BRAINS: House = {
    ".log4brains.yml": "project:\n  name: shop\n  adrFolder: ./docs/choices\n",
    "docs/choices/20260110-two-shops.md": f"# Two shops\n\n- Status: superseded by [20260111-one-shop](20260111-one-shop.md)\n- Deciders: Li\n\n{MADR_BODY}",
    "docs/choices/20260111-one-shop.md": f"# One shop\n\n- Status: accepted\n- Deciders: Li\n\n{MADR_BODY}\n## Links\n\n- Supersedes [20260110-two-shops](20260110-two-shops.md)\n",
    "docs/choices/20260112-one-till.md": f"# One till\n\n- Status: proposed\n- Deciders: Ada\n\n{MADR_BODY}",
    "docs/choices/template.md": "# [short title]\n\n- Status: [draft | proposed | rejected | accepted]\n",
}
BACKSTAGE: House = {
    f"docs/architecture-decisions/adr{number}-{slug}.md": f"---\nid: adrs-adr{number}\ntitle: 'ADR{number}: {title}'\ndescription: Why\n---\n\n- Status: {status}\n- Date: {day}\n{more}\n{BODY}"
    for number, slug, title, status, day, more in (
        ("001", "two-shops", "Two shops", "superseded by [ADR002](adr002-one-shop.md)", "2026-01-10", ""),
        ("002", "one-shop", "One shop", "accepted", "2026-01-11", "- Supersedes: [ADR001](adr001-two-shops.md)\n"),
        ("003", "one-till", "One till", "proposed", "2026-01-12", ""),
    )
}
ROWS: House = {
    f"docs/adr/{number}-{slug}.md": f"# {title}\n\n| | |\n| --- | --- |\n| **Status** | {status} |\n| **Date** | {day} |\n| Supersedes | {more} |\n\n{BODY}"
    for number, slug, title, status, day, more in (
        ("0001", "two-shops", "Two shops", "Superseded by [ADR-0002](0002-one-shop.md)", "2026-01-10", "N/A"),
        ("0002", "one-shop", "One shop", "Accepted", "2026-01-11", "[ADR-0001](0001-two-shops.md)"),
        ("0003", "one-till", "One till", "Proposed", "2026-01-12", "-"),
    )
}
COLUMNS: House = {
    f"docs/adr/{number}-{slug}.md": f"# {title}\n\n| CREATED DATE | STATUS | AUTHOR |\n|---|---|---|\n| {day} | {status} | Li |\n{more}\n{BODY}"
    for number, slug, title, status, day, more in (
        ("0001", "two-shops", "Two shops", "SUPERSEDED by [ADR-0002](0002-one-shop.md)", "2026-01-10", ""),
        ("0002", "one-shop", "One shop", "ACCEPTED", "2026-01-11", "\nSupersedes [ADR-0001](0001-two-shops.md)\n"),
        ("0003", "one-till", "One till", "PROPOSED", "2026-01-12", ""),
    )
}
RESTRUCTURED: House = {
    f"docs/decisions/{number}-{slug}.rst": f"{title}\n{'=' * 20}\n\nStatus\n------\n\n**{status}** *{day}*\n{more}\nContext\n-------\n\nTwo shops.\n\nDecision\n--------\n\nOne shop.\n\nConsequences\n------------\n\nOne till.\n"
    for number, slug, title, status, day, more in (
        ("0001", "two-shops", "1. Two shops", "Superseded by ADR-0002", "2026-01-10", ""),
        (
            "0002",
            "one-shop",
            "2. One shop",
            "Accepted",
            "2026-01-11",
            "\nSupersedes `ADR-0001 <0001-two-shops.rst>`_\n",
        ),
        ("0003", "one-till", "3. One till", "Proposed", "2026-01-12", ""),
    )
}
FOLDERS: House = {
    f"docs/developer/decision-records/{day}-{slug}/README.md": f"# {title}\n\n## Status\n\n{status}\n{more}\n## Decision\n\nOne shop.\n\n## Rationale\n\nIt costs half.\n"
    for slug, title, status, day, more in (
        ("two-shops", "Two shops", "Superseded by [One shop](../2026-01-11-one-shop/README.md)", "2026-01-10", ""),
        ("one-shop", "One shop", "Accepted", "2026-01-11", "\nSupersedes [Two shops](../2026-01-10-two-shops/)\n"),
        ("one-till", "One till", "Proposed", "2026-01-12", ""),
    )
}
COSMOS: House = {
    f"docs/architecture/adr-{number}-{slug}.md": f"# ADR {number}: {title}\n\n## Changelog\n\n- {day}: first (@li)\n\n## Status\n\n> A decision may be proposed, accepted or rejected.\n\n{status}\n{more}\n{BODY}"
    for number, slug, title, status, day, more in (
        ("001", "two-shops", "Two shops", "Superseded by [ADR 002](adr-002-one-shop.md)", "2026-01-10", ""),
        (
            "002",
            "one-shop",
            "One shop",
            "Accepted: tracked elsewhere",
            "2026-01-11",
            "\nSupersedes [ADR 001](adr-001-two-shops.md)\n",
        ),
        ("003", "one-till", "One till", "Proposed", "2026-01-12", ""),
    )
}
HOUSES: Mapping[str, House] = {
    "nygard": NYGARD,
    "madr-2": MADR_2,
    "madr-3": MADR_3,
    "madr-4": MADR_4,
    "phased": PHASED,
    "scored": SCORED,
    "structured-madr": STRUCTURED,
    "log4brains": LOG4BRAINS,
    "backstage": BACKSTAGE,
    "rows": ROWS,
    "columns": COLUMNS,
    "restructured": RESTRUCTURED,
    "folders": FOLDERS,
    "cosmos": COSMOS,
}
