"""What a stranger on the operator's machine sees of a port: the one place here that connects."""

import socket
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from typing import Literal

# open: something answers. closed: the packet came through, but nobody listens. silent: dropped.
Sight = Literal["open", "closed", "silent"]

# A lost first packet is repeated after one second; longer nobody waits who shall answer.
WAIT_S = 2.0
# pyinfra runs on gevent, where threads are greenlets: all of them wait at the same time.
AT_ONCE = 128


def look(address: IPv4Address, ports: Iterable[int]) -> Mapping[int, Sight]:
    """Every TCP port as it looks from here."""
    wanted = sorted(set(ports))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(lambda port: _sight(address, port), wanted), strict=True))


def _sight(address: IPv4Address, port: int) -> Sight:
    try:
        with socket.create_connection((str(address), port), timeout=WAIT_S):
            return "open"
    except ConnectionRefusedError:
        return "closed"
    except OSError:
        return "silent"
