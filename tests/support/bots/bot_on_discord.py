"""The bot on the sandbox's Discord in one process, with a service that only remembers."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.client.api_endpoint import point_at
from bot.client.bot import HordecordBot
from bot.domain.generations import ImageGeneration
from bot.domain.records import MessagePart, MessageRef, Record
from bot.domain.requests import Request
from bot.domain.results import Phase, Status
from bot.pictures.converter import Converter
from bot.pictures.thumbnails import Thumbnails
from bot.settings import DiscordSettings, Settings
from bot.storage.files import ResultFiles
from bot.storage.tables.notes import NoteRepository
from bot.ui.delivery.presenter import CardPresenter
from sandbox import Sandbox
from tests.support.builders import FOX_REQUEST
from tests.support.credentials import BOT_TOKEN
from tests.support.discord.client import Control, Person, controlling
from tests.support.fakes.submission import FakeService
from tests.support.waiting import eventually

NO_SERVICES: Mapping[str, Any] = {"catalog": None}


class FakeNotes(NoteRepository):
    """Notes in a dictionary. `known` is set once the commands are registered."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.known = asyncio.Event()

    async def read(self, key: str) -> str | None:
        return self.values.get(key)

    async def write(self, key: str, value: str) -> None:
        self.values[key] = value
        self.known.set()


@dataclass
class BotOnDiscord:
    """Everything a test acts on."""

    box: Sandbox
    client: HordecordBot
    service: FakeService
    delivery: CardPresenter
    spool: ResultFiles
    control: Control

    async def ask(self, person: Person, request: Request = FOX_REQUEST) -> Record:
        """A request as if that person's command had made it; its card is up."""
        before = len(self.service.records)
        self.next_is(request)
        await person.command("ask")
        assert len(self.service.records) == before + 1
        return self.service.records[before + 1]

    async def show(self, record: Record, status: Status) -> MessageRef | None:
        """Show a status as the pipeline does. Gives the new card when it had to move."""
        moved = None
        for message in await self.delivery.show(record, status):
            if message.part is MessagePart.CARD:
                moved = message
            else:
                await self.service.also_shown(record.id, message)
        return moved

    def next_is(self, request: Request) -> None:
        """What /ask submits from now on."""
        setattr(self.client, "next_request", request)  # noqa: B010 - only the cog of the tests has it

    async def settled(self, verb: str) -> tuple[Any, ...]:
        """What the service was told about an answer, once it is."""

        async def look() -> tuple[Any, ...] | None:
            return next((asked for asked in self.service.asked if asked[0] == verb), None)

        return await eventually(look, verb)

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


async def fault(control: Control, route: str, kind: str, **more: Any) -> None:
    """The next such call to Discord goes wrong in that way."""
    rule = {"server": "discord", "route": route, "kind": kind, "times": 1}
    await control.call("POST", "faults", rule | more)


def settings_for(box: Sandbox, **fields: Any) -> Settings:
    return Settings(
        discord=DiscordSettings(token=SecretStr(BOT_TOKEN), api=box.urls.discord, **fields),
    )


@asynccontextmanager
async def bot_on(
    box: Sandbox,
    folder: Path,
    *,
    service: FakeService | None = None,
    notes: FakeNotes | None = None,
    services: Mapping[str, Any] = NO_SERVICES,
    extensions: Iterable[str] = ("cogs.components", "cogs.account", "tests.support.bots.ask_cog"),
) -> AsyncGenerator[BotOnDiscord]:
    """The bot, logged in and listening, its commands registered."""
    await point_at(box.urls.discord)
    service, settings = service or FakeService(), settings_for(box)
    bot = HordecordBot(settings)
    spool = ResultFiles(folder / "spool", quota=100_000_000, days=1)
    async with Converter() as converter, controlling(box.urls.control) as control:
        delivery = CardPresenter(bot, spool, converter)
        notes = notes if notes is not None else FakeNotes()
        bot.attach(
            services=service.services(thumbnails=Thumbnails(spool, converter), **services),
            cards=delivery,
            notes=notes,
            extensions=extensions,
        )
        task = asyncio.create_task(bot.run_forever(settings.discord.token.get_secret_value()))
        try:
            await asyncio.wait_for(bot.online.wait(), 10)
            await asyncio.wait_for(bot.wait_until_ready(), 10)
            await asyncio.wait_for(notes.known.wait(), 10)
            yield BotOnDiscord(box, bot, service, delivery, spool, control)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def bot_on_new_discord(folder: Path) -> AsyncGenerator[BotOnDiscord]:
    """A sandbox of its own with the bot on it."""
    async with Sandbox(horde=None) as box, bot_on(box, folder) as live:
        yield live
