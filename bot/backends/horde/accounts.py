"""Accounts of the Horde, and its shared keys: how to recognise them, and their limits."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

from bot.backends.inline_results import plain_answer
from bot.backends.values import Account, Allowance
from bot.domain.requests import Kind
from bot.horde.accounts import SharedKey, User

_SHARED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NAME_MAX = 100
USERNAME_MAX = 200
# Kudos that an account cannot spend: docs/horde-api.md#kudos-in-advance.
FLOOR, PSEUDONYMOUS_FLOOR = 25.0, 14.0


def is_shared(key: str) -> bool:
    """The key is a shared key, which is a UUID: docs/horde-api.md#headers-and-keys."""
    return _SHARED.fullmatch(key) is not None


def account_of(user: User, allowance: Allowance | None) -> Account:
    """The account of a key. `allowance`: of a shared key, whose user is its owner."""
    floor = PSEUDONYMOUS_FLOOR if user.pseudonymous else FLOOR
    kudos, spendable = user.kudos, max(0.0, user.kudos - floor)
    left = allowance.kudos if allowance is not None else None
    return Account(
        username=plain_answer(user.username, USERNAME_MAX),
        balance=left if allowance is not None else kudos,
        spendable=spendable if left is None else min(spendable, left),
        trusted=user.trusted,
        shared=user.shared_key or allowance is not None,
        deleted=user.deleted,
        concurrency=user.concurrency,
        active={
            Kind.IMAGE: frozenset(user.active_generations.image),
            Kind.TEXT: frozenset(user.active_generations.text),
        },
    )


def allowance_of(key: SharedKey) -> Allowance:
    """Limits of the key; the Horde's -1 means no limit."""
    return Allowance(
        name=plain_answer(key.name, NAME_MAX),
        kudos=None if key.kudos < 0 else float(key.kudos),
        spent=float(key.utilized),
        expires_at=_moment(key.expiry),
        pixels=_limit(key.max_image_pixels),
        steps=_limit(key.max_image_steps),
        tokens=_limit(key.max_text_tokens),
    )


def _limit(value: int) -> int | None:
    return None if value < 0 else value


def _moment(expiry: str) -> float | None:
    """Time of an RFC 822 date, in UTC seconds; None for an unreadable one."""
    try:
        found = parsedate_to_datetime(expiry)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).timestamp()
