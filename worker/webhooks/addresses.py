"""Which addresses of a host may be connected to: none that only this machine or its network can reach."""

import ipaddress
import socket
from typing import Any

Address = tuple[socket.AddressFamily, Any]
"""The family of an address and what ``socket.connect`` takes."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Forbidden(OSError):
    """A host has an address that is not reachable from the whole internet."""


def resolve(host: str, port: int, *, allow_private: bool) -> list[Address]:
    """The addresses of a host, in the order in which they should be tried.

    Args:
        host: A name or an address, in any form that the system understands.
        port: Of the server there.
        allow_private: Whether any address will do.

    Raises:
        Forbidden: One of them, at least, is not globally reachable.
        OSError: There is no such host, or it cannot be found out now.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        if not allow_private and not is_public(str(address[0])):
            raise Forbidden(
                f"{host} has the address {address[0]}, which is not a public one; if requests to it are wanted, "
                "set  allow_private = true  for this webhook"
            )
    return [(family, address) for family, _, _, _, address in found]


def is_public(text: str) -> bool:
    """Whether an address is one of a single host that the whole internet can reach."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = _carried(address)
        if inner is not None:
            return is_public(str(inner))
        if address not in _GLOBAL_UNICAST or address.scope_id:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address to which an IPv6 one leads (mapped, NAT64, 6to4); Teredo counts as private as it is."""
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour
