"""Lines about accounts, shared keys and budgets. Pure."""

from collections.abc import Iterator

from bot.accounts.credentials import DELETED
from bot.accounts.payment import BudgetShare
from bot.backends.base import Account, Allowance
from bot.cards import formatting
from bot.cards.formatting import DOT
from bot.cards.markdown import safe_line
from bot.domain.budgets import Budget
from bot.domain.people import Credential

SERVER_LOGGED_IN = (
    "From now on this server's key pays for its members who have none of their own: "
    "**{username}** with {kudos}. `/server key budget` says how much they may spend."
)
SAFE_KEY = (
    "It is a shared key, the safe choice: it only pays for pictures and texts (not for alchemy), "
    "within the limits that it was given, and its owner can revoke it at any time."
)
SAFER = (
    "It is the account's own key. Safer is a **shared key**: it only makes things, has limits, and "
    "you can revoke it. To make one: `/account login` with the account's own key (that is yours "
    "alone), `/kudos share`, and then `/server key set` with what you get."
)
SERVER_KEY = "This server's key: **{username}**, since <t:{since}:d>."
KEY_WORKS = "The key works: **{username}** has {kudos}{trusted}."
# Budgets
NO_BUDGET = "No budget: the server's key pays for whatever it can."
BUDGET = "**The budget** {limits}."
A_DAY, A_PERSON = "{kudos} a day", "{kudos} a day for each person"
A_ROLE, A_ROLE_FREE = "<@&{role}> {kudos} a day", "<@&{role}> without a limit of their own"
A_REQUEST, LARGEST = "{kudos} for one request", "pictures of up to {size}"
THEN_NEXT = "When it has no room, the bot's own key or none pays where that is possible."
THEN_STOP = "When it has no room, nothing is made with another key but one's own."
NO_OTHER_KEY = "nothing by another key when it is used up"
SPENT_TODAY = "**Spent today** {server}{of_server}, by you {person}{of_person}; refills <t:{at}:R>."
OF = " of {kudos}"
ESTIMATES = "-# Alchemy tells no prices, and what is under way none yet: those are estimates."
# Shared keys
SHARED = "**Shared key** {name}: {facts}."
LEFT, UNLIMITED, SPENT = "{kudos} left", "no limit of kudos", "{kudos} spent"
UNTIL, EXPIRED = "until <t:{at}:d>", "expired <t:{at}:R>"
PIXELS, STEPS, TOKENS = "up to {number:,} pixels", "up to {number} steps", "up to {number} tokens"
SHARED_KEY = "It is a shared key: it pays for pictures and texts, but not for alchemy."
NOT_LOGGED_IN = (
    "There is no key of yours here. `/account login` adds one; "
    "you get one for free at aihorde.net/register."
)
ACCOUNT = "**{username}** · {kudos}{trusted}"

NAME_MAX = 100


def amount(account: Account) -> str:
    """The kudos of an account; of a shared key its remaining kudos."""
    return UNLIMITED if account.kudos is None else formatting.kudos(account.kudos)


def account_line(account: Account) -> str:
    """Name and kudos of the account."""
    line = ACCOUNT.format(
        username=safe_line(account.username, NAME_MAX),
        kudos=amount(account),
        trusted=f"{DOT}trusted" if account.trusted else "",
    )
    return f"{line}\n{DELETED}" if account.deleted else line


def tested(account: Account) -> str:
    """A key that was just looked at, and works."""
    if account.deleted:
        return account_line(account)
    return KEY_WORKS.format(
        username=safe_line(account.username, NAME_MAX),
        kudos=amount(account),
        trusted=", and is trusted" if account.trusted else "",
    )


def logged_in(account: Account) -> str:
    """Confirmation that a server has its key."""
    said = SERVER_LOGGED_IN.format(
        username=safe_line(account.username, NAME_MAX), kudos=amount(account)
    )
    return f"{said}\n{SAFE_KEY if account.shared else SAFER}"


def kept(credential: Credential) -> str:
    """A server's stored key."""
    return SERVER_KEY.format(
        username=safe_line(credential.username, NAME_MAX), since=int(credential.created_at)
    )


def shared_line(allowance: Allowance, now: float) -> str:
    """A shared key, its limits and its spending."""
    facts = formatting.listed(_facts(allowance, now))
    return SHARED.format(name=safe_line(allowance.name, NAME_MAX), facts=facts)


def _facts(allowance: Allowance, now: float) -> Iterator[str]:
    if allowance.kudos is None:
        yield UNLIMITED
    else:
        yield LEFT.format(kudos=formatting.kudos(max(0.0, allowance.kudos)))
    yield SPENT.format(kudos=formatting.kudos(allowance.spent))
    if (at := allowance.expires_at) is not None:
        said = UNTIL if at > now else EXPIRED
        yield said.format(at=int(at))
    limits = (
        (allowance.pixels, PIXELS),
        (allowance.steps, STEPS),
        (allowance.tokens, TOKENS),
    )
    yield from (said.format(number=number) for number, said in limits if number is not None)


def budget_lines(budget: Budget) -> Iterator[str]:
    """The limits of a server's key."""
    found = list(_limits(budget))
    if not found:
        yield NO_BUDGET
        return
    yield BUDGET.format(limits=formatting.listed(found))
    yield THEN_NEXT if budget.then_next else THEN_STOP


def limit_lines(budget: Budget) -> Iterator[str]:
    """The same in a few words, one for each limit."""
    yield from _limits(budget)
    if not budget.then_next:
        yield NO_OTHER_KEY


def _limits(budget: Budget) -> Iterator[str]:
    amounts = (
        (budget.a_day, A_DAY),
        (budget.a_person_a_day, A_PERSON),
        (budget.a_request, A_REQUEST),
    )
    yield from (said.format(kudos=formatting.kudos(kudos)) for kudos, said in amounts if kudos)
    for role, kudos in budget.roles:
        said = A_ROLE if kudos else A_ROLE_FREE
        yield said.format(role=role, kudos=formatting.kudos(kudos))
    if budget.largest:
        side = int(budget.largest**0.5)
        yield LARGEST.format(size=formatting.size(side, side))


def share_lines(share: BudgetShare) -> Iterator[str]:
    """Kudos of a server's key spent today."""
    yield SPENT_TODAY.format(
        server=formatting.kudos(share.spent.server),
        of_server=_of(share.budget.a_day),
        person=formatting.kudos(share.spent.person),
        of_person=_of(share.limit),
        at=int(share.refills_at),
    )
    if share.spent.server:
        yield ESTIMATES


def _of(limit: float) -> str:
    return OF.format(kudos=formatting.kudos(limit)) if limit else ""
