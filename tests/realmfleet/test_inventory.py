from pathlib import Path

import pytest

from realmfleet.fleet import FleetError
from realmfleet.inventory import fleet_names, read_fleet, read_hosts


def _inventory(root: Path, text: str) -> Path:
    (root / "inventories").mkdir()
    (root / "inventories" / "tiny.py").write_text(text)
    return root


def test_every_inventory_of_ours_is_read() -> None:
    sizes = {name: len(read_fleet(name).droplets) for name in fleet_names()}
    assert sizes == {"alpha": 1, "beta": 5, "production": 26}


def test_hosts_are_as_pyinfra_merges_them(tmp_path: Path) -> None:
    root = _inventory(tmp_path, "singapore = [('one', {'size': 's-1vcpu-1gb'})]\napi = ['one']\n")
    (host,) = read_hosts("tiny", root=root)
    assert host["name"] == "one"
    assert {"singapore", "api"} <= set(host["groups"])
    assert host["data"] == {"size": "s-1vcpu-1gb"}


def test_an_overlay_is_laid_over_it(tmp_path: Path) -> None:
    root = _inventory(tmp_path, "singapore = [('one', {'size': 's-1vcpu-1gb'})]\n")
    (root / "over").mkdir()
    (root / "over" / "all.py").write_text("ssh_user = 'root'\n")
    (host,) = read_hosts("tiny", ["--group-data", "over"], root)
    assert host["data"]["ssh_user"] == "root"


@pytest.mark.parametrize("text", ["singapore = [", "import nothing_like_it", "singapore = 1 / 0"])
def test_a_file_that_python_cannot_run_is_one_readable_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(FleetError) as caught:
        read_hosts("tiny", root=_inventory(tmp_path, text))
    message = str(caught.value)
    assert message.startswith("inventories/tiny.py: ")
    assert "Traceback" not in message
    assert "\n" not in message


def test_an_unknown_fleet_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    root = _inventory(tmp_path, "singapore = ['one']\n")
    with pytest.raises(FleetError, match="Did you mean 'tiny'"):
        read_hosts("tinny", root=root)
