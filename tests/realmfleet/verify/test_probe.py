"""A port as a stranger sees it, on loopback."""

import socket
from ipaddress import IPv4Address

from realmfleet.verify.probe import look


def test_open_and_closed():
    here = IPv4Address("127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as other:
        other.bind(("127.0.0.1", 0))  # taken, but nobody listens
        answering, silent = server.getsockname()[1], other.getsockname()[1]
        assert look(here, [answering, silent]) == {answering: "open", silent: "closed"}
