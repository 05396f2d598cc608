"""Beta: five droplets in Singapore, split by task, for 50 to 200 players, $156 a month."""

singapore = [
    (
        "zone-1",
        {
            "ssh_hostname": "203.0.113.21",  # placeholders: your droplets' addresses go here
            "mesh_ip": "10.77.1.21",
            "size": "s-4vcpu-8gb",
            "zone_instances": {"forest": 1, "desert": 1, "hub": 1},
        },
    ),
    (
        "zone-2",
        {
            "ssh_hostname": "203.0.113.22",
            "mesh_ip": "10.77.1.22",
            "size": "s-4vcpu-8gb",
            "zone_instances": {"mountain": 1, "volcanic": 1, "hub": 1},
        },
    ),
    (
        "api-1",
        {
            "ssh_hostname": "203.0.113.23",
            "mesh_ip": "10.77.1.23",
            "size": "s-2vcpu-4gb",
        },
    ),
    (
        "db-1",
        {
            "ssh_hostname": "203.0.113.24",
            "mesh_ip": "10.77.1.24",
            "size": "s-2vcpu-4gb",
        },
    ),
    (
        "cache-1",
        {
            "ssh_hostname": "203.0.113.25",
            "mesh_ip": "10.77.1.25",
            "size": "s-1vcpu-2gb",
        },
    ),
]

haproxy = ["api-1"]
api = ["api-1"]
zone = ["zone-1", "zone-2"]
postgres = ["db-1"]
pgbouncer = ["db-1"]
redis = ["cache-1"]
prometheus = ["api-1"]
alertmanager = ["api-1"]
