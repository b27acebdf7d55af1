"""Connections to public addresses only, for links of strangers.

A name that was resolved before may lead elsewhere a moment later (DNS rebinding), so each address
is checked when it is connected to.
"""

import ipaddress
import socket

import aiohttp
from aiohttp.abc import AbstractCookieJar

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
# Connections; each may load 40 MB into memory. To keep others waiting, slow answers must come from
# eight hosts.
AT_ONCE, AT_ONE_HOST = 64, 8
AddressInfo = tuple[int, int, int, str, tuple[object, ...]]  # as of `socket.getaddrinfo`
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PrivateAddress(OSError):
    """A private address. Its text is always the same, so that no log learns more."""

    def __init__(self) -> None:
        super().__init__("not an address of the open internet")


def open_links() -> aiohttp.ClientSession:
    """A session for links of strangers, which the caller closes.

    It connects to public addresses only, stores no cookies, and decompresses nothing: a small
    packed body may be endless.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=AT_ONCE, limit_per_host=AT_ONE_HOST, socket_factory=_public_socket
        ),
        cookie_jar=no_cookies(),
        auto_decompress=False,
    )


def no_cookies() -> AbstractCookieJar:
    """A cookie jar that stores nothing."""
    return aiohttp.DummyCookieJar()


def is_public(address: str) -> bool:
    """Whether that IP address, or the one embedded in it, is public."""
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
    """The IPv4 address embedded in an IPv6 address; None without one."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
