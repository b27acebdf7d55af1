"""The question of /server key remove, and its buttons."""

from dataclasses import replace

from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import KEEP_SERVER_KEY, REMOVE_SERVER_KEY
from bot.domain.capabilities import Capabilities
from bot.domain.people import Credential
from bot.domain.records import Payer
from bot.i18n import N_, _
from bot.ui.account import kudos_lines
from bot.ui.account.key_texts import no_server_key
from bot.ui.components.persistent_item import Press
from bot.ui.components.views import layout_of
from bot.ui.server.changes import managed_guild
from bot.ui.server.key_modal import tell_log


def removal_question(credential: Credential, able: Capabilities) -> Card:
    """Asks before the key is removed."""
    title = _("Remove this server's key?")
    text = _("Its members then pay with their own keys.")
    if able.has_kudos:
        text = _("Its members then pay with their own keys or wait without kudos.")
    card = quiet_card(f"### {title}\n{kudos_lines.kept(credential)}\n{text}")
    remove = Button(REMOVE_SERVER_KEY(), _("Remove the key"), ButtonStyle.DANGER)
    return replace(card, rows=((remove, Button(KEEP_SERVER_KEY(), _("Keep the key"))),))


async def remove_key(press: Press) -> None:
    """Delete the server's key and tell the log channel."""
    guild_id, services = managed_guild(press), press.client.services
    context = await press.client.context(press)
    await press.response.defer()
    removed = await services.credentials.logout(Payer.GUILD, guild_id, context.backend)
    text = no_server_key(context.capabilities)
    if removed:
        text = _("This server's key was removed from the bot. Its account is unchanged.")
        text += await tell_log(press, guild_id, N_("**Key**: the key of this server was removed"))
    await press.edit_original_response(view=layout_of(quiet_card(text)))


async def keep_key(press: Press) -> None:
    """Close the question."""
    await press.response.edit_message(view=layout_of(quiet_card(_("Nothing was changed."))))
