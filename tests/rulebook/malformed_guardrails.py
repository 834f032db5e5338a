"""Rulebooks that are YAML and wrong: the file's own keys, the keys of a guardrail, the options of a check."""

from tests.rulebook.examples import CHECK, GUARDRAIL, RULEBOOK, Malformed, changed, checked, longer


def pending(keys: str) -> str:
    """The rulebook with these keys of `pending`, the first in column 15 of line 8."""
    return longer(f"pending: {{{keys}}}")


def waiver(keys: str) -> str:
    """The rulebook with a waiver of these keys, the first in column 10 of line 9."""
    return longer(f"waivers:\n  - {{{keys}}}")


def canary(keys: str) -> str:
    """The rulebook with a canary of these keys, the first in column 10 of line 9."""
    return longer(f"canaries:\n  - {{{keys}}}")


def forbids(pattern: str) -> str:
    """The rulebook with a forbidden pattern, in column 41 of line 7."""
    return checked(f"use: text-forbids, pattern: '{pattern}', paths: [a]")


OUTLINES = [
    Malformed("no version", f"guardrails:\n{GUARDRAIL}", "1:1: rulebook lacks `version`"),
    Malformed("version 2", changed("version: 1", "version: 2"), "1:10: `version` must be 1 … number 2"),
    Malformed("version as text", changed("version: 1", "version: '1'"), "1:10: `version` must be 1 … text '1'"),
    Malformed("version as float", changed("version: 1", "version: 1.0"), "1:10: `version` must be 1 … number 1.0"),
    Malformed("version as bool", changed("version: 1", "version: true"), "1:10: `version` must be 1 … true"),
    Malformed("no guardrails", "version: 1\n", "1:1: no guardrail … always be green"),
    Malformed("guardrails with nothing", "version: 1\nguardrails:\n", "1:1: no guardrail"),
    Malformed("zero guardrails", "version: 1\nguardrails: []\n", "1:1: no guardrail"),
    Malformed(
        "guardrails as mapping", "version: 1\nguardrails:\n  a: b\n", "3:3: `guardrails` must be a list … a mapping"
    ),
    Malformed(
        "guardrails as text", "version: 1\nguardrails: none\n", "2:13: `guardrails` must be a list … 'none' … [a, b]"
    ),
    Malformed(
        "a guardrail as text", "version: 1\nguardrails: [a, 1]\n", "2:17: item 2 of `guardrails` must be a mapping"
    ),
    Malformed(
        "an unknown key of the file", f"guardrail: []\n{RULEBOOK}", '1:1: "guardrail" … did you mean "guardrails"'
    ),
    Malformed(
        "a key with a newline", f'{RULEBOOK}"a\\nb": 1\n', r'8:1: unknown key "a\nb" … known: approvals, extends'
    ),
    Malformed("a key that colours the terminal", f'{RULEBOOK}"\\e[31mx": 1\n', r'8:1: "\x1b[31mx"'),
    Malformed("fail_on misspelt", f"{RULEBOOK}fail_on: hihg\n", '8:10: `fail_on` … did you mean "high"'),
    Malformed("fail_on as number", f"{RULEBOOK}fail_on: 3\n", "8:10: `fail_on` must be critical, high, low or medium"),
    Malformed("extends as text", f"{RULEBOOK}extends: pack:python\n", "8:10: `extends` must be a list … [a, b]"),
    Malformed("extends without the prefix", f"{RULEBOOK}extends: [python]\n", "8:11: 'python' … 'pack:python'"),
    Malformed("an unknown pack", f"{RULEBOOK}extends: [pack:pyhton]\n", '8:11: did you mean "pack:python"'),
    Malformed("a pack twice", f"{RULEBOOK}extends: [pack:python, pack:python]\n", "8:24: `pack:python` … second time"),
]
GUARDRAILS = [
    Malformed("an empty guardrail", "version: 1\nguardrails:\n  - {}\n", "3:5: guardrail lacks `id`"),
    Malformed("only an id", "version: 1\nguardrails:\n  - id: a\n", "3:5: guardrail lacks `why`"),
    Malformed("a misspelt key", changed("title", "titel"), '4:5: unknown key "titel" … did you mean "title"'),
    Malformed("an id twice", RULEBOOK + GUARDRAIL, '8:9: the id "a" … guardrails.yaml:3'),
    Malformed(
        "an id in capitals", changed("id: a", "id: No_Cycles"), "3:9: 'No_Cycles' … kebab-case … no-import-cycles"
    ),
    Malformed("an id with a newline", changed("id: a", r'id: "a\n"'), r"3:9: 'a\n' … kebab-case"),
    Malformed("a number as id", changed("id: a", "id: 12"), "3:9: `id` must be text … number 12 … quotes"),
    Malformed("an empty id", changed("id: a", "id: ''"), "3:9: `id` is empty"),
    Malformed("a blank title", changed("title: t", "title: '  '"), "4:12: `title` is empty"),
    Malformed("a title of nothing", changed("title: t", "title:"), "4:11: `title` must be text … nothing"),
    Malformed("a title that is only an anchor", changed("title: t", "title: &x"), "4:12: `title` must be text"),
    Malformed("a list as why", changed("why: w", "why: [w]"), "5:10: `why` must be text … a list"),
    Malformed("a misspelt severity", changed("high", "hgih"), '6:15: `severity` … "hgih" … did you mean "high"'),
    Malformed("a severity in capitals", changed("high", "High"), '6:15: did you mean "high"'),
    Malformed("a list as severity", changed("high", "[high]"), "6:15: `severity` must be critical … a list"),
    Malformed(
        "a severity of nothing", changed("severity: high", "severity:"), "6:14: `severity` must be critical … nothing"
    ),
    Malformed("a misspelt enforce", longer("enforce: blok"), '8:14: did you mean "block"'),
    Malformed("refs as text", longer("refs: ADR-1"), "8:11: `refs` must be a list … [a, b]"),
    Malformed("a number as ref", longer("refs: [ADR-1, 2]"), "8:19: item 2 of `refs` must be text … quotes"),
    Malformed("an owner that is a list", longer("owner: [o]"), "8:12: `owner` must be text … a list"),
    Malformed("tags as mapping", longer("tags: {a: b}"), "8:11: `tags` must be a list … a mapping"),
    Malformed("a timeout with a unit", longer("timeout: 30s"), "8:14: `timeout` must be a number … '30s'"),
    Malformed("a timeout of zero", longer("timeout: 0"), "8:14: `timeout` must be more than 0"),
    Malformed("a timeout for ever", longer("timeout: .inf"), "8:14: `timeout` must be at most 86400 … inf"),
    Malformed("a timeout that is no number", longer("timeout: .nan"), "8:14: `timeout` must be more than 0 … nan"),
    Malformed("yes for a bool", longer("allow_empty: yes"), "8:18: true or false … 'yes' … YAML 1.2"),
    Malformed("off for a bool", longer("waivable: Off"), "8:15: true or false … 'Off' … YAML 1.2"),
    Malformed("a number for a bool", longer("allow_empty: 1"), "8:18: true or false … number 1"),
    Malformed("a month that is none", pending("until: 2026-13-01, reason: r"), "8:22: '2026-13-01' … is not a date"),
    Malformed("a day that is none", pending("until: 2026-02-30, reason: r"), "8:22: '2026-02-30' … is not a date"),
    Malformed("a date in words", pending("until: soon, reason: r"), "8:22: 'soon' … YYYY-MM-DD"),
    Malformed("a date with a time", pending("until: 2026-12-01T00:00:00, reason: r"), "8:22: YYYY-MM-DD"),
    Malformed("a date as number", pending("until: 20261201, reason: r"), "8:22: a date such as 2026-12-31"),
    Malformed("pending without a reason", pending("until: 2026-12-01"), "8:14: `pending` lacks `reason`"),
    Malformed("an unknown key of pending", pending("until: 2026-12-01, resaon: r"), '8:34: did you mean "reason"'),
    Malformed("pending as text", longer("pending: soon"), "8:14: `pending` must be a mapping … 'soon'"),
    Malformed("enabled as bool", longer("enabled: false"), "8:14: `enabled` must be a mapping … false"),
    Malformed("enabled without a reason", longer("enabled: {value: false}"), "8:14: `enabled` lacks `reason`"),
    Malformed(
        "a glob without count",
        waiver("match: 'a.*', reason: r, owner: o, until: 2026-12-01"),
        "9:17: a glob needs `count`",
    ),
    Malformed(
        "a count of zero",
        waiver("match: a, reason: r, owner: o, until: 2026-12-01, count: 0"),
        "9:67: `count` must be at least 1",
    ),
    Malformed(
        "a waiver without end", waiver("match: a, reason: r, owner: o"), "9:9: item 1 of `waivers` lacks `until`"
    ),
    Malformed("an unknown key of a waiver", waiver("match: a, ower: o"), '9:20: "ower" … did you mean "owner"'),
    Malformed("waivers as mapping", longer("waivers: {match: a}"), "8:14: `waivers` must be a list"),
    Malformed("a canary of two edits", canary("delete: a, write: {path: b, text: c}"), "9:9: a canary is one edit"),
    Malformed("a canary of a diff and an edit", canary("delete: a, patch: b"), "9:9: a canary is one edit … or patch"),
    Malformed("a canary of a diff outside", canary("patch: ../a"), "9:17: '../a' … path from the root"),
    Malformed("a canary of no edit", canary("expect: a"), "9:9: a canary is one edit"),
    Malformed("a canary of an unknown edit", canary("wirte: {path: a, text: b}"), '9:10: did you mean "write"'),
    Malformed("an unknown key of an edit", canary("write: {path: a, txt: b}"), '9:27: "txt" … did you mean "text"'),
    Malformed("a canary outside", canary("write: {path: ../a, text: b}"), "9:24: '../a' … path from the root"),
    Malformed("a canary outside behind a newline", canary('delete: "a\\n/../../b"'), "9:18: path from the root"),
    Malformed(
        "a canary of an absolute path", canary("delete: /etc/passwd"), "9:18: '/etc/passwd' … path from the root"
    ),
]
CHECKS = [
    Malformed("a check as text", changed(f"{{{CHECK}}}", "max-lines"), "7:12: `check` must be a mapping"),
    Malformed("a check without use", checked("limit: 3"), "7:12: `check` lacks `use`"),
    Malformed("a number as use", checked("use: 3"), "7:18: `use` must be text"),
    Malformed(
        "an unknown check", checked("use: max-line"), '7:18: unknown check "max-line" … did you mean "max-lines"'
    ),
    Malformed("a check like no other", checked("use: zzz"), "7:18: known: adr-age, adr-citations, adr-claims"),
    Malformed(
        "a misspelt option",
        changed("limit", "limits"),
        '7:29: unknown option "limits" for check "max-lines" … did you mean "limit"',
    ),
    Malformed("a missing option", changed("limit: 3, ", ""), '7:12: check "max-lines" lacks `limit`'),
    Malformed("a text as number", changed("limit: 3", "limit: '3'"), "7:36: `limit` must be a whole number … text '3'"),
    Malformed(
        "a float as whole number", changed("limit: 3", "limit: 3.0"), "7:36: `limit` must be a whole number … 3.0"
    ),
    Malformed(
        "a bool as whole number", changed("limit: 3", "limit: true"), "7:36: `limit` must be a whole number … true"
    ),
    Malformed("a limit of zero", changed("limit: 3", "limit: 0"), "7:36: `limit` must be at least 1 … not 0"),
    Malformed("paths as text", changed('["*.py"]', '"*.py"'), "7:46: `paths` must be a list … [a, b]"),
    Malformed("no path", changed('["*.py"]', "[]"), "7:46: `paths` holds too few values"),
    Malformed(
        "a path class that is none",
        changed('"*.py"', '"[z-a]"'),
        "7:47: item 1 of `paths` … no path pattern … brackets",
    ),
    Malformed(
        "an absolute path", changed('"*.py"', "/etc/passwd"), "7:47: item 1 of `paths` … '/etc/passwd' … from the root"
    ),
    Malformed(
        "a path to the parent", changed('"*.py"', "a, b/../c"), "7:50: item 2 of `paths` … 'b/../c' … from the root"
    ),
    Malformed("a negated path to the parent", changed('"*.py"', "'!../c'"), "7:47: '!../c' … from the root"),
    Malformed("a path with backslashes", changed('"*.py"', r"'a\b'"), r"7:47: 'a\b' … from the root"),
    Malformed("look-behind", forbids("(?<!a)b"), "7:41: no RE2 pattern … no look-around"),
    Malformed("a backreference", forbids(r"(a)\1"), r"7:41: '(a)\1' … no backreferences"),
    Malformed("an open group", forbids("(a"), "7:41: no RE2 pattern: missing )"),
    Malformed("a group closed too early", forbids("a)|(b"), "7:41: no RE2 pattern: unexpected )"),
    Malformed("an empty pattern", forbids(""), "7:41: `pattern` is empty"),
    Malformed("a command in one text", checked("use: command, run: make test"), "7:32: `run` must be a list … [a, b]"),
    Malformed("run and shell", checked("use: command, run: [a], shell: b"), "7:12: exactly one of `run`, `shell`"),
    Malformed("neither run nor shell", checked("use: command"), "7:12: exactly one of `run`, `shell`"),
    Malformed(
        "a kind of import that is none",
        checked("use: imports-acyclic, kinds: [typ]"),
        "7:43: item 1 of `kinds` … known: dynamic, function, guarded, lazy, star, type-checking",
    ),
]
