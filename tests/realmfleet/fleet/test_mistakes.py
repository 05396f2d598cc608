"""Wrong inventories and the exact line that each one earns."""

import pytest

ONE_LINE = {
    "unknown size": (
        lambda make: make.changed(1, size="s-2vcpu-4g"),
        "db-1: size: unknown size 's-2vcpu-4g'. Did you mean 's-2vcpu-4gb'?",
    ),
    "no size": (
        lambda make: make.changed(1, drop=["size"]),
        "db-1: size: no size. Add one, for example 's-2vcpu-4gb'.",
    ),
    "size of None": (
        lambda make: make.changed(1, size=None),
        "db-1: size: None is no str. Write a value of type str.",
    ),
    "two primaries": (
        lambda make: make.changed(2, postgres_role="primary"),
        "group 'postgres': 2 primaries: db-1, db-2. Leave one; set postgres_role = 'replica' on"
        " the others.",
    ),
    "roles forgotten": (
        lambda make: (
            make.changed(1, drop=["postgres_role"])[:2]
            + make.changed(2, drop=["postgres_role"])[2:]
        ),
        "group 'postgres': 2 primaries: db-1, db-2. Leave one; set postgres_role = 'replica' on"
        " the others.",
    ),
    "replica without a primary": (
        lambda make: make.changed(1, postgres_role="replica"),
        "group 'postgres': replicas without a primary: db-1, db-2. Set postgres_role = 'primary'"
        " on one droplet.",
    ),
    "unknown role": (
        lambda make: make.changed(2, postgres_role="standbye"),
        "db-2: postgres_role: unknown role 'standbye'. Did you mean 'standby'?",
    ),
    "role outside its group": (
        lambda make: make.changed(0, redis_role="primary"),
        "zone-1: redis_role: redis_role on a droplet outside the group 'redis'. Add it, or drop"
        " the key.",
    ),
    "redis has no standby": (
        lambda make: make.changed(
            0, groups=["singapore", "zone", "redis", "beta"], redis_role="standby"
        ),
        "zone-1: redis_role: unknown role 'standby'. Known: primary, replica.",
    ),
    "zone without a host": (
        lambda make: make.changed(0, zone_instances={"forest": 1}),
        "fleet_zones: 'desert': no droplet hosts this zone. Add it to zone_instances of a"
        " droplet, or take it out of fleet_zones.",
    ),
    "zone droplet without zones": (
        lambda make: [
            *make.hosts(),
            make.host(
                "zone-2",
                ["singapore", "zone"],
                ssh_hostname="198.18.0.9",
                mesh_ip="10.77.0.9",
                size="s-4vcpu-8gb",
            ),
        ],
        "zone-2: zone_instances: in the group 'zone', but it hosts no zone. Say which, for"
        " example {'forest': 1}.",
    ),
    "zones outside the group": (
        lambda make: make.changed(1, zone_instances={"forest": 1}),
        "db-1: zone_instances: zones on a droplet outside the group 'zone'. Add it to the group.",
    ),
    "unknown zone": (
        lambda make: make.changed(0, zone_instances={"forest": 1, "desert": 1, "dessert": 1}),
        "zone-1: zone_instances: 'dessert': unknown zone. Did you mean 'desert'?",
    ),
    "no instances": (
        lambda make: make.changed(0, zone_instances={"forest": 1, "desert": 0}),
        "zone-1: zone_instances: 'desert': 0 instances. Write 1 or more.",
    ),
    "instances of a wrong type": (
        lambda make: make.changed(0, zone_instances={"forest": 1, "desert": "2"}),
        "zone-1: zone_instances: 'desert': '2' instances. Write 1 or more.",
    ),
    "unknown key, near one": (
        lambda make: make.changed(1, postgres_setting={}),
        "db-1: postgres_setting: unknown key. Did you mean 'postgres_settings'?",
    ),
    "unknown key, only kin": (
        lambda make: make.changed(1, redis_xyzzy=1),
        "db-1: redis_xyzzy: unknown key. Known: redis_pages, redis_role.",
    ),
    "wrong type": (
        lambda make: make.changed(1, redis_pages="4"),
        "db-1: redis_pages: '4' is no int. Write a value of type int.",
    ),
    "a truth is no number": (
        lambda make: make.changed(1, redis_pages=True),
        "db-1: redis_pages: True is no int. Write a value of type int.",
    ),
    "no region": (
        lambda make: make.changed(1, groups=["postgres", "pgbouncer", "beta"]),
        "db-1: it is in no region. Put it into exactly one of the groups singapore, frankfurt,"
        " sfo.",
    ),
    "two regions": (
        lambda make: make.changed(1, groups=["singapore", "sfo", "postgres", "pgbouncer", "beta"]),
        "db-1: it is in 2 regions. Put it into exactly one of the groups singapore, frankfurt,"
        " sfo.",
    ),
    "unknown group": (
        lambda make: make.changed(
            1, groups=["singapore", "postgres", "pgbouncer", "redsi", "beta"]
        ),
        "db-1: group 'redsi': unknown group. Did you mean 'redis'?",
    ),
    "misspelt droplet in a group": (
        lambda make: [*make.hosts(), make.host("zone-11", ["zone"])],
        "group 'zone': 'zone-11': no region lists this droplet. Did you mean 'zone-1'?",
    ),
    "no host name": (
        lambda make: make.changed(1, name="Db_1"),
        "Db_1: it cannot be a host name. Use lower-case letters, digits and hyphens, for example"
        " db-1.",
    ),
    "called like a group": (
        lambda make: make.changed(1, name="postgres"),
        "postgres: a group has the same name. Call it postgres-1: --limit could not tell them"
        " apart.",
    ),
    "twice": (
        lambda make: [
            *make.hosts(),
            {
                **make.hosts()[1],
                "data": {
                    **make.hosts()[1]["data"],
                    "ssh_hostname": "198.18.0.7",
                    "mesh_ip": "10.77.0.7",
                    "postgres_role": "replica",
                },
            },
        ],
        "db-1: 2 droplets have this name. Rename all but one.",
    ),
    "standby across the ocean": (
        lambda make: make.changed(2, groups=["sfo", "postgres", "pgbouncer", "beta"]),
        "db-2: postgres_role: a synchronous standby in sfo, the primary in singapore. Every"
        " commit would wait for the ocean: make it a 'replica'.",
    ),
    "pool without a database": (
        lambda make: make.changed(0, groups=["singapore", "zone", "pgbouncer", "beta"]),
        "zone-1: group 'pgbouncer': a pool without a database. Put it on the database's droplet:"
        " it logs in over the socket there.",
    ),
    "zones differ": (
        lambda make: make.changed(2, fleet_zones=["forest"]),
        "db-2: fleet_zones: it differs between droplets. Say it once, in"
        " inventories/group_data/all.py.",
    ),
}


@pytest.mark.parametrize(("found", "line"), ONE_LINE.values(), ids=ONE_LINE.keys())
def test_a_mistake_is_one_line_that_names_entry_and_mend(make, found, line):
    assert make.told(found(make)) == [line]


def test_all_mistakes_are_told_at_once(make):
    found = make.changed(1, size="s-2vcpu-4g", redis_page=4)
    found[0]["data"]["zone_instances"] = {"forest": 1, "desrt": 1}
    assert make.told(found) == [
        "db-1: redis_page: unknown key. Did you mean 'redis_pages'?",
        "db-1: size: unknown size 's-2vcpu-4g'. Did you mean 's-2vcpu-4gb'?",
        "zone-1: zone_instances: 'desrt': unknown zone. Did you mean 'desert'?",
    ]


def test_a_mistake_in_group_data_is_told_once_for_all_of_its_droplets(make):
    found = make.hosts()
    for one in found:
        one["data"]["redis_page"] = 4
    assert make.told(found) == [
        "db-1, db-2, zone-1: redis_page: unknown key. Did you mean 'redis_pages'?"
    ]
    many = [*found, *(make.host(f"a-{n}", ["singapore"], redis_page=4) for n in range(9))]
    assert any(line.startswith("a-0, a-1 and 10 more: redis_page: ") for line in make.told(many))
