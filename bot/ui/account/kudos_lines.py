"""Lines about accounts, shared keys and budgets. Pure."""

from collections.abc import Iterator

from bot.accounts.credentials import DELETED
from bot.accounts.payment import BudgetShare
from bot.backends.values import Account, Allowance
from bot.cards import formatting
from bot.cards.formatting import DOT
from bot.cards.markdown import safe_line
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.kudos.budgets import Budget
from bot.domain.people import Credential
from bot.i18n import _, ngettext

NAME_MAX = 100


def is_shared_key() -> str:
    """What a user's shared key pays for."""
    return _("This is a shared key. It pays for images and texts, but not for alchemy.")


def is_safe_key() -> str:
    """What a server's shared key pays for."""
    return _(
        "This is a shared key, the safe choice. It pays only for images and texts, within its "
        "limits, and its owner can revoke it at any time."
    )


def amount(account: Account, able: Capabilities) -> str:
    """The balance of an account, of a shared key its remaining kudos; "" without a price.

    "About": balances of a Horde lag behind by some seconds, those of a shared key by a minute.
    """
    if account.balance is None:
        return _unlimited() if able.has_kudos else ""
    balance = formatting.price(account.balance, able.unit)
    return _("about {kudos}").format(kudos=balance) if balance else ""


def named(account: Account, able: Capabilities) -> str:
    """The name of an account, and its balance."""
    name, balance = f"**{safe_line(account.username, NAME_MAX)}**", amount(account, able)
    return f"{name} ({balance})" if balance else name


def account_line(account: Account, able: Capabilities) -> str:
    """Name and balance of the account."""
    name = safe_line(account.username, NAME_MAX)
    trusted = _("trusted account") if account.trusted else ""
    line = DOT.join(filter(None, [f"**{name}**", amount(account, able), trusted]))
    return f"{line}\n{_(DELETED)}" if account.deleted else line


def tested(account: Account, able: Capabilities) -> str:
    """The account of a key that the backend has just accepted."""
    line = account_line(account, able)
    return line if account.deleted else _("The key works.") + f"\n{line}"


def logged_in(account: Account, able: Capabilities) -> str:
    """Confirmation that a server has its key."""
    said = _(
        "The key of {account} for {backend} now pays for members of this server without a key of "
        "their own. Limit what they may spend with `/server key budget`."
    )
    said = said.format(account=named(account, able), backend=able.title)
    if not able.has_kudos:
        return said
    return f"{said}\n{is_safe_key() if account.shared else _safer_key()}"


def _safer_key() -> str:
    return _(
        "This is the account's own key. A **shared key** is safer: it has limits, cannot change "
        "the account, and can be revoked.\n"
        "To make one, use `/account login` with the account's own key, then `/kudos share`, then "
        "`/server key set` with the new key."
    )


def kept(credential: Credential) -> str:
    """A server's stored key."""
    name = safe_line(credential.username, NAME_MAX)
    said = _("This server's key: **{username}**, set on {date}.")
    return said.format(username=name, date=f"<t:{int(credential.created_at)}:d>")


def shared_line(allowance: Allowance, now: float) -> str:
    """A shared key, its limits and its spending."""
    name = safe_line(allowance.name, NAME_MAX)
    return _("**Shared key** {name}: {facts}").format(
        name=name, facts=DOT.join(_facts(allowance, now))
    )


def _unlimited() -> str:
    return _("no kudos limit")


def _facts(allowance: Allowance, now: float) -> Iterator[str]:
    if allowance.kudos is None:
        yield _unlimited()
    else:
        yield _("about {kudos} left").format(kudos=formatting.kudos(max(0.0, allowance.kudos)))
    yield _("{kudos} spent").format(kudos=formatting.kudos(allowance.spent))
    if (at := allowance.expires_at) is not None and at > now:
        yield _("valid until {date}").format(date=f"<t:{int(at)}:d>")
    elif at is not None:
        yield _("expired {time}").format(time=f"<t:{int(at)}:R>")
    if (most := allowance.pixels) is not None:
        yield _number(ngettext("up to {count} pixel", "up to {count} pixels", most), most)
    if (most := allowance.steps) is not None:
        yield _number(ngettext("up to {count} step", "up to {count} steps", most), most)
    if (most := allowance.tokens) is not None:
        yield _number(ngettext("up to {count} token", "up to {count} tokens", most), most)


def _number(said: str, number: int) -> str:
    return said.format(count=formatting.decimal(number))


def budget_lines(budget: Budget) -> Iterator[str]:
    """The limits of a server's key."""
    found = list(_limits(budget))
    if not found:
        yield _("No budget is set: this server's key pays without limits.")
        return
    yield _("**Budget** {limits}").format(limits=DOT.join(found))
    if budget.then_next:
        yield _("When the budget is used up, requests use the bot's key or no key where possible.")
    else:
        yield _(
            "When the budget is used up, only members with a key of their own can make requests."
        )


def limit_lines(budget: Budget) -> Iterator[str]:
    """The same in a few words, one for each limit."""
    yield from _limits(budget)
    if not budget.then_next:
        yield _("no other key when the budget is used up")


def _limits(budget: Budget) -> Iterator[str]:
    def price(amount: float) -> str:
        return formatting.price(amount, budget.unit)

    if budget.a_day:
        yield _("{kudos} per day").format(kudos=price(budget.a_day))
    if budget.a_person_a_day:
        yield _("{kudos} per day for each member").format(kudos=price(budget.a_person_a_day))
    if budget.a_request:
        yield _("{kudos} per request").format(kudos=price(budget.a_request))
    for role, amount in budget.roles:
        said = _("{role}: {kudos} per day") if amount else _("{role}: no daily limit")
        yield said.format(role=f"<@&{role}>", kudos=price(amount))
    if budget.largest:
        side = int(budget.largest**0.5)
        yield _("images of up to {size}").format(size=formatting.size(side, side))


def share_lines(share: BudgetShare) -> Iterator[str]:
    """What a server's key spent today; nothing where requests have no price."""
    unit = share.budget.unit
    if unit is PriceUnit.NONE:
        return
    yield _("**Spent today** {kudos} · by you: {own} · resets {time}").format(
        kudos=_of(share.spent.server, share.budget.a_day, unit),
        own=_of(share.spent.person, share.limit, unit),
        time=f"<t:{int(share.refills_at)}:R>",
    )
    if share.spent.server:
        yield "-# " + _("Open requests and alchemy are counted with estimated prices.")


def _of(spent: float, limit: float, unit: PriceUnit) -> str:
    """The spent amount, and the limit if there is one."""
    kudos = formatting.price(spent, unit)
    if not limit:
        return kudos
    return _("{kudos} of {limit}").format(kudos=kudos, limit=formatting.price(limit, unit))
