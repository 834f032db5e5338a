"""Nothing that a repository says about itself is run, and nothing outside of it is read."""

import os
from pathlib import Path

import pytest

from tests.git.animals import ANIMALS, SECRET, Animal, Place, bitten, cage
from tests.git.program import Ended, selfcheck_each

LINES = (("run", "--verbose"), ("run", "--verbose", "--rev", "HEAD"), ("list",), ("prove", "--verbose"))


@pytest.mark.parametrize("name", ANIMALS)
def test_every_command_ends_as_it_should_and_runs_and_shows_nothing(tmp_path: Path, name: str) -> None:
    animal = ANIMALS[name]
    place = _caged(tmp_path, animal)
    folder = animal.make(place) or place.root
    mark = tmp_path / "mark"
    mark.unlink(missing_ok=True)

    ended = selfcheck_each(folder, LINES, home=tmp_path / "home")

    assert not mark.exists()
    assert tuple(each.code for each in ended) == animal.codes, ended
    assert [each for each in ended if _says_what_it_must_not(each)] == []
    assert all(animal.says in " ".join((each.out + each.err).split()) for each in ended if each.code), ended


@pytest.mark.parametrize("name", [name for name, animal in ANIMALS.items() if animal.bites])
def test_whoever_uses_plain_git_is_bitten(tmp_path: Path, name: str) -> None:
    animal = ANIMALS[name]
    place = _caged(tmp_path, animal)
    animal.make(place)
    (tmp_path / "mark").unlink(missing_ok=True)

    assert bitten(place, animal)


def _caged(folder: Path, animal: Animal) -> Place:
    if animal.root_only and os.geteuid() != 0:
        pytest.skip("only the superuser gives files away")
    return cage(folder)


def _says_what_it_must_not(ended: Ended) -> bool:
    return SECRET in ended.out + ended.err or "Traceback" in ended.err or "crashed" in ended.out + ended.err
