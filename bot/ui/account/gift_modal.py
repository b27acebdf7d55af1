"""The modal of /kudos send, which confirms a gift."""

from discord import ui

from bot.cards import formatting
from bot.cards.custom_ids import GIFT_MODAL
from bot.cards.markdown import safe_line
from bot.errors import BadOption
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import number_of

# Transfers
GIFT_TITLE, GIFT_TO, GIFT_KUDOS = "Give kudos away", "To", "How many"
GIFT_HINT = "A name of the Horde with its number, as somebody#123."
GIFT_KUDOS_HINT = "This cannot be taken back."
GIVEN = "Sent {kudos} to **{username}**."
BAD_GIFT = "How many: a whole number from 1 to 50,000,000."
BAD_NAME = "To: a name of the Horde with its number, as `somebody#123`."

TO, KUDOS = "to", "kudos"
NAME_MAX = 100
GIFT_MAX = 50_000_000


def gift_modal(username: str, kudos: int) -> ui.Modal:
    """Shows a transfer before it is made."""
    to = Input(TO, GIFT_TO, GIFT_HINT, text=username, most=NAME_MAX, least=1)
    amount = Input(KUDOS, GIFT_KUDOS, GIFT_KUDOS_HINT, text=str(kudos), most=10, least=1)
    return modal_of(GIFT_MODAL(), GIFT_TITLE, to, amount)


async def give(submission: Submission, fields: Fields) -> None:
    """Make the transfer; a submission delivered twice makes it once."""
    username, kudos = fields.get(TO, "").strip(), _amount(fields.get(KUDOS, ""))
    if not username.rpartition("#")[2].isdecimal() or not username.isprintable():
        raise BadOption(BAD_NAME)
    await submission.response.defer(ephemeral=True, thinking=True)  # the backend is called
    shared_keys, user_id = submission.client.services.shared_keys, submission.user.id
    given = await shared_keys.send(user_id, username, kudos, once=submission.id)
    said = GIVEN.format(kudos=formatting.kudos(given), username=safe_line(username, NAME_MAX))
    await submission.followup.send(said, ephemeral=True)


def _amount(typed: str) -> int:
    amount = number_of(typed.strip().replace(",", ""))
    if not 1 <= amount <= GIFT_MAX:
        raise BadOption(BAD_GIFT)
    return amount
