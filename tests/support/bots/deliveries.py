"""Which calls a delivery makes, and what is then on Discord."""

from bot.domain.records import Record
from bot.domain.results import Phase, Status
from tests.support.bots.bot_on_discord import Stage
from tests.support.discord.client import Message

EDIT = "PATCH /webhooks/{app}/{token}/messages/{message}"
EDIT_IN_CHANNEL = "PATCH /channels/{channel}/messages/{message}"
POST = "POST /channels/{channel}/messages"
WAITING = Status(phase=Phase.WAITING, queue_position=3)


def ref_id(record: Record) -> str:
    return str(record.messages[-1].message_id)


async def card_of(stage: Stage, record: Record) -> Message:
    return await stage.control.message(ref_id(record))


async def routes(stage: Stage, since: int) -> list[str]:
    return [call["route"] for call in await stage.control.calls("discord", since)]


async def count(stage: Stage) -> int:
    return (await stage.control.calls("discord"))[-1]["n"]


async def expire(stage: Stage, record: Record) -> None:
    await stage.control.post("expire", message_id=ref_id(record))
