"""Inventories and their group data: literals only, and no key that no role knows."""

from pathlib import Path

import pytest

import roles
from realmfleet.fleet import known_keys
from realmfleet.guard.files import GROUPS
from realmfleet.guard.sources import assignments, check_readable, check_written

ROOT = Path(__file__).parents[1]
INVENTORIES = sorted((ROOT / "inventories").glob("*.py"))
GROUP_DATA = sorted((ROOT / "inventories" / "group_data").glob("*.py"))


def keys(path):
    return {name for name, _ in assignments(path)}


@pytest.mark.parametrize("path", [*INVENTORIES, *GROUP_DATA], ids=lambda path: path.stem)
def test_an_inventory_holds_literals_only(path):
    assert not [*check_readable(path, path.name)]
    assert not [*check_written(path, path.name, inventory=path in INVENTORIES)]


@pytest.mark.parametrize("path", GROUP_DATA, ids=lambda path: path.stem)
def test_every_key_is_known_to_a_role_or_the_fleet(path):
    assert keys(path) <= known_keys(roles.defaults())
    assert path.stem in GROUPS | {inventory.stem for inventory in INVENTORIES}


@pytest.mark.parametrize("service", roles.names())
def test_every_key_of_a_role_begins_with_its_name(service):
    assert all(key.startswith(f"{service}_") for key in roles.room(service, "defaults").DEFAULTS)


STRANGE = {
    "import": "import os\n",
    "call": "api = list()\n",
    "name": "size = 'x'\napi = [size]\n",
    "f-string": "api = [f'{1}']\n",
    "comprehension": "api = [str(n) for n in (1, 2)]\n",
    "sum": "api = ['a'] + ['b']\n",
    "unpacked": "api = [*['a']]\n",
    "unpacked dict": "api = [('a', {**{}})]\n",
    "bytes": "api = [b'a']\n",
    "set": "api = {'a'}\n",
    "two targets": "api = zone = ['a']\n",
    "attribute": "api.x = ['a']\n",
    "augmented": "api = ['a']\napi += ['b']\n",
    "function": "def api():\n    pass\n",
    "bare expression": "print('contacted')\n",
    "key of another type": "api = [('a', {1: 2})]\n",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_no_literal_is_found(tmp_path, text):
    path = tmp_path / "alpha.py"
    path.write_text(text)
    (mistake, *_) = check_readable(path, "inventories/alpha.py")
    assert mistake.entry.startswith("inventories/alpha.py line ")


def test_an_unknown_key_would_be_found(tmp_path):
    path = tmp_path / "all.py"
    path.write_text("postgres_setings = {}\n")
    assert not keys(path) <= known_keys(roles.defaults())
