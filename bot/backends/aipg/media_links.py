"""Links to results that people may be shown, and when they end."""

import ipaddress
import re
from datetime import UTC, datetime

from yarl import URL

MEDIA_DOMAIN = "aipg.art"  # media.aipg.art has the results
TIME = re.compile(r"\d{8}T\d{6}Z", re.ASCII)  # of a signature
NUMBER = re.compile(r"\d{1,10}", re.ASCII)  # seconds


def is_media_link(url: str) -> bool:
    """Whether the address is https at a host of the server's results."""
    link = _parsed(url)
    if link is None or link.scheme != "https" or link.user is not None:
        return False
    host = link.host or ""
    return host == MEDIA_DOMAIN or host.endswith(f".{MEDIA_DOMAIN}")


def is_loopback(url: str) -> bool:
    """Whether the address is one of this machine."""
    link = _parsed(url)
    host = (link.host or "") if link is not None else ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def end_of_link(url: str) -> float | None:
    """When a signed link ends, in UTC seconds; None when its address does not tell."""
    link = _parsed(url)
    if link is None:
        return None
    query = {name.lower(): value for name, value in link.query.items()}
    begin, seconds = query.get("x-amz-date", ""), query.get("x-amz-expires", "")
    if TIME.fullmatch(begin) and NUMBER.fullmatch(seconds):
        try:
            began = datetime.strptime(begin, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            return None
        return began.timestamp() + int(seconds)
    end = query.get("expires", "")
    return float(end) if NUMBER.fullmatch(end) else None


def _parsed(url: str) -> URL | None:
    try:
        link = URL(url)
        has_port = bool(link.port)
    except ValueError:
        return None
    return link if has_port else None
