"""The modal of /account login."""

from collections.abc import Mapping

from discord import ui

from bot.cards import formatting
from bot.cards.markdown import safe_line
from bot.ui.components.modals import Input, Submission, sheet

LOGIN = "login"
KEY = "key"
KEY_MAX = 64  # a Horde key has 22 characters, a shared key 36
# Account
LOGIN_TITLE = "Your AI Horde key"
LOGIN_LABEL = "API key"
LOGIN_HINT = "From aihorde.net/register. It is checked, stored sealed, and shown to nobody."
LOGGED_IN = (
    "Logged in as **{username}** with {kudos}. From now on your requests are paid by your key; "
    "`/account logout` forgets it."
)


def login_modal() -> ui.Modal:
    """Asks for an API key. Never prefilled, and its answer is for its person alone."""
    key = Input(KEY, LOGIN_LABEL, LOGIN_HINT, most=KEY_MAX, least=1)
    return sheet(LOGIN, LOGIN_TITLE, key)


async def log_in(submission: Submission, fields: Mapping[str, str]) -> None:
    """Check a key with the backend and keep it sealed."""
    await submission.response.defer(ephemeral=True, thinking=True)  # it asks the network
    account = await submission.client.service.logins.login(submission.user.id, fields.get(KEY, ""))
    said = LOGGED_IN.format(
        username=safe_line(account.username, 100), kudos=formatting.kudos(account.kudos)
    )
    await submission.followup.send(said, ephemeral=True)
