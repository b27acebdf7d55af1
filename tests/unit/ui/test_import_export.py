"""Messages about a file with a server's rules, however large it is."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.cards.card import TEXT_MAX
from bot.cards.markdown import units
from bot.domain.capabilities import PriceUnit
from bot.domain.kudos.budgets import Budget
from bot.domain.requests import ImageChoices
from bot.rules.guild_settings import PLACES_MAX, GuildSettings, WordRule
from bot.ui.server import import_export
from bot.ui.server.cards import changed_card, changes
from bot.ui.server.import_export import ServerFile
from bot.ui.server.known_ids import LISTS
from tests.support.cards import text_of

FOX_EMOJI = "\U0001f98a"


NAME_LISTS = ("models_blocked", "styles_blocked", "loras_blocked", "chat_models")


def crowded(seed: int, name: str) -> GuildSettings:
    """As many of everything as there may be, and nothing as with another seed."""
    first = 10**18 + seed * 1_000
    ids = tuple(range(first, first + PLACES_MAX))
    names = tuple(f"{number} {name}" for number in range(99))
    return GuildSettings(
        **dict.fromkeys(LISTS, ids),
        **dict.fromkeys(NAME_LISTS, names),
        words=tuple(WordRule(text=text) for text in names),
        budget=Budget(a_day=100_000.0 + seed, roles=tuple((one, 9e5) for one in ids)),
        budgets={name[:5]: Budget(a_day=7e6 + seed, unit=PriceUnit.MICRO_USD)},
        log_channel=first,
        backend=name[:5],
        nsfw="off" if seed else "age",
        spoiler=bool(seed),
        press="anyone" if seed else "requester",
        most_steps=seed + 1,
        most_side=64 * (seed + 1),
        most_count=seed + 1,
        language="de" if seed else "ja",
        gift_emoji=f"<:{'k' * 32}:{10**18 + seed}>",
        gift_amount=seed + 1,
        gift_daily=seed + 1,
        chat=bool(seed),
        chat_character=name[:80],
        chat_publish=bool(seed),
        chat_webhooks=bool(seed),
    )


@pytest.mark.parametrize("sign", ["x", FOX_EMOJI, "\u96ea"], ids=["x", "fox", "snow"])
async def test_whatever_a_file_changes_is_asked_and_said_on_one_card(
    monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    """What a stranger put into it cannot push the rest out of sight."""
    stands, comes = crowded(0, f"now {sign * 25}"), crowded(1, f"then {sign * 25}")
    names = tuple(f"{number}{sign * 80}" for number in range(20))
    defaults = ImageChoices(negative="fog " * 500, steps=20)
    file = ServerFile(settings=comes, defaults=defaults, unknown=names)
    monkeypatch.setattr(import_export, "known_here", with_foreign)
    card = await import_export.import_question(pressed_where(stands), file)
    assert units(text_of(card)) < TEXT_MAX
    assert len(changes(stands, comes)) == len(GuildSettings.model_fields)
    assert "999 entries of the file are ignored" in text_of(card)
    assert "and 12 more." in text_of(card)
    changed = changed_card(stands, comes, "note " * 30)
    assert units(text_of(changed)) < TEXT_MAX - import_export.FLAGS_MAX - 100


def with_foreign(_: Any, rules: GuildSettings) -> tuple[GuildSettings, int]:
    return rules, 999


def pressed_where(stands: GuildSettings) -> Any:
    """A press of an admin of a server with these rules."""

    async def rules(_: int) -> GuildSettings:
        return stands

    async def nothing(*_: object) -> dict[str, Any]:
        return {}

    services = SimpleNamespace(
        guilds=SimpleNamespace(rules=rules), defaults=SimpleNamespace(get=nothing)
    )
    return SimpleNamespace(
        guild_id=1,
        permissions=SimpleNamespace(manage_guild=True),
        client=SimpleNamespace(services=services),
    )
