"""The two versions of the server, and what a route of the newer one looks like on the older one."""

from typing import Literal

HordeVersion = Literal["5.1.5", "5.1.14"]

OLDER: HordeVersion = "5.1.5"
NEWER: HordeVersion = "5.1.14"
VERSIONS = (OLDER, NEWER)
# The version of the public server is not known. The answers of this one were recorded.
DEFAULT_VERSION: HordeVersion = OLDER
NEWER_ROUTES = frozenset(
    {
        "GET /generate/request/{id}",
        "GET /generate/text/request/{id}",
        "GET /status/sampler_constraints",
        "GET /status/style_contract",
    }
)
"""The older version answers these with the HTML page of an unknown URL."""
