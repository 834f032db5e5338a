"""A file that cannot be read is one clear line a fault, with its place and what to do."""

import pytest

from tests.foreign.importing import carried, faults, guardrails

INI = "[importlinter]\nroot_package = shop\n"
TOML = '[tool.importlinter]\nroot_package = "shop"\n'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "pyproject.toml",
            "[tool.importlinter\n",
            "pyproject.toml:1:19: is no TOML: expected ']' at the end of a table declaration; mend it here",
        ),
        (
            "pyproject.toml",
            "[tool.importlinter]\nroot_package = 'a'\ncontracts = 3\n",
            "pyproject.toml:3:1: `contracts` must be a list of tables",
        ),
        ("pyproject.toml", "a = 1\na = 2\n", "pyproject.toml:2:6: is no TOML: cannot overwrite a value; mend it here"),
        (
            "pyproject.toml",
            "a = " + "[" * 100_000,
            "pyproject.toml:1:1: is nested too deeply to be read; write it flat",
        ),
        (
            "pyproject.toml",
            "[tool.other]\n",
            (
                "pyproject.toml:1:1: holds neither contracts of import-linter ([tool.importlinter]) nor a configuration of "
                "tach; name the file that does"
            ),
        ),
        (
            "pyproject.toml",
            "[tool]\nimportlinter = 3\n",
            "pyproject.toml:1:1: `tool.importlinter` must be a table",
        ),
        (
            "setup.cfg",
            "[metadata]\nname = x\n",
            (
                "setup.cfg:1:1: has no section [importlinter]; name the file that holds import-linter's contracts, or "
                "tach.toml"
            ),
        ),
        (
            ".importlinter",
            "name = x\n",
            ".importlinter:1:1: is no INI that can be read: File contains no section headers.; mend it here",
        ),
        (
            ".importlinter",
            "[importlinter]\nx = 1\nx = 2\n",
            (
                ".importlinter:3:1: is no INI that can be read: While reading from '<string>' [line  3]: option 'x' in "
                "section 'importlinter' already exists; mend it here"
            ),
        ),
        (
            ".importlinter",
            b"\x00\x01",
            ".importlinter:1:1: is no text but binary; name the file that holds the contracts",
        ),
        (
            ".importlinter",
            b"[importlinter]\n\xff\n",
            ".importlinter:2:1: byte 0xff is not UTF-8; save the file as UTF-8",
        ),
        ("tach.toml", "", "tach.toml:1:1: holds no module; there is nothing to carry over"),
        (
            "tach.toml",
            "[[modules]]\npath = 'a'\n[[modules]]\npath = 'b'\nutility = 'yes'\n",
            "tach.toml:5:1: `modules[1].utility`: expected `bool`, got `str`",
        ),
        (
            "tach.toml",
            "[[modules]]\ndepends_on = []\n",
            "tach.toml:1:1: a module without a `path`; write the name that it is imported by",
        ),
        (
            "tach.toml",
            "layers = ['top']\n[[modules]]\npath = 'a'\nlayer = 'tob'\n",
            'tach.toml:2:1: unknown layer "tob"; did you mean "top"?',
        ),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(name: str, content: str | bytes, said: str) -> None:
    assert faults(name, content) == [said]


def test_every_fault_of_the_contracts_is_named_at_once() -> None:
    text = (
        f"{INI}rot = 1\n"
        "[importlinter:contract:a]\ntype = layrs\n"
        "[importlinter:contract:b]\nname = B\n"
        "[importlinter:contract:c]\nname = C\ntype = forbidden\nsource_modules = shop.w*\nas_packges = true\n"
        "[importlinter:contract:d]\nname = D\ntype = layers\nlayers =\n  a | b : c\n"
        "[importlinter:contract:e]\nname = E\ntype = layers\nlayers =\n  a\n  a\nexhaustive = true\n"
        "[importlinter:contract:f]\nname = F\ntype = independence\nmodules =\n  a\nignore_imports = a -> b  # why\n"
    )

    assert faults(".importlinter", text) == [
        (
            '.importlinter:3:1: unknown option "rot"; known: contract_types, contracts, exclude_type_checking_imports, '
            "include_external_packages, root_package, root_packages"
        ),
        ".importlinter:4:1: a contract without a `name`; give it one",
        '.importlinter:5:1: unknown contract type "layrs"; did you mean "layers"?',
        (
            ".importlinter:6:1: a contract without a `type`; give it one of acyclic_siblings, forbidden, independence, layers, "
            "protected"
        ),
        ".importlinter:8:1: the contract has no `forbidden_modules`, which the type forbidden must have; write it",
        (
            '.importlinter:11:1: `source_modules` holds "shop.w*", which names no module; a wildcard stands for a whole name, '
            "and a comment has a line of its own"
        ),
        '.importlinter:12:1: unknown option "as_packges" for contract type "forbidden"; did you mean "as_packages"?',
        '.importlinter:16:1: `layers` mixes `|` and `:` in "a | b : c"; siblings in one layer are all independent or none is',
        '.importlinter:21:1: `layers` names "a" twice; a module stands in one layer',
        ".importlinter:24:1: `exhaustive` without `containers`; name the packages of the layers",
        (
            '.importlinter:30:1: `ignore_imports` holds "a -> b  # why", which is no `importer -> imported`; a wildcard stands '
            "for a whole name, and a comment has a line of its own"
        ),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("depth = deep", "`depth` must be a whole number, 0 or more"),
        (
            "unmatched_ignore_imports_alerting = wran",
            '`unmatched_ignore_imports_alerting` unknown value "wran"; did you mean "warn"?',
        ),
    ],
)
def test_a_value_that_an_option_cannot_have(line: str, said: str) -> None:
    text = f"{INI}[importlinter:contract:a]\nname = A\ntype = acyclic_siblings\nancestors = shop\n{line}\n"

    assert faults(".importlinter", text) == [f".importlinter:7:1: {said}"]


@pytest.mark.parametrize("value", ["3.5", "{a = 1}", "[1]", "2020-01-01"])
def test_a_value_of_a_type_that_no_option_has(value: str) -> None:
    text = f'{TOML}[[tool.importlinter.contracts]]\nname = "A"\ntype = "layers"\nlayers = {value}\n'

    assert faults("pyproject.toml", text) == [
        "pyproject.toml:6:1: `layers` must be a text, a number, or a list of texts"
    ]


def test_a_file_without_a_root_package_or_without_contracts_is_no_configuration() -> None:
    assert faults(".importlinter", "[importlinter]\n") == [
        ".importlinter:1:1: holds no contract; there is nothing to carry over",
        (
            ".importlinter:1:1: neither `root_package` nor `root_packages`; write the name of the package that the contracts "
            "are about"
        ),
    ]


def test_a_root_package_is_a_name() -> None:
    assert faults(".importlinter", "[importlinter]\nroot_package = src/shop\n[importlinter:contract:a]\n")[:1] == [
        '.importlinter:1:1: "src/shop" is no package\'s name; write it as it is imported'
    ]


@pytest.mark.parametrize(
    "name",
    [
        "a: b # c",
        "- no",
        "yes",
        "null",
        "'quoted' \"twice\"",
        "{x}",
        "*a &b !c",
        "tab\tbell\u0007 del\u007f",
        "zero\u200bwidth line\u2028 end\u0085 mark\ufeff",
        "emoji \U0001f600 tag\U000e0001",
        "ends with colon:",
        "1e3",
        "0x10",
    ],
)
def test_a_name_of_any_characters_is_the_title_as_it_was(name: str) -> None:
    quoted = "".join(each if each.isalnum() else f"\\U{ord(each):08x}" for each in name)
    text = f'{TOML}[[tool.importlinter.contracts]]\nname = "{quoted}"\ntype = "independence"\nmodules = ["shop.*"]\n'

    (found,) = guardrails(carried("pyproject.toml", text))

    assert found["title"] == name.strip()
