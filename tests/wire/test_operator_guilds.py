"""/operator in the servers of the operator only."""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def test_operator_is_listed_only_where_it_is_wanted(
    own: BotProcess, own_control: Control
) -> None:
    ada = await own_control.person("ada")
    guild_id = (await own_control.get("world"))["guilds"][0]["id"]

    async def places() -> list[str | None]:
        found = await own_control.get("commands")
        return [one.get("guild_id") for one in found if one["name"] == "operator"]

    async def is_only(*wanted: str | None) -> bool:
        return await places() == list(wanted)

    own.start_bot(HORDECORD_DISCORD__OPERATOR_GUILD_IDS=guild_id)
    assert await eventually(lambda: is_only(guild_id), "listed in that server")
    answer = await ada.command("operator stats")
    await ada.sees(answer.message_id, lambda m: "Open requests" in m.text, "an answer")
    own.kill_bot()
    own.start_bot()
    assert await eventually(lambda: is_only(None), "listed everywhere again")
