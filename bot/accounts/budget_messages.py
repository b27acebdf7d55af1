"""Messages for a request that exceeds a server's budget. Pure.

They distinguish nothing left, not enough left and never enough: only the first two end by
themselves.
"""

import math

from bot.domain.budgets import Bound, Budget, Room
from bot.domain.records import Payer

# Warning on a card that the next payer pays.
PASSED = {
    Bound.SIZE: "It is larger than what this server's key pays for.",
    Bound.REQUEST: "It costs more than this server's key pays for one request.",
    Bound.PERSON: "Your share of this server's key is used up until midnight (UTC).",
    Bound.DAY: "This server's key is used up until midnight (UTC).",
    Bound.SHARED_KEY: "{whose} shared key has no kudos left.",
}
PASSED_LEFT = {  # something is left, but not enough
    Bound.PERSON: "It costs more than what is left today of your share of this server's key.",
    Bound.DAY: "It costs more than what is left today of this server's key.",
    Bound.SHARED_KEY: "It costs more than what is left of {whose} shared key.",
}
PASSED_EVER = {  # the kudos of a whole day are not enough
    Bound.PERSON: "It costs more than your share of this server's key is for a whole day.",
    Bound.DAY: "It costs more than this server's key may spend in a whole day.",
}
# Refusal when no other payer can pay.
USED_UP = {
    Bound.SIZE: "This server's key pays for pictures of up to {largest:,} pixels; this has more.",
    Bound.REQUEST: (
        "This server's key pays up to {a_request:,.0f} kudos for one request; this would cost "
        "about {kudos:,.0f}."
    ),
    Bound.PERSON: "Your share of this server's key is used up for today. It refills <t:{at}:R>.",
    Bound.DAY: "This server's key is used up for today. It refills <t:{at}:R>.",
    Bound.SHARED_KEY: "{whose} shared key has no kudos left.",
}
LEFT = {
    Bound.PERSON: (
        "Of your share of this server's key {left:,.0f} kudos are left for today, and this would "
        "cost about {kudos:,.0f}. It refills <t:{at}:R>."
    ),
    Bound.DAY: (
        "Of this server's key {left:,.0f} kudos are left for today, and this would cost about "
        "{kudos:,.0f}. It refills <t:{at}:R>."
    ),
    Bound.SHARED_KEY: (
        "{whose} shared key has {left:,.0f} kudos left, and this would cost about {kudos:,.0f}."
    ),
}
EVER = {
    Bound.PERSON: (
        "Your share of this server's key is {most:,.0f} kudos a day; this would cost about "
        "{kudos:,.0f}."
    ),
    Bound.DAY: (
        "This server's key pays up to {most:,.0f} kudos a day; this would cost about {kudos:,.0f}."
    ),
}
LITTLE = 1.0  # kudos; a smaller rest counts as none
WHOSE = {Payer.USER: "your", Payer.GUILD: "this server's", Payer.BOT: "the bot's"}
OTHER_KEY = "use another key with `/account login`"
OWN_KEY = "add a key of your own with `/account login`"
LATER = "wait until then"
LESS = "ask for something smaller, with fewer steps or fewer of them"
SMALL_IS_FREE = "ask for something small enough to go without kudos"


def passed(room: Room, kudos: float, payer: Payer = Payer.GUILD) -> str:
    """Warning on the card of a request that the next payer pays.

    `kudos`: its price. `payer`: the one that was passed over.
    """
    if room.bound.refills and kudos > room.most:
        return PASSED_EVER[room.bound]
    said = (PASSED_LEFT if room.left >= LITTLE else PASSED)[room.bound]
    return _sentence(said.format(whose=WHOSE[payer]))


def used_up(room: Room, budget: Budget, kudos: float, at: float, payer: Payer = Payer.GUILD) -> str:
    """Refusal for a request that no payer can pay: the reason, and the alternatives.

    `at`: when the day's kudos refill, in UTC seconds.
    """
    own = OTHER_KEY if payer is Payer.USER else OWN_KEY
    if room.bound.refills and kudos > room.most:
        reason, ways = EVER[room.bound], [own, LESS]
    elif room.left >= LITTLE:
        later = [LATER] if room.bound.refills else []
        reason, ways = LEFT[room.bound], [own, *later, LESS]
    else:
        reason, ways = USED_UP[room.bound], [own, LATER if room.bound.refills else LESS]
    if budget.then_next or payer is not Payer.GUILD:
        ways.append(SMALL_IS_FREE)
    *first, last = ways
    said = reason.format(
        largest=budget.largest,
        a_request=budget.a_request,
        most=room.most,
        left=room.left,
        kudos=math.ceil(kudos),
        at=int(at),
        whose=WHOSE[payer],
    )
    return f"{_sentence(said)} You can {', '.join(first)}, or {last}."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
