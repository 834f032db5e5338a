"""Every spelling of a setting, and what its default comes to."""

from collections.abc import Callable, Iterable

import pytest

from selfcheck.errors import Unreadable
from selfcheck.subjects.settings import contents, python
from selfcheck.subjects.settings import script as scripts
from selfcheck.subjects.settings.code import Finder
from selfcheck.subjects.settings.contents import Reading
from selfcheck.subjects.settings.defaults import source
from selfcheck.subjects.settings.entries import Entry
from selfcheck.subjects.settings.flat import dockerfile, ini, properties
from selfcheck.subjects.settings.names import Consequence
from selfcheck.subjects.settings.program import Program
from selfcheck.subjects.settings.values import Kind, Shape, shape
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
        ('env = Env(A_SECRET=(str, "x"), B=str)', ("A_SECRET", "A_SECRET", "literal", "x")),
        ('K = dict(os.environ).copy().get("A_SECRET", "x")', ("K", "A_SECRET", "literal", "x")),
        ('K = os.environ.copy()["A_SECRET"]', ("K", "A_SECRET", "required", None)),
        ('K = env.get("A_SECRET", "x")', ("K", "A_SECRET", "literal", "x")),
        ('K = config("A_SECRET", str)', ("K", "A_SECRET", "required", None)),
        (
            'def f():\n    try:\n        return os.environ["A_SECRET"]\n    except KeyError:\n        return "x"',
            ("A_SECRET", "A_SECRET", "literal", "x"),
        ),
        ('try:\n    K = os.environ["A_SECRET"]\nexcept E:\n    raise', ("K", "A_SECRET", "required", None)),
        (
            'class P(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="P_")\nclass S(P):\n    a_key: str = "1"',
            ("a_key", "P_A_KEY", "literal", "1"),
        ),
        ('class P(BaseSettings):\n    b = 1\nclass S(P):\n    a_key: str = "1"', ("a_key", "A_KEY", "literal", "1")),
        (
            'class S(BaseSettings):\n    class Config:\n        extra = "x"\n    a_key: str = "1"',
            ("a_key", "A_KEY", "literal", "1"),
        ),
        ('class S(CommonSettings):\n    a_key: str = "1"', ("a_key", "", "literal", "1")),
        ('class S(BaseSettings):\n    model_config = made()\n    a_key: str = "1"', ("a_key", "", "literal", "1")),
        ('class S(BaseSettings):\n    a_key: str = Field("1", title="d")', ("a_key", "A_KEY", "literal", "1")),
        ('jwt.encode({}, b"abcd")', ("jwt_secret", "", "literal", "abcd")),
        ("for i in x:\n    continue\nK = os.getenv('A_SECRET')", ("K", "A_SECRET", "none", None)),
        ('K = os.getenv("A_SECRET", x if y else z)', ("K", "A_SECRET", "unknown", None)),
        ('K = os.getenv("A_SECRET", not x)', ("K", "A_SECRET", "unknown", None)),
        ("import a\ndel x\nglobal y\nK = os.getenv('A_SECRET', 'x')", ("K", "A_SECRET", "literal", "x")),
        ('app.config["MAIL_PASSWORD"] = "xyz"', ("MAIL_PASSWORD", "", "literal", "xyz")),
    ],
)
def test_a_setting_of_python_is_found_with_its_default(text: str, wanted: Row) -> None:
    name, *rest = wanted

    found = [row for row in python_rows(text) if row[1:] == tuple(rest)]

    assert [row[0] for row in found] == [name or wanted[1]]


@pytest.mark.parametrize(
    "text",
    [
        'K = x[0]["A_SECRET"]',
        'K = app.config.pop("A_SECRET")',
        'K = d.get("A_SECRET", "x")',
        'class S(S):\n    a_key: str = "1"',
        "jwt.encode({}, settings.jwt_secret)",
        "from a import A_SECRET\njwt.encode({}, A_SECRET)",
        'p.add_argument("db_password", default="x")',
        "a_secret = 7",
        'class A(Enum):\n    SECRET = "x"',
        'class A:\n    secret = "x"',
        "class A(BaseSettings):\n    _secret: str = make()",
    ],
)
def test_what_is_no_setting_of_python_is_none(text: str) -> None:
    assert python_rows(text) == []


def test_a_chain_of_classes_without_end_is_followed_without_trouble() -> None:
    classes = "".join(f"class C{each}(C{each - 1}):\n    pass\n" for each in range(1, 1500))

    found = python_rows(f'class C0(BaseSettings):\n    pass\n{classes}class S(C1499):\n    a_key: str = "1"\n')

    assert found == [("a_key", "A_KEY", "literal", "1")]


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
        ("Joi.object({ A_SECRET: (() => z)(), B_SECRET: Joi.string() });", ("B_SECRET", "B_SECRET", "required", None)),
        ("const o = { ...rest, [k]: 1 }; const s = process.env.A_SECRET || a[b];", ("s", "A_SECRET", "unknown", None)),
        ("for (const k of q) { const A_KEY = process.env.A_SECRET || 'x'; }", ("A_KEY", "A_SECRET", "literal", "x")),
        ("for (let i = 0; i < 3; i++) { q = process.env.A_SECRET; }", ("q", "A_SECRET", "none", None)),
        ("switch (x) { case 1: q = process.env.A_SECRET || 'x'; break; }", ("q", "A_SECRET", "literal", "x")),
        ("try { f(); } catch { q = process.env.A_SECRET; } finally { g(); }", ("q", "A_SECRET", "none", None)),
        ("if (x) y(); else z = process.env.A_SECRET || 'x';", ("z", "A_SECRET", "literal", "x")),
        ("if (x) { y(); } else { z = process.env.A_SECRET; }", ("z", "A_SECRET", "none", None)),
        ("lbl: { while (x) { y = process.env.A_SECRET; } }", ("y", "A_SECRET", "none", None)),
        (
            "class A { s: string; constructor(private t = process.env.A_SECRET || 'x') {} }",
            ("A_SECRET", "A_SECRET", "literal", "x"),
        ),
        ("const o = { ...rest, 'jwtSecret': 'abc', /* c */ f() {} };", ("jwtSecret", "", "literal", "abc")),
        ("const {A_SECRET = 'x'} = load();", ("A_SECRET", "", "literal", "x")),
        ("export * from 'a'; export default process.env.A_SECRET || 'x';", ("A_SECRET", "A_SECRET", "literal", "x")),
        (
            "import d, * as n from 'a'; let t; const s = process.env.A_SECRET || n.K;",
            ("s", "A_SECRET", "unknown", None),
        ),
        ("x.y = () => process.env.A_SECRET || 'x';", ("A_SECRET", "A_SECRET", "literal", "x")),
        ("module.exports = function () { return process.env.A_SECRET; };", ("A_SECRET", "A_SECRET", "none", None)),
        ("const s = process.env[`A_SECRET`] || `x${1}`;", ("s", "A_SECRET", "literal", "x1")),
        ("const s = process.env.A_SECRET || 'a' + 'b' + 'c';", ("s", "A_SECRET", "literal", "abc")),
        ("const s = process.env.A_SECRET || 12n;", ("s", "A_SECRET", "unknown", None)),
        (
            "const s = process.env.A_SECRET || 'a\\u{1F600}b\\uD800\\q';",
            ("s", "A_SECRET", "literal", "a\U0001f600b\ufffdq"),
        ),
        ("const s = (process.env.A_SECRET as string)!; new Map;;", ("s", "A_SECRET", "none", None)),
        (
            "@Injectable() class A { @Env() f(this: X, ...rest) { g(process.env.A_SECRET); } }",
            ("A_SECRET", "A_SECRET", "none", None),
        ),
        ("createHmac('sha256', process.env.A_SECRET);", ("A_SECRET", "A_SECRET", "none", None)),
        (
            "Joi.object({ A_SECRET: a.b().c(), B_SECRET: x['y'](), C_SECRET: Joi.string() });",
            ("C_SECRET", "C_SECRET", "required", None),
        ),
    ],
)
def test_a_setting_of_a_script_is_found_with_its_default(text: str, wanted: Row) -> None:
    assert (wanted in script_rows(text)) is (wanted[0] != "JWT")


def flat(reading: Iterable[Entry]) -> list[tuple[str, str | None]]:
    """Name and text of every entry."""
    return [(each.setting.name, each.text) for entry in reading for each in entry.found]


BOMB = "\n".join(["a0: &a0 [x, x, x, x, x, x]", *(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]" for n in range(1, 6))])


def told(found: Reading) -> list[tuple[str, str, int, str | None]]:
    """Name, variable, line and text of every setting of a file."""
    return [(each.setting.name, each.setting.variable, each.setting.line, each.text) for each in found.found]


def test_a_dockerfile_is_read_in_both_of_its_forms() -> None:
    text = b"FROM x\nENV A=\"b c\" D=e\nENV F g h\nARG I\nARG J='k'\nARG J e\nENV\nRUN x \\\n# y\n  z\nENV L=m \\"

    assert flat(dockerfile(text)) == [("A", "b c"), ("D", "e"), ("F", "g h"), ("J", "k"), ("L", "m")]


def test_properties_and_sections_are_read_without_their_comments() -> None:
    assert flat(properties(b"# a=b\n! c=d\ne.f = g\nh: i\n")) == [("e.f", "g"), ("h", "i")]
    assert flat(ini(b"[a]\n; b = c\nd.e = f\n")) == [("d_e", "f")]


@pytest.mark.parametrize(
    ("read", "text", "wanted"),
    [
        (
            contents.infrastructure,
            (
                'variable "a" {\n  default = "b"\n}\nresource "x" "y" {\n  env = {\n    A_SECRET = "c"\n    n = var.z\n  }\n'
                '  password = "p${var.q}"\n  other = "r"\n  tags = {"API_KEY" = "s"}\n}\nlocals {\n  db_password = "q"\n}\n'
            ),
            [
                ("a", "TF_VAR_a", 2, "b"),
                ("A_SECRET", "A_SECRET", 6, "c"),
                ("API_KEY", "API_KEY", 11, "s"),
                ("db_password", "", 14, "q"),
            ],
        ),
        (contents.toml, 'a = "b"\n[c]\nd = "e"\nf = 1\n', [("a", "", 1, "b"), ("d", "", 3, "e")]),
        (
            contents.cluster,
            (
                "kind: ConfigMap\ndata:\n  A: b\n---\nno: kind\n---\nkind: Pod\nspec:\n  containers:\n  - env:\n"
                "    - {name: S, value: t}\n    - {name: V, valueFrom: {x: y}}\n    - {value: q}\n"
            ),
            [("A", "A", 3, "b"), ("S", "S", 11, "t")],
        ),
        (
            contents.cluster,
            "kind: Secret\ndata:\n  A: '!!!'\n  B: /w==\n  C: aGk=\nstringData: {D: e}\n",
            [("A", "A", 3, "!!!"), ("B", "B", 4, "/w=="), ("C", "C", 5, "hi"), ("D", "D", 6, "e")],
        ),
        (
            contents.compose,
            (
                "services:\n  web:\n    build: {args: [F=g, H]}\n    environment:\n    - A=b\n    - C\n    - {x: y}\n  db:\n"
                "    environment: {D: [e], I: }\n"
            ),
            [("A", "A", 5, "b"), ("F", "F", 3, "g"), ("I", "I", 9, "")],
        ),
        (
            contents.chart,
            "postgresql:\n  auth:\n    key: b\nlist:\n - c\n - name: JWT_SECRET\n   value: d\nx: plain\n",
            [
                ("auth_key", "", 3, "b"),
                ("list", "", 5, "c"),
                ("JWT_SECRET", "JWT_SECRET", 7, "d"),
                ("x", "", 8, "plain"),
            ],
        ),
        (contents.chart, "a: !own x\nb: c\n", [("b", "", 2, "c")]),
        (
            contents.workflow,
            "env:\n  A: b\n  T: ${{ secrets.X }}\n  M: {a: b}\njobs:\n  x:\n    env: {C: d}\n",
            [("A", "A", 2, "b"), ("C", "C", 7, "d")],
        ),
        (contents.workflow, "", []),
        (
            contents.spring,
            "jwt:\n  secret: ${JWT_SECRET}\n  a: ${B:c}\n  url: jdbc://u:${PW:pw1}@h/${DB}\n",
            [("jwt.a", "B", 3, "c"), ("jwt.url", "", 4, "jdbc://u:pw1@h/\0")],
        ),
        (
            contents.environment,
            "A=${B}\nC=x${D:-e}y\nF=$G\nH=postgres://u:${PW:-pw1}@h/d\nI=${J:?k}\nK=${L:=m}\n\n# R=s\n#nothing\n",
            [
                ("A", "B", 1, None),
                ("D", "D", 2, "e"),
                ("F", "G", 3, None),
                ("H", "H", 4, "postgres://u:pw1@h/d"),
                ("I", "J", 5, None),
                ("K", "L", 6, "m"),
            ],
        ),
        (contents.javascript, "process.env.A;" + "x" * 300_000, []),
        (contents.javascript, "let a;", []),
        (contents.python, "a = 1\n", []),
        (contents.chart, "{{- if .Values.a }}\na: b\n", []),
    ],
)
def test_a_file_that_is_no_code_is_read_with_its_lines(
    read: Callable[[bytes], Reading], text: str, wanted: list[tuple[str, str, int, str | None]]
) -> None:
    assert told(read(text.encode())) == wanted


def test_a_text_put_together_with_a_variable_is_not_known() -> None:
    (found,) = contents.spring(b"jwt.secret: x${PW}y\n").found

    assert found.setting.value.kind is Kind.UNKNOWN


@pytest.mark.parametrize("text", ["postgresql://a:b@[c/d", "http://[::1", "Server=db;Password=${PW}", "a\nb"])
def test_an_address_without_a_password_is_plain(text: str) -> None:
    assert shape(text, Consequence.ADDRESS) is Shape.PLAIN


def test_the_files_of_variables_that_a_service_reads_are_told() -> None:
    text = b"services:\n  a:\n    env_file: a.env\n  b:\n    env_file: [b.env, {path: c.env}, {x: y}]\n"

    assert contents.compose(text).rest.env_files == ("a.env", "b.env", "c.env")


@pytest.mark.parametrize(
    ("read", "text", "wanted"),
    [
        (contents.chart, "a: [\n", "is no YAML: while parsing a flow node (line 2)"),
        (contents.chart, BOMB, "holds more than 50,000 values once its aliases are written out"),
        (
            contents.workflow,
            BOMB,
            "holds more than 50,000 values once its aliases are written out",
        ),
        (contents.environment, "A=b\n=x\n", "line 2 is no `NAME=value`"),
        (contents.environment, "A=b\n" * 300_000, "is larger than 1000 KB, too large for a file of settings"),
        (contents.infrastructure, 'a = 1\nb = "${"\n', "does not parse as Terraform (line 2)"),
        (contents.typescript, "a();\nprocess.env.A ||| 'x';\n", "does not parse as a script (line 2)"),
        (contents.python, "import os\nos.environ[\n", "does not parse as Python: '[' was never closed (line 2)"),
        (
            contents.python,
            "import os\nos.environ\0\n",
            "does not parse as Python: source code string cannot contain null bytes",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_where(
    read: Callable[[bytes], Reading], text: str, wanted: str
) -> None:
    with pytest.raises(Unreadable) as error:
        read(text.encode())

    assert str(error.value) == wanted


def test_a_source_nested_too_deep_is_told_so() -> None:
    with pytest.raises(Unreadable, match="does not parse as Python: "):
        contents.python(f"os.environ\nx = {'-' * 9000}1\n".encode())
