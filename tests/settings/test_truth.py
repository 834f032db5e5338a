"""Conditions as they come out in production, for one value of one setting; and what guards make of it."""

import pytest

from selfcheck.subjects.settings import python
from selfcheck.subjects.settings import script as scripts
from selfcheck.subjects.settings.defaults import source
from selfcheck.subjects.settings.guards import Effect, guards
from selfcheck.subjects.settings.program import Bare, Name, Program
from selfcheck.subjects.settings.truth import UNKNOWN


def program(text: str) -> Program:
    """A program of Python."""
    return python.program(text.encode())


def script(text: str) -> Program:
    """A program of TypeScript, all of which matters."""
    return scripts.program(text.encode(), jsx=False, matters=bool)


def holds(test: Program) -> bool | None:
    """How the only condition of a program comes out in production."""
    (stmt,) = test.body
    assert isinstance(stmt, Bare)
    return source(test).truth().holds(stmt.value)


def effects(test: Program, value: str = "dev", variable: str | None = None) -> list[str]:
    """What a program does about SECRET_KEY with this value."""
    return [guard.effect + guard.uncalled for guard in guards(test, source(test), ["SECRET_KEY"], value, variable)]


@pytest.mark.parametrize(
    ("test", "wanted"),
    [
        ("DEBUG", False),
        ("settings.debug", False),
        ("not settings.TESTING", True),
        ("is_production()", True),
        ("config().is_dev", False),
        ("ENV == 'production'", True),
        ("settings.ENVIRONMENT != 'local'", True),
        ("os.environ['APP_ENV'].lower() == 'prod'", True),
        ("os.getenv('APP_ENV', 'dev') == 'dev'", False),
        ("ENVIRONMENT in ('local', 'test')", False),
        ("ENVIRONMENT not in ['local', 'test']", True),
        ("ENVIRONMENT in {'production', 'staging'}", True),
        ("environment.startswith('prod')", True),
        ("str(stage) == 'live'", True),
        ("stage is None", False),
        ("stage is not None", True),
        ("stage == other", None),
        ("os.getenv('CI')", False),
        ("DEBUG or TESTING", False),
        ("DEBUG or other", None),
        ("other and DEBUG", False),
        ("not other", None),
        ("other or True", True),
        ("1 < 2 <= 2", True),
        ("3 > 4", False),
        ("3 >= 'x'", None),
        ("'a' in 'cat' and 'a' not in ['b']", True),
        ("len('abc') == 3", True),
        ("len(other) == 3", None),
        ("bool('')", False),
        ("int('x') == 1", None),
        ("int('7') == 7", True),
        ("strtobool('yes')", True),
        ("set(['a']) == ['a']", True),
        ("'Yes'.lower() == 'yes' and ' a '.strip() == 'a' and 'a'.upper() == 'A'", True),
        ("'abc'.startswith('a') and 'abc'.endswith('c')", True),
        ("'a,b'.split(',') == ['a', 'b']", True),
        ("'abc'.count('a')", None),
        ("'a' + 'b' == 'ab'", True),
        ("f'{other}' == 'ab'", None),
        ("(1 if DEBUG else 2) == 2", True),
        ("1 if other else 2", None),
        ("hmac.compare_digest('a', 'a')", True),
        ("hmac.compare_digest('a', other)", None),
        ("'x'.encode() == 'x'", True),
        ("[other] == []", None),
        ("other[0]", None),
        ("['a'].index('a') == 0", None),
        ("['a'].includes(stage)", False),
        ("stage.count('a')", None),
        ("len(stage) == 1", None),
        ("str(None) == 'None'", None),
        ("len(7) == 1", None),
        ("tuple('ab') == ['a', 'b']", True),
        ("list(7) == []", None),
        ("f('a') == 'a'", None),
        ("f(1, 2) == 'a'", None),
        ("'abc'.split('') == []", None),
        ("'abc'.contains('b')", True),
        ("'abc'.startswith(other)", None),
    ],
)
def test_a_condition_comes_out_as_it_does_in_production(test: str, wanted: bool | None) -> None:
    assert holds(program(test)) is wanted


@pytest.mark.parametrize(
    ("test", "wanted"),
    [
        ("process.env.NODE_ENV === 'production';", True),
        ("process.env.NODE_ENV !== 'production';", False),
        ("['production', 'staging'].includes(process.env.NODE_ENV);", True),
        ("'abc'.includes('b') && 'A'.toLowerCase() === 'a';", True),
        ("import.meta.env.DEV;", False),
        ("!isProduction();", False),
        ("Boolean('') || undefined;", False),
        ("`a${'b'}` === 'ab';", True),
        ("0x10 > 1.5;", True),
        ("null ?? true;", True),
        ("x?.y as string;", None),
        ("a ? 1 : 2;", None),
        ("typeof x;", None),
        ("'\\u0041\\x42\\n' === 'AB\\n';", True),
    ],
)
def test_a_condition_of_a_script_comes_out_as_it_does_in_production(test: str, wanted: bool | None) -> None:
    assert holds(script(test)) is wanted


def test_a_chain_without_end_is_not_known() -> None:
    found = program("a = b\nb = a\n")

    assert source(found).truth().value(Name(("a",), 1)) is UNKNOWN


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("if SECRET_KEY == 'dev':\n    raise X\n", ["refuses"]),
        ("if SECRET_KEY == 'dev':\n    sys.exit('no')\n", ["refuses"]),
        ("if SECRET_KEY == 'dev':\n    logger.error('no')\n", ["warns"]),
        ("if SECRET_KEY == 'dev':\n    SECRET_KEY = make()\n", ["replaces"]),
        ("if SECRET_KEY == 'dev':\n    SECRET_KEY = 'other'\n", []),
        ("if not SECRET_KEY:\n    raise X\n", ["dead"]),
        ("if DEBUG and not SECRET_KEY:\n    raise X\n", []),
        ("if other == 'dev':\n    raise X\n", []),
        ("weak = SECRET_KEY == 'dev'\nif weak:\n    raise X\n", ["refuses"]),
        ("try:\n    if SECRET_KEY == 'dev':\n        raise X\nfinally:\n    pass\n", ["refuses"]),
        ("with a:\n    if config['SECRET_KEY'] == 'dev':\n        raise X\n", ["refuses"]),
        ("match x:\n    case 1:\n        if SECRET_KEY == 'dev':\n            raise X\n", ["refuses"]),
        ("if SECRET_KEY != 'dev':\n    pass\nelse:\n    raise X\n", ["refuses"]),
        ("def f():\n    if SECRET_KEY != 'dev':\n        return\n    raise X\nf()\n", ["refuses"]),
        ("def f():\n    if SECRET_KEY == 'dev':\n        return fail('x')\nf()\n", ["refuses"]),
        ("def f():\n    if len(SECRET_KEY) >= 32:\n        return\n    raise X\nf()\n", ["refuses"]),
        ("def f():\n    if SECRET_KEY == 'dev':\n        raise X\n", ["refusesf"]),
        ("def f(key):\n    if key == 'dev':\n        raise X\nf(SECRET_KEY)\n", ["refuses"]),
        ("def f(key):\n    if key == 'dev':\n        raise X\nf(key=settings.SECRET_KEY)\n", ["refuses"]),
        ("class A:\n    def ready(self):\n        if self.SECRET_KEY == 'dev':\n            raise X\n", ["refuses"]),
        ("class A:\n    @validator('SECRET_KEY')\n    def f(cls, v):\n        assert v != 'dev'\n", ["refuses"]),
        ("for v in [SECRET_KEY]:\n    if v == 'dev':\n        raise X\n", ["refuses"]),
        ("for v in [a]:\n    if v == 'dev':\n        raise X\n", []),
        ("if settings().SECRET_KEY == 'dev':\n    raise X\n", ["refuses"]),
        ("if get().SECRET_KEY.get_secret_value() == 'dev':\n    raise X\n", ["refuses"]),
        ("if not os.getenv('SECRET_KEY'):\n    raise X\n", ["refuses"]),
        ("if 'SECRET_KEY' not in os.environ:\n    raise X\n", ["refuses"]),
        ("weak = {'a': 'b'}\nif weak:\n    raise X\n", []),
        ("for name in ['SECRET_KEY']:\n    if config[name] == 'dev':\n        raise X\n", ["refuses"]),
        ("def f():\n    if SECRET_KEY == 'dev':\n        raise X\nx.f()\n", ["refuses"]),
        ("if SECRET_KEY == 'dev':\n    x = 1\n", []),
    ],
)
def test_a_guard_does_what_it_does_for_this_value(text: str, wanted: list[str]) -> None:
    assert effects(program(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("if (SECRET_KEY === 'dev') throw new Error('x');", ["refuses"]),
        ("if (SECRET_KEY === 'dev') { process.exit(1); } else { go(); }", ["refuses"]),
        ("if (SECRET_KEY !== 'dev') { go(); } else if (a) { throw x; }", ["refuses"]),
        ("if (!SECRET_KEY) { throw x; }", ["dead"]),
        ("export function main() { if (SECRET_KEY === 'dev') { console.warn('x'); } }", ["warns"]),
        ("const check = () => { if (SECRET_KEY === 'dev') { throw x; } }; check();", ["refuses"]),
        ("try { if (SECRET_KEY === 'dev') { throw x; } } catch (e) { a(); } finally { b(); }", ["refuses"]),
        ("for (const v of [SECRET_KEY]) { if (v === 'dev') { throw x; } }", ["refuses"]),
        ("for (let i = 0; i < 1; i++) { if (SECRET_KEY === 'dev') { throw x; } }", ["refuses"]),
        ("switch (a) { case 1: if (SECRET_KEY === 'dev') { throw x; } }", ["refuses"]),
        ("while (a) { if (SECRET_KEY === 'dev') { throw x; } }", ["refuses"]),
        ("class A { SECRET_KEY = 'dev'; onModuleInit() { if (this.SECRET_KEY === 'dev') { throw x; } } }", ["refuses"]),
        ("module.exports = function start() { if (SECRET_KEY === 'dev') { throw x; } }", ["refuses"]),
        ("label: { if (SECRET_KEY === 'dev') { throw x; } }", ["refuses"]),
    ],
)
def test_a_guard_of_a_script_does_what_it_does_for_this_value(text: str, wanted: list[str]) -> None:
    assert effects(script(text)) == wanted


def test_a_variable_that_is_set_is_not_missing() -> None:
    found = program("if not os.getenv('SECRET_KEY'):\n    raise X\n")

    assert effects(found, "dev", "dev") == [Effect.DEAD]
