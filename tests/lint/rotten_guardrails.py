"""Guardrails whose options, words, dates, exceptions or canaries have rotted."""

import re

from tests.lint.rot import CANARY, MARK, Rot


def text(use: str, pattern: str, paths: str = "[LICENSE]", *, marked: bool = True) -> str:
    """The options of a check on text."""
    return f"check: {{use: {use}, pattern: '{pattern}', paths: {paths}}}" + f"  {MARK}" * marked


PATTERNS = (
    Rot(
        "found-in-all", "rulebook-patterns", text("text-contains", "Free|"), text("text-contains", "Free", marked=False)
    ),
    Rot("starred", "rulebook-patterns", text("text-contains", "(for)*"), text("text-contains", "(for)+", marked=False)),
    Rot(
        "found-in-none",
        "rulebook-patterns",
        text("text-forbids", "$[0-9]+"),
        text("text-forbids", "[$][0-9]+", marked=False),
    ),
    Rot(
        "two-words-in-one",
        "rulebook-patterns",
        text("text-forbids", r"TO\bDO"),
        text("text-forbids", r"\bTODO\b", marked=False),
    ),
    Rot(
        "never-contained",
        "rulebook-patterns",
        text("text-contains", "all^"),
        text("text-contains", "^.*all", marked=False),
    ),
    Rot(
        "always-forbidden",
        "rulebook-patterns",
        text("text-forbids", r"\s*$"),
        text("text-forbids", r"\s+$", marked=False),
    ),
)
PATHS = (
    Rot(
        "folder-that-moved",
        "rulebook-paths",
        text("text-forbids", "SECRET", '["shop/**/*.py", "backend/**/*.py"]'),
        text("text-forbids", "SECRET", '["shop/**/*.py", "*.txt"]', marked=False),
    ),
    Rot(
        "root-that-moved",
        "rulebook-paths",
        f"check:\n  use: imports-acyclic\n  roots:\n    - shop\n    - backend  {MARK}",
        "check: {use: imports-acyclic, roots: [shop, shop/demo]}",
    ),
    Rot(
        "exclusion-of-nothing",
        "rulebook-paths",
        text("text-forbids", "PASSWORD", '["shop", "!shop/old"]'),
        text("text-forbids", "PASSWORD", '["shop", "!shop/demo"]', marked=False),
    ),
    Rot(
        "all-taken-out",
        "rulebook-paths",
        text("text-forbids", "TOKEN", '["shop/demo", "!shop"]'),
        text("text-forbids", "TOKEN", '["shop", "!shop/orders.py"]', marked=False),
    ),
)
REFS = (
    Rot(
        "decision-unwritten",
        "rulebook-refs",
        f"refs: [ADR-0007]  {MARK}\n" + text("text-forbids", "two shops", marked=False),
        "refs: [ADR-0001]\n" + text("text-forbids", "two shops", marked=False),
    ),
    Rot(
        "document-that-moved",
        "rulebook-refs",
        f"refs:\n  - https://example.org/audit.md\n  - docs/audit/summary.md  {MARK}\n"
        + text("text-forbids", "no audit", marked=False),
        "refs:\n  - https://example.org/audit.md\n  - docs/audit.md#findings\n"
        + text("text-forbids", "no audit", marked=False),
    ),
)
SIZES = "paths: [shop/orders.py]"
SHADOWED = (
    Rot(
        "asks-for-the-same",
        "rulebook-shadowed",
        f"check: {{use: max-lines, limit: 40, {SIZES}}}",
        f"check: {{use: max-lines, limit: 40, {SIZES}}}",
        again=f"check: {{use: max-lines, {SIZES}, limit: 40}}",
    ),
    Rot(
        "asks-for-less",
        "rulebook-shadowed",
        "check: {use: max-lines, limit: 30, paths: [prices.txt]}",
        "check: {use: max-lines, limit: 30, paths: [prices.txt]}",
        again="check: {use: max-lines, limit: 31, paths: [prices.txt]}",
    ),
)
EXIST = "check: {use: files-exist, paths: [shop]}"
COMPLETE = (
    Rot(
        "why-unwritten",
        "rulebook-complete",
        f"why: TODO  {MARK}\n{EXIST}\ntags: [a]",
        f"why: it is sold there\n{EXIST}\ntags: [a]",
    ),
    Rot(
        "why-as-title",
        "rulebook-complete",
        f"title: The door is there\nwhy: the door is there!  {MARK}\ncheck: {{use: files-exist, paths: [shop/*]}}",
        "title: The door is there\nwhy: nobody comes in without one\ncheck: {use: files-exist, paths: [shop/*]}",
    ),
    Rot(
        "reason-unwritten",
        "rulebook-complete",
        f"check: {{use: files-exist, paths: [prices.txt]}}\npending:\n  until: '{{soon}}'\n  reason: TBD.  {MARK}",
        "check: {use: files-exist, paths: [prices.txt]}\npending:\n  until: '{soon}'\n  reason: the prices come in May",
    ),
    Rot(
        "waived-by-nobody",
        "rulebook-complete",
        f"check: {{use: files-absent, paths: [gift.txt]}}\nwaivers: [{{match: gift.txt, reason: bought, owner: n/a, until: '{{soon}}'}}]  {MARK}",
        "check: {use: files-absent, paths: [gift.txt]}\nwaivers: [{match: gift.txt, reason: bought, owner: '@li', until: '{soon}'}]",
        {"gift.txt": ""},
        {"gift.txt": ""},
    ),
    Rot(
        "owned-by-nobody",
        "rulebook-complete",
        "check: {use: files-exist, paths: [docs]}",
        "check: {use: files-exist, paths: [docs]}",
        again="owner: null\ncheck: {use: files-exist, paths: [docs/adr]}",
    ),
)
DEADLINES = (
    Rot(
        "over",
        "rulebook-deadlines",
        f"check: {{use: files-absent, paths: [a.txt]}}\npending: {{until: '2020-02-29', reason: the split}}  {MARK}",
        "check: {use: files-absent, paths: [a.txt]}\npending: {until: '{soon}', reason: the split}",
    ),
    Rot(
        "for-ever",
        "rulebook-deadlines",
        f"check: {{use: files-absent, paths: [b.txt]}}\npending: {{until: '9999-12-31', reason: the split}}  {MARK}",
        "check: {use: files-absent, paths: [b.txt]}\npending: {until: '{soon}', reason: the split}",
    ),
    Rot(
        "puts-nothing-off",
        "rulebook-deadlines",
        f"check: {{use: files-absent, paths: [c.txt]}}\nenforce: warn\npending: {{until: '{{soon}}', reason: the split}}  {MARK}",
        "check: {use: files-absent, paths: [c.txt]}\nenforce: block\npending: {until: '{soon}', reason: the split}",
    ),
    Rot(
        "waived-for-ever",
        "rulebook-deadlines",
        f"check: {{use: files-absent, paths: [d.txt]}}\nwaivers:\n  - {{match: d.txt, reason: sold, owner: '@li', until: '2999-01-01'}}  {MARK}",
        "check: {use: files-absent, paths: [d.txt]}\nwaivers:\n  - {match: d.txt, reason: sold, owner: '@li', until: '{soon}'}",
        {"d.txt": ""},
        {"d.txt": ""},
    ),
)
WAIVED = """check: {use: files-absent, paths: ["NAME*.txt"]}
waivers:
  - {match: "MATCH", count: COUNT, reason: sold, owner: '@li', until: 'UNTIL'}"""


def waived(name: str, match: str, count: int = 1, until: str = "{soon}", mark: str = "") -> str:
    """A guardrail against files of a name, with a waiver of one line."""
    values = {"NAME": name, "MATCH": match, "COUNT": str(count), "UNTIL": until}
    return re.sub("|".join(values), lambda found: values[found[0]], WAIVED) + mark


EXCEPTIONS = (
    Rot(
        "waiver-of-nothing",
        "exceptions",
        waived("gone", "gone.md", mark=f"  {MARK}"),
        waived("gone", "gone.txt"),
        {"gone.txt": ""},
        {"gone.txt": ""},
    ),
    Rot(
        "waiver-with-room",
        "exceptions",
        waived("odd", "odd*.txt", 3, mark=f"  {MARK}"),
        waived("odd", "odd*.txt", 2),
        {"odd-1.txt": "", "odd-2.txt": ""},
        {"odd-1.txt": "", "odd-2.txt": ""},
    ),
    Rot(
        "waiver-outgrown",
        "exceptions",
        waived("even", "even*.txt", 1, mark=f"  {MARK}"),
        waived("even", "even*.txt", 2),
        {"even-2.txt": "", "even-4.txt": ""},
        {"even-2.txt": "", "even-4.txt": ""},
    ),
    Rot(
        "waiver-that-ended",
        "exceptions",
        waived("old", "old.txt", until="2020-02-29", mark=f"  {MARK}"),
        waived("old", "old.txt"),
        {"old.txt": ""},
        {"old.txt": ""},
    ),
)
CANARIES = (
    Rot(
        "unproven",
        "rulebook-canaries",
        f"check: {{use: command, run: [make, a]}}  {MARK}",
        f"check: {{use: command, run: [make, a]}}\n{CANARY}",
    ),
    Rot(
        "canary-flown",
        "rulebook-canaries",
        f"check: {{use: command, run: [make, b]}}\ncanaries:\n  - delete: LICENCE  {MARK}",
        "check: {use: command, run: [make, b]}\ncanaries:\n  - delete: LICENSE",
    ),
    Rot(
        "canary-of-another-text",
        "rulebook-canaries",
        f"check: {{use: command, run: [make, c]}}\ncanaries:\n  - replace: {{path: LICENSE, old: Paid, new: Free}}  {MARK}",
        "check: {use: command, run: [make, c]}\ncanaries:\n  - replace: {path: LICENSE, old: Free, new: Paid}",
    ),
    Rot(
        "canary-that-changes-nothing",
        "rulebook-canaries",
        f'check: {{use: command, run: [make, d]}}\ncanaries:\n  - write: {{path: prices.txt, text: "shirt 20\\n"}}  {MARK}',
        'check: {use: command, run: [make, d]}\ncanaries:\n  - write: {path: prices.txt, text: "shirt 0\\n"}',
    ),
    Rot(
        "canary-of-a-lost-diff",
        "rulebook-canaries",
        f"check: {{use: command, run: [make, e]}}\ncanaries:\n  - patch: price.diff  {MARK}",
        "check: {use: command, run: [make, e]}\ncanaries:\n  - patch: price.diff",
        {},
        {"price.diff": "--- a/prices.txt\n+++ b/prices.txt\n@@ -1 +1 @@\n-shirt 20\n+shirt 0\n"},
    ),
)
