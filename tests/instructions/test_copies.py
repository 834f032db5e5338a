"""`instructions-copies` and `selfcheck sync copies`: one source, many files of platforms."""

from pathlib import Path

import pytest

from selfcheck.actions.sync.copies import Need, plan_copies, write_copies
from selfcheck.actions.sync.request import Refused
from selfcheck.check import Evidence
from selfcheck.checks.instructions.copies import InstructionsCopies
from selfcheck.model import Outcome
from selfcheck.subjects.instructions.documents import rendered
from selfcheck.subjects.instructions.platforms import table
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, over
from selfcheck.trees import Directory
from tests.docs.page import ROOT

SOURCE = "# Us\n\n## Style\n- one\n- two\n- three\n"


def test_a_copy_and_an_import_keep_the_promise() -> None:
    repo = memory({"AGENTS.md": SOURCE, "GEMINI.md": rendered("AGENTS.md", SOURCE), "CLAUDE.md": "@AGENTS.md\n"})

    verdict = assert_keeps(InstructionsCopies(), repo)

    assert verdict.evidence == (Evidence("instruction files", 3, 3), Evidence("imports", 1, 1))


def test_a_copy_of_an_older_source_is_stale() -> None:
    repo = memory({"AGENTS.md": f"{SOURCE}\n## New\n", "GEMINI.md": rendered("AGENTS.md", SOURCE)})

    (found,) = assert_breaks(InstructionsCopies(), repo, "GEMINI.md: stale")

    assert found.data == {"sections": ["New"]}


def test_a_copy_that_was_edited_names_the_sections() -> None:
    repo = memory({"AGENTS.md": SOURCE, "GEMINI.md": rendered("AGENTS.md", SOURCE).replace("- two", "- 2")})

    (found,) = assert_breaks(InstructionsCopies(), repo, "GEMINI.md: edited")

    assert found.data == {"sections": ["Style"]}


def test_a_copy_that_is_named_must_be_there_and_be_a_copy() -> None:
    check = InstructionsCopies(copies=("claude-code", "gemini", "codex"))
    repo = memory({"AGENTS.md": SOURCE, "CLAUDE.md": "# By hand\n", ".cursorrules": "by hand, and not named\n"})

    found = assert_breaks(check, repo, "GEMINI.md: copy", "CLAUDE.md: copy")

    assert [(each.message, each.hint) for each in found] == [
        ("GEMINI.md is to be a copy of AGENTS.md, and is not there", "`selfcheck sync copies`"),
        (
            "CLAUDE.md is to be a copy of AGENTS.md, and was written by hand",
            "carry it over to AGENTS.md, then `selfcheck sync copies --force`, which keeps a backup",
        ),
    ]


def test_line_ends_of_another_system_are_no_edit() -> None:
    copy = rendered("AGENTS.md", SOURCE).replace("\n", "\r\n")
    repo = memory({"AGENTS.md": SOURCE, "GEMINI.md": copy})

    assert judged(InstructionsCopies(), repo).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("theirs", "keys"),
    [
        ("## Style\n- one\n- two\n- 3\n", ["CLAUDE.md: section Style"]),
        ("## STYLE\n- one\n- two\n- 3\n", ["CLAUDE.md: section STYLE"]),
        ("## Style\n- one\n- two\n\n- three  \n", []),
        ("## Style\n- quite\n- other\n- rules\n", []),
        ("## Tone\n- one\n- two\n- 3\n", []),
        ("## Style\n- one\n- 2\n", []),
    ],
)
def test_a_section_that_was_the_source_s_and_is_not_has_drifted(theirs: str, keys: list[str]) -> None:
    repo = memory({"AGENTS.md": SOURCE, "CLAUDE.md": theirs})

    assert [each.seen.key for each in judged(InstructionsCopies(), repo).findings] == keys


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("@docs/nowhere.md", "CLAUDE.md: @docs/nowhere.md", "leads to no file"),
        ("see @../outside.md", "CLAUDE.md: @../outside.md", "leads out of the repository"),
        ("@a.md", "b.md: @a.md", "leads in a circle: a.md -> b.md -> a.md"),
        ("@1.md", "5.md: @6.md", "is more than 5 imports away from CLAUDE.md, and is not read"),
    ],
)
def test_an_import_that_does_not_do_what_it_should_is_told_at_its_line(text: str, key: str, said: str) -> None:
    chain = {f"{number}.md": f"@{number + 1}.md" for number in range(1, 6)}
    files = {"CLAUDE.md": f"# Us\n\n{text}\n", "a.md": "@b.md", "b.md": "@a.md", **chain, "6.md": "end"}

    (found,) = assert_breaks(InstructionsCopies(), memory(files), key)

    assert found.message.endswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "ask @john or @types/node",
        "mail us@example.md",
        "`@docs/nowhere.md`",
        "```\n@docs/nowhere.md\n```",
        "[a link](docs/nowhere.md)",
        "@~/.claude/mine.md and @/etc/a.md",
        "https://example.org/@john/a.md",
        "@scope/package@1.2.3",
    ],
)
def test_what_is_no_import_is_not_judged_as_one(text: str) -> None:
    assert judged(InstructionsCopies(), memory({"CLAUDE.md": text})).findings == ()


def test_a_platform_without_imports_has_none() -> None:
    assert judged(InstructionsCopies(), memory({"AGENTS.md": "@docs/nowhere.md"})).outcome is Outcome.PASS


def test_a_file_longer_than_its_platform_reads_is_told_with_its_size() -> None:
    repo = memory({"AGENTS.md": "x" * 32_769})

    (found,) = assert_breaks(InstructionsCopies(), repo, "AGENTS.md: size")

    assert (found.amount, found.message) == (32_769, "AGENTS.md has 32,769 bytes, and Codex CLI reads at most 32,768")
    assert_keeps(InstructionsCopies(), memory({"AGENTS.md": "x" * 32_768, "a.txt": ""}))


def test_advice_is_judged_where_asked_for_and_counts_what_is_imported() -> None:
    repo = memory({"CLAUDE.md": "@long.md\n", "long.md": "a\n" * 200})

    assert_breaks(InstructionsCopies(advice=True), repo, "CLAUDE.md: size")
    assert_keeps(InstructionsCopies(), repo)


def test_a_link_that_was_checked_out_as_text_is_told() -> None:
    repo = memory({"AGENTS.md": SOURCE, "CLAUDE.md": "AGENTS.md"})

    assert_breaks(InstructionsCopies(), repo, "CLAUDE.md: link")


def test_a_real_link_is_the_file_itself_and_one_that_leads_nowhere_is_told() -> None:
    real = memory({"AGENTS.md": SOURCE}, links={"CLAUDE.md": "AGENTS.md"})
    broken = memory({"AGENTS.md": SOURCE}, links={"CLAUDE.md": "AGENT.md"})

    assert judged(InstructionsCopies(), real).outcome is Outcome.PASS
    assert_breaks(InstructionsCopies(), broken, "CLAUDE.md: link")


def test_without_any_file_of_a_platform_it_is_vacuous_and_an_unknown_platform_is_an_error() -> None:
    verdicts = [
        judged(check, memory({"README.md": ""}))
        for check in (InstructionsCopies(), InstructionsCopies(platforms=("claude",)))
    ]

    assert [verdict.outcome for verdict in verdicts] == [Outcome.ERROR, Outcome.ERROR]
    assert "there is no platform 'claude'; known are claude-code, codex" in str(verdicts[1].reason)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"\0" * 100, "@" * 100_000, "[" * 50_000, "# " * 50_000, "---\n" * 9]
)
def test_hostile_files_crash_nothing(content: bytes | str) -> None:
    verdict = judged(InstructionsCopies(), memory({"CLAUDE.md": content}))

    assert "crashed" not in str(verdict.reason)


def test_copies_are_written_once_then_up_to_date_and_keep_the_promise(tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text(SOURCE, encoding="utf-8")
    check = InstructionsCopies(copies=tuple(each.id for each in table().platforms if each.copy))

    done = write_copies(tmp_path, plan_copies(tmp_path, check), force=False)

    assert len(done) == sum(each.copy is not None for each in table().platforms) - 1
    assert {each.need for each in plan_copies(tmp_path, check)} == {Need.NOTHING}
    assert_keeps(check, over(Directory(tmp_path)))


def test_what_somebody_wrote_is_refused_and_with_force_kept_in_a_backup(tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "CLAUDE.md").write_text("mine\n", encoding="utf-8")
    check = InstructionsCopies(copies=("claude-code", "gemini"))
    planned = plan_copies(tmp_path, check)

    with pytest.raises(Refused, match=r"CLAUDE\.md: was written or edited by hand; nothing was written"):
        write_copies(tmp_path, planned, force=False)
    assert not (tmp_path / "GEMINI.md").exists()
    write_copies(tmp_path, planned, force=True)

    (backup,) = (tmp_path / ".claude/backups").iterdir()
    assert (backup.read_text(), (tmp_path / "CLAUDE.md").read_text()) == ("mine\n", rendered("AGENTS.md", SOURCE))


def test_a_stale_copy_is_brought_up_to_date_though_the_guardrail_no_longer_names_it(tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text(f"{SOURCE}new\n", encoding="utf-8")
    (tmp_path / "GEMINI.md").write_text(rendered("AGENTS.md", SOURCE), encoding="utf-8")

    planned = plan_copies(tmp_path, InstructionsCopies())

    assert [(each.path, each.need) for each in planned] == [("GEMINI.md", Need.STALE)]


def test_a_link_to_the_source_is_left_alone_and_one_out_of_the_repository_refused(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    (root / "AGENTS.md").write_text(SOURCE, encoding="utf-8")
    (root / "CLAUDE.md").symlink_to("AGENTS.md")
    (root / "GEMINI.md").symlink_to("../elsewhere.md")

    assert [each.need for each in plan_copies(root, InstructionsCopies(copies=("claude-code",)))] == [Need.NOTHING]
    with pytest.raises(Refused, match="leads out of the repository"):
        plan_copies(root, InstructionsCopies(copies=("gemini",)))


def test_the_page_names_every_platform_and_the_version_of_the_table() -> None:
    text = (ROOT / "docs/checks/instructions-copies.md").read_text(encoding="utf-8")

    assert [each.id for each in table().platforms if f"`{each.id}`" not in text] == []
    assert f"version {table().version} of the table" in " ".join(text.split())
