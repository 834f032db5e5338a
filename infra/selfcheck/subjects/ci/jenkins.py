"""Pipelines of Jenkins, as far as their Groovy can be read without running it: `sh` steps and what stands around them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selfcheck.subjects.ci.model import Job, Said, Step, Text, Workflow

TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/)"
    r"|(?P<long>'''(?:\\.|.)*?'''|\"\"\"(?:\\.|.)*?\"\"\")"
    r"|(?P<short>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<mark>[^\s\w])",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:\n|(.))", re.DOTALL)
PLAIN = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\", "$": "$"}
SUCCESS = re.compile(r"buildResult\s*:\s*(?:'SUCCESS'|\"SUCCESS\"|null)")
INTERPRETER = re.compile(r"#!([^\n]*)")
SHELL = re.compile(r"(?:/|\s|^)(?:ba|da|k|z)?sh(?:\s|$)")
STATUS = re.compile(r"returnStatus\s*:\s*true")


class Token(NamedTuple):
    """A name, a mark, or the text between quotes; `begin` and `end` are offsets, `line` counts from 1."""

    kind: str
    text: str
    line: int
    begin: int
    end: int


def workflow(path: str, source: str) -> Workflow | None:
    """One Jenkinsfile; None where it runs no shell."""
    tokens = list(_tokens(source))
    steps = tuple(_steps(source, tokens))
    return Workflow(path=path, system="Jenkins", jobs=(Job(name="pipeline", line=1, steps=steps),)) if steps else None


def _tokens(source: str) -> Iterator[Token]:
    line, counted = 1, 0
    for found in TOKEN.finditer(source):
        line += source.count("\n", counted, found.start())
        counted = found.start()
        if found.lastgroup != "comment":
            yield Token(str(found.lastgroup), found[0], line, found.start(), found.end())


def _steps(source: str, tokens: list[Token]) -> Iterator[Step]:
    around: list[Said | None] = []
    stage = "pipeline"
    for number, token in enumerate(tokens):
        if token.text == "{":
            around.append(_catching(source, tokens, number))
        elif token.text == "}" and around:
            around.pop()
        elif token.text == "stage":
            stage = next(
                (_text(each) for each in tokens[number + 1 : number + 3] if each.kind in ("short", "long")), stage
            )
        elif token.kind == "name" and token.text == "sh":
            call = _call(tokens, number)
            script = next((each for each in call if each.kind in ("short", "long")), None)
            if script is not None and _is_for_a_shell(script):
                ignored = [] if _is_assigned(tokens, number) else [*_ignoring(source, call)]
                caught = [each for each in around if each is not None]
                yield Step(name=stage, line=token.line, texts=(_shell(script),), tolerated=(*ignored, *caught))


def _call(tokens: list[Token], number: int) -> list[Token]:
    """The tokens of the arguments of a call: those between its brackets, or the one behind its name."""
    if number + 1 < len(tokens) and tokens[number + 1].text != "(":
        return tokens[number + 1 : number + 2] if tokens[number + 1].kind in ("short", "long") else []
    depth = 0
    for end in range(number + 1, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[end].text, 0)
        if depth == 0:
            return tokens[number + 2 : end]
    return []


def _catching(source: str, tokens: list[Token], number: int) -> Said | None:
    """`catchError(buildResult: 'SUCCESS')`, if it is what opens this block."""
    opener = next(
        (each for each in reversed(tokens[:number]) if each.kind == "name" and each.text == "catchError"), None
    )
    if opener is None:
        return None
    between = source[opener.begin : tokens[number].begin]
    whole = re.fullmatch(r"catchError\s*\([^()]*\)\s*", between)
    if whole is None or not SUCCESS.search(between):
        return None
    return Said("`catchError(buildResult: 'SUCCESS')`", opener.line, whole=True)


def _ignoring(source: str, call: list[Token]) -> Iterator[Said]:
    if call and STATUS.search(source[call[0].begin : call[-1].end]):
        yield Said("`returnStatus: true`, and nobody takes it", call[0].line)


def _is_assigned(tokens: list[Token], number: int) -> bool:
    """Whether what `sh` gives is used: it is assigned, compared, returned or handed on."""
    before = tokens[number - 1].text if number else "{"
    own_line = number == 0 or tokens[number - 1].line < tokens[number].line
    return before not in ("{", "}", ";") and (
        not own_line or before in ("=", "(", ",", "return", "&", "|", "!", "?", ":")
    )


def _is_for_a_shell(token: Token) -> bool:
    own = INTERPRETER.match(_text(token))
    return own is None or SHELL.search(own[1]) is not None


def _shell(token: Token) -> Text:
    """Jenkins runs it with `sh -xe`, or by its own first line; in double quotes Groovy fills in `${…}` first."""
    quotes = 3 if token.kind == "long" else 1
    inner = _text(token)
    literal = quotes == 3 and "\\" not in token.text
    own = INTERPRETER.match(inner)
    errexit = own is None or re.search(r"\s-\w*e", own[1]) is not None
    return Text(inner, token.line, literal, errexit=errexit, pipefail=False)


def _text(token: Token) -> str:
    quotes = 3 if token.kind == "long" else 1
    return ESCAPE.sub(lambda found: PLAIN.get(found[1] or "", found[1] or ""), token.text[quotes:-quotes])
