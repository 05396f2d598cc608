"""SSH connections that do not wait: no Nagle, and a dead droplet is noticed."""

import socket
from typing import Any

from paramiko import Transport

# paramiko leaves Nagle on: every exec then waits 40 ms for a delayed acknowledgement.
_CONNECT = "_pyinfra_ssh_paramiko_connect_kwargs"
# A droplet that died in the middle of a run would be waited for until TCP gives up: 15 minutes.
KEEPALIVE_S, DEAD_AFTER_MS = 10, 30_000


def quick(kwargs: dict[str, Any]) -> dict[str, Any]:
    """What the connection is made with, and our transport beside what the inventory wants."""
    return {**kwargs, _CONNECT: {"transport_factory": transport, **(kwargs.get(_CONNECT) or {})}}


def transport(sock: Any, **kwargs: Any) -> Transport:
    """paramiko's own, on a socket that sends at once. A ProxyCommand's is left as it is."""
    if isinstance(sock, socket.socket) and sock.family in (socket.AF_INET, socket.AF_INET6):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER_MS)
    made = Transport(sock, **kwargs)
    made.set_keepalive(KEEPALIVE_S)
    return made
