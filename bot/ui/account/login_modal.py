"""The modal of /account login."""

from discord import ui

from bot.backends.base import Backend
from bot.cards import formatting
from bot.cards.custom_ids import LOGIN_MODAL
from bot.domain.capabilities import Capabilities
from bot.domain.records import Payer
from bot.errors import UserError
from bot.i18n import _
from bot.ui.account.kudos_lines import named
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of

KEY = "key"


def login_modal(backend: str, able: Capabilities) -> ui.Modal:
    """Asks for an API key; never prefilled. `backend`: its name in the settings."""
    hint = _("The bot checks the key and stores it encrypted.")
    if able.keys_from:
        hint = _("From {place}. The bot checks the key and stores it encrypted.")
    hint = hint.format(place=able.keys_from)
    key = Input(KEY, _("API key"), hint, most=able.key_max, least=1)
    title = _("Your key for {backend}").format(backend=able.title)
    return modal_of(LOGIN_MODAL(backend), title, key)


async def log_in(submission: Submission, fields: Fields, backend: str) -> None:
    """Check the key with the backend and store it encrypted. `backend`: "" is the default one."""
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    services, user_id = submission.client.services, submission.user.id
    able = known_backend(submission, backend).capabilities
    account = await services.credentials.login(Payer.USER, user_id, fields.get(KEY, ""), backend)
    said = _(
        "Logged in as {account} at {backend}. Your key now pays for your requests there; "
        "`/account logout` removes it."
    )
    said = said.format(account=named(account, able), backend=able.title)
    gifts = await services.gifts.claim(user_id) if able.has_kudos else []
    if gifts:
        kudos = formatting.kudos(sum(gift.kudos for gift in gifts))
        waited = _("Gifts waited for your login: the bot now sends you {kudos}.")
        said += f"\n{waited.format(kudos=kudos)}"
    await submission.followup.send(said, ephemeral=True)


def known_backend(submission: Submission, name: str) -> Backend:
    """The backend of a modal; "" is the default one. Raises UserError for a removed one."""
    backends = submission.client.services.backends
    found = backends.get(name or next(iter(backends)))
    if found is None:
        raise UserError(_("This backend was removed from the bot. Nothing was stored."))
    return found
