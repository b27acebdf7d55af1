"""The modal of /server key login."""

import logging
import time

from discord import ui

from bot.accounts.credentials import KEY_MAX
from bot.cards.custom_ids import SERVER_KEY_MODAL
from bot.domain.records import Payer
from bot.errors import BackendError
from bot.ui.account import kudos_lines
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of
from bot.ui.server import changes

log = logging.getLogger(__name__)
KEY = "key"
# /server key
SERVER_LOGIN_TITLE = "This server's AI Horde key"
SERVER_LOGIN_LABEL = "API key, or better a shared key"
SERVER_LOGIN_HINT = "/kudos share makes one. It is checked, stored sealed, and shown to nobody."
LOG_KEY_SET = "**Key**: this server has another one that pays for its members"


def server_key_modal() -> ui.Modal:
    """Asks for a server's API key; never prefilled."""
    key = Input(KEY, SERVER_LOGIN_LABEL, SERVER_LOGIN_HINT, most=KEY_MAX, least=1)
    return modal_of(SERVER_KEY_MODAL(), SERVER_LOGIN_TITLE, key)


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
    note = await tell_log(submission, guild_id, LOG_KEY_SET)
    await submission.followup.send("\n".join(lines) + note, ephemeral=True)


async def tell_log(press: Submission, guild_id: int, line: str) -> str:
    """Tell the server's log channel, if it has one. Returns the error as another line."""
    rules = await press.client.services.guilds.rules(guild_id)
    note = await changes.tell(press, [line], rules.log_channel)
    return f"\n-# {note}" if note else ""
