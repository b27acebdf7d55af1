"""Messages for a request that exceeds a server's budget or the rest of a shared key. Pure.

They distinguish nothing left, not enough left and never enough: only the first two end by
themselves.
"""

import math

from bot.domain.capabilities import PriceUnit
from bot.domain.kudos.budgets import Bound, Budget, Room
from bot.domain.kudos.prices import price as price_text
from bot.domain.records import Payer
from bot.i18n import N_, _
from bot.i18n.formats import number

# Warning on a card that the next payer pays.
PASSED = {
    Bound.SIZE: N_("This image is larger than what this server's key pays for."),
    Bound.REQUEST: N_("This request costs more than this server's key pays for one request."),
    Bound.PERSON: N_("Your share of this server's key is used up until midnight (UTC)."),
    Bound.DAY: N_("This server's key is used up until midnight (UTC)."),
}
PASSED_LEFT = {  # something is left, but not enough
    Bound.PERSON: N_(
        "This request costs more than the rest of your share of this server's key today."
    ),
    Bound.DAY: N_("This request costs more than this server's key may still spend today."),
}
PASSED_EVER = {  # the kudos of a whole day are not enough
    Bound.PERSON: N_("This request costs more than your daily share of this server's key."),
    Bound.DAY: N_("This request costs more than this server's key may spend in a day."),
}
PASSED_SHARED_KEY = {
    Payer.USER: N_("This request costs more than your shared key has left."),
    Payer.GUILD: N_("This request costs more than this server's shared key has left."),
    Payer.BOT: N_("This request costs more than the bot's shared key has left."),
}
# Refusal when no other payer can pay.
USED_UP = {
    Bound.SIZE: N_("This server's key pays for images of up to {largest} pixels."),
    Bound.REQUEST: N_(
        "This server's key pays up to {a_request} for one request, and this one costs about "
        "{price}."
    ),
    Bound.PERSON: N_("Your share of this server's key is used up and refills <t:{at}:R>."),
    Bound.DAY: N_("This server's key is used up for today and refills <t:{at}:R>."),
}
LEFT = {
    Bound.PERSON: N_(
        "This request costs about {price}, and your share of this server's key has {left} left "
        "until it refills <t:{at}:R>."
    ),
    Bound.DAY: N_(
        "This request costs about {price}, and this server's key has {left} left until it refills "
        "<t:{at}:R>."
    ),
}
EVER = {
    Bound.PERSON: N_(
        "This request costs about {price}, and your share of this server's key is {most} a day."
    ),
    Bound.DAY: N_(
        "This request costs about {price}, and this server's key pays up to {most} a day."
    ),
}
SHARED_KEY_EMPTY = {
    Payer.USER: N_("Your shared key has no kudos left."),
    Payer.GUILD: N_("This server's shared key has no kudos left."),
    Payer.BOT: N_("The bot's shared key has no kudos left."),
}
SHARED_KEY_LEFT = {
    Payer.USER: N_("This request costs about {price}, and your shared key has {left} left."),
    Payer.GUILD: N_(
        "This request costs about {price}, and this server's shared key has {left} left."
    ),
    Payer.BOT: N_("This request costs about {price}, and the bot's shared key has {left} left."),
}
LITTLE = 1.0  # kudos, or micro-USD; a smaller rest counts as none


def passed(room: Room, price: float, payer: Payer = Payer.GUILD) -> str:
    """Warning on the card of a request that the next payer pays.

    `price`: of the request. `payer`: the one that was skipped.
    """
    if room.bound is Bound.SHARED_KEY:
        return shared_key_passed(payer, is_empty=room.left < LITTLE)
    if room.bound.refills and price > room.most:
        return _(PASSED_EVER[room.bound])
    return _((PASSED_LEFT if room.left >= LITTLE else PASSED)[room.bound])


def shared_key_passed(payer: Payer, *, is_empty: bool) -> str:
    """Warning on the card of a request for which the shared key of `payer` has too few kudos."""
    return _((SHARED_KEY_EMPTY if is_empty else PASSED_SHARED_KEY)[payer])


def used_up(room: Room, budget: Budget, price: float, at: float, payer: Payer = Payer.GUILD) -> str:
    """Refusal for a request that no payer can pay: the reason, and the alternatives.

    `price`: in the unit of the budget. `at`: when the day's amount refills, in UTC seconds.
    """
    reason = _(_reason(room, price, payer)).format(
        largest=number(budget.largest),
        a_request=price_text(budget.a_request, budget.unit),
        most=price_text(room.most, budget.unit),
        left=price_text(room.left, budget.unit),
        price=price_text(math.ceil(price), budget.unit),
        at=int(at),
    )
    return f"{reason} {_alternatives(room, budget, price, payer)}"


def _reason(room: Room, price: float, payer: Payer) -> str:
    """The sentence for that limit, not translated."""
    has_some = room.left >= LITTLE
    if room.bound is Bound.SHARED_KEY:
        return (SHARED_KEY_LEFT if has_some else SHARED_KEY_EMPTY)[payer]
    if room.bound.refills and price > room.most:
        return EVER[room.bound]
    return (LEFT if has_some else USED_UP)[room.bound]


def _alternatives(room: Room, budget: Budget, price: float, payer: Payer) -> str:
    """What the requester can do. A small request may need no kudos, where the budget allows
    it.
    """
    has_free = budget.unit is PriceUnit.KUDOS
    may_be_free = has_free and (budget.then_next or payer is not Payer.GUILD)
    later = room.bound.refills and price <= room.most
    if payer is Payer.USER:
        return _(
            "Use another key with `/account login`, or make the request small enough to need no "
            "kudos."
        )
    if may_be_free and later:
        return _(
            "Use your own key with `/account login`, wait until then, or make the request small "
            "enough to need no kudos."
        )
    if may_be_free:
        return _(
            "Use your own key with `/account login`, or make the request small enough to need no "
            "kudos."
        )
    if later and room.left < LITTLE:
        return _("Use your own key with `/account login`, or wait until then.")
    if later:
        return _(
            "Use your own key with `/account login`, wait until then, or make the request smaller."
        )
    return _("Use your own key with `/account login`, or make the request smaller.")
