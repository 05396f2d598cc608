from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import paramiko

import roles
from realmfleet.fleet import known_keys, load_fleet
from realmfleet.rehearsal.overlay import (
    arguments,
    known_hosts_text,
    overlay,
    overlay_text,
    ssh_config_text,
)
from realmfleet.rehearsal.stage import Stage

STAGE = Stage(Path("/home/ada/my game"), "alpha")
ADDRESSES = {"alpha-1": IPv4Address("198.18.7.11")}
HOST: dict[str, Any] = {
    "name": "alpha-1",
    "groups": ["singapore", "alpha"],
    "data": {"ssh_hostname": "203.0.113.11", "size": "s-2vcpu-4gb"},
}


def test_the_overlay_is_a_group_data_file() -> None:
    found: dict[str, Any] = {}
    exec(overlay_text(STAGE, ADDRESSES), found)
    assert {key: found[key] for key in found if not key.startswith("__")} == overlay(
        STAGE, ADDRESSES
    )


def test_every_key_of_the_overlay_is_known_and_well_typed() -> None:
    laid = overlay(STAGE, ADDRESSES)
    assert set(laid) <= known_keys(roles.defaults())
    fleet = load_fleet("alpha", [HOST | {"data": HOST["data"] | laid}], {})
    assert fleet.rehearsed
    assert fleet.droplets[0].public_ip == ADDRESSES["alpha-1"]


def test_the_host_key_is_never_taken_on_trust() -> None:
    assert overlay(STAGE, ADDRESSES)["ssh_strict_host_key_checking"] == "yes"
    known = known_hosts_text(ADDRESSES, {"alpha-1": "ssh-ed25519 AAAA x"})
    assert known == "198.18.7.11 ssh-ed25519 AAAA x\n"


def test_ssh_config_finds_a_droplet_by_name_and_by_its_real_address(tmp_path: Path) -> None:
    path = tmp_path / "ssh_config"
    hostnames = {"alpha-1": "203.0.113.11"}
    path.write_text(ssh_config_text(STAGE.dir, ADDRESSES, hostnames))
    config = paramiko.SSHConfig.from_path(str(path))
    for name in ("alpha-1", "203.0.113.11"):
        entry = config.lookup(name)
        assert entry["hostname"] == "198.18.7.11"
        assert entry["user"] == "root"
        assert entry["identityfile"] == ["/home/ada/my game/.rehearsal/alpha/id_ed25519"]
        assert entry["stricthostkeychecking"] == "yes"
    assert config.lookup("203.0.113.12")["hostname"] == "203.0.113.12"


def test_ssh_config_without_a_hostname_uses_the_name_alone() -> None:
    assert "Host alpha-1\n" in ssh_config_text(STAGE.dir, ADDRESSES, {"alpha-1": None})


def test_plain_pyinfra_needs_the_group_data_alone() -> None:
    assert arguments(STAGE, [HOST], ADDRESSES) == ["--group-data", ".rehearsal/alpha/group_data"]


def test_what_a_host_says_itself_is_said_again_louder() -> None:
    data = HOST["data"] | {"ssh_user": "admin", "ssh_key": "~/.ssh/game", "ssh_allow_agent": False}
    found = arguments(STAGE, [HOST | {"data": data}], ADDRESSES)
    assert found[2:] == [
        "--data",
        "ssh_user=root",
        "--data",
        "ssh_key=/home/ada/my game/.rehearsal/alpha/id_ed25519",
    ]
