"""The modal of /server key set."""

import logging
import time

from discord import ui

from bot.cards.custom_ids import SERVER_KEY_MODAL
from bot.domain.capabilities import Capabilities
from bot.domain.records import Payer
from bot.errors import BackendError
from bot.i18n import N_, _
from bot.ui.account import kudos_lines
from bot.ui.account.login_modal import known_backend
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of
from bot.ui.server import changes

log = logging.getLogger(__name__)
KEY = "key"


def server_key_modal(backend: str, able: Capabilities) -> ui.Modal:
    """Asks for a server's API key; never prefilled. `backend`: its name in the settings."""
    label, hint = _("API key"), _("The bot checks the key and stores it encrypted.")
    if able.has_kudos:
        label = _("API key or shared key")
        hint = _("/kudos share makes a shared key. Keys are stored encrypted.")
    key = Input(KEY, label, hint, most=able.key_max, least=1)
    title = _("Server key for {backend}").format(backend=able.title)
    return modal_of(SERVER_KEY_MODAL(backend), title, key)


async def log_server_in(submission: Submission, fields: Fields, backend: str) -> None:
    """Check the key with the backend and store it encrypted. `backend`: "" is the default one."""
    guild_id = changes.managed_guild(submission)
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    credentials = submission.client.services.credentials
    able = known_backend(submission, backend).capabilities
    account = await credentials.login(Payer.GUILD, guild_id, fields.get(KEY, ""), backend)
    lines = [kudos_lines.logged_in(account, able)]
    try:  # a shared key that is expired or empty is accepted too
        allowance = await credentials.allowance(Payer.GUILD, guild_id, backend)
    except BackendError as error:
        log.info("the limits of a shared key are unknown: %s", error)
        allowance = None
    lines += [kudos_lines.shared_line(allowance, time.time())] if allowance else []
    line = N_("**Key**: this server has a new key that pays for its members")
    note = await tell_log(submission, guild_id, line)
    await submission.followup.send("\n".join(lines) + note, ephemeral=True)


async def tell_log(press: Submission, guild_id: int, line: str) -> str:
    """Tell the server's log channel, if it has one. Returns the error as another line.

    `line`: a message marked with `N_`; it is translated into the language of the server.
    """
    rules = await press.client.services.guilds.rules(guild_id)
    note = await changes.tell(press, lambda: [_(line)], rules.log_channel)
    return f"\n-# {note}" if note else ""
