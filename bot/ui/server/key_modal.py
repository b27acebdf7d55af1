"""The modal of /server key set."""

import logging
import time

from discord import ui

from bot.accounts.credentials import KEY_MAX
from bot.cards.custom_ids import SERVER_KEY_MODAL
from bot.domain.records import Payer
from bot.errors import BackendError
from bot.i18n import N_, _
from bot.ui.account import kudos_lines
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of
from bot.ui.server import changes

log = logging.getLogger(__name__)
KEY = "key"


def server_key_modal() -> ui.Modal:
    """Asks for a server's API key; never prefilled."""
    hint = _("/kudos share makes a shared key. Keys are stored encrypted.")
    key = Input(KEY, _("API key or shared key"), hint, most=KEY_MAX, least=1)
    return modal_of(SERVER_KEY_MODAL(), _("AI Horde key of this server"), key)


async def log_server_in(submission: Submission, fields: Fields) -> None:
    """Check the key with the backend and store it encrypted."""
    guild_id = changes.managed_guild(submission)
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    credentials = submission.client.services.credentials
    backend = (await submission.client.context(submission)).backend
    account = await credentials.login(Payer.GUILD, guild_id, fields.get(KEY, ""), backend)
    lines = [kudos_lines.logged_in(account)]
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
