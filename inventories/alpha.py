"""Alpha: one droplet in Singapore carries everything, for 20 to 30 players, $24 a month."""

singapore = [
    (
        "alpha-1",
        {
            "ssh_hostname": "203.0.113.11",  # a placeholder: your droplet's address goes here
            "size": "s-2vcpu-4gb",
            "zone_instances": {"forest": 1, "desert": 1, "mountain": 1, "volcanic": 1, "hub": 1},
        },
    ),
]

haproxy = ["alpha-1"]
api = ["alpha-1"]
zone = ["alpha-1"]
postgres = ["alpha-1"]
pgbouncer = ["alpha-1"]
redis = ["alpha-1"]
prometheus = ["alpha-1"]
alertmanager = ["alpha-1"]
