"""What a file from elsewhere names that this server does not have."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.domain.kudos.budgets import Budget
from bot.rules.guild_settings import GuildSettings
from bot.ui.server.known_ids import known_here

CHANNEL, ROLE = 11, 21
ELSEWHERE = 99


def panel_press() -> Any:
    """On a server with one channel and one role, of a bot with one backend."""
    guild = SimpleNamespace(
        unavailable=False,
        channels=(CHANNEL,),
        get_channel_or_thread={CHANNEL: object()}.get,
        get_role={ROLE: object()}.get,
    )
    client = SimpleNamespace(services=SimpleNamespace(backends={"horde": object()}))
    return cast("Any", SimpleNamespace(guild=guild, client=client))


def test_what_is_here_stays() -> None:
    rules = GuildSettings(
        channels_allowed=(CHANNEL,),
        roles_denied=(ROLE,),
        log_channel=CHANNEL,
        backend="horde",
        budget=Budget(roles=((ROLE, 5.0),)),
    )
    assert known_here(panel_press(), rules) == (rules, 0)


@pytest.mark.parametrize(
    "rules",
    [
        GuildSettings(channels_denied=(ELSEWHERE,)),
        GuildSettings(press_roles=(ELSEWHERE,)),
        GuildSettings(log_channel=ELSEWHERE),
        GuildSettings(backend="studio"),
        GuildSettings(budget=Budget(roles=((ELSEWHERE, 5.0),))),
        GuildSettings(budgets={"studio": Budget(a_day=5)}),
    ],
)
def test_what_is_not_here_is_left_out_and_counted(rules: GuildSettings) -> None:
    assert known_here(panel_press(), rules) == (GuildSettings(), 1)
