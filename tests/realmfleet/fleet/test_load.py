"""From what pyinfra prints to a fleet: shapes, names, connectors, rehearsals."""

import pytest

from realmfleet.fleet import FleetError, Mistake, nearest, placeholders


def test_a_right_inventory_loads(make):
    fleet = make.load(make.hosts())
    assert [d.name for d in fleet.droplets] == ["zone-1", "db-1", "db-2"]
    assert fleet.zones == ("forest", "desert")
    assert fleet.primary("postgres") == fleet.droplet("db-1")
    assert fleet.droplet("zone-1").zone_instances == 3
    assert not fleet.rehearsed


@pytest.mark.parametrize("zones", [None, "forest", 7, [["forest"]], [None], {"forest": 1}])
def test_zones_of_any_shape_give_a_line_and_no_traceback(make, zones):
    found = make.hosts()
    for one in found:
        one["data"]["fleet_zones"] = zones
    assert any("fleet_zones" in line for line in make.told(found))


@pytest.mark.parametrize("value", [None, 5, 2.5, True, [], ["x"], {}, {"a": {}}, "", "x" * 300])
@pytest.mark.parametrize(
    "key",
    [
        "size",
        "ssh_hostname",
        "mesh_ip",
        "private_ip",
        "zone_instances",
        "postgres_role",
        "redis_role",
        "rehearsal",
        "public_ip",
        "ssh_port",
        "_sudo",
    ],
)
def test_values_of_any_shape_give_lines_and_no_traceback(make, key, value):
    try:
        make.load(make.changed(1, **{key: value}))
    except FleetError as error:
        assert all(m.entry and m.what and m.mend for m in error.mistakes)


def test_no_droplet_at_all(make):
    assert make.told([]) == ["inventories/beta.py: no droplet. List one."]


@pytest.mark.parametrize("name", ["redis", "singapore", "all", "Beta", "be ta", "1"])
def test_a_fleet_has_a_name_of_its_own(make, name):
    found = [{**one, "groups": [*one["groups"][:-1], name]} for one in make.hosts()]
    assert any(line.startswith(f"inventories/{name}.py: ") for line in make.told(found, name))


def test_connectors_are_no_part_of_a_name(make):
    found = [
        {
            "name": f"@fake/{one['name']}",
            "groups": [*one["groups"], "@fake", *one["groups"], "@fake"],
            "data": {**one["data"], "fake_delay": 0},
        }
        for one in make.hosts()
    ]
    fleet = make.load(found)
    assert [d.name for d in fleet.droplets] == ["zone-1", "db-1", "db-2"]
    assert fleet.droplet("@fake/db-1") is fleet.droplet("db-1")


def test_a_fakes_keys_are_unknown_on_a_real_droplet(make):
    assert make.told(make.changed(1, fake_delay=0))[0].startswith("db-1: fake_delay: unknown key")


def test_a_rehearsal_lays_its_addresses_over(make):
    found = make.hosts()
    for number, one in enumerate(found):
        laid = {one["name"]: f"172.20.0.{number + 1}"}
        one["data"] |= {"ssh_hostname": "203.0.113.1", "rehearsal": {"dir": "r", "addresses": laid}}
    with pytest.raises(FleetError, match=r"ssh_hostname: 203\.0\.113\.1 is also"):
        make.load(found)
    for number, one in enumerate(found):
        one["data"]["ssh_hostname"] = f"203.0.113.{number}"
    fleet = make.load(found)
    assert (fleet.rehearsed, fleet.rehearsal_dir) == (True, "r")
    assert str(fleet.droplet("db-1").public_ip) == "172.20.0.2"
    assert not [*placeholders(fleet)]


def test_nearest_shortens_long_lists():
    names = [f"name{number:02}" for number in range(50)]
    assert nearest("zzz", names).endswith("name18 and 31 more.")
    assert nearest("name_17", names) == "Did you mean 'name17'?"


def test_a_line_is_entry_fault_and_mend():
    assert str(Mistake("db-1: size", "no size", "Add one.")) == "db-1: size: no size. Add one."
