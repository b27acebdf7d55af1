"""The proxy that the environment names: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY."""

import urllib.request
from collections.abc import MutableMapping

from yarl import URL


def proxy_for(address: str) -> str | None:
    """The proxy for that address, None for a direct connection."""
    url = URL(address, encoded=True)
    proxies = urllib.request.getproxies()
    if urllib.request.proxy_bypass(url.host or ""):
        return None
    return proxies.get(url.scheme) or proxies.get("all")


def use_all_proxy(env: MutableMapping[str, str]) -> None:
    """Make ALL_PROXY count where no proxy of the scheme is set: aiohttp ignores it."""
    if proxy := env.get("all_proxy") or env.get("ALL_PROXY"):
        for name in ("http_proxy", "https_proxy"):
            if not env.get(name) and not env.get(name.upper()):
                env[name] = proxy


def reach_loopback_directly(env: MutableMapping[str, str]) -> None:
    """Use no proxy between the processes of a trial."""
    names = (env.get("no_proxy") or env.get("NO_PROXY") or "", "127.0.0.1", "localhost", "::1")
    env["no_proxy"] = ",".join(filter(None, names))
