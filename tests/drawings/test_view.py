"""What of a graph is drawn: everything, packages, neighbourhoods, circles, other distributions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.drawings import Direction, Edge, Node, View
from selfcheck.subjects.imports import Kind
from tests.drawings.shop import SHOP, names, pairs, shop

FILES = st.dictionaries(
    st.sampled_from([f"p{package}/m{module}.py" for package in range(3) for module in range(3)]),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=4).map(
        lambda found: "".join(f"from p{package} import m{module}\n" for package, module in found)
    ),
    min_size=1,
)


def test_every_module_is_drawn_with_its_file_and_its_circle() -> None:
    drawing = shop(View())

    assert drawing.nodes == (
        Node(name="shop", path="shop/__init__.py"),
        Node(name="shop.api", path="shop/api/__init__.py"),
        Node(name="shop.api.orders", path="shop/api/orders.py"),
        Node(name="shop.core", path="shop/core/__init__.py"),
        Node(name="shop.core.prices", path="shop/core/prices.py", component=1),
        Node(name="shop.core.stock", path="shop/core/stock.py", component=1),
        Node(name="shop.tasks", path="shop/tasks.py"),
    )
    assert drawing.components == {1: ("shop.core.prices", "shop.core.stock")}


def test_an_import_is_drawn_with_its_place_and_with_the_circle_that_both_its_ends_are_in() -> None:
    drawing = shop(View())

    assert drawing.edges == (
        Edge(importer="shop", imported="shop.api.orders", path="shop/__init__.py", line=1),
        Edge(importer="shop.api.orders", imported="shop.core.prices", path="shop/api/orders.py", line=3),
        Edge(importer="shop.api.orders", imported="shop.core.stock", path="shop/api/orders.py", line=3),
        Edge(importer="shop.core.prices", imported="shop.core.stock", path="shop/core/prices.py", line=1, component=1),
        Edge(importer="shop.core.stock", imported="shop.core.prices", path="shop/core/stock.py", line=2, component=1),
    )


def test_an_import_in_a_function_is_drawn_where_that_kind_counts() -> None:
    drawing = shop(View(kinds=(Kind.FUNCTION,)))

    assert drawing.edges[-1] == Edge(
        importer="shop.tasks", imported="shop.api.orders", path="shop/tasks.py", line=2, kinds=(Kind.FUNCTION,)
    )
    assert drawing.edges[-1].later


def test_of_two_imports_the_one_that_runs_with_its_module_is_drawn() -> None:
    drawing = shop(View(kinds=tuple(Kind)), {"a.py": "def f():\n    import b\nimport b\n", "b.py": ""})

    assert [(edge.line, edge.later) for edge in drawing.edges] == [(3, False)]


def test_packages_are_drawn_with_how_many_edges_between_modules_they_stand_for() -> None:
    drawing = shop(View(depth=2))

    assert [(f"{edge.importer} -> {edge.imported}", edge.count) for edge in drawing.edges] == [
        ("shop -> shop.api", 1),
        ("shop.api -> shop.core", 2),
    ]
    assert (names(drawing), drawing.components) == (["shop", "shop.api", "shop.core", "shop.tasks"], {})


def test_a_package_without_a_file_of_its_own_has_no_path() -> None:
    drawing = shop(View(depth=1), {"space/a.py": "", "space/b.py": ""})

    assert drawing.nodes == (Node(name="space"),)


def test_packages_in_a_circle_are_marked_though_no_modules_are() -> None:
    files = {"a/__init__.py": "", "a/x.py": "import b.x\n", "b/__init__.py": "", "b/x.py": "", "b/y.py": "import a.x\n"}

    assert (shop(View(), files).components, shop(View(depth=1), files).components) == ({}, {1: ("a", "b")})


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (Direction.IMPORTS, ["shop.api.orders -> shop.core.prices", "shop.api.orders -> shop.core.stock"]),
        (Direction.IMPORTED_BY, ["shop -> shop.api.orders"]),
        (
            Direction.BOTH,
            ["shop -> shop.api.orders", "shop.api.orders -> shop.core.prices", "shop.api.orders -> shop.core.stock"],
        ),
    ],
)
def test_around_a_module_its_own_imports_are_drawn_and_not_those_of_its_neighbours(
    direction: Direction, expected: list[str]
) -> None:
    assert pairs(shop(View(around=("shop.api.orders",), direction=direction))) == expected


def test_two_steps_away_are_the_imports_of_the_neighbours() -> None:
    drawing = shop(
        View(around=("shop",), distance=2, direction=Direction.IMPORTS), roots=("shop/__init__.py", "shop/api")
    )

    assert pairs(drawing) == ["shop -> shop.api.orders"]
    assert "shop.core.prices -> shop.core.stock" in pairs(
        shop(View(around=("shop.api",), distance=2, direction=Direction.IMPORTS))
    )


def test_around_a_package_is_around_everything_in_it() -> None:
    drawing = shop(View(around=("shop.core",)))

    assert [node.name for node in drawing.nodes if node.focus] == ["shop.core", "shop.core.prices", "shop.core.stock"]
    assert names(drawing) == ["shop.api.orders", "shop.core", "shop.core.prices", "shop.core.stock"]


def test_a_wildcard_puts_several_in_focus() -> None:
    drawing = shop(View(around=("shop.*.prices", "shop.*.orders")))

    assert [node.name for node in drawing.nodes if node.focus] == ["shop.api.orders", "shop.core.prices"]


def test_a_module_without_imports_stands_alone() -> None:
    drawing = shop(View(around=("shop.tasks",)))

    assert (names(drawing), pairs(drawing)) == (["shop.tasks"], [])


def test_a_circle_keeps_its_number_and_all_its_members_where_only_one_is_shown() -> None:
    files = {
        "a.py": "import b\n",
        "b.py": "import a\n",
        "c.py": "import d\n",
        "d.py": "import e\n",
        "e.py": "import c\n",
    }

    drawing = shop(View(around=("d",), direction=Direction.IMPORTS), files)

    assert (names(drawing), drawing.components) == (["d", "e"], {2: ("c", "d", "e")})


def test_circles_alone_leave_out_what_only_leads_to_them() -> None:
    drawing = shop(View(cycles=True))

    assert names(drawing) == ["shop.core.prices", "shop.core.stock"]
    assert pairs(drawing) == ["shop.core.prices -> shop.core.stock", "shop.core.stock -> shop.core.prices"]


def test_an_import_from_one_circle_to_another_is_in_neither() -> None:
    files = {"a.py": "import b\n", "b.py": "import a, c\n", "c.py": "import d\n", "d.py": "import c\n"}

    assert pairs(shop(View(cycles=True), files)) == ["a -> b", "b -> a", "c -> d", "d -> c"]


def test_other_distributions_are_drawn_without_the_standard_library() -> None:
    drawing = shop(View(external=True, around=("shop.api",), direction=Direction.IMPORTS))

    assert Node(name="requests", external=True) in drawing.nodes
    assert not {"json", "yaml"} & set(names(drawing))


def test_another_distribution_that_only_a_type_checker_sees_is_drawn_where_that_kind_counts() -> None:
    drawing = shop(View(external=True, kinds=(Kind.TYPE_CHECKING,)))

    assert "shop.core.stock -> yaml" in pairs(drawing)


def test_a_missing_module_of_our_own_is_no_other_distribution() -> None:
    drawing = shop(View(external=True), {"shop/__init__.py": "", "shop/a.py": "import shop.gone\n"})

    assert names(drawing) == ["shop", "shop.a"]


def test_a_file_that_does_not_parse_is_named_and_the_rest_is_drawn() -> None:
    drawing = shop(View(), {"a.py": "import b\n", "b.py": "", "c.py": "import (\n"})

    assert [path for path, _ in drawing.unread] == ["c.py"]
    assert pairs(drawing) == ["a -> b"]


@given(FILES)
def test_the_order_of_files_and_statements_changes_nothing(files: dict[str, str]) -> None:
    shuffled = {path: "".join(reversed(text.splitlines(keepends=True))) for path, text in reversed(files.items())}

    assert pairs(shop(View(), files)) == pairs(shop(View(), shuffled))
    assert shop(View(), files).nodes == shop(View(), shuffled).nodes


@given(FILES, st.integers(1, 4), st.sampled_from(Direction))
def test_a_neighbourhood_is_a_part_of_the_whole(files: dict[str, str], distance: int, direction: Direction) -> None:
    whole = shop(View(), files)
    centre = names(whole)[0]

    part = shop(View(around=(centre,), distance=distance, direction=direction), files)

    assert set(part.edges) <= set(whole.edges)
    assert {node.name for node in part.nodes} == {centre} | {
        name for edge in part.edges for name in (edge.importer, edge.imported)
    }


def test_the_shop_has_not_grown() -> None:
    assert len(shop(View()).nodes) == len(SHOP)
