"""Wrong inventories and the exact line that each one earns; right ones beside them."""

import pytest

from realmfleet.fleet import FleetError, Mistake, load_fleet, nearest, placeholders

DEFAULTS = {"postgres_settings": {}, "redis_pages": 4, "anything": None, "api_factor": 1.0}
ZONES = {"fleet_zones": ["forest", "desert"]}


def host(name, groups, **data):
    return {"name": name, "groups": [*groups, "beta"], "data": {**ZONES, **data}}


def hosts():
    """A fleet of three that has no mistake."""
    return [
        host(
            "zone-1",
            ["singapore", "zone"],
            ssh_hostname="198.18.0.1",
            mesh_ip="10.77.0.1",
            size="s-4vcpu-8gb",
            zone_instances={"forest": 1, "desert": 2},
        ),
        host(
            "db-1",
            ["singapore", "postgres", "pgbouncer"],
            ssh_hostname="198.18.0.2",
            mesh_ip="10.77.0.2",
            size="s-2vcpu-4gb",
            postgres_role="primary",
        ),
        host(
            "db-2",
            ["singapore", "postgres", "pgbouncer"],
            ssh_hostname="198.18.0.3",
            mesh_ip="10.77.0.3",
            size="s-2vcpu-4gb",
            postgres_role="standby",
        ),
    ]


def told(found, name="beta"):
    with pytest.raises(FleetError) as caught:
        load_fleet(name, found, DEFAULTS)
    return str(caught.value).splitlines()


def changed(index, *, drop=(), groups=None, name=None, **data):
    found = hosts()
    merged = {k: v for k, v in {**found[index]["data"], **data}.items() if k not in drop}
    found[index] = {
        "name": name or found[index]["name"],
        "groups": groups or found[index]["groups"],
        "data": merged,
    }
    return found


def test_a_right_inventory_loads():
    fleet = load_fleet("beta", hosts(), DEFAULTS)
    assert [d.name for d in fleet.droplets] == ["zone-1", "db-1", "db-2"]
    assert fleet.zones == ("forest", "desert")
    assert fleet.primary("postgres") == fleet.droplet("db-1")
    assert fleet.droplet("zone-1").zone_instances == 3
    assert not fleet.rehearsed


ONE_LINE = {
    "unknown size": (
        changed(1, size="s-2vcpu-4g"),
        "db-1: size: unknown size 's-2vcpu-4g'. Did you mean 's-2vcpu-4gb'?",
    ),
    "no size": (
        changed(1, drop=["size"]),
        "db-1: size: no size. Add one, for example 's-2vcpu-4gb'.",
    ),
    "size of None": (
        changed(1, size=None),
        "db-1: size: None is no str. Write a value of type str.",
    ),
    "two primaries": (
        changed(2, postgres_role="primary"),
        "group 'postgres': 2 primaries: db-1, db-2. Leave one; set postgres_role = 'replica' on"
        " the others.",
    ),
    "roles forgotten": (
        changed(1, drop=["postgres_role"])[:2] + changed(2, drop=["postgres_role"])[2:],
        "group 'postgres': 2 primaries: db-1, db-2. Leave one; set postgres_role = 'replica' on"
        " the others.",
    ),
    "replica without a primary": (
        changed(1, postgres_role="replica"),
        "group 'postgres': replicas without a primary: db-1, db-2. Set postgres_role = 'primary'"
        " on one droplet.",
    ),
    "unknown role": (
        changed(2, postgres_role="standbye"),
        "db-2: postgres_role: unknown role 'standbye'. Did you mean 'standby'?",
    ),
    "role outside its group": (
        changed(0, redis_role="primary"),
        "zone-1: redis_role: redis_role on a droplet outside the group 'redis'. Add it, or drop"
        " the key.",
    ),
    "redis has no standby": (
        changed(0, groups=["singapore", "zone", "redis", "beta"], redis_role="standby"),
        "zone-1: redis_role: unknown role 'standby'. Known: primary, replica.",
    ),
    "zone without a host": (
        changed(0, zone_instances={"forest": 1}),
        "fleet_zones: 'desert': no droplet hosts this zone. Add it to zone_instances of a"
        " droplet, or take it out of fleet_zones.",
    ),
    "zone droplet without zones": (
        [*hosts(), host("zone-2", ["singapore", "zone"], ssh_hostname="198.18.0.9",
                        mesh_ip="10.77.0.9", size="s-4vcpu-8gb")],
        "zone-2: zone_instances: in the group 'zone', but it hosts no zone. Say which, for"
        " example {'forest': 1}.",
    ),
    "zones outside the group": (
        changed(1, zone_instances={"forest": 1}),
        "db-1: zone_instances: zones on a droplet outside the group 'zone'. Add it to the group.",
    ),
    "unknown zone": (
        changed(0, zone_instances={"forest": 1, "desert": 1, "dessert": 1}),
        "zone-1: zone_instances: 'dessert': unknown zone. Did you mean 'desert'?",
    ),
    "no instances": (
        changed(0, zone_instances={"forest": 1, "desert": 0}),
        "zone-1: zone_instances: 'desert': 0 instances. Write 1 or more.",
    ),
    "instances of a wrong type": (
        changed(0, zone_instances={"forest": 1, "desert": "2"}),
        "zone-1: zone_instances: 'desert': '2' instances. Write 1 or more.",
    ),
    "unknown key, near one": (
        changed(1, postgres_setting={}),
        "db-1: postgres_setting: unknown key. Did you mean 'postgres_settings'?",
    ),
    "unknown key, only kin": (
        changed(1, redis_xyzzy=1),
        "db-1: redis_xyzzy: unknown key. Known: redis_pages, redis_role.",
    ),
    "wrong type": (
        changed(1, redis_pages="4"),
        "db-1: redis_pages: '4' is no int. Write a value of type int.",
    ),
    "a truth is no number": (
        changed(1, redis_pages=True),
        "db-1: redis_pages: True is no int. Write a value of type int.",
    ),
    "same public address": (
        changed(2, ssh_hostname="198.18.0.2"),
        "db-1: ssh_hostname: 198.18.0.2 is also the address of db-2. Give each droplet its own.",
    ),
    "same mesh address": (
        changed(2, mesh_ip="10.77.0.2"),
        "db-1: mesh_ip: 10.77.0.2 is also the address of db-2. Give each droplet its own.",
    ),
    "same SSH name": (
        [
            *hosts()[:1],
            *changed(1, ssh_hostname="db.example.net", public_ip="198.18.0.2")[1:2],
            *changed(2, ssh_hostname="db.example.net", public_ip="198.18.0.3")[2:],
        ],
        "db-1: ssh_hostname: db.example.net is also the address of db-2. Give each droplet its"
        " own.",
    ),
    "no inner address": (
        [host("a-1", ["singapore"], ssh_hostname="198.18.0.1", size="s-1vcpu-1gb",
              private_ip="10.0.0.1"),
         host("a-2", ["singapore"], ssh_hostname="198.18.0.2", size="s-1vcpu-1gb",
              private_ip="10.0.0.2"),
         host("a-3", ["singapore", "zone"], ssh_hostname="198.18.0.3", size="s-1vcpu-1gb",
              zone_instances={"forest": 1, "desert": 1})],
        "a-3: mesh_ip: no inner address. Add one, for example 10.77.0.2: services listen on it,"
        " not on the public one.",
    ),
    "half in the mesh": (
        changed(1, drop=["mesh_ip"], private_ip="10.0.0.2"),
        "db-1: mesh_ip: no address in the mesh, and others have one. Add one, for example"
        " 10.77.0.2.",
    ),
    "public address as an inner one": (
        changed(1, mesh_ip="8.8.8.8"),
        "db-1: mesh_ip: 8.8.8.8 is a public address. Data services would listen on it: take one"
        " from 10.0.0.0/8.",
    ),
    "a tunnel's end as public address": (
        changed(1, ssh_hostname="127.0.0.1"),
        "db-1: ssh_hostname: 127.0.0.1 is no address of a droplet. Set public_ip to the one"
        " that other machines reach it by.",
    ),
    "odd address": (
        changed(1, mesh_ip="10.77.0.256"),
        "db-1: mesh_ip: '10.77.0.256' is no IPv4 address. Write it as four numbers, for example"
        " 10.104.0.2.",
    ),
    "IPv6 address": (
        changed(1, ssh_hostname="2001:db8::1"),
        "db-1: ssh_hostname: '2001:db8::1' is no IPv4 address. Write it as four numbers, for"
        " example 10.104.0.2.",
    ),
    "a DNS name alone": (
        changed(1, ssh_hostname="db.example.net"),
        "db-1: ssh_hostname: 'db.example.net' is a name, the firewall needs a number. Add its"
        " public_ip beside it.",
    ),
    "no address": (
        changed(1, drop=["ssh_hostname"]),
        "db-1: ssh_hostname: no address. Set it to the public address.",
    ),
    "no region": (
        changed(1, groups=["postgres", "pgbouncer", "beta"]),
        "db-1: it is in no region. Put it into exactly one of the groups singapore, frankfurt,"
        " sfo.",
    ),
    "two regions": (
        changed(1, groups=["singapore", "sfo", "postgres", "pgbouncer", "beta"]),
        "db-1: it is in 2 regions. Put it into exactly one of the groups singapore, frankfurt,"
        " sfo.",
    ),
    "unknown group": (
        changed(1, groups=["singapore", "postgres", "pgbouncer", "redsi", "beta"]),
        "db-1: group 'redsi': unknown group. Did you mean 'redis'?",
    ),
    "misspelt droplet in a group": (
        [*hosts(), host("zone-11", ["zone"])],
        "group 'zone': 'zone-11': no region lists this droplet. Did you mean 'zone-1'?",
    ),
    "no host name": (
        changed(1, name="Db_1"),
        "Db_1: it cannot be a host name. Use lower-case letters, digits and hyphens, for example"
        " db-1.",
    ),
    "called like a group": (
        changed(1, name="postgres"),
        "postgres: a group has the same name. Call it postgres-1: --limit could not tell them"
        " apart.",
    ),
    "twice": (
        [*hosts(), {**hosts()[1], "data": {**hosts()[1]["data"], "ssh_hostname": "198.18.0.7",
         "mesh_ip": "10.77.0.7", "postgres_role": "replica"}}],
        "db-1: 2 droplets have this name. Rename all but one.",
    ),
    "standby across the ocean": (
        changed(2, groups=["sfo", "postgres", "pgbouncer", "beta"]),
        "db-2: postgres_role: a synchronous standby in sfo, the primary in singapore. Every"
        " commit would wait for the ocean: make it a 'replica'.",
    ),
    "pool without a database": (
        changed(0, groups=["singapore", "zone", "pgbouncer", "beta"]),
        "zone-1: group 'pgbouncer': a pool without a database. Put it on the database's droplet:"
        " it logs in over the socket there.",
    ),
    "zones differ": (
        changed(2, fleet_zones=["forest"]),
        "db-2: fleet_zones: it differs between droplets. Say it once, in"
        " inventories/group_data/all.py.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("found", "line"), ONE_LINE.values(), ids=ONE_LINE.keys())
def test_a_mistake_is_one_line_that_names_entry_and_mend(found, line):
    assert told(found) == [line]


def test_all_mistakes_are_told_at_once():
    found = changed(1, size="s-2vcpu-4g", redis_page=4)
    found[0]["data"]["zone_instances"] = {"forest": 1, "desrt": 1}
    assert told(found) == [
        "db-1: redis_page: unknown key. Did you mean 'redis_pages'?",
        "db-1: size: unknown size 's-2vcpu-4g'. Did you mean 's-2vcpu-4gb'?",
        "zone-1: zone_instances: 'desrt': unknown zone. Did you mean 'desert'?",
    ]


def test_a_mistake_in_group_data_is_told_once_for_all_of_its_droplets():
    found = hosts()
    for one in found:
        one["data"]["redis_page"] = 4
    assert told(found) == [
        "db-1, db-2, zone-1: redis_page: unknown key. Did you mean 'redis_pages'?"
    ]
    many = [*found, *(host(f"a-{n}", ["singapore"], redis_page=4) for n in range(9))]
    assert any(line.startswith("a-0, a-1 and 10 more: redis_page: ") for line in told(many))


@pytest.mark.parametrize("zones", [None, "forest", 7, [["forest"]], [None], {"forest": 1}])
def test_zones_of_any_shape_give_a_line_and_no_traceback(zones):
    found = hosts()
    for one in found:
        one["data"]["fleet_zones"] = zones
    assert any("fleet_zones" in line for line in told(found))


@pytest.mark.parametrize("value", [None, 5, 2.5, True, [], ["x"], {}, {"a": {}}, "", "x" * 300])
@pytest.mark.parametrize(
    "key",
    ["size", "ssh_hostname", "mesh_ip", "private_ip", "zone_instances", "postgres_role",
     "redis_role", "rehearsal", "public_ip", "ssh_port", "_sudo"],
)  # fmt: skip
def test_values_of_any_shape_give_lines_and_no_traceback(key, value):
    try:
        load_fleet("beta", changed(1, **{key: value}), DEFAULTS)
    except FleetError as error:
        assert all(m.entry and m.what and m.mend for m in error.mistakes)


def test_no_droplet_at_all():
    assert told([]) == ["inventories/beta.py: no droplet. List one."]


@pytest.mark.parametrize("name", ["redis", "singapore", "all", "Beta", "be ta", "1"])
def test_a_fleet_has_a_name_of_its_own(name):
    found = [{**one, "groups": [*one["groups"][:-1], name]} for one in hosts()]
    assert any(line.startswith(f"inventories/{name}.py: ") for line in told(found, name))


def test_connectors_are_no_part_of_a_name():
    found = [
        {
            "name": f"@fake/{one['name']}",
            "groups": [*one["groups"], "@fake", *one["groups"], "@fake"],
            "data": {**one["data"], "fake_delay": 0},
        }
        for one in hosts()
    ]
    fleet = load_fleet("beta", found, DEFAULTS)
    assert [d.name for d in fleet.droplets] == ["zone-1", "db-1", "db-2"]
    assert fleet.droplet("@fake/db-1") is fleet.droplet("db-1")


def test_a_fakes_keys_are_unknown_on_a_real_droplet():
    assert told(changed(1, fake_delay=0))[0].startswith("db-1: fake_delay: unknown key")


def test_a_rehearsal_lays_its_addresses_over():
    found = hosts()
    for number, one in enumerate(found):
        laid = {one["name"]: f"172.20.0.{number + 1}"}
        one["data"] |= {"ssh_hostname": "203.0.113.1", "rehearsal": {"dir": "r", "addresses": laid}}
    with pytest.raises(FleetError, match=r"ssh_hostname: 203\.0\.113\.1 is also"):
        load_fleet("beta", found, DEFAULTS)
    for number, one in enumerate(found):
        one["data"]["ssh_hostname"] = f"203.0.113.{number}"
    fleet = load_fleet("beta", found, DEFAULTS)
    assert (fleet.rehearsed, fleet.rehearsal_dir) == (True, "r")
    assert str(fleet.droplet("db-1").public_ip) == "172.20.0.2"
    assert not [*placeholders(fleet)]


@pytest.mark.parametrize(
    ("address", "count"),
    [("203.0.113.9", 1), ("192.0.2.1", 1), ("198.51.100.255", 1), ("198.18.0.2", 0)],
)
def test_placeholders(address, count):
    fleet = load_fleet("beta", changed(1, ssh_hostname=address), DEFAULTS)
    lines = [str(mistake) for mistake in placeholders(fleet)]
    assert len(lines) == count
    if lines:
        assert lines == [
            f"db-1: ssh_hostname: {address} is a placeholder, not a droplet's address. Put the"
            " real one there, or rehearse: realmfleet rehearse up beta"
        ]


def test_private_networks_are_one_a_region():
    found = [
        host("a-1", ["singapore"], ssh_hostname="198.18.0.1", size="s-1vcpu-1gb",
             private_ip="10.0.0.1", mesh_ip="10.77.0.1"),
        host("b-1", ["sfo", "zone"], ssh_hostname="198.18.0.2", size="s-1vcpu-1gb",
             private_ip="10.0.0.1", mesh_ip="10.77.0.2", zone_instances=dict.fromkeys(
                 ZONES["fleet_zones"], 1)),
    ]  # fmt: skip
    fleet = load_fleet("beta", found, DEFAULTS)
    assert fleet.regions == ("singapore", "sfo")
    for one in found:
        del one["data"]["mesh_ip"]
    assert told(found) == [
        "a-1, b-1: mesh_ip: no address in the mesh, and a private network ends with its region."
        " Add one, for example 10.77.0.2."
    ]


def test_nearest_shortens_long_lists():
    names = [f"name{number:02}" for number in range(50)]
    assert nearest("zzz", names).endswith("name18 and 31 more.")
    assert nearest("name_17", names) == "Did you mean 'name17'?"


def test_a_line_is_entry_fault_and_mend():
    assert str(Mistake("db-1: size", "no size", "Add one.")) == "db-1: size: no size. Add one."
