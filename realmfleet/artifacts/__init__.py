"""The studio's builds: what an inventory says of one, and the file itself on this machine."""
