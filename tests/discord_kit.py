"""The bot on the sandbox's Discord in one process, with a service that only remembers."""

import asyncio
import io
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from PIL import Image
from pydantic import SecretStr

from bot.backends.base import Account
from bot.client import HordecordBot
from bot.endpoint import point_at
from bot.errors import UserError
from bot.pictures.converter import Converter
from bot.policy import check_owner
from bot.records import MessageRef, Payer, Record
from bot.requests import ImageRequest, Kind, Request
from bot.results import ImageGeneration, Phase, Status
from bot.rules import NO_RULES, GuildSettings
from bot.service import Origin
from bot.settings import DiscordSettings, Settings
from bot.spool import Spool
from bot.thumbnails import Thumbnails
from bot.ui.delivery import Delivery
from sandbox import Sandbox
from tests.wire.people import Control, Person, controlling

TOKEN = "a-token-as-long-as-one"
FOX = ImageRequest(prompt="a fox", models=("AlbedoBase XL (SDXL)",))


@dataclass
class FakeGuilds:
    """What servers decided, by their ids."""

    of: dict[int, GuildSettings] = field(default_factory=dict[int, GuildSettings])

    async def rules(self, guild_id: int | None) -> GuildSettings:
        return self.of.get(guild_id or 0, NO_RULES)


@dataclass
class FakeService:
    """Rows in a dictionary, and a list of what was asked for."""

    guilds: FakeGuilds = field(default_factory=FakeGuilds)
    records: dict[int, Record] = field(default_factory=dict[int, Record])
    origins: list[Origin] = field(default_factory=list[Origin])
    asked: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    refuse: Exception | None = None
    held: list[Record] = field(default_factory=list[Record])
    saved: set[int] = field(default_factory=set[int])
    accounts: dict[str, Account] = field(default_factory=dict[str, Account])

    async def submit(
        self, origin: Origin, request: Request, *, parent: int | None = None
    ) -> Record:
        if self.refuse is not None:
            raise self.refuse
        self.origins.append(origin)
        record = record_of(
            request,
            id=len(self.records) + 1,
            interaction_id=origin.interaction_id,
            user_id=origin.user_id,
            guild_id=origin.guild_id,
            messages=(origin.message,),
            parent=parent,
        )
        self.records[record.id] = record
        return record

    async def acked(self, record: Record, message_id: int) -> None:
        self.asked.append(("acked", record.id, message_id))
        ref = replace(record.messages[0], message_id=message_id)
        self.records[record.id] = replace(record, acked=True, messages=(ref,))

    async def unacked(self, record: Record) -> None:
        self.asked.append(("unacked", record.id))

    async def cancel(self, record_id: int, user_id: int) -> Record:
        record = await self.get(record_id)
        check_owner(record, user_id)
        self.asked.append(("cancel", record_id))
        return record

    async def again(self, origin: Origin, record_id: int) -> Record:
        record = await self.get(record_id)
        check_owner(record, origin.user_id)
        return await self.submit(origin, record.request, parent=record_id)

    async def delete(self, record_id: int, user_id: int) -> Record:
        record = await self.get(record_id)
        check_owner(record, user_id)
        self.asked.append(("delete", record_id))
        return record

    async def publish(self, origin: Origin, record_id: int) -> Record:
        record = await self.get(record_id)
        check_owner(record, origin.user_id)
        return record

    async def get(self, record_id: int) -> Record:
        if record_id not in self.records:
            raise UserError("That request is no longer remembered.")
        return self.records[record_id]

    async def pressable(self, origin: Origin, record_id: int) -> Record:
        record = await self.get(record_id)
        check_owner(record, origin.user_id)
        return record

    async def also_shown(self, record_id: int, message: MessageRef) -> None:
        record = self.records[record_id]
        self.records[record_id] = replace(record, others=(*record.others, message))

    async def place(self, record: Record) -> int:
        return 1

    async def favoured(self, records: Sequence[Record]) -> set[int]:
        return {record.id for record in records} & self.saved

    async def favour(self, record_id: int, user_id: int, on: bool) -> Record:
        record = await self.get(record_id)
        check_owner(record, user_id)
        self.saved ^= {record_id}
        assert (record_id in self.saved) == on
        return record

    async def held_of(self, user_id: int) -> list[Record]:
        return self.held

    async def seen(self, record: Record) -> None:
        self.held.remove(record)

    async def login(self, user_id: int, key: str) -> Account:
        if key not in self.accounts:
            raise UserError("The Horde does not know that key.")
        return self.accounts[key]

    async def logout(self, user_id: int) -> bool:
        return False

    async def account(self, user_id: int) -> Account | None:
        return next(iter(self.accounts.values()), None)

    async def payer(self, user_id: int, guild_id: int | None, kind: Kind) -> Payer:
        return Payer.ANONYMOUS


class FakeMemory(dict[str, str]):
    """`known` is set once the commands are registered."""

    def __init__(self) -> None:
        super().__init__()
        self.known = asyncio.Event()

    async def meta(self, key: str) -> str | None:
        return self.get(key)

    async def set_meta(self, key: str, value: str) -> None:
        self[key] = value
        self.known.set()


@dataclass
class Stage:
    """Everything a test acts on."""

    box: Sandbox
    bot: HordecordBot
    service: FakeService
    delivery: Delivery
    spool: Spool
    control: Control

    async def ask(self, person: Person, request: Request = FOX) -> Record:
        """A request as if that person's command had made it; its card is up."""
        before = len(self.service.records)
        setattr(self.bot, "next_request", request)  # noqa: B010 - what /ask submits
        await person.command("ask")
        assert len(self.service.records) == before + 1
        return self.service.records[before + 1]

    async def finish(
        self, record: Record, *pictures: bytes, phase: Phase = Phase.DONE
    ) -> tuple[Record, Status]:
        """That request with its outcome, its pictures in the spool."""
        made: list[ImageGeneration] = []
        for number, data in enumerate(pictures, start=1):
            name = f"{record.id}-{number}.webp"
            await self.spool.put(name, data)
            made.append(ImageGeneration(id=str(number), file=name, seed="7", model="m"))
        status = Status(phase=phase, finished=len(made), generations=tuple(made))
        ended = replace(self.service.records[record.id], phase=phase, status=status)
        self.service.records[record.id] = ended
        return ended, status


def record_of(request: Request = FOX, **fields: Any) -> Record:
    ref = MessageRef(channel_id=4, message_id=5, token="t", token_expires_at=time.time() + 600)
    known: dict[str, Any] = {
        "id": 1,
        "interaction_id": 1,
        "backend": "horde",
        "user_id": 2,
        "guild_id": 3,
        "channel_id": 4,
        "payer": Payer.ANONYMOUS,
        "request": request,
        "phase": Phase.QUEUED,
        "created_at": time.time(),
        "messages": (ref,),
    }
    return Record(**(known | fields))


def webp(side: int = 64, *, noise: bool = False) -> bytes:
    """A small picture; with noise one that does not compress."""
    picture = Image.effect_noise((side, side), 100) if noise else Image.new("RGB", (side, side))
    data = io.BytesIO()
    picture.convert("RGB").save(data, "WEBP", lossless=noise)
    return data.getvalue()


def settings_for(box: Sandbox, **fields: Any) -> Settings:
    return Settings(
        discord=DiscordSettings(token=SecretStr(TOKEN), api=box.urls.discord, **fields),
    )


@asynccontextmanager
async def bot_on(
    box: Sandbox,
    folder: Path,
    *,
    service: FakeService | None = None,
    memory: FakeMemory | None = None,
    extensions: Iterable[str] = ("cogs.components", "cogs.account", "tests.ask_cog"),
) -> AsyncGenerator[Stage]:
    """The bot, logged in and listening, its commands registered."""
    await point_at(box.urls.discord)
    service, settings = service or FakeService(), settings_for(box)
    bot = HordecordBot(settings)
    spool = Spool(folder / "spool", quota=100_000_000, days=1)
    async with Converter() as converter, controlling(box.urls.control) as control:
        delivery = Delivery(bot, spool, converter)
        bot.thumbnails = Thumbnails(spool, converter)
        memory = memory if memory is not None else FakeMemory()
        bot.attach(
            service=cast("Any", service),
            catalog=cast("Any", None),
            cards=delivery,
            memory=memory,
            extensions=extensions,
        )
        task = asyncio.create_task(bot.run_forever(settings.discord.token.get_secret_value()))
        try:
            await asyncio.wait_for(bot.online.wait(), 10)
            await asyncio.wait_for(bot.wait_until_ready(), 10)
            await asyncio.wait_for(memory.known.wait(), 10)
            yield Stage(box, bot, service, delivery, spool, control)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def stage_in(folder: Path) -> AsyncGenerator[Stage]:
    """A sandbox of its own with the bot on it."""
    async with Sandbox(horde=None) as box, bot_on(box, folder) as stage:
        yield stage
