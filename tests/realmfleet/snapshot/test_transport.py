"""Connections send at once."""

import socket

from realmfleet.snapshot.transport import quick, transport


def test_nothing_waits_for_an_acknowledgement():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        made = transport(client)
        try:
            assert client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        finally:
            made.close()


def test_the_inventorys_own_arguments_stay():
    own = {"_pyinfra_ssh_paramiko_connect_kwargs": {"banner_timeout": 5}, "port": 22}
    found = quick(own)
    assert found["port"] == 22
    assert found["_pyinfra_ssh_paramiko_connect_kwargs"]["banner_timeout"] == 5
