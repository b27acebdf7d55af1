"""The calls of a delivery, and the resulting messages on Discord."""

from bot.domain.records import Record
from bot.domain.results import Phase, Status
from tests.support.bots.bot_on_discord import BotOnDiscord
from tests.support.discord.messages import Message

WAITING = Status(phase=Phase.WAITING, queue_position=3)


def ref_id(record: Record) -> str:
    return str(record.messages[-1].message_id)


async def card_of(live: BotOnDiscord, record: Record) -> Message:
    return await live.control.message(ref_id(record))


async def routes(live: BotOnDiscord, since: int) -> list[str]:
    return [call["route"] for call in await live.control.calls("discord", since)]


async def count(live: BotOnDiscord) -> int:
    return (await live.control.calls("discord"))[-1]["n"]


async def expire(live: BotOnDiscord, record: Record) -> None:
    await live.control.post("expire", message_id=ref_id(record))
