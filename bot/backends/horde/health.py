"""Whether a Horde is up, and whether it accepts requests."""

import logging

from bot.backends.values import Health
from bot.errors import BackendError
from bot.horde.client import HordeClient
from bot.horde.error_mapping import MAINTENANCE
from bot.horde.server_info import Modes
from bot.i18n import _

log = logging.getLogger(__name__)


async def health_of(client: HordeClient) -> Health:
    """By the heartbeat, which has no limit, and the modes, which have one (30 a minute)."""
    try:
        beat = await client.get_heartbeat()
    except BackendError as error:
        return Health(ok=False, message=str(error))
    if beat.message.upper() == "DOWN" or not beat.db_connection:
        return Health(ok=False, message=_("The Horde reports an outage."))
    modes = await _modes(client)
    if modes.maintenance_mode:
        return Health(ok=True, message=_(MAINTENANCE), maintenance=True)
    return Health(ok=True, message=_("The Horde is available."))


async def _modes(client: HordeClient) -> Modes:
    try:
        return await client.get_modes()
    except BackendError as error:
        log.debug("the modes of a Horde are unknown: %s", error)
        return Modes()
