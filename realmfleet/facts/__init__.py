"""Facts of our own: each one a single shell command that answers all of an operation's questions."""
