"""Guardrails whose rot only a proof shows."""

from tests.lint.rot import Rot

MISSED, UNPROVABLE = "missed", "unprovable"
LINE = (
    '{"guardrail": "hidden-by-the-baseline", "key": "shop/a.py", "count": 9, "since": "2026-01-01", "reason": "old"}\n'
)
PROOFS = (
    Rot(
        "looks-elsewhere",
        MISSED,
        "check: {use: command, shell: test -s LICENSE}\ncanaries: [{append: {path: prices.txt, text: x}}]",
        "check: {use: command, shell: test -s LICENSE}\ncanaries: [{write: {path: LICENSE, text: ''}}]",
    ),
    Rot(
        "exits-with-the-last",
        MISSED,
        "check: {use: command, shell: 'test -s LICENSE; test -s prices.txt'}\ncanaries: [{write: {path: LICENSE, text: ''}}]",
        "check: {use: command, shell: 'test -s LICENSE && test -s prices.txt'}\ncanaries: [{write: {path: LICENSE, text: ''}}]",
    ),
    Rot(
        "canary-in-another-folder",
        MISSED,
        "check: {use: text-forbids, pattern: DEBUG, paths: [shop]}\ncanaries: [{append: {path: docs/audit.md, text: DEBUG}}]",
        "check: {use: text-forbids, pattern: DEBUG, paths: [shop]}\ncanaries: [{append: {path: shop/a.py, text: DEBUG}}]",
    ),
    Rot(
        "canary-of-another-key",
        MISSED,
        "check: {use: files-absent, paths: [z.txt]}\ncanaries: [{write: {path: z.txt, text: ''}, expect: y.txt}]",
        "check: {use: files-absent, paths: [z.txt]}\ncanaries: [{write: {path: z.txt, text: ''}, expect: z.txt}]",
    ),
    Rot(
        "canary-without-its-file",
        MISSED,
        "check: {use: files-exist, paths: [LICENSE]}\ncanaries: [{delete: LICENCE}]",
        "check: {use: files-exist, paths: [LICENSE]}\ncanaries: [{delete: LICENSE}]",
    ),
    Rot(
        "hidden-by-a-waiver",
        MISSED,
        "check: {use: text-forbids, pattern: PASSWORD, paths: [prices.txt]}\n"
        "waivers: [{match: prices.txt, reason: sold, owner: '@li', until: '{soon}'}]",
        "check: {use: text-forbids, pattern: PASSWORD, paths: [prices.txt]}\n"
        "waivers: [{match: prices.md, reason: sold, owner: '@li', until: '{soon}'}]",
    ),
    Rot(
        "hidden-by-a-comment",
        MISSED,
        "check: {use: max-lines, limit: 1, paths: [shop/hidden.py]}",
        "check: {use: max-lines, limit: 1, paths: [shop/hidden.py]}",
        {"shop/hidden.py": "# selfcheck: ignore-file[hidden-by-a-comment] until={soon} owner=@li -- it is a demo\n"},
        {"shop/hidden.py": "# a demo\n"},
    ),
    Rot(
        "hidden-by-the-baseline",
        MISSED,
        "check: {use: text-forbids, pattern: SECRET, paths: [shop/a.py]}",
        "check: {use: text-forbids, pattern: SECRET, paths: [shop/a.py]}",
        {"guardrails/baseline.jsonl": LINE},
    ),
    Rot(
        "below-what-blocks",
        MISSED,
        "severity: low\ncheck: {use: text-forbids, pattern: TOKEN, paths: [shop/a.py]}",
        "severity: low\nenforce: warn\ncheck: {use: text-forbids, pattern: TOKEN, paths: [shop/a.py]}",
    ),
    Rot(
        "example-of-another-pattern",
        UNPROVABLE,
        "check: {use: text-forbids, pattern: COOKIE, paths: [shop/a.py], example: biscuit}",
        "check: {use: text-forbids, pattern: COOKIE, paths: [shop/a.py], example: COOKIE}",
    ),
    Rot(
        "contained-in-no-file",
        UNPROVABLE,
        "check: {use: text-contains, pattern: 'a*', paths: [LICENSE]}",
        "check: {use: text-contains, pattern: 'a+', paths: [LICENSE]}",
    ),
    Rot(
        "no-canary",
        UNPROVABLE,
        "check: {use: command, run: ['true']}",
        "check: {use: command, run: [test, -f, LICENSE]}\ncanaries: [{delete: LICENSE}]",
    ),
    Rot(
        "switched-off",
        UNPROVABLE,
        "check: {use: files-exist, paths: [shop/*]}\nenabled: {value: false, reason: for now}",
        "check: {use: files-exist, paths: [shop/a.py]}\nenabled: {value: true, reason: since May}",
    ),
)
"""What `selfcheck prove` says of each; `by` is the outcome."""
