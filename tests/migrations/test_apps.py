"""Migrations of Django as their authors write them: what each comes after, and what its operations come to."""

import ast

import pytest

from selfcheck.subjects.migrations.apps import App, Parent, app
from selfcheck.subjects.migrations.operations import Does, Trait

HEAD = "from django.conf import settings\nfrom django.db import migrations, models\n\n"


def read(body: str, head: str = HEAD, bases: str = "(migrations.Migration)") -> App | None:
    """The migration of a module whose class has this body."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return app(ast.parse(f"{head}class Migration{bases}:\n{lines}"))


def done(operations: str, head: str = HEAD) -> list[tuple[Does, str | None, str | None, tuple[Trait, ...]]]:
    """What operations do, to which table, about what, and how."""
    found = read(f"operations = [{operations}]", head)
    assert found is not None
    return [(each.does, each.table, each.about or each.sql, each.traits) for each in found.operations]


@pytest.mark.parametrize(
    ("body", "depends", "computed"),
    [
        ("dependencies = [('a', '0001')]", ["a 0001"], ()),
        ("dependencies = [('a', '0001')] + [('b', '0002')]", ["a 0001", "b 0002"], ()),
        ("dependencies = [('a', '0001')] if X else [('b', '0002')]", ["a 0001", "b 0002"], ()),
        ("dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]", [], ()),
        ("dependencies = [(settings.APP, '__first__')]", [], ()),
        ("dependencies = [(settings.APP, '0001')]", [], ("dependencies",)),
        ("dependencies = [*MORE, ('a', '0001')]", ["a 0001"], ("dependencies",)),
        ("dependencies = [found()]", [], ("dependencies",)),
        ("dependencies = found()", [], ("dependencies",)),
        ("dependencies = ()", [], ()),
        (
            "if X:\n    dependencies = [('a', '0001')]\nelse:\n    dependencies = [('b', '0002')]",
            ["a 0001", "b 0002"],
            (),
        ),
    ],
)
def test_what_a_migration_comes_after_is_read_in_every_spelling(
    body: str, depends: list[str], computed: tuple[str, ...]
) -> None:
    found = read(body)

    assert found is not None
    assert ([f"{each.label} {each.name}" for each in found.depends], found.computed) == (depends, computed)


def test_of_several_classes_of_which_one_is_defined_all_parents_count() -> None:
    one, other = (
        f"    class Migration(migrations.Migration):\n        dependencies = [('a', '{number}')]\n" for number in "12"
    )

    found = app(ast.parse(f"{HEAD}if X:\n{one}else:\n{other}"))

    assert found is not None
    assert found.depends == (Parent("a", "1"), Parent("a", "2"))


@pytest.mark.parametrize(("head", "bases"), [("from pony import migrations\n", "(migrations.Migration)"), (HEAD, "")])
def test_a_class_that_comes_from_elsewhere_is_no_migration_of_django(head: str, bases: str) -> None:
    assert read("dependencies = []", head, bases) is None


def test_django_may_be_imported_as_a_module() -> None:
    found = read("dependencies = [('a', '1')]", "import django.db.migrations\n", "(django.db.migrations.Migration)")

    assert found == App(depends=(Parent("a", "1"),), lines={"dependencies": 3})


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        ("migrations.CreateModel('Order', [])", (Does.CREATE_TABLE, "Order", None, ())),
        ("migrations.AddField('order', 'x', field)", (Does.ADD_COLUMN, "order", "x", (Trait.CODE,))),
        ("migrations.AddField('order', 'x', models.ManyToManyField('Tag'))", (Does.CREATE_TABLE, None, "x", ())),
        (
            "migrations.AddField('order', 'x', models.ForeignKey('Tag', unique=True, null=True))",
            (Does.ADD_COLUMN, "order", "x", (Trait.REFERENCES, Trait.UNIQUE)),
        ),
        (
            "migrations.AddField('order', 'x', models.GeneratedField(db_default=1))",
            (Does.ADD_COLUMN, "order", "x", (Trait.NOT_NULL, Trait.DEFAULT, Trait.GENERATED)),
        ),
        (
            "migrations.AddConstraint('order', models.UniqueConstraint(name='u'))",
            (Does.ADD_UNIQUE, "order", "u", ()),
        ),
        (
            "migrations.AddConstraintNotValid('order', models.CheckConstraint(name='c'))",
            (Does.ADD_CHECK, "order", "c", (Trait.NOT_VALID,)),
        ),
        ("migrations.AddConstraint('order', made)", (Does.ADD_CHECK, "order", None, ())),
        ("migrations.AlterUniqueTogether('order', {('a', 'b')})", (Does.ADD_UNIQUE, "order", None, ())),
        ("migrations.AlterUniqueTogether('order', None)", (Does.OTHER, "order", None, ())),
        ("migrations.RunPython(f)", (Does.DATA, None, None, (Trait.CODE, Trait.IRREVERSIBLE))),
        ("migrations.RunSQL('SELECT 1', 'SELECT 2')", (Does.UNKNOWN, None, "SELECT 1", ())),
        ("migrations.RunSQL(made(), 'x')", (Does.UNKNOWN, None, None, (Trait.CODE,))),
        ("migrations.RunSQL([('SELECT %s', [1])])", (Does.UNKNOWN, None, "SELECT %s", (Trait.IRREVERSIBLE,))),
        ("migrations.AlterField('order', 'x', models.TextField())", None),
    ],
)
def test_an_operation_comes_to_what_it_does(
    operation: str, wanted: tuple[Does, str | None, str | None, tuple[Trait, ...]] | None
) -> None:
    assert done(operation)[:1] == ([(Does.OTHER, None, "AlterField", ())] if wanted is None else [wanted])


@pytest.mark.parametrize(
    "operation", ["migrations.RunSQL(migrations.RunSQL.noop)", "migrations.RunSQL(())", "1", "*MORE"]
)
def test_what_does_nothing_is_no_operation(operation: str) -> None:
    assert done(operation) == []


def test_operations_of_a_database_alone_are_read_and_those_of_the_state_are_not() -> None:
    inner = "database_operations=[migrations.DeleteModel('A')], state_operations=[migrations.DeleteModel('B')]"

    assert done(f"migrations.SeparateDatabaseAndState({inner})") == [(Does.DROP_TABLE, "A", None, ())]


def test_operations_that_stand_under_a_name_are_read_and_a_circle_of_names_ends() -> None:
    named = read("operations = LATER", f"{HEAD}LATER = [migrations.DeleteModel('A')]\n")
    circle = read("operations = LATER", f"{HEAD}LATER = EVEN\nEVEN = LATER\n")

    assert named is not None
    assert circle is not None
    assert ([each.does for each in named.operations], circle.operations) == ([Does.DROP_TABLE], ())


def test_what_is_not_atomic_is_outside_of_a_transaction() -> None:
    found = read("atomic = False\noperations = [migrations.DeleteModel('A')]")

    assert found is not None
    assert [each.traits for each in found.operations] == [(Trait.OUTSIDE,)]
