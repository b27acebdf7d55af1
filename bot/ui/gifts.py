"""The forms about kudos: a server's key, and a gift, which its form confirms."""

import logging
from collections.abc import Mapping

import discord
from discord import ui

from bot.client import HordecordBot
from bot.errors import BackendError, BadOption
from bot.ui import kudos_words, purse, server_changes, words
from bot.ui.markdown import safe_line
from bot.ui.presses import number_of
from bot.ui.sheets import Input, sheet

log = logging.getLogger(__name__)
Submission = discord.Interaction[HordecordBot]
KEY, TO, KUDOS = "key", "to", "kudos"
KEY_MAX = 64  # a Horde key has 22 characters, a shared key 36
NAME_MAX = 100
GIFT_MAX = 50_000_000


def server_key_modal() -> ui.Modal:
    """Asks for a server's key. Never prefilled, and its answer is for its person alone."""
    label, hint = kudos_words.SERVER_LOGIN_LABEL, kudos_words.SERVER_LOGIN_HINT
    key = Input(KEY, label, hint, most=KEY_MAX, least=1)
    return sheet(kudos_words.SERVER_LOGIN, kudos_words.SERVER_LOGIN_TITLE, key)


async def log_server_in(submission: Submission, fields: Mapping[str, str]) -> None:
    """Check a server's key with the backend and keep it sealed."""
    guild_id = server_changes.managed_guild(submission)
    await submission.response.defer(ephemeral=True, thinking=True)  # it asks the network
    paying = submission.client.service.paying
    account = await paying.login(guild_id, fields.get(KEY, ""))
    lines = [purse.logged_in(account)]
    try:
        lent = await paying.lent(guild_id)  # one that is expired or empty is taken all the same
    except BackendError as error:
        log.info("what a shared key allows is unknown: %s", error)
        lent = None
    lines += [purse.shared_line(lent, paying.now())] if lent else []
    note = await tell_log(submission, guild_id, kudos_words.LOG_KEY_SET)
    await submission.followup.send("\n".join(lines) + note, ephemeral=True)


async def tell_log(press: Submission, guild_id: int, line: str) -> str:
    """Tell the server's log channel, if it has one; gives what went wrong, as another line."""
    rules = await press.client.service.guilds.rules(guild_id)
    note = await server_changes.tell(press, [line], rules.log_channel)
    return f"\n-# {note}" if note else ""


def gift_modal(username: str, kudos: int) -> ui.Modal:
    """Shows a gift once more before it is made."""
    to = Input(
        TO, kudos_words.GIFT_TO, kudos_words.GIFT_HINT, text=username, most=NAME_MAX, least=1
    )
    amount = Input(
        KUDOS,
        kudos_words.GIFT_KUDOS,
        kudos_words.GIFT_KUDOS_HINT,
        text=str(kudos),
        most=10,
        least=1,
    )
    return sheet(kudos_words.GIFT, kudos_words.GIFT_TITLE, to, amount)


async def give(submission: Submission, fields: Mapping[str, str]) -> None:
    """Make the gift. The same submission twice gives once."""
    username, kudos = fields.get(TO, "").strip(), _amount(fields.get(KUDOS, ""))
    if not username.rpartition("#")[2].isdecimal() or not username.isprintable():
        raise BadOption(kudos_words.BAD_NAME)
    await submission.response.defer(ephemeral=True, thinking=True)  # it asks the network
    service, user_id = submission.client.service, submission.user.id
    given = await service.sharing.send(user_id, username, kudos, once=submission.id)
    said = kudos_words.GIVEN.format(
        kudos=words.kudos(given), username=safe_line(username, NAME_MAX)
    )
    await submission.followup.send(said, ephemeral=True)


def _amount(typed: str) -> int:
    amount = number_of(typed.strip().replace(",", ""))
    if not 1 <= amount <= GIFT_MAX:
        raise BadOption(kudos_words.BAD_GIFT)
    return amount
