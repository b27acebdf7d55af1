"""The routes of moderators and administrators."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.horde.administration.address_endpoints import AddressEndpoints
from sandbox.horde.administration.filter_endpoints import FilterEndpoints
from sandbox.horde.administration.mode_endpoints import ModeEndpoints
from sandbox.horde.state.horde_state import HordeState


def administration_routes(
    horde: HordeState,
) -> dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]]:
    """Handlers by method and path."""
    filters, modes = FilterEndpoints(horde), ModeEndpoints(horde)
    addresses = AddressEndpoints(horde)
    return {
        "PUT /status/modes": modes.change,
        "POST /kudos/award": modes.award,
        "GET /filters": filters.list_all,
        "PUT /filters": filters.create,
        "POST /filters": filters.test,
        "GET /filters/regex": filters.regex,
        "GET /filters/{filter_id}": filters.get,
        "PATCH /filters/{filter_id}": filters.change,
        "DELETE /filters/{filter_id}": filters.delete,
        "GET /operations/ipaddr": addresses.list_all,
        "POST /operations/ipaddr": addresses.create,
        "DELETE /operations/ipaddr": addresses.delete,
        "GET /operations/ipaddr/{ipaddr}": addresses.get,
        "PUT /operations/block_worker_ipaddr/{worker_id}": addresses.block_worker,
        "DELETE /operations/block_worker_ipaddr/{worker_id}": addresses.unblock_worker,
    }
