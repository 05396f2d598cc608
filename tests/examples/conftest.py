"""The sample game's build, which is a program beside the game and no part of the library."""

import importlib
from types import ModuleType

import pytest

from realmfleet.inventory import ROOT


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """What is built from what."""
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "game"))
    return importlib.import_module("parts")


@pytest.fixture
def build(parts: ModuleType) -> ModuleType:
    """The program; `parts` has made it importable."""
    assert parts
    return importlib.import_module("build")
