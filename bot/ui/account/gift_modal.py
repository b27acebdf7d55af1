"""The modals of /kudos send and Gift kudos, which confirm a gift."""

from discord import ui

from bot.cards import formatting
from bot.cards.custom_ids import GIFT_MODAL, MEMBER_GIFT_MODAL
from bot.cards.markdown import clean
from bot.domain.kudos.gifts import Gift
from bot.errors import BadOption
from bot.i18n import _
from bot.services.gifts.transfers import gift_failure
from bot.ui.account.gift_notices import gift_outcome
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import number_of

TO, KUDOS = "to", "kudos"
NAME_MAX = 100
NAME_IN_TITLE = 24  # characters, so that the title of a modal holds it
GIFT_MAX = 50_000_000
DEFAULT = 100  # kudos in the form at first


def gift_modal(username: str, kudos: int) -> ui.Modal:
    """Shows a transfer before it is made."""
    hint = _("AI Horde name with its number, for example name#123")
    to = Input(TO, _("Recipient"), hint, text=username, most=NAME_MAX, least=1)
    hint = _("A transfer cannot be undone.")
    amount = Input(KUDOS, _("Amount of kudos"), hint, text=str(kudos), most=10, least=1)
    return modal_of(GIFT_MODAL(), _("Send kudos"), to, amount)


def member_gift_modal(member_id: int, name: str, kudos: int = DEFAULT) -> ui.Modal:
    """Asks for the amount of a gift to a member, whose account is not shown."""
    hint = _("A transfer cannot be undone.")
    amount = Input(KUDOS, _("Amount of kudos"), hint, text=str(kudos), most=10, least=1)
    title = _("Gift kudos to {name}").format(name=clean(name, NAME_IN_TITLE))
    return modal_of(MEMBER_GIFT_MODAL(member_id), title, amount)


async def give(submission: Submission, fields: Fields) -> None:
    """Make the transfer; a submission delivered twice makes it once."""
    username, kudos = fields.get(TO, "").strip(), _amount(fields.get(KUDOS, ""))
    if not username.rpartition("#")[2].isdecimal() or not username.isprintable():
        raise BadOption(
            _("The recipient must be an AI Horde name with its number, for example `name#123`.")
        )
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    gifts, origin = submission.client.services.gifts, f"modal-{submission.id}"
    gift = await gifts.to_account(submission.user.id, username, kudos, origin=origin)
    await _answer(submission, gift)


async def give_to_member(submission: Submission, fields: Fields, member_id: int) -> None:
    """Make the transfer to a member, or hold it until the member logs in."""
    kudos = _amount(fields.get(KUDOS, ""))
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    gifts, origin = submission.client.services.gifts, f"modal-{submission.id}"
    gift = await gifts.to_member(submission.user.id, member_id, kudos, origin=origin)
    await _answer(submission, gift)


async def _answer(submission: Submission, gift: Gift) -> None:
    """Tell the outcome; without this answer the giver gets a direct message."""
    reason = gift_failure(gift)
    await submission.followup.send(reason or gift_outcome(gift), ephemeral=True)
    await submission.client.services.gifts.answered(gift)


def _amount(typed: str) -> int:
    amount = number_of(typed.strip().replace(",", ""))
    if not 1 <= amount <= GIFT_MAX:
        said = _("The amount must be a whole number from 1 to {most}.")
        raise BadOption(said.format(most=formatting.decimal(GIFT_MAX)))
    return amount
