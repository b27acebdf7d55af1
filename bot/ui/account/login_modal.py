"""The modal of /account login."""

from discord import ui

from bot.accounts.credentials import KEY_MAX
from bot.cards import formatting
from bot.cards.custom_ids import LOGIN_MODAL
from bot.cards.markdown import safe_line
from bot.domain.records import Payer
from bot.i18n import _
from bot.ui.account.kudos_lines import amount
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of

KEY = "key"


def login_modal() -> ui.Modal:
    """Asks for an API key; never prefilled."""
    hint = _("From aihorde.net/register. The bot checks the key and stores it encrypted.")
    key = Input(KEY, _("API key"), hint, most=KEY_MAX, least=1)
    return modal_of(LOGIN_MODAL(), _("Your AI Horde key"), key)


async def log_in(submission: Submission, fields: Fields) -> None:
    """Check the key with the backend and store it encrypted."""
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    credentials, key = submission.client.services.credentials, fields.get(KEY, "")
    account = await credentials.login(Payer.USER, submission.user.id, key)
    said = _(
        "Logged in as **{username}** ({kudos}). Your key now pays for your requests; "
        "`/account logout` removes it."
    )
    said = said.format(username=safe_line(account.username, 100), kudos=amount(account))
    gifts = await submission.client.services.gifts.claim(submission.user.id)
    if gifts:
        kudos = formatting.kudos(sum(gift.kudos for gift in gifts))
        waited = _("Gifts waited for your login: the bot now sends you {kudos}.")
        said += f"\n{waited.format(kudos=kudos)}"
    await submission.followup.send(said, ephemeral=True)
