"""What tach's modules, layers and interfaces promise, as guardrails over the code that they are about."""

import pytest

from selfcheck.check import Check
from selfcheck.foreign import Carried
from selfcheck.foreign.document import written
from selfcheck.model import Outcome
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from selfcheck.testing import judged, memory
from tests.foreign.importing import carried, checks, faults, guardrails, notes

CODE = {
    "orders.py": "import prices\n",
    "prices.py": "",
    "web/__init__.py": "",
    "web/views.py": "import orders\nimport tools\n",
    "web/api.py": "",
    "tools.py": "",
    "loose/x.py": "import web.views\n",
}
"""Five modules and a folder that no configuration names; who imports whom stands in it."""


def module(path: str, *lines: str) -> str:
    """One table of modules."""
    return f'[[modules]]\npath = "{path}"\n' + "".join(f"{line}\n" for line in lines)


def outcomes(found: Carried, files: dict[str, str]) -> dict[str, Outcome]:
    """The verdicts of all guardrails over some files."""
    document = written(found).encode()
    cases = parse([Source("guardrails.yaml", document)], Registry(plugins=False)).cases
    built = {case.guardrail.id: case.check for case in cases if isinstance(case.check, Check)}
    return {name: judged(check, memory(files)).outcome for name, check in built.items()}


def test_a_module_imports_what_it_declares_as_far_as_it_does() -> None:
    text = module("web", 'depends_on = ["orders", "tools", "prices"]')

    found = carried("tach.toml", text, CODE)

    assert guardrails(found) == [
        {
            "id": "web-allowed",
            "title": "web: it imports only what it declares",
            "why": "It was declared for tach in tach.toml:1; say here what it costs when it is broken.",
            "severity": "high",
            "check": {
                "use": "imports-allowed",
                "roots": ["."],
                "kinds": ["function", "guarded", "lazy", "star"],
                "source_modules": ["web"],
                "third_party": True,
                "allowed_modules": ["orders", "tools"],
            },
        }
    ]
    assert outcomes(found, CODE) == {"web-allowed": Outcome.PASS}
    assert outcomes(found, {**CODE, "web/api.py": "import prices\n"}) == {"web-allowed": Outcome.FAIL}


def test_what_nobody_imports_is_left_out_unless_the_file_is_exact() -> None:
    text = module("web", 'depends_on = ["orders", "tools", "prices"]') + module("prices")

    loose, exact = carried("tach.toml", text, CODE), carried("tach.toml", f"exact = true\n{text}", CODE)

    assert loose.drafts[0].left == ("depends_on prices: used by no import today and left out",)
    assert [draft.check["allowed_modules"] for draft in (loose.drafts[0], exact.drafts[0])] == [
        ["orders", "tools"],
        ["orders", "prices", "tools"],
    ]


def test_a_module_without_declarations_or_unchecked_promises_nothing_about_what_it_imports() -> None:
    text = module("orders") + module("web", "unchecked = true", "depends_on = []") + module("prices", "depends_on = []")

    assert notes("tach.toml", text, CODE) == [
        "1: orders: promises nothing of its own",
        "3: web: carried exactly: it is `unchecked`, so nothing that it imports is judged",
        "7: prices: carried exactly, as imports-allowed",
    ]


def test_utilities_and_lower_layers_need_no_declaration() -> None:
    text = (
        'layers = ["ui", "core"]\n'
        + module("web", 'layer = "ui"', "depends_on = []")
        + module("orders", 'layer = "core"', "depends_on = []")
        + module("prices", 'layer = "core"', "depends_on = []")
        + module("tools", "utility = true")
    )

    found = checks("tach.toml", text, CODE)

    assert [check.get("allowed_modules") for check in found[:2]] == [["orders", "tools"], None]
    assert found[-1] == {"use": "imports-layers", "layers": ["web", "orders : prices"]}


def test_layers_that_must_be_declared_are_no_licence() -> None:
    text = (
        'layers = ["ui", "core"]\nlayers_explicit_depends_on = true\n'
        + module("web", 'layer = "ui"', "depends_on = []")
        + module("orders", 'layer = "core"')
    )

    assert checks("tach.toml", text, CODE)[0].get("allowed_modules") == ["tools"]


def test_a_closed_layer_is_closed() -> None:
    text = 'layers = ["ui", {name = "logic", closed = true}, "data"]\n' + "".join(
        module(path, f'layer = "{layer}"') for path, layer in (("web", "ui"), ("orders", "logic"), ("prices", "data"))
    )

    (found,) = checks("tach.toml", text, CODE)

    assert found == {"use": "imports-layers", "layers": ["web", "orders", "prices"], "closed": ["orders"]}


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        (module("web", 'layer = "ui"'), "not carried: no two layers have modules"),
        (
            module("web", 'layer = "ui"') + module("web.api", 'layer = "core"'),
            "not carried: web.api stands in web, which is in another layer",
        ),
    ],
)
def test_layers_that_are_none_are_not_carried(modules: str, said: str) -> None:
    text = f'layers = ["ui", "core"]\n{modules}' + module("orders", "depends_on = []")

    assert f"1: layers: {said}" in notes("tach.toml", text, CODE)


def test_what_a_module_must_not_import_is_forbidden_directly() -> None:
    text = module("web", 'cannot_depend_on = ["prices"]', 'cannot_depend_on_external = ["left-pad"]') + module("prices")

    found = carried("tach.toml", text, CODE)

    check, outside = (each["check"] for each in guardrails(found))
    assert outside["forbidden_modules"] == ["left_pad"]
    assert (check["use"], check["forbidden_modules"], check["allow_indirect_imports"]) == (
        "imports-forbidden",
        ["prices"],
        True,
    )
    assert outcomes(found, CODE) == {"web-forbidden": Outcome.PASS, "web-outside": Outcome.PASS}
    assert outcomes(found, {**CODE, "web/api.py": "import prices\n"}) == {
        "web-forbidden": Outcome.FAIL,
        "web-outside": Outcome.PASS,
    }


def test_a_deprecated_dependency_is_allowed_and_reported_as_of_low_severity() -> None:
    text = module("web", 'depends_on = ["tools", {path = "orders", deprecated = true}]') + module("orders")

    allowed, deprecated = guardrails(carried("tach.toml", text, CODE))

    assert allowed["check"]["allowed_modules"] == ["orders", "tools"]
    assert (deprecated["severity"], deprecated["check"]["forbidden_modules"]) == ("low", ["orders"])


# modules within modules


NESTED = {
    "app/__init__.py": "",
    "app/core/__init__.py": "",
    "app/core/db.py": "",
    "app/errors.py": "",
    "app/web.py": "import app\nimport app.errors\nimport app.core.db\n",
}


def test_a_module_around_others_allows_only_what_belongs_to_itself() -> None:
    text = (
        module("app", "depends_on = []")
        + module("app.core", "depends_on = []")
        + module("app.web", 'depends_on = ["app"]')
    )

    found = carried("tach.toml", text, NESTED)

    outer, _, _, web = (each["check"] for each in guardrails(found))
    assert outer["source_modules"] == ["app.errors"]
    assert web["allowed_modules"] == ["app.errors"]
    assert web["exempt"] == [
        {
            "imports": "app.web -> app",
            "reason": "declared in tach.toml:7: the package itself, without the other modules in it",
        }
    ]
    assert outcomes(found, NESTED)["app-web-allowed"] is Outcome.FAIL
    assert (
        outcomes(found, {**NESTED, "app/web.py": "import app\nimport app.errors\n"})["app-web-allowed"] is Outcome.PASS
    )


def test_the_packages_around_other_modules_are_judged_by_themselves() -> None:
    text = module("app", "depends_on = []") + module("app.core") + module("web")
    files = {**NESTED, "web.py": "import app\n"}

    found = carried("tach.toml", text, files)

    around = guardrails(found)[1]["check"]
    assert (around["source_modules"], around["forbidden_modules"], around["as_packages"]) == (
        ["app"],
        ["app.core", "app.core.**", "web"],
        False,
    )
    assert outcomes(found, files)["app-around"] is Outcome.PASS
    assert outcomes(found, {**files, "app/__init__.py": "import web\n"})["app-around"] is Outcome.FAIL


def test_what_is_forbidden_of_a_module_around_others_is_what_belongs_to_itself() -> None:
    text = module("app") + module("app.core") + module("web", 'cannot_depend_on = ["app"]')
    files = {**NESTED, "web.py": "import app.core.db\n"}

    found = carried("tach.toml", text, files)

    assert outcomes(found, files) == {"web-forbidden": Outcome.PASS}
    for name in ("app", "app.errors"):
        assert outcomes(found, {**files, "web.py": f"import {name}\n"}) == {"web-forbidden": Outcome.FAIL}


def test_a_layer_says_what_it_holds_beyond_its_modules() -> None:
    text = (
        'layers = ["ui", "core"]\n'
        + module("web", 'layer = "ui"', "unchecked = true")
        + module("web.api")
        + module("orders", 'layer = "core"')
    )

    assert notes("tach.toml", text, CODE)[-1] == (
        "1: layers: carried as imports-layers, stricter: a chain through modules in no layer counts as well; stricter: "
        "web.api, which has no layer, is in that of what it stands in; stricter: web is `unchecked` and judged here"
    )


def test_a_path_of_wildcards_is_one_guardrail_for_all_that_it_stands_for() -> None:
    files = {f"libs/{name}/{file}.py": "" for name in "abc" for file in ("__init__", "x")} | {
        "libs/a/y.py": "import libs.c\n"
    }
    text = module("libs.**", "depends_on = []") + module("libs.c", "depends_on = []")

    found = carried("tach.toml", text, files)

    assert [each["check"]["source_modules"] for each in guardrails(found)] == [["libs.**"], ["libs.c"]]


def test_a_path_pattern_that_is_no_module_expression_is_not_carried() -> None:
    text = module("web") + module("o{r,x}ders", "depends_on = []")

    assert notes("tach.toml", text, CODE)[1] == (
        "3: o{r,x}ders: not carried: it is no module's name; of wildcards `*` and `**` for whole names have a counterpart"
    )


def test_a_module_that_is_not_there_is_not_carried() -> None:
    assert notes("tach.toml", module("native", "depends_on = []"), CODE) == [
        "1: native: not carried: no Python module stands here by this name"
    ]


# who may import it


def test_only_those_that_see_a_module_import_it() -> None:
    text = module("orders", 'visibility = ["web"]') + module("web") + module("tools", 'visibility = ["*"]')

    found = carried("tach.toml", text, CODE)

    (check,) = (each["check"] for each in guardrails(found))
    assert (check["use"], check["protected_modules"], check["allowed_importers"]) == (
        "imports-protected",
        ["orders"],
        ["web"],
    )
    assert outcomes(found, CODE) == {"orders-visibility": Outcome.PASS}
    assert outcomes(found, {**CODE, "tools.py": "import orders\n"}) == {"orders-visibility": Outcome.FAIL}


@pytest.mark.parametrize(
    ("expose", "interface"),
    [
        ('["views"]', ["web.views"]),
        ('["views.*"]', ["web.views"]),
        (r'["views\\..*"]', ["web.views"]),
        ('["views.show"]', ["web.views"]),
        ('["show"]', ["web"]),
        ('["views", "api"]', ["web.api", "web.views"]),
        ("[]", None),
    ],
)
def test_an_interface_is_the_modules_that_its_expressions_name(expose: str, interface: list[str] | None) -> None:
    text = module("web") + module("orders") + f'[[interfaces]]\nexpose = {expose}\nfrom = ["we."]\n'

    (check,) = checks("tach.toml", text, {**CODE, "loose/x.py": ""})

    assert check.get("interface") == interface
    assert check["protected_modules"] == ["web"]


def test_code_that_no_module_holds_and_unchecked_modules_may_go_past_an_interface() -> None:
    text = module("web") + module("orders", "unchecked = true") + '[[interfaces]]\nexpose = ["api"]\nfrom = ["web"]\n'

    (check,) = checks("tach.toml", text, CODE)

    assert check["allowed_importers"] == ["orders", "loose"]


@pytest.mark.parametrize(
    ("expose", "said"),
    [
        (
            '["(views|api)"]',
            "not carried: its interface; the expression `(views|api)` says more than a name and what is below it",
        ),
        (
            '["api", "views", "show"]',
            "not carried: its interface; names within a module are not told apart, and every module is in it",
        ),
        ('[".*"]', "promises nothing of its own"),
    ],
)
def test_an_interface_that_cannot_be_said_is_not_carried(expose: str, said: str) -> None:
    text = module("web") + f'[[interfaces]]\nexpose = {expose}\nfrom = ["web"]\n'

    assert notes("tach.toml", text, CODE) == [f"1: web: {said}"]


# the file as a whole


@pytest.mark.parametrize(
    ("head", "files", "roots"),
    [
        ("", CODE, ["."]),
        ('source_roots = ["src"]\n', {"src/web.py": ""}, ["src"]),
        (
            'source_roots = ["a", "b/lib"]\n',
            {"a/web/x.py": "", "a/y.py": "", "b/lib/z.py": ""},
            ["a/web", "a/y.py", "b/lib"],
        ),
        ('exclude = ["loose"]\n', {"web.py": "", "loose/x.py": ""}, ["web.py"]),
    ],
)
def test_the_roots_make_the_names_that_the_file_uses(head: str, files: dict[str, str], roots: list[str]) -> None:
    text = f"{head}forbid_circular_dependencies = true\n" + module("web")

    (found,) = guardrails(carried("tach.toml", text, files))

    assert found["check"]["roots"] == roots


@pytest.mark.parametrize(
    ("head", "kinds"),
    [
        ("ignore_type_checking_imports = false\n", ["function", "guarded", "lazy", "star", "type-checking"]),
        ('rules = {local_imports = "off"}\n', ["guarded", "lazy", "star"]),
        ("include_string_imports = true\n", ["function", "guarded", "lazy", "star", "dynamic"]),
    ],
)
def test_the_settings_decide_which_imports_count(head: str, kinds: list[str]) -> None:
    (found,) = guardrails(carried("tach.toml", head + module("prices", "depends_on = []"), CODE))

    assert found["check"]["kinds"] == kinds


def test_circles_are_forbidden_at_the_depth_of_the_modules() -> None:
    one, many = (
        "forbid_circular_dependencies = true\n" + text for text in (module("web"), module("web") + module("web.api"))
    )

    assert [checks("tach.toml", text, CODE)[0].get("depth") for text in (one, many)] == [1, None]


def test_what_the_settings_say_beyond_that_is_named() -> None:
    text = (
        'root_module = "forbid"\ncache = {backend = "local"}\n'
        + module("prices", "depends_on = []")
        + '[rules]\nlocal_imports = "warn"\nunused_ignore_directives = "error"\n'
    )

    assert [
        each for each in notes("tach.toml", text, {**CODE, "web/tach.domain.toml": ""}) if "prices: carried" not in each
    ] == [
        "7: local_imports: looser: imports inside functions do not count, not even as a warning",
        "1: root_module: not carried: that every file belongs to a module",
        "8: unused_ignore_directives: not carried: `tach-ignore` comments are not read; write `exempt` entries instead",
        "1: tach.domain.toml: not carried: what web/tach.domain.toml and its like declare; write it into the file first",
    ]


def test_a_setting_or_a_key_that_a_newer_tach_may_know_is_named() -> None:
    text = "turbo = 1\n" + module("prices", "depends_on = []", "utilty = true")

    turbo, utility = notes("tach.toml", text, CODE)[1:]

    assert turbo.startswith('1: turbo: not carried: unknown setting "turbo"; known: ')
    assert utility == '2: prices: not carried: unknown key "utilty"; did you mean "utility"?'


def test_a_configuration_in_pyproject_is_the_one_in_tach_toml() -> None:
    text = module("web", 'depends_on = ["orders", "tools"]')

    assert checks("pyproject.toml", text.replace("[[", "[[tool.tach."), CODE) == checks("tach.toml", text, CODE)


def test_without_the_code_everything_that_is_declared_is_allowed() -> None:
    text = (
        'source_roots = ["backend"]\nexclude = ["x"]\n'
        + module("web", 'depends_on = ["orders"]')
        + module("tools", "utility = true")
        + '[[interfaces]]\nexpose = ["a"]\nfrom = ["tools"]\n'
    )

    found = carried("tach.toml", text, {})

    assert guardrails(found)[0]["check"]["allowed_modules"] == ["orders", "tools"]
    assert [str(note) for note in found.notes] == [
        (
            "web: carried as imports-allowed, stricter: an allowance that no import uses is a finding, and so is an "
            "import of what no module holds"
        ),
        "tools: not carried: its interface; which of the names are modules is known only where they stand",
        "source_roots: not found around the file: mend `roots` where they are no folders",
        "source_roots: `backend` as a root begins its modules' names with its own; name what stands in it instead",
        "source_roots: stricter: files that `exclude` names are judged",
    ]


def test_whoever_an_interface_is_for_may_import_the_whole_module() -> None:
    text = (
        module("web")
        + module("orders")
        + '[[interfaces]]\nexpose = ["api"]\nfrom = ["web"]\n'
        + '[[interfaces]]\nexpose = ["views"]\nfrom = ["web"]\nvisibility = ["orders", "nobody"]\nexclusive = true\n'
    )
    files = {**CODE, "web/inner.py": "", "loose/x.py": ""}

    found = carried("tach.toml", text, files)

    (check,) = (each["check"] for each in guardrails(found))
    assert check["allowed_importers"] == ["orders"]
    assert str(found.notes[0]).endswith(
        "looser: whoever an interface with `visibility` is for may import the whole module"
    )


def test_an_interface_shows_modules_below_a_name_and_other_units_within() -> None:
    files = {
        **CODE,
        "web/parts/__init__.py": "",
        "web/parts/one.py": "",
        "web/deep/__init__.py": "",
        "web/deep/x.py": "",
    }
    text = module("web") + module("web.deep") + '[[interfaces]]\nexpose = ["parts.*"]\nfrom = ["web"]\n'

    (check,) = checks("tach.toml", text, {**files, "loose/x.py": ""})

    assert check["interface"] == ["web.parts", "web.parts.**", "web.deep", "web.deep.**"]


def test_an_expression_that_is_none_is_a_fault_at_its_line() -> None:
    text = module("shop.web") + '[[interfaces]]\nexpose = ["api"]\nfrom = ["(web"]\n'
    text = f'source_roots = ["src"]\n{text}'

    assert faults("tach.toml", text) == [
        "tach.toml:6:1: `from` is no RE2 pattern: missing ): (web",
    ]


def test_what_no_guardrail_can_hold_is_said_beside_the_others() -> None:
    text = module("web", "strict = true", 'depends_on_external = ["git"]', 'visibility = ["orders"]') + module(
        "web.api"
    )

    assert notes("tach.toml", text, {})[0] == (
        "1: web: carried as imports-protected, looser: `depends_on_external` is left out; see the check "
        "dependencies-declared; differs: it holds other modules of the file, which are judged as part of it; import the "
        "file where the code stands; stricter: of `visibility`, everybody is judged, also whose `depends_on` is open and "
        "what no module holds; not carried: `strict`; write an interface"
    )


def test_a_layer_of_wildcards_is_not_carried_where_nobody_knows_what_it_stands_for() -> None:
    text = 'layers = ["ui", "core"]\n' + module("web.*", 'layer = "ui"') + module("orders", 'layer = "core"')

    assert notes("tach.toml", text, {})[2] == (
        "1: layers: not carried: `web.*` stands for several modules, and a layer is named without wildcards"
    )
