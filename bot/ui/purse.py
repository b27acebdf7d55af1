"""What is left of whose kudos, in words. Pure."""

from collections.abc import Iterator

from bot.backends.base import Account, Allowance
from bot.budgets import Budget
from bot.paying import Share
from bot.records import Credential
from bot.sharing import Lent
from bot.ui import kudos_words, sentences, words
from bot.ui.markdown import safe_line
from bot.ui.scene import DOT

NAME_MAX = 100


def account_line(account: Account) -> str:
    """Who that is and what they have."""
    return sentences.ACCOUNT.format(
        username=safe_line(account.username, NAME_MAX),
        kudos=words.kudos(account.kudos),
        trusted=f"{DOT}trusted" if account.trusted else "",
    )


def tested(account: Account) -> str:
    """A key that was just looked at, and works."""
    return kudos_words.KEY_WORKS.format(
        username=safe_line(account.username, NAME_MAX),
        kudos=words.kudos(account.kudos),
        trusted=", and is trusted" if account.trusted else "",
    )


def logged_in(account: Account) -> str:
    """What is said once a server has its key."""
    said = kudos_words.SERVER_LOGGED_IN.format(
        username=safe_line(account.username, NAME_MAX), kudos=words.kudos(account.kudos)
    )
    return f"{said}\n{kudos_words.SAFE_KEY if account.shared else kudos_words.SAFER}"


def kept(credential: Credential) -> str:
    """A server's key as it is kept."""
    return kudos_words.SERVER_KEY.format(
        username=safe_line(credential.username, NAME_MAX), since=int(credential.created_at)
    )


def shared_line(lent: Lent, now: float) -> str:
    """A shared key, its limits and what was spent."""
    facts = words.listed(_facts(lent.allowance, now))
    return kudos_words.SHARED.format(name=safe_line(lent.name, NAME_MAX), facts=facts)


def _facts(allowance: Allowance, now: float) -> Iterator[str]:
    if allowance.kudos is None:
        yield kudos_words.UNLIMITED
    else:
        yield kudos_words.LEFT.format(kudos=words.kudos(max(0.0, allowance.kudos)))
    yield kudos_words.SPENT.format(kudos=words.kudos(allowance.spent))
    if (at := allowance.expires_at) is not None:
        said = kudos_words.UNTIL if at > now else kudos_words.EXPIRED
        yield said.format(at=int(at))
    limits = (
        (allowance.pixels, kudos_words.PIXELS),
        (allowance.steps, kudos_words.STEPS),
        (allowance.tokens, kudos_words.TOKENS),
    )
    yield from (said.format(number=number) for number, said in limits if number is not None)


def budget_lines(budget: Budget) -> Iterator[str]:
    """What a server's key may be used for."""
    found = list(_limits(budget))
    if not found:
        yield kudos_words.NO_BUDGET
        return
    yield kudos_words.BUDGET.format(limits=words.listed(found))
    yield kudos_words.THEN_NEXT if budget.then_next else kudos_words.THEN_STOP


def limits(budget: Budget) -> Iterator[str]:
    """The same in a few words, one for each that is set."""
    yield from _limits(budget)
    if not budget.then_next:
        yield kudos_words.NO_OTHER_KEY


def _limits(budget: Budget) -> Iterator[str]:
    amounts = (
        (budget.a_day, kudos_words.A_DAY),
        (budget.a_person_a_day, kudos_words.A_PERSON),
        (budget.a_request, kudos_words.A_REQUEST),
    )
    yield from (said.format(kudos=words.kudos(kudos)) for kudos, said in amounts if kudos)
    for role, kudos in budget.roles:
        said = kudos_words.A_ROLE if kudos else kudos_words.A_ROLE_FREE
        yield said.format(role=role, kudos=words.kudos(kudos))
    if budget.largest:
        side = int(budget.largest**0.5)
        yield kudos_words.LARGEST.format(size=words.size(side, side))


def share_lines(share: Share) -> Iterator[str]:
    """What was spent of a server's key today."""
    yield kudos_words.SPENT_TODAY.format(
        server=words.kudos(share.spent.server),
        of_server=_of(share.budget.a_day),
        person=words.kudos(share.spent.person),
        of_person=_of(share.limit),
        at=int(share.refills_at),
    )
    if share.spent.server:
        yield kudos_words.ESTIMATES


def _of(limit: float) -> str:
    return kudos_words.OF.format(kudos=words.kudos(limit)) if limit else ""
