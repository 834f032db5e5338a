"""Rulebooks that are no YAML, or YAML that a rulebook must not be: streams, bytes, syntax, and what would fill the memory."""

from itertools import pairwise

from tests.rulebook.examples import GUARDRAIL, RULEBOOK, Malformed, changed, longer

NAMES = "abcdefghi"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise(NAMES)
)
TOWER = "x: &a0 [1]\n" + "".join(f"y{n}: &a{n + 1} [[[[[[[[[[*a{n}]]]]]]]]]]\n" for n in range(50))

STREAMS = [
    Malformed("an empty file", "", "1:1: is empty … `version: 1` … `guardrails:`"),
    Malformed("blank lines only", "\n\n\n", "1:1: is empty"),
    Malformed("comments only", "# nothing\n# to see\n", "1:1: is empty"),
    Malformed("an empty document", "---\n", "2:1: is empty"),
    Malformed("null", "null\n", "1:1: is empty"),
    Malformed("a text", "hello\n", "1:1: a rulebook is a mapping"),
    Malformed("a list", "- a\n- b\n", "1:1: a rulebook is a mapping"),
    Malformed("a number", "42\n", "1:1: a rulebook is a mapping"),
    Malformed("two documents", f"{RULEBOOK}---\n{RULEBOOK}", "8:1: a second document … holds one"),
    Malformed("text after the end", f"{RULEBOOK}...\nmore: 1\n", "9:1: document ended before … holds one"),
    Malformed("a directive of another version", f"%YAML 3.0\n---\n{RULEBOOK}", "1:1: incompatible … begins with %"),
    Malformed("an unknown directive", f"%FOO\n---\n{RULEBOOK}", "1:5: unknown directive … begins with %"),
]
BYTES = [
    Malformed("a UTF-8 byte order mark", b"\xef\xbb\xbf" + RULEBOOK.encode(), "1:1: byte order mark … UTF-8"),
    Malformed("UTF-16, little end first", RULEBOOK.encode("utf-16"), "1:1: byte order mark … UTF-8"),
    Malformed("UTF-16, big end first", b"\xfe\xff" + RULEBOOK.encode("utf-16-be"), "1:1: byte order mark"),
    Malformed("UTF-16 without a mark", RULEBOOK.encode("utf-16-le"), "1:2: U+0000 … take it out"),
    Malformed("UTF-32", RULEBOOK.encode("utf-32"), "1:1: byte order mark"),
    Malformed("Latin-1", changed("title: t", "title: über").encode("latin-1"), "4:12: 0xfc … save the file as UTF-8"),
    Malformed("Latin-1 after UTF-8", "# é\nversion: 1 # é".encode() + b"\xe9", "2:15: 0xe9 … UTF-8"),
    Malformed("a NUL", b"version: 1\0\n", "1:11: U+0000 … not allowed … escape in double quotes"),
    Malformed("a bell", "version: 1\nguardrails: \a\n", "2:13: U+0007 … not allowed"),
    Malformed("an escape sequence", changed("title: t", "title: é\x1b[31m"), "4:13: U+001B … not allowed"),
    Malformed("a delete character", changed("title: t", "title: \x7f"), "4:12: U+007F … not allowed"),
    Malformed("a line separator", changed("title: t", "title: a\u2028b"), "4:13: U+2028 … not allowed"),
    Malformed("a next-line character", changed("title: t", "title: a\x85b"), "4:13: U+0085 … not allowed"),
    Malformed("a byte order mark inside", changed("title: t", "title: a\ufeffb"), "4:13: U+FEFF … not allowed"),
    Malformed("no character", changed("title: t", "title: a\ufffe"), "4:13: U+FFFE … not allowed"),
    Malformed("half a surrogate pair", changed("title: t", r'title: "\ud800"'), "4:15: invalid Unicode"),
]
SYNTAX = [
    Malformed("a tab as indentation", "version: 1\nguardrails:\n\t- id: a\n", "3:1: a tab cannot indent … use blanks"),
    Malformed("a tab in a block", "version: 1\nguardrails:\n  - id: a\n\ttitle: b\n", "4:1: a tab cannot indent"),
    Malformed(
        "a regular expression in double quotes",
        changed("title: t", r'title: "a\|b"'),
        r"4:14: `\|` … use single quotes",
    ),
    Malformed(
        "an escaped dot in double quotes", changed("title: t", r'title: "a\.b"'), r"4:14: `\.` … use single quotes"
    ),
    Malformed(
        "an escape without its digits", changed("title: t", r'title: "a\xzz"'), "4:16: no escape … single quotes"
    ),
    Malformed("quotes that never close", changed('["*.py"]', '["*.py]'), "7:47: never closed"),
    Malformed("single quotes that never close", changed("title: t", "title: 't"), "4:12: never closed"),
    Malformed("a bracket that never closes", changed('["*.py"]}', '["*.py"'), '7:53: "[" … line 7 … not closed'),
    Malformed("a brace that never closes", changed('["*.py"]}', '["*.py"]'), '7:54: "{" … line 7 … not closed'),
    Malformed("a colon in a text", changed("title: t", "title: a: b"), "4:13: `:` … quotes"),
    Malformed("a text that begins with @", changed("title: t", "title: @x"), '4:12: "@" … single quotes'),
    Malformed("a text that begins with a backtick", changed("title: t", "title: `x`"), '4:12: "`" … single quotes'),
    Malformed("a text that begins with %", changed("title: t", "title: %x"), '4:12: "%" … single quotes'),
    Malformed("a pattern that begins with *", changed('"*.py"', "**/*.py"), '7:47: "*" … single quotes'),
    Malformed("a pattern that begins with ! in brackets", changed('"*.py"', "!x"), '7:47: "!" … single quotes'),
    Malformed("a pattern that begins with !", longer("tags:\n  - !src/**"), "9:9: `!src/**` … single quotes"),
    Malformed("a tag handle that is none", changed("title: t", "title: !e!foo bar"), '4:12: "!" … single quotes'),
    Malformed(
        "an indentation that fits nothing", "version: 1\nguardrails:\n  - id: a\n   title: b\n", "4:4: indentation"
    ),
    Malformed("an indented second key", "version: 1\n guardrails: []\n", "2:12: `:` … indentation"),
    Malformed("text after quotes", changed("title: t", "title: 'a' b"), "4:16: quotes … indentation"),
    Malformed("a list in the line of its key", "version: 1\nguardrails: - id: a\n", "2:13: not allowed … indentation"),
    Malformed("a key of two thousand letters", f"version: 1\n{'k' * 2000}: 1\n", "2:2001: expected ':'"),
    Malformed("a key twice", f"{RULEBOOK}version: 1\n", '8:1: "version" … second time … line 1'),
    Malformed("a key twice in a guardrail", longer("id: b"), '8:5: "id" … second time … line 3'),
    Malformed("an option twice", changed("limit: 3", "limit: 3, 'limit': 4"), '7:39: "limit" … second time … line 7'),
    Malformed("a key twice, deep", longer("waivers:\n  - {match: a, match: b}"), '9:20: "match" … second time'),
    Malformed("a number as key", f"{RULEBOOK}1: 2\n", "8:1: a key must be text … `1` … quotes"),
    Malformed("a bool as key", f"{RULEBOOK}true: 2\n", "8:1: a key must be text … `true` … quotes"),
    Malformed("null as key", f"{RULEBOOK}~: 2\n", "8:1: a key must be text … `~`"),
    Malformed("a list as key", f"{RULEBOOK}? [a, b]\n: c\n", "8:3: a key must be text"),
    Malformed("an alias as key", "&a version: 1\n*a : 2\n", "2:1: a key must be text"),
    Malformed("a merge key", longer("<<: {owner: o}"), "8:5: merge keys … 1.2 … write the keys out"),
    Malformed("a tag on a key", f"!x version: 1\nguardrails:\n{GUARDRAIL}", "1:1: `!x` … not allowed"),
    Malformed(
        "a python tag",
        "!!python/object/apply:os.system ['echo owned']\n",
        "1:1: !!python/object/apply:os.system … plain data",
    ),
    Malformed("a custom tag", changed("version: 1", "version: !x 1"), "1:10: `!x` … plain data"),
    Malformed("an explicit integer", changed("version: 1", "version: !!int 1"), "1:10: `!!int` … plain data"),
    Malformed("a set", "version: 1\nguardrails: !!set {a}\n", "2:13: `!!set` … plain data"),
    Malformed("a binary", changed("title: t", "title: !!binary aGk="), "4:12: `!!binary` … plain data"),
]
BOMBS = [
    Malformed("a billion laughs", BOMB, "6:8: more than 200,000 values … aliases"),
    Malformed("a list that holds itself", "version: 1\nguardrails: &a [*a]\n", "2:17: *a … no finished value"),
    Malformed("a document that holds itself", "&a\nversion: 1\nguardrails: *a\n", "3:13: *a … no finished value"),
    Malformed("an alias of nothing", changed("title: t", "title: *x"), "4:12: *x … no finished value"),
    Malformed("brackets without end", f"version: 1\nguardrails: {'[' * 100_000}", "2:72: 60 levels"),
    Malformed("a thousand lists", f"version: 1\nguardrails: {'[' * 1000}{']' * 1000}\n", "2:72: 60 levels"),
    Malformed("a thousand mappings", f"version: 1\nguardrails: {'{a: ' * 1000}{'}' * 1000}\n", "2:249: 60 levels"),
    Malformed("blocks in blocks", "".join(f"{' ' * n}a:\n" for n in range(500)), "61:61: 60 levels"),
    Malformed("items in items", f"version: 1\nguardrails:\n  {'- ' * 5000}\n", "3:121: 60 levels"),
    Malformed("aliases on aliases", TOWER, "7:19: 60 levels … aliases"),
    Malformed("a value of a tower", f"{TOWER}version: *a9\n", "7:19: 60 levels"),
    Malformed(
        "a number of four hundred digits", changed("limit: 3", f"limit: {'9' * 400}"), "7:36: 18 digits … quotes"
    ),
]
