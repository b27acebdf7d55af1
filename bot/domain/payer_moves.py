"""Whether a request may go to another backend, by its payer and the units of both. Pure."""

from collections.abc import Collection

from bot.domain.capabilities import PriceUnit
from bot.domain.records import Payer


def payer_after_move(
    payer: Payer, here: PriceUnit, there: PriceUnit, possible: Collection[Payer]
) -> Payer | None:
    """The payer of a request that another backend takes over; None: it may not go there.

    `possible`: payers of its kind there, the first one first. It may go where requests cost
    nothing, and from kudos to kudos with the same payer. Prices in money differ between
    backends, so they need the consent of the payer, who sends the request again. A style belongs
    to its Horde.
    """
    if payer is Payer.STYLE:
        return None
    if there is PriceUnit.NONE:
        return payer if payer in possible else next(iter(possible), None)
    if here is there is PriceUnit.KUDOS and payer in possible:
        return payer
    return Payer.ANONYMOUS if Payer.ANONYMOUS in possible else None
