"""Abilities of the backends that a card asks: that of its request, and that of its place."""

from dataclasses import replace
from typing import Any, cast

from bot.domain.capabilities import HORDE, RequestAbilities
from bot.rules.guild_settings import GuildSettings
from bot.services.guilds import Guilds
from tests.support.builders import record

OWN_GPU = replace(HORDE, title="own GPU")


class CountedRules:
    """A server that uses its own GPU. `reads`: how often its rules were read."""

    def __init__(self) -> None:
        self.reads = 0

    async def settings(self, _guild_id: int) -> GuildSettings:
        self.reads += 1
        return GuildSettings(backend="own-gpu")


class OneTable:
    """A store with the rules of servers alone."""

    def __init__(self) -> None:
        self.guilds = CountedRules()


def guilds_of(store: OneTable) -> Guilds:
    return Guilds(cast("Any", store), {"horde": HORDE, "own-gpu": OWN_GPU}, cast("Any", None))


async def test_result_knows_the_backend_that_its_place_uses_now() -> None:
    found = await guilds_of(OneTable()).abilities(record(guild_id=5))
    assert found == RequestAbilities(HORDE, OWN_GPU)


async def test_open_request_reads_no_rules() -> None:
    store = OneTable()
    found = await guilds_of(store).abilities(record(guild_id=5), ended=False)
    assert found == RequestAbilities(HORDE, HORDE)
    assert store.guilds.reads == 0


async def test_result_of_the_only_backend_reads_no_rules() -> None:
    store = OneTable()
    guilds = Guilds(cast("Any", store), {"horde": HORDE}, cast("Any", None))
    found = await guilds.abilities(record(guild_id=5, backend="horde"))
    assert found == RequestAbilities(HORDE, HORDE)
    assert store.guilds.reads == 0
