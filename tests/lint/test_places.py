"""`rulebook-paths`, `rulebook-shadowed` and `rulebook-canaries`: where a guardrail looks, who looks there too, what proves it."""

import pytest

from selfcheck.check import Evidence, Finding, Location
from selfcheck.checks.rulebook.canaries import RulebookCanaries
from selfcheck.checks.rulebook.paths import RulebookPaths
from selfcheck.checks.rulebook.shadowed import RulebookShadowed
from selfcheck.testing import assert_breaks, assert_keeps
from tests.lint.under import under

COMMAND = "check: {use: command, run: [make, lint]}"


def lines(paths: str, limit: int = 9, *more: str) -> str:
    """A guardrail over the length of files."""
    return "\n".join((f"check: {{use: max-lines, limit: {limit}, paths: {paths}}}", *more))


def test_paths_that_lead_somewhere_keep_the_promise() -> None:
    repo = under(lines('["shop/**/*.py", "!shop/demo"]'), "check: {use: files-exist, paths: [docs/gone.md]}")

    verdict = assert_keeps(RulebookPaths(), repo)

    assert verdict.evidence == (Evidence("guardrails", 2, 2), Evidence("paths in options", 2, 2))


def test_a_path_that_leads_nowhere_is_told_with_where_it_may_be_now() -> None:
    (finding,) = assert_breaks(RulebookPaths(), under(lines("[shop, src/orders.py]")), "g1: paths src/orders.py")

    assert finding == Finding(
        key="g1: paths src/orders.py",
        message="g1: `paths`: nothing stands at src/orders.py; it may be shop/orders.py now",
        at=Location("guardrails.yaml", 8),
        hint="mend the path, or take it out",
        data={"guardrail": "g1", "option": "paths", "pattern": "src/orders.py"},
    )


def test_an_exclusion_of_nothing_is_found_unless_the_house_allows_it() -> None:
    repo = under(lines('[shop, "!backend"]'))

    assert_breaks(RulebookPaths(), repo, "g1: paths !backend")
    assert_keeps(RulebookPaths(exclusions=False), repo)


@pytest.mark.parametrize("paths", ['["**"]', '["*.txt"]', '["shop/"]', '["sho?"]', '[".", "!shop"]', "[LICENSE, shop]"])
def test_each_way_to_write_a_path_is_understood(paths: str) -> None:
    assert_keeps(RulebookPaths(), under(lines(paths)))


@pytest.mark.parametrize("paths", ['["SHOP"]', '["shop/*.txt"]', '["shops"]', '["shop.py"]', '["*/**/*/x"]'])
def test_a_path_that_nearly_leads_somewhere_is_found(paths: str) -> None:
    assert_breaks(RulebookPaths(), under(lines(paths)), f"g1: paths {paths[2:-2]}")


def test_where_nothing_may_stand_on_purpose_nothing_has_to() -> None:
    assert_keeps(RulebookPaths(), under(lines("[backend]", 9, "allow_empty: true"), lines("[shop]")))


def test_guardrails_that_look_at_other_places_or_ask_for_more_shadow_nothing() -> None:
    repo = under(lines("[shop]"), lines("[docs]"), "check: {use: files-exist, paths: [LICENSE]}")

    assert_keeps(RulebookShadowed(), repo)


def test_of_two_that_ask_for_the_same_the_second_is_told() -> None:
    (finding,) = assert_breaks(RulebookShadowed(), under(lines("[shop]"), lines("[shop]")), "g2 by g1")

    assert finding == Finding(
        key="g2 by g1",
        message="g2 is shadowed by g1 (guardrails.yaml:3): the same check asks there for as much or more",
        at=Location("guardrails.yaml", 9),
        hint="take one of them out; what only this one says, its tags or its references, fits on the other",
        data={"guardrail": "g2", "by": "g1"},
    )


def test_the_easier_of_two_is_shadowed_wherever_it_stands() -> None:
    assert_breaks(RulebookShadowed(), under(lines("[shop]", 10), lines("[shop]", 9)), "g1 by g2")


@pytest.mark.parametrize(
    "firmer", ["severity: critical", "waivable: false", "enforce: block\nseverity: medium"], ids=lambda each: each[:8]
)
def test_a_guardrail_that_blocks_harder_is_not_shadowed(firmer: str) -> None:
    assert_keeps(RulebookShadowed(), under(lines("[shop]"), lines("[shop]", 10, firmer)))


@pytest.mark.parametrize(
    "easier",
    [
        "waivers: [{match: shop/a.py, reason: sold, owner: '@li', until: '2026-02-01'}]",
        "pending: {until: '2026-02-01', reason: the split}",
        "enforce: warn",
        "allow_empty: true",
        "enabled: {value: false, reason: moved}",
    ],
    ids=lambda each: each.partition(":")[0],
)
def test_one_that_accepts_more_shadows_none(easier: str) -> None:
    assert_keeps(RulebookShadowed(), under(lines("[shop]", 9, easier), lines("[shop]", 10)))


def test_guardrails_with_canaries_that_fit_keep_the_promise() -> None:
    repo = under(
        f"{COMMAND}\ncanaries: [{{delete: LICENSE}}, {{append: {{path: prices.txt, text: x}}}}]", lines("[shop]")
    )

    verdict = assert_keeps(RulebookCanaries(), repo)

    assert verdict.evidence == (Evidence("guardrails", 2, 2), Evidence("edits of own canaries", 2, 2))


def test_a_command_that_nothing_proves_is_told_at_its_check() -> None:
    (finding,) = assert_breaks(RulebookCanaries(), under(COMMAND), "g1: none")

    assert finding == Finding(
        key="g1: none",
        message="g1: `command` has no canaries of its own and is given none: nothing shows that it can fail",
        at=Location("guardrails.yaml", 8),
        hint="give it `canaries:`, an edit that must break it",
        data={"guardrail": "g1", "canary": None},
    )


@pytest.mark.parametrize(
    ("canary", "about"),
    [
        ("delete: gone.txt", "delete gone.txt"),
        ("delete: shop", "delete shop"),
        ("append: {path: gone.txt, text: x}", "append to gone.txt"),
        ("append: {path: LICENSE, text: ''}", "append to LICENSE"),
        ("replace: {path: LICENSE, old: Paid, new: Free}", "replace in LICENSE"),
        ("replace: {path: LICENSE, old: Free, new: Free}", "replace in LICENSE"),
        ('write: {path: LICENSE, text: "Free for all.\\n"}', "write LICENSE"),
        ("patch: gone.diff", "patch gone.diff"),
        ("patch: LICENSE", "patch LICENSE"),
    ],
)
def test_a_canary_that_changes_nothing_is_found(canary: str, about: str) -> None:
    assert_breaks(RulebookCanaries(), under(f"{COMMAND}\ncanaries: [{{{canary}}}]"), f"g1: {about}")


@pytest.mark.parametrize(
    "canary",
    [
        "delete: shop/a.py",
        "write: {path: new.txt, text: ''}",
        "write: {path: LICENSE, text: Paid}",
        "replace: {path: LICENSE, old: Free, new: ''}",
    ],
)
def test_a_canary_that_changes_anything_fits(canary: str) -> None:
    assert_keeps(RulebookCanaries(), under(f"{COMMAND}\ncanaries: [{{{canary}}}]"))
