"""The keys an inventory may use besides the roles' own: their meaning and type."""

# name -> (type, meaning). Roles bring their own keys in roles/<service>/defaults.py.
TOPOLOGY_KEYS: dict[str, tuple[type, str]] = {
    "size": (str, "DigitalOcean slug of the droplet"),
    "public_ip": (str, "public address, where it differs from ssh_hostname"),
    "private_ip": (str, "address in the region's private network"),
    "mesh_ip": (str, "address in the fleet's encrypted network"),
    "zone_instances": (dict, "zone name -> how many instances run here"),
    "postgres_role": (str, "primary, standby (synchronous) or replica"),
    "redis_role": (str, "primary or replica"),
    "fleet_zones": (list, "every zone that somebody must host"),
    "rehearsal": (dict, "laid over by a rehearsal: its folder and addresses"),
}

# What pyinfra's SSH connector and privilege escalation read from data.
CONNECTION_KEYS: dict[str, tuple[type, str]] = {
    "ssh_hostname": (str, "public address or DNS name where SSH answers"),
    "ssh_port": (int, "SSH port"),
    "ssh_user": (str, "SSH user; anybody but root also needs _sudo = True"),
    "ssh_key": (str, "private key file"),
    # Only as options of one run: the guard refuses them in files.
    "ssh_password": (str, "for the first log-in of a new droplet: --ssh-password-prompt"),
    "ssh_key_password": (str, "passphrase of the private key; better an agent"),
    "ssh_config_file": (str, "ssh_config file"),
    "ssh_known_hosts_file": (str, "known_hosts file"),
    "ssh_strict_host_key_checking": (str, "yes, no, ask or accept-new"),
    "ssh_allow_agent": (bool, "whether to use an SSH agent"),
    "ssh_look_for_keys": (bool, "whether to look for keys in ~/.ssh"),
    "ssh_forward_agent": (bool, "whether to forward the SSH agent"),
    "ssh_connect_retries": (int, "tries to connect"),
    "ssh_connect_retry_min_delay": (float, "shortest pause between tries, in seconds"),
    "ssh_connect_retry_max_delay": (float, "longest pause between tries, in seconds"),
    "_sudo": (bool, "become root by sudo"),
}
