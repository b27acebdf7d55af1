"""Connections that reach the open internet and nothing else: for links that strangers wrote.

A name that was looked up beforehand may lead elsewhere a moment later (DNS rebinding). So each
address is judged in the moment of connecting to it.
"""

import ipaddress
import socket

import aiohttp
from aiohttp.abc import AbstractCookieJar

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
# Connections; each may bring 40 MB into memory. Whoever answers slowly on purpose needs eight hosts
# to keep others waiting.
AT_ONCE, AT_ONE_HOST = 64, 8
AddressInfo = tuple[int, int, int, str, tuple[object, ...]]  # as of `socket.getaddrinfo`
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PrivateAddress(OSError):
    """An address outside the open internet. Its text is always the same: no log learns more."""

    def __init__(self) -> None:
        super().__init__("not an address of the open internet")


def open_links() -> aiohttp.ClientSession:
    """A session for links of strangers, which the caller closes.

    It connects to public addresses alone, whatever a name leads to and however it is written;
    remembers no cookies; and unpacks nothing, since what is packed small may be endless.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=AT_ONCE, limit_per_host=AT_ONE_HOST, socket_factory=_public_socket
        ),
        cookie_jar=no_cookies(),
        auto_decompress=False,
    )


def no_cookies() -> AbstractCookieJar:
    """A jar that keeps none: nobody here has to be known again."""
    return aiohttp.DummyCookieJar()


def is_public(address: str) -> bool:
    """Whether that IP address, or the one that it wraps, is one of the open internet."""
    parsed = ipaddress.ip_address(address.partition("%")[0])  # after it: an IPv6 zone
    return _stands_open(_inner(parsed) or parsed)


def _public_socket(address: AddressInfo) -> socket.socket:
    family, kind, protocol, _, place = address
    if not is_public(str(place[0])):
        raise PrivateAddress
    return socket.socket(family, kind, protocol)


def _stands_open(address: _Address) -> bool:
    local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    odd = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not local and not odd


def _inner(address: _Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address only wraps; None for one that stands for itself."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
