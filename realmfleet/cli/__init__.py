"""The `realmfleet` command: it prints before it acts, and starts pyinfra as a subprocess."""
