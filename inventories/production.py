"""Production: three regions, primary in Singapore, replicas in Frankfurt and SFO, 26 droplets."""

singapore = [
    (
        "sgp-lb-1",
        {
            "ssh_hostname": "203.0.113.31",  # placeholders: your droplets' addresses go here
            "mesh_ip": "10.77.1.10",
            "size": "s-2vcpu-4gb",
        },
    ),
    (
        "sgp-api-1",
        {
            "ssh_hostname": "203.0.113.32",
            "mesh_ip": "10.77.1.11",
            "size": "s-4vcpu-8gb",
        },
    ),
    (
        "sgp-api-2",
        {
            "ssh_hostname": "203.0.113.33",
            "mesh_ip": "10.77.1.12",
            "size": "s-4vcpu-8gb",
        },
    ),
    (
        "sgp-api-3",
        {
            "ssh_hostname": "203.0.113.34",
            "mesh_ip": "10.77.1.13",
            "size": "s-4vcpu-8gb",
        },
    ),
    (
        "sgp-game-1",
        {
            "ssh_hostname": "203.0.113.35",
            "mesh_ip": "10.77.1.14",
            "size": "s-8vcpu-16gb",
            "zone_instances": {"forest": 2, "desert": 1, "hub": 1},
        },
    ),
    (
        "sgp-game-2",
        {
            "ssh_hostname": "203.0.113.36",
            "mesh_ip": "10.77.1.15",
            "size": "s-8vcpu-16gb",
            "zone_instances": {"mountain": 2, "volcanic": 1, "hub": 1},
        },
    ),
    (
        "sgp-game-3",
        {
            "ssh_hostname": "203.0.113.37",
            "mesh_ip": "10.77.1.16",
            "size": "s-8vcpu-16gb",
            "zone_instances": {"desert": 1, "volcanic": 1, "hub": 1},
        },
    ),
    (
        "sgp-db-1",
        {
            "ssh_hostname": "203.0.113.38",
            "mesh_ip": "10.77.1.17",
            "size": "s-8vcpu-16gb",
            "postgres_role": "primary",
        },
    ),
    (
        "sgp-db-2",
        {
            "ssh_hostname": "203.0.113.39",
            "mesh_ip": "10.77.1.18",
            "size": "s-8vcpu-16gb",
            "postgres_role": "standby",
        },
    ),
    (
        "sgp-cache-1",
        {
            "ssh_hostname": "203.0.113.40",
            "mesh_ip": "10.77.1.19",
            "size": "s-4vcpu-8gb",
            "redis_role": "primary",
        },
    ),
    (
        "sgp-cache-2",
        {
            "ssh_hostname": "203.0.113.41",
            "mesh_ip": "10.77.1.20",
            "size": "s-4vcpu-8gb",
            "redis_role": "replica",
        },
    ),
    (
        "sgp-monitor-1",
        {
            "ssh_hostname": "203.0.113.42",
            "mesh_ip": "10.77.1.21",
            "size": "s-4vcpu-8gb",
        },
    ),
]

frankfurt = [
    (
        "fra-lb-1",
        {
            "ssh_hostname": "203.0.113.43",
            "mesh_ip": "10.77.2.10",
            "size": "s-2vcpu-4gb",
        },
    ),
    (
        "fra-api-1",
        {
            "ssh_hostname": "203.0.113.44",
            "mesh_ip": "10.77.2.11",
            "size": "s-4vcpu-8gb",
        },
    ),
    (
        "fra-api-2",
        {
            "ssh_hostname": "203.0.113.45",
            "mesh_ip": "10.77.2.12",
            "size": "s-4vcpu-8gb",
        },
    ),
    (
        "fra-game-1",
        {
            "ssh_hostname": "203.0.113.46",
            "mesh_ip": "10.77.2.13",
            "size": "s-8vcpu-16gb",
            "zone_instances": {"forest": 1, "desert": 1, "hub": 1},
        },
    ),
    (
        "fra-game-2",
        {
            "ssh_hostname": "203.0.113.47",
            "mesh_ip": "10.77.2.14",
            "size": "s-8vcpu-16gb",
            "zone_instances": {"mountain": 1, "volcanic": 1, "hub": 1},
        },
    ),
    (
        "fra-db-1",
        {
            "ssh_hostname": "203.0.113.48",
            "mesh_ip": "10.77.2.15",
            "size": "s-8vcpu-16gb",
            "postgres_role": "replica",
        },
    ),
    (
        "fra-cache-1",
        {
            "ssh_hostname": "203.0.113.49",
            "mesh_ip": "10.77.2.16",
            "size": "s-4vcpu-8gb",
            "redis_role": "replica",
        },
    ),
]

sfo = [
    (
        "sfo-lb-1",
        {
            "ssh_hostname": "203.0.113.50",
            "mesh_ip": "10.77.3.10",
            "size": "s-2vcpu-4gb",
        },
    ),
    (
        "sfo-api-1",
        {
            "ssh_hostname": "203.0.113.51",
            "mesh_ip": "10.77.3.11",
            "size": "s-4vcpu-8gb",
        },
    ),
    (
        "sfo-api-2",
        {
            "ssh_hostname": "203.0.113.52",
            "mesh_ip": "10.77.3.12",
            "size": "s-4vcpu-8gb",
        },
    ),
    (
        "sfo-game-1",
        {
            "ssh_hostname": "203.0.113.53",
            "mesh_ip": "10.77.3.13",
            "size": "s-8vcpu-16gb",
            "zone_instances": {"forest": 1, "desert": 1, "hub": 1},
        },
    ),
    (
        "sfo-game-2",
        {
            "ssh_hostname": "203.0.113.54",
            "mesh_ip": "10.77.3.14",
            "size": "s-8vcpu-16gb",
            "zone_instances": {"mountain": 1, "volcanic": 1, "hub": 1},
        },
    ),
    (
        "sfo-db-1",
        {
            "ssh_hostname": "203.0.113.55",
            "mesh_ip": "10.77.3.15",
            "size": "s-8vcpu-16gb",
            "postgres_role": "replica",
        },
    ),
    (
        "sfo-cache-1",
        {
            "ssh_hostname": "203.0.113.56",
            "mesh_ip": "10.77.3.16",
            "size": "s-4vcpu-8gb",
            "redis_role": "replica",
        },
    ),
]

haproxy = ["sgp-lb-1", "fra-lb-1", "sfo-lb-1"]
api = ["sgp-api-1", "sgp-api-2", "sgp-api-3", "fra-api-1", "fra-api-2", "sfo-api-1", "sfo-api-2"]
zone = [
    "sgp-game-1",
    "sgp-game-2",
    "sgp-game-3",
    "fra-game-1",
    "fra-game-2",
    "sfo-game-1",
    "sfo-game-2",
]
postgres = ["sgp-db-1", "sgp-db-2", "fra-db-1", "sfo-db-1"]
pgbouncer = ["sgp-db-1", "sgp-db-2", "fra-db-1", "sfo-db-1"]
redis = ["sgp-cache-1", "sgp-cache-2", "fra-cache-1", "sfo-cache-1"]
prometheus = ["sgp-monitor-1"]
alertmanager = ["sgp-monitor-1"]
