"""The list of modules that `kit.py mutate --python` changes: each is there, and so are its tests and what is kept."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.mutate import KEPT, MODULES, mutants


@pytest.mark.parametrize("name", MODULES)
def test_a_module_and_its_nearest_tests_are_there(name: str) -> None:
    assert (ROOT / "src/pathways" / f"{name.replace('.', '/')}.py").is_file()
    assert [one for one in MODULES[name] if not (ROOT / "tests" / one).is_file()] == []


@pytest.mark.parametrize(("module", "change"), KEPT)
def test_what_may_survive_is_still_a_change_of_that_module(module: str, change: str) -> None:
    assert change in {one.now for one in mutants(module)}
