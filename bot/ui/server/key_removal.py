"""The question of /server key remove, and its buttons."""

from dataclasses import replace

from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import KEEP_SERVER_KEY, REMOVE_SERVER_KEY
from bot.domain.people import Credential
from bot.domain.records import Payer
from bot.ui.account import kudos_lines
from bot.ui.components.persistent_item import Press
from bot.ui.components.views import layout_of
from bot.ui.server.changes import managed_guild
from bot.ui.server.key_modal import tell_log

NO_SERVER_KEY = (
    "This server has no key, so its members pay with their own, or go without kudos. "
    "`/server key set` adds one; a shared key is the safe choice, and `/kudos share` makes it."
)
REMOVE_TITLE = "### Remove this server's key?"
REMOVE_TEXT = "Its members then pay with their own keys, or wait without kudos."
REMOVE_LABEL, KEEP_LABEL = "Remove the key", "Keep it"
KEPT = "Nothing was changed."
LOG_KEY_GONE = "**Key**: this server has none any more"
SERVER_LOGGED_OUT = "This server's key is forgotten. The account at the Horde is as it was."


def removal_question(credential: Credential) -> Card:
    """Asks before the key is removed."""
    yes = Button(REMOVE_SERVER_KEY(), REMOVE_LABEL, ButtonStyle.DANGER)
    whose = kudos_lines.kept(credential)
    card = quiet_card(f"{REMOVE_TITLE}\n{whose}\n{REMOVE_TEXT}")
    return replace(card, rows=((yes, Button(KEEP_SERVER_KEY(), KEEP_LABEL)),))


async def remove_key(press: Press) -> None:
    """Delete the server's key and tell the log channel."""
    guild_id, services = managed_guild(press), press.client.services
    backend = (await press.client.context(press)).backend
    await press.response.defer()
    removed = await services.credentials.logout(Payer.GUILD, guild_id, backend)
    note = await tell_log(press, guild_id, LOG_KEY_GONE) if removed else ""
    said = SERVER_LOGGED_OUT + note if removed else NO_SERVER_KEY
    await press.edit_original_response(view=layout_of(quiet_card(said)))


async def keep_key(press: Press) -> None:
    """Close the question."""
    await press.response.edit_message(view=layout_of(quiet_card(KEPT)))
