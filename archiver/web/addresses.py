"""Which addresses may be dialled: one predicate, asked by every caller, and the one look-up of a name.

`ipaddress.is_global` alone lets NAT64, 6to4, multicast and others through (security.md), so our own list
stands beside it.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

_GLOBAL_V6 = ip_network("2000::/3")
"""The only part of IPv6 that is given out for the public Internet."""

_NEVER = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
)
NETWORKS: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(network) for network in _NEVER)
"""Networks that are never dialled: private, link-local, shared, tunnelled, documentation, multicast, reserved."""

Resolve = Callable[[str, int], list[str]]
"""From host and port to numeric addresses; raises OSError where the name has none."""


def blocked(address: str) -> bool:
    """Whether a numeric address must not be dialled; what is no address is blocked too."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if ip.version == 6 and ip not in _GLOBAL_V6:
        return True
    return not ip.is_global or any(ip in network for network in NETWORKS)


def resolve(host: str, port: int) -> list[str]:
    """All numeric addresses of a host, in the system's order, each once. Raises OSError."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))


def within_time(resolve: Resolve, host: str, port: int, seconds: float, stop: threading.Event) -> list[str]:
    """`resolve`, given up after `seconds` or when `stop` is set: the system's resolver knows no deadline.

    Raises OSError as `resolve` does, TimeoutError when it was given up.
    """
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    while seconds > 0 and not stop.is_set():
        slice_seconds = min(seconds, 0.5)
        try:
            answer = answers.get(timeout=slice_seconds)
        except queue.Empty:
            seconds -= slice_seconds
            continue
        if isinstance(answer, OSError):
            raise answer
        return answer
    raise TimeoutError
