"""The modal of /account login."""

from discord import ui

from bot.accounts.credentials import KEY_MAX
from bot.cards.custom_ids import LOGIN_MODAL
from bot.cards.markdown import safe_line
from bot.domain.records import Payer
from bot.ui.account.kudos_lines import amount
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of

KEY = "key"
# Account
LOGIN_TITLE = "Your AI Horde key"
LOGIN_LABEL = "API key"
LOGIN_HINT = "From aihorde.net/register. It is checked, stored sealed, and shown to nobody."
LOGGED_IN = (
    "Logged in as **{username}** with {kudos}. From now on your requests are paid by your key; "
    "`/account logout` forgets it."
)


def login_modal() -> ui.Modal:
    """Asks for an API key; never prefilled."""
    key = Input(KEY, LOGIN_LABEL, LOGIN_HINT, most=KEY_MAX, least=1)
    return modal_of(LOGIN_MODAL(), LOGIN_TITLE, key)


async def log_in(submission: Submission, fields: Fields) -> None:
    """Check the key with the backend and store it encrypted."""
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    credentials, key = submission.client.services.credentials, fields.get(KEY, "")
    account = await credentials.login(Payer.USER, submission.user.id, key)
    said = LOGGED_IN.format(username=safe_line(account.username, 100), kudos=amount(account))
    await submission.followup.send(said, ephemeral=True)
