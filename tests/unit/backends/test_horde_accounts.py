"""Shared keys: told by their form, and what the Horde says of them."""

import pytest

from bot.backends.horde.accounts import allowance_of, is_shared
from bot.backends.values import Allowance
from bot.horde.accounts import SharedKey


@pytest.mark.parametrize(
    ("key", "shared"),
    [
        ("0f4a2d1c-1111-4222-8333-444455556666", True),
        ("0F4A2D1C-1111-4222-8333-444455556666", True),
        ("0000000000", False),
        ("a_key-of-22-characters", False),
        ("0f4a2d1c-1111-4222-8333-444455556666/../users", False),
    ],
)
def test_a_shared_key_is_a_uuid(key: str, shared: bool) -> None:
    assert is_shared(key) is shared


def test_minus_one_is_no_limit_and_zero_is_one() -> None:
    none = SharedKey(id="x", name="open", utilized=7)
    assert allowance_of(none) == Allowance(name="open", spent=7)
    some = SharedKey(
        id="x",
        name="club\x07",
        kudos=0,
        expiry="Wed, 01 Jan 2025 00:00:00 -0000",
        max_image_pixels=0,
        max_image_steps=30,
        max_text_tokens=80,
    )
    assert allowance_of(some) == Allowance(
        name="club", kudos=0, expires_at=1735689600, pixels=0, steps=30, tokens=80
    )


@pytest.mark.parametrize("expiry", ["", "never", "2025-01-01"])
def test_an_unreadable_date_is_no_limit(expiry: str) -> None:
    assert allowance_of(SharedKey(id="x", expiry=expiry)).expires_at is None
