"""The modal of /kudos send, which confirms a gift."""

from discord import ui

from bot.cards import formatting
from bot.cards.custom_ids import GIFT_MODAL
from bot.cards.markdown import safe_line
from bot.errors import BadOption
from bot.i18n import _
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import number_of

TO, KUDOS = "to", "kudos"
NAME_MAX = 100
GIFT_MAX = 50_000_000


def gift_modal(username: str, kudos: int) -> ui.Modal:
    """Shows a transfer before it is made."""
    hint = _("AI Horde name with its number, for example name#123")
    to = Input(TO, _("Recipient"), hint, text=username, most=NAME_MAX, least=1)
    hint = _("A transfer cannot be undone.")
    amount = Input(KUDOS, _("Amount of kudos"), hint, text=str(kudos), most=10, least=1)
    return modal_of(GIFT_MODAL(), _("Send kudos"), to, amount)


async def give(submission: Submission, fields: Fields) -> None:
    """Make the transfer; a submission delivered twice makes it once."""
    username, kudos = fields.get(TO, "").strip(), _amount(fields.get(KUDOS, ""))
    if not username.rpartition("#")[2].isdecimal() or not username.isprintable():
        raise BadOption(
            _("The recipient must be an AI Horde name with its number, for example `name#123`.")
        )
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    shared_keys, user_id = submission.client.services.shared_keys, submission.user.id
    given = await shared_keys.send(user_id, username, kudos, once=submission.id)
    said = _("Sent {kudos} to **{username}**.")
    name = safe_line(username, NAME_MAX)
    said = said.format(kudos=formatting.kudos(given), username=name)
    await submission.followup.send(said, ephemeral=True)


def _amount(typed: str) -> int:
    amount = number_of(typed.strip().replace(",", ""))
    if not 1 <= amount <= GIFT_MAX:
        said = _("The amount must be a whole number from 1 to {most}.")
        raise BadOption(said.format(most=formatting.decimal(GIFT_MAX)))
    return amount
