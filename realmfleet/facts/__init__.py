"""Facts of our own: each is one shell command that answers all questions of an operation."""
