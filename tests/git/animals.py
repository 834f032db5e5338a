"""Hostile repositories, and ordinary ones of odd kinds: each a function that makes of a harmless repository what its name says."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.trees.working_copy import WHO, git, working_copy, write

SECRET = "TOP-SECRET-7f3a"
RULEBOOK = b"""version: 1
guardrails:
  - id: no-secret
    title: No secret
    why: It is one.
    severity: high
    check: {use: text-forbids, pattern: 'TOP-SECRET-[0-9a-f]+', paths: ["**", "!guardrails.yaml", "!.gitattributes"]}
  - id: acyclic
    title: No circle
    why: It turns.
    severity: high
    check: {use: imports-acyclic}
"""
FILES = {
    "guardrails.yaml": RULEBOOK,
    "a.txt": b"a\n",
    "sub/b.txt": b"b\n",
    "pkg/__init__.py": b"",
    "pkg/one.py": b"from pkg import two\n",
    "pkg/two.py": b"",
}
HOOKS = (
    "post-index-change",
    "post-checkout",
    "pre-auto-gc",
    "fsmonitor-watchman",
    "query-watchman",
    "reference-transaction",
)


class Place(NamedTuple):
    """Where an animal lives: its repository, the program that it wants to be run, and what lies outside of its cage."""

    root: Path
    program: Path
    """Leaves the mark and passes its input on."""
    outside: Path
    """A folder with a file `b.txt` that holds the secret, and a git repository `victim` whose files all hold it."""

    def configure(self, text: str) -> None:
        """Add to the repository's configuration; `{program}` and `{outside}` stand for the paths."""
        with (self.root / ".git" / "config").open("a") as config:
            config.write(text.format(program=self.program, outside=self.outside))

    def attributes(self, text: bytes) -> None:
        """Write and commit `.gitattributes`, without its having had effect."""
        write(self.root, {".git/info/attributes": b"* -filter -diff\n"})
        write(self.root, {".gitattributes": text})
        git(self.root, "add", "--all", "--force")
        git(self.root, "commit", "--quiet", "--message=attributes")
        (self.root / ".git" / "info" / "attributes").unlink()


class Animal(NamedTuple):
    """A repository, and the command by which it bites whoever uses plain git."""

    make: Callable[[Place], Path | None]
    """Returns the folder to stand in, where that is not the top."""
    codes: tuple[int, int, int, int] = (0, 0, 0, 0)
    """What `run`, `run --rev HEAD`, `list` and `prove` end with there."""
    says: str = ""
    """A part of what a command says that does not end with 0."""
    bites: tuple[str, ...] = ()
    root_only: bool = False


def cage(folder: Path) -> Place:
    """A harmless repository beside a program, a secret and a victim."""
    root = working_copy(folder / "r", FILES)
    outside = folder / "outside"
    victim = outside / "victim"
    victim.mkdir(parents=True)
    working_copy(victim, {**FILES, "a.txt": SECRET.encode(), "sub/b.txt": SECRET.encode()})
    write(outside, {"b.txt": f"{SECRET} is it\n".encode(), "rules/guardrails.yaml": SECRET.encode()})
    program = folder / "program"
    program.write_text(f"#!/bin/sh\ntouch {folder / 'mark'}\nexec cat\n")
    program.chmod(0o755)
    return Place(root, program, outside)


def nothing_odd(place: Place) -> None:
    """The repository as it is."""


def fsmonitor(place: Place) -> None:
    place.configure("[core]\n\tfsmonitor = {program}\n\tuntrackedCache = true\n")


def hooks(place: Place) -> None:
    for name in HOOKS:
        shutil.copy(place.program, place.root / ".git" / "hooks" / name)
    write(place.root, {"a.txt": b"changed\n"})


def hooks_elsewhere(place: Place) -> None:
    folder = place.outside / "hooks"
    folder.mkdir()
    for name in HOOKS:
        shutil.copy(place.program, folder / name)
    place.configure("[core]\n\thooksPath = {outside}/hooks\n")


FILTER = (
    '[filter "{name}"]\n\tclean = {{program}}\n\tsmudge = {{program}}\n\tprocess = {{program}}\n\trequired = true\n'
)


def filter_drivers(place: Place) -> None:
    place.attributes(b"* filter=evil\n")
    place.configure(FILTER.format(name="evil"))
    write(place.root, {"a.txt": b"changed\n", "new.txt": b"new\n"})


def filters_of_racy_files(place: Place) -> None:
    """Files changed within the second in which the index was written: git has to compare their contents."""
    place.attributes(b"* filter=evil\n")
    place.configure(FILTER.format(name="evil"))
    about = (place.root / ".git" / "index").stat()
    for name in ("a.txt", "pkg/one.py"):
        os.utime(place.root / name, ns=(about.st_mtime_ns, about.st_mtime_ns + 10**9))


def a_filter_whose_name_is_not_utf_8(place: Place) -> None:
    place.attributes(b"* filter=\xff\n")
    with (place.root / ".git" / "config").open("ab") as config:
        config.write(b'[filter "\xff"]\n\tclean = ' + os.fsencode(place.program) + b"\n")
    write(place.root, {"a.txt": b"changed\n"})


def a_filter_whose_name_has_dots_and_blanks(place: Place) -> None:
    place.attributes(b"* filter=a.b.CLEAN=c\n")
    place.configure('[filter "a.b.CLEAN=c"]\n\tclean = {program}\n')
    write(place.root, {"a.txt": b"changed\n"})


def a_filter_in_an_included_file(place: Place) -> None:
    place.attributes(b"* filter=evil\n")
    (place.root / ".git" / "more").write_text(FILTER.format(name="evil").format(program=place.program))
    place.configure("[include]\n\tpath = more\n")
    write(place.root, {"a.txt": b"changed\n"})


def a_filter_in_the_configuration_of_a_working_tree(place: Place) -> None:
    place.attributes(b"* filter=evil\n")
    (place.root / ".git" / "config.worktree").write_text(FILTER.format(name="evil").format(program=place.program))
    place.configure("[extensions]\n\tworktreeConfig = true\n")
    write(place.root, {"a.txt": b"changed\n"})


def an_included_secret(place: Place) -> None:
    place.configure("[include]\n\tpath = {outside}/b.txt\n")


def a_configuration_that_does_not_parse(place: Place) -> None:
    place.configure("[core\n")


def ignores_and_attributes_from_outside(place: Place) -> None:
    place.configure("[core]\n\tattributesFile = {outside}/b.txt\n\texcludesFile = {outside}/b.txt\n")


def diff_drivers(place: Place) -> None:
    place.attributes(b"* diff=evil\n")
    place.configure('[diff]\n\texternal = {program}\n[diff "evil"]\n\ttextconv = {program}\n\tcommand = {program}\n')
    write(place.root, {"a.txt": b"changed\n"})


def programs_for_people(place: Place) -> None:
    """Aliases, pagers, editors, signatures, passwords: none of which a command of ours has a use for."""
    names = ("config", "ls-files", "ls-tree", "diff-files", "check-attr", "cat-file", "rev-parse")
    place.configure("[alias]\n" + "".join(f"\t{name} = !{{program}}\n" for name in names))
    place.configure("[pager]\n" + "".join(f"\t{name} = {{program}}\n" for name in names))
    place.configure(
        "[core]\n\tpager = {program}\n\teditor = {program}\n\taskPass = {program}\n\tgitProxy = {program}\n"
    )
    place.configure("[sequence]\n\teditor = {program}\n[gpg]\n\tprogram = {program}\n[log]\n\tshowSignature = true\n")
    place.configure("[credential]\n\thelper = !{program}\n[commit]\n\tgpgSign = true\n")


def alternates(place: Place) -> None:
    objects = place.root / ".git" / "objects" / "info" / "alternates"
    objects.parent.mkdir(exist_ok=True)
    objects.write_text(f"{place.outside / 'victim' / '.git' / 'objects'}\n")
    place.configure("[core]\n\talternateRefsCommand = {program}\n")


def _without_a_blob(place: Place, remote: str) -> None:
    """A partial clone of a remote that lacks the content of one file of its last commit."""
    blob = git(place.root, "rev-parse", "HEAD:a.txt").decode().strip()
    place.configure("[extensions]\n\tpartialClone = origin\n[core]\n\trepositoryFormatVersion = 1\n")
    place.configure(f'[remote "origin"]\n\tpromisor = true\n\tpartialCloneFilter = blob:none\n{remote}')
    (place.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def a_promise_by_ssh(place: Place) -> None:
    _without_a_blob(place, "\turl = ssh://example.org/r\n[core]\n\tsshCommand = {program}\n")


def a_promise_of_a_file_remote(place: Place) -> None:
    remote = "\turl = file://{outside}/victim\n\tuploadpack = {program}\n"
    _without_a_blob(place, f'{remote}[protocol "file"]\n\tallow = always\n[protocol]\n\tallow = always\n')


def a_promise_by_a_program(place: Place) -> None:
    _without_a_blob(place, '\turl = ext::{program}\n[protocol "ext"]\n\tallow = always\n')


def a_promise_by_a_remote_helper(place: Place) -> None:
    _without_a_blob(place, '\tvcs = ext\n\turl = {program}\n[protocol "ext"]\n\tallow = always\n')


def a_blob_that_is_lost(place: Place) -> None:
    blob = git(place.root, "rev-parse", "HEAD:a.txt").decode().strip()
    (place.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def a_blob_that_is_damaged(place: Place) -> None:
    blob = git(place.root, "rev-parse", "HEAD:a.txt").decode().strip()
    file = place.root / ".git" / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(b"no zlib stream")


def _submodule(place: Place) -> Path:
    working_copy(place.root / "module", {"inner.txt": b"1\n", ".gitattributes": b"* filter=evil\n"})
    head = git(place.root / "module", "rev-parse", "HEAD").decode().strip()
    git(place.root, "update-index", "--add", "--cacheinfo", f"160000,{head},module")
    git(place.root, "commit", "--quiet", "--message=module")
    return place.root / "module"


def a_filter_of_a_submodule(place: Place) -> None:
    module = _submodule(place)
    with (module / ".git" / "config").open("a") as config:
        config.write(FILTER.format(name="evil").format(program=place.program))
    write(module, {"inner.txt": b"changed\n"})


def a_monitor_of_a_submodule(place: Place) -> None:
    module = _submodule(place)
    git(module, "config", "core.fsmonitor", str(place.program))
    place.configure("[diff]\n\tsubmodule = diff\n\tignoreSubmodules = none\n[status]\n\tsubmoduleSummary = true\n")


def a_working_tree_that_is_elsewhere(place: Place) -> None:
    place.configure("[core]\n\tworktree = {outside}\n")


def a_working_tree_that_is_said_to_be_none(place: Place) -> None:
    git(place.root, "config", "core.bare", "true")


def a_git_file_to_another_repository(place: Place) -> None:
    shutil.rmtree(place.root / ".git")
    (place.root / ".git").write_text(f"gitdir: {place.outside}/victim/.git\n")


def a_git_file_to_nowhere(place: Place) -> None:
    shutil.rmtree(place.root / ".git")
    (place.root / ".git").write_bytes(b"gitdir: \xff\n")


def a_git_link_to_another_repository(place: Place) -> None:
    shutil.rmtree(place.root / ".git")
    (place.root / ".git").symlink_to(place.outside / "victim" / ".git")


def a_repository_that_shares_another_ones(place: Place) -> None:
    (place.root / ".git" / "commondir").write_text(f"{place.outside}/victim/.git\n")


def a_head_outside(place: Place) -> None:
    (place.root / ".git" / "HEAD").write_text("ref: refs/../../../outside/b.txt\n")


def a_head_that_is_a_link_outside(place: Place) -> None:
    (place.root / ".git" / "HEAD").unlink()
    (place.root / ".git" / "HEAD").symlink_to(place.outside / "b.txt")


def replaced_objects(place: Place) -> None:
    secret = git(place.root, "hash-object", "-w", "--stdin", stdin=SECRET.encode()).decode().strip()
    git(place.root, "replace", "HEAD:a.txt", secret)


def names_like_options(place: Place) -> None:
    names = (f"--upload-pack=touch {place.outside.parent}/mark", "-rf", "--output=x", "--", "-")
    write(place.root, {name: b"1\n" for name in names if "/" not in name})
    write(place.root, dict.fromkeys(names[:1], b"1\n"))
    git(place.root, "add", "--all")
    git(place.root, "commit", "--quiet", "--message=--amend")
    git(place.root, "update-ref", "refs/heads/--output=x", "HEAD")
    git(place.root, "update-ref", "refs/tags/-rf", "HEAD")
    git(place.root, "symbolic-ref", "HEAD", "refs/heads/--output=x")


def a_rulebook_that_is_a_link_outside(place: Place) -> None:
    _instead_of_the_rulebook(place, "guardrails.yaml", place.outside / "rules" / "guardrails.yaml")


def a_rulebook_folder_that_is_a_link_outside(place: Place) -> None:
    _instead_of_the_rulebook(place, "guardrails", place.outside / "rules")


def _instead_of_the_rulebook(place: Place, name: str, target: Path) -> None:
    git(place.root, "rm", "--quiet", "guardrails.yaml")
    (place.root / name).symlink_to(target)
    git(place.root, "add", "--all")
    git(place.root, "commit", "--quiet", "--message=link")


def links_outside(place: Place) -> None:
    (place.root / "link.txt").symlink_to(place.outside / "b.txt")
    (place.root / "folder").symlink_to(place.outside)
    git(place.root, "add", "--all")
    git(place.root, "commit", "--quiet", "--message=links")


def a_folder_that_became_a_link_outside(place: Place) -> None:
    shutil.rmtree(place.root / "sub")
    (place.root / "sub").symlink_to(place.outside)


def a_folder_that_became_an_ignored_link_outside(place: Place) -> None:
    a_folder_that_became_a_link_outside(place)
    write(place.root, {".git/info/exclude": b"sub\n"})
    git(place.root, "update-index", "--assume-unchanged", "a.txt")


def of_another_owner(place: Place) -> None:
    for path in (place.root, *place.root.rglob("*")):
        os.lchown(path, 12345, 12345)


def a_shallow_clone(place: Place) -> Path:
    write(place.root, {"a.txt": b"second\n"})
    git(place.root, "commit", "--quiet", "--all", "--message=second")
    git(place.root.parent, "clone", "--quiet", "--depth=1", f"file://{place.root}", "clone")
    return place.root.parent / "clone"


def by_sha_256(place: Place) -> None:
    shutil.rmtree(place.root / ".git")
    git(place.root, "init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    git(place.root, "add", "--all")
    git(place.root, "commit", "--quiet", "--message=first")


def a_sparse_checkout(place: Place) -> None:
    git(place.root, "sparse-checkout", "set", "--cone", "--sparse-index", "pkg")


def an_assumed_unchanged_secret(place: Place) -> None:
    git(place.root, "update-index", "--assume-unchanged", "a.txt")
    write(place.root, {"a.txt": SECRET.encode()})


def a_skipped_secret(place: Place) -> None:
    git(place.root, "update-index", "--skip-worktree", "a.txt")
    write(place.root, {"a.txt": SECRET.encode()})


def a_linked_working_tree(place: Place) -> Path:
    git(place.root, "worktree", "add", "--quiet", "../linked")
    return place.root.parent / "linked"


def a_submodule(place: Place) -> Path:
    library = f"file://{place.root}"
    git(place.root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "--force", library, "module")
    return place.root / "module"


def a_repository_without_a_commit(place: Place) -> None:
    shutil.rmtree(place.root / ".git")
    git(place.root, "init", "--quiet")


REFUSED = (3, 3, 0, 3)
"""A rulebook can be listed without git; nothing else is said of a repository that is not read."""
NOT_FETCHED = (0, 3, 0, 0)
ANIMALS: Mapping[str, Animal] = {
    make.__name__.replace("_", "-"): animal
    for animal in (
        Animal(nothing_odd),
        Animal(fsmonitor, bites=("status",)),
        Animal(hooks, bites=("add", "a.txt")),
        Animal(hooks_elsewhere, bites=("checkout", "--quiet", "-b", "other")),
        Animal(filter_drivers, bites=("status",)),
        Animal(filters_of_racy_files, bites=("status",)),
        Animal(a_filter_whose_name_is_not_utf_8, bites=("status",)),
        Animal(a_filter_whose_name_has_dots_and_blanks, bites=("status",)),
        Animal(a_filter_in_an_included_file, bites=("status",)),
        Animal(a_filter_in_the_configuration_of_a_working_tree, bites=("status",)),
        Animal(an_included_secret, REFUSED, "bad config line 1"),
        Animal(a_configuration_that_does_not_parse, REFUSED, "bad config line"),
        Animal(ignores_and_attributes_from_outside),
        Animal(diff_drivers, bites=("diff",)),
        Animal(programs_for_people),
        Animal(alternates),
        Animal(a_promise_by_ssh, NOT_FETCHED, "`git fetch --refetch --no-filter`", ("cat-file", "-p", "HEAD:a.txt")),
        Animal(
            a_promise_of_a_file_remote,
            NOT_FETCHED,
            "`git fetch --refetch --no-filter`",
            ("cat-file", "-p", "HEAD:a.txt"),
        ),
        Animal(
            a_promise_by_a_program, NOT_FETCHED, "`git fetch --refetch --no-filter`", ("cat-file", "-p", "HEAD:a.txt")
        ),
        Animal(
            a_promise_by_a_remote_helper,
            NOT_FETCHED,
            "`git fetch --refetch --no-filter`",
            ("cat-file", "-p", "HEAD:a.txt"),
        ),
        Animal(a_blob_that_is_lost, NOT_FETCHED, "missing or damaged"),
        Animal(a_blob_that_is_damaged, NOT_FETCHED, "missing or damaged"),
        Animal(a_filter_of_a_submodule, bites=("status",)),
        Animal(a_monitor_of_a_submodule, bites=("status",)),
        Animal(a_working_tree_that_is_elsewhere),
        Animal(a_working_tree_that_is_said_to_be_none),
        Animal(a_git_file_to_another_repository, REFUSED, "does not know this working tree"),
        Animal(a_git_file_to_nowhere, REFUSED, "names no git directory"),
        Animal(a_git_link_to_another_repository, REFUSED, "does not know this working tree"),
        Animal(a_repository_that_shares_another_ones, REFUSED, "which does not hold it"),
        Animal(a_head_outside, (0, 2, 0, 0), "names no commit"),
        Animal(a_head_that_is_a_link_outside, REFUSED, "failed: fatal"),
        Animal(replaced_objects),
        Animal(names_like_options),
        Animal(a_rulebook_that_is_a_link_outside, (2, 2, 2, 2), "guardrails.yaml"),
        Animal(a_rulebook_folder_that_is_a_link_outside, (2, 2, 2, 2), "guardrails"),
        Animal(links_outside),
        Animal(a_folder_that_became_a_link_outside),
        Animal(a_folder_that_became_an_ignored_link_outside),
        Animal(of_another_owner, root_only=True),
        Animal(a_shallow_clone),
        Animal(by_sha_256),
        Animal(a_sparse_checkout),
        Animal(an_assumed_unchanged_secret, (1, 0, 0, 0), "a.txt"),
        Animal(a_skipped_secret, (1, 0, 0, 0), "a.txt"),
        Animal(a_linked_working_tree),
        Animal(a_submodule),
        Animal(a_repository_without_a_commit, (0, 2, 0, 0), "names no commit"),
    )
    for make in (animal.make,)
}


def bitten(place: Place, animal: Animal) -> bool:
    """Whether plain git, as a person would use it, runs the program; what it says to a remote is not waited for."""
    environ = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **WHO}
    null = subprocess.DEVNULL
    process = subprocess.Popen(
        ["git", *animal.bites],
        cwd=place.root,
        env=environ,
        stdin=null,
        stdout=null,
        stderr=null,
        start_new_session=True,
    )
    mark = place.outside.parent / "mark"
    while process.poll() is None and not mark.exists():
        time.sleep(0.005)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return mark.exists()
