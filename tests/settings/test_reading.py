"""Every spelling of a setting, and what its default comes to."""

from collections.abc import Iterable

import pytest

from selfcheck.subjects.settings import python
from selfcheck.subjects.settings import script as scripts
from selfcheck.subjects.settings.code import Finder
from selfcheck.subjects.settings.contents import Reading, toml
from selfcheck.subjects.settings.defaults import source
from selfcheck.subjects.settings.entries import Entry
from selfcheck.subjects.settings.flat import dockerfile, ini, properties
from selfcheck.subjects.settings.program import Program
from selfcheck.subjects.settings.terraform import terraform
from selfcheck.subjects.settings.walking import lines

Row = tuple[str, str, str, str | None]


def rows(program: Program) -> list[Row]:
    """Name, variable, kind and text of every setting of a program."""
    where = source(program)
    found = Finder(program, where, lines(program.body)).find()
    return [(each.setting.name, each.setting.variable, each.setting.value.kind.value, each.text) for each in found]


def python_rows(text: str) -> list[Row]:
    """Of Python."""
    return rows(python.program(text.encode()))


def script_rows(text: str) -> list[Row]:
    """Of TypeScript."""
    return rows(scripts.program(text.encode(), jsx=True, matters=bool))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('K = os.environ.copy().get("A_SECRET", "x")', ("K", "A_SECRET", "literal", "x")),
        ('K = os.environ.pop("A_SECRET")', ("K", "A_SECRET", "required", None)),
        ('K = get_env("A_SECRET", "x")', ("K", "A_SECRET", "literal", "x")),
        ('K = app.config.get("A_SECRET", "x")', ("K", "", "literal", "x")),
        ('K = os.getenv("A_SECRET", None)', ("K", "A_SECRET", "none", None)),
        ('K = os.getenv("A_SECRET", make())', ("K", "A_SECRET", "unknown", None)),
        ('K = os.getenv("A_SECRET", load_secret("a"))', ("K", "A_SECRET", "stored", None)),
        ('K = os.getenv("A_SECRET", SECRET_KEY)', ("K", "A_SECRET", "other", None)),
        ('K = os.getenv("A_SECRET", 7)', ("K", "A_SECRET", "literal", "7")),
        ('K = os.getenv("A_SECRET", "a" if x else "b")', ("K", "A_SECRET", "literal", "a")),
        ('K = os.getenv("A_SECRET", "a" if DEBUG else None)', ("K", "A_SECRET", "none", None)),
        ('K = os.getenv("A_SECRET", f"a{1}b")', ("K", "A_SECRET", "literal", "a1b")),
        ('K = os.getenv("A_SECRET", f"a{uuid4()}")', ("K", "A_SECRET", "random", None)),
        ('K = os.getenv("A_SECRET", f"a{x}")', ("K", "A_SECRET", "unknown", None)),
        ('K = os.getenv("A_SECRET", [uuid4() for _ in x])', ("K", "A_SECRET", "random", None)),
        ('K = os.getenv("A_SECRET", x or "b")', ("K", "A_SECRET", "literal", "b")),
        ('K = os.getenv("A_SECRET", x or None)', ("K", "A_SECRET", "unknown", None)),
        ('K = os.getenv("A_SECRET", os.environ["B"])', ("K", "A_SECRET", "required", None)),
        ('K = os.getenv("A_SECRET", x["B"])', ("K", "A_SECRET", "unknown", None)),
        ("K = os.getenv('A_SECRET', 'x'.strip())", ("K", "A_SECRET", "literal", "x")),
        ('from a import b\nK = os.getenv("A_SECRET", b.C)', ("K", "A_SECRET", "named", None)),
        ('d = "q"\nK = os.getenv("A_SECRET", d.encode())', ("K", "A_SECRET", "literal", "q")),
        ('def made():\n    x = uuid4()\nK = os.getenv("A_SECRET", made())', ("K", "A_SECRET", "random", None)),
        (
            'def kept():\n    with open("f") as f:\n        x()\nK = os.getenv("A_SECRET", kept())',
            ("K", "A_SECRET", "stored", None),
        ),
        ('def odd():\n    pass\nK = os.getenv("A_SECRET", odd())', ("K", "A_SECRET", "unknown", None)),
        (
            'class S(BaseSettings):\n    class Config:\n        env_prefix = "P_"\n    a_key: str = "1"',
            ("a_key", "P_A_KEY", "literal", "1"),
        ),
        ('class S(BaseSettings):\n    model_config = {"env_prefix": "P_"}\n    a: str', ("a", "P_A", "required", None)),
        (
            'class S(BaseSettings):\n    a: str = Field(validation_alias=AliasChoices("B", "C"))',
            ("a", "B", "required", None),
        ),
        ("class S(BaseSettings):\n    a: str = Field(default_factory=made)", ("a", "A", "random", None)),
        (
            "def f():\n    return 1\nclass S(BaseSettings):\n    a: str = Field(default_factory=f)",
            ("a", "A", "unknown", None),
        ),
        ("class S(BaseSettings):\n    a: str = x.Field()", ("a", "A", "unknown", None)),
        ('class C(Config):\n    secret = os.getenv("A", "b")', ("secret", "A", "literal", "b")),
        ('p.add_argument("--db-password", default="x")', ("db_password", "", "literal", "x")),
        ('URLSafeSerializer("k")', ("secret_key", "", "literal", "k")),
        ('create_engine("postgresql://a:b@c/d")', ("url", "", "literal", "postgresql://a:b@c/d")),
        ('Redis(password="x")', ("password", "", "literal", "x")),
        ('settings.configure(SECRET_KEY="x")', ("SECRET_KEY", "", "literal", "x")),
        ('app.config.update(dict(SECRET_KEY="x"))', ("SECRET_KEY", "", "literal", "x")),
        ("a_secret = b'xyz'", ("a_secret", "", "literal", "xyz")),
        ("type X = int\na_secret = 'xyz'", ("a_secret", "", "literal", "xyz")),
        ("x += os.environ['A']", ("x", "A", "required", None)),
        ("{**a, 'b': os.environ['A']}", ("A", "A", "required", None)),
        ("lambda: os.environ['A']", ("A", "A", "required", None)),
        ("x[1:2] = await os.environ['A']", ("", "A", "required", None)),
    ],
)
def test_a_setting_of_python_is_found_with_its_default(text: str, wanted: Row) -> None:
    name, *rest = wanted

    found = [row for row in python_rows(text) if row[1:] == tuple(rest)]

    assert [row[0] for row in found] == [name or wanted[1]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("const {A: {B}, C: c = 'x', ...rest} = process.env;", ("c", "C", "literal", "x")),
        ("const f = (password = 'x') => 1;", ("password", "", "literal", "x")),
        ("function f({a}, jwtSecret = 'x') {}", ("jwtSecret", "", "literal", "x")),
        ("export const JWT_SECRET = 'abc';", ("JWT_SECRET", "", "literal", "abc")),
        ("exports.jwtSecret = 'abc';", ("jwtSecret", "", "literal", "abc")),
        ("class A { jwtSecret = 'abc'; }", ("JWT", "", "", None)),
        (
            "const e = cleanEnv(process.env, { A_SECRET: str({ default: 'x' }) });",
            ("A_SECRET", "A_SECRET", "literal", "x"),
        ),
        ("convict({ a: { default: 'x', env: 'A_SECRET' } });", ("A_SECRET", "A_SECRET", "literal", "x")),
        ("z.object({ A_SECRET: z.string().optional().catch('x') });", ("A_SECRET", "A_SECRET", "literal", "x")),
        ("Joi.object({ A_SECRET: Joi.string().required() });", ("A_SECRET", "A_SECRET", "required", None)),
        ("const s = crypto.createHmac('sha256', 'lit');", ("jwt_secret", "", "literal", "lit")),
        ("app.use(cookieParser('abc'));", ("secret_key", "", "literal", "abc")),
        ("const a = <div secret={process.env.A_SECRET || 'x'} />;", ("a", "A_SECRET", "literal", "x")),
        ("import {K} from './k'; const s = process.env.A_SECRET || K;", ("s", "A_SECRET", "named", None)),
        ("const s = Deno.env.get('A_SECRET') ?? 'x';", ("s", "A_SECRET", "literal", "x")),
        ("new Foo({ secretKey: 'abc' });", ("secretKey", "", "literal", "abc")),
    ],
)
def test_a_setting_of_a_script_is_found_with_its_default(text: str, wanted: Row) -> None:
    assert (wanted in script_rows(text)) is (wanted[0] != "JWT")


def flat(reading: Iterable[Entry]) -> list[tuple[str, str | None]]:
    """Name and text of every entry."""
    return [(each.setting.name, each.text) for entry in reading for each in entry.found]


def test_a_dockerfile_is_read_in_both_of_its_forms() -> None:
    text = b"FROM x\nENV A=\"b c\" D=e\nENV F g h\nARG I\nARG J='k'\nRUN x \\\n# y\n  z\nENV L=m \\"

    assert flat(dockerfile(text)) == [("A", "b c"), ("D", "e"), ("F", "g h"), ("J", "k"), ("L", "m")]


def test_properties_and_sections_are_read_without_their_comments() -> None:
    assert flat(properties(b"# a=b\n! c=d\ne.f = g\nh: i\n")) == [("e.f", "g"), ("h", "i")]
    assert flat(ini(b"[a]\n; b = c\nd.e = f\n")) == [("d_e", "f")]


def test_terraform_is_read_through_its_blocks_and_objects() -> None:
    text = b'variable "a" {\n  default = "b"\n}\nresource "x" "y" {\n  env = {\n    A_SECRET = "c"\n    n = var.z\n  }\n  password = "p${var.q}"\n}\n'

    assert flat(terraform(text)) == [("a", "b"), ("A_SECRET", "c")]


def test_tables_of_toml_are_read() -> None:
    found: Reading = toml(b'a = "b"\n[c]\nd = "e"\nf = 1\n')

    assert [(each.setting.name, each.setting.scope, each.text) for each in found.found] == [
        ("a", "", "b"),
        ("d", "c", "e"),
    ]
