"""/horde and /help on the sandbox's two servers."""

from collections.abc import AsyncGenerator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest

from bot.backends.outage_monitor import OutageMonitor
from bot.backends.values import Model
from bot.catalog import Catalog
from bot.catalog.served_models import ModelIndex
from bot.domain.capabilities import HORDE
from bot.domain.requests import Kind
from bot.horde.client import HordeClient
from bot.rules.guild_settings import GuildSettings
from bot.services.community.community import Community
from bot.ui.operator.help_topics import TOPICS
from bot.version import CLIENT_AGENT
from sandbox import Sandbox
from tests.support.bots.bot_on_discord import BotOnDiscord, bot_on
from tests.support.discord.client import Person


def models() -> Catalog:
    """A catalog of two."""
    catalog = Catalog({"horde": cast("Any", None)}, Path())
    for kind, names in (
        (Kind.IMAGE, ("AlbedoBase XL (SDXL)", "Deliberate")),
        (Kind.TEXT, ("koboldcpp/gemma-3-12b-it",)),
    ):
        shelf = ModelIndex(Model(name, kind, 3, 30) for name in names)
        catalog._shelves["horde", kind] = shelf
    return catalog


@pytest.fixture
async def live(tmp_path: Path) -> AsyncGenerator[BotOnDiscord]:
    async with (
        Sandbox() as box,
        aiohttp.ClientSession() as session,
    ):
        assert box.urls.horde
        client = HordeClient(session, box.urls.horde, client_agent=CLIENT_AGENT)
        backend = SimpleNamespace(name="horde")
        community = Community({"horde": client}, *cast("Any", (None, None, backend)))
        services: dict[str, Any] = {"catalog": models(), "community": community}
        services["backends"] = {"horde": SimpleNamespace(capabilities=HORDE)}
        services["outage_monitors"] = {"horde": OutageMonitor(cast("Any", None))}
        extensions = ("cogs.horde", "cogs.help")
        async with bot_on(box, tmp_path, services=services, extensions=extensions) as found:
            yield found


async def test_status_asks_the_horde_once_for_many(live: BotOnDiscord, ada: Person) -> None:
    first = await ada.ask("horde status")
    assert "### The Horde accepts requests" in first.text
    assert "**Images** " in first.text
    await ada.ask("horde status")
    calls = [call["route"] for call in await live.control.calls("horde")]
    assert calls.count("GET /status/performance") == 1


async def test_news_and_models(live: BotOnDiscord, ada: Person) -> None:
    assert "###" in (await ada.ask("horde news")).text
    models = await ada.ask("horde models", search="albedo")
    assert "**AlbedoBase XL (SDXL)**\nSDXL · 3 workers" in models.text
    assert "Deliberate" not in models.text
    texts = await ada.ask("horde models", kind="text")
    assert "koboldcpp/gemma-3-12b-it" in texts.text
    none = await ada.ask("horde models", search="zzz")
    assert "No model matches the search" in none.text


@pytest.mark.parametrize(
    ("name", "search", "shown"),
    [
        ("workers", "night", "**Night Owl**\nImages · "),
        ("teams", "harbour", "**Harbour Crew**\n1 worker · 0 kudos\nThree cards in a shed"),
        ("leaderboard", "basalt", "**Basalt#1002**\n2nd · "),
        ("sponsors", "salt", "**The Saltmarsh Society**\nPatrons"),
    ],
)
async def test_horde_list_search_finds_one_entry(
    live: BotOnDiscord, ada: Person, name: str, search: str, shown: str
) -> None:
    found = (await ada.ask(f"horde {name}", search=search)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert shown in found
    assert found.count("**") == 2
    assert "matches the search" in (await ada.ask(f"horde {name}", search="zzz")).text


async def test_a_server_with_another_backend_is_shown_the_horde(
    live: BotOnDiscord, ada: Person
) -> None:
    chosen = GuildSettings(backend="studio")
    live.service.guilds.of = {guild.id: chosen for guild in live.client.guilds}
    assert "### The Horde accepts requests" in (await ada.ask("horde status")).text


async def test_what_a_server_blocks_is_left_out(live: BotOnDiscord, ada: Person) -> None:
    blocked = GuildSettings(models_blocked=("ALBEDOBASE xl (sdxl)",))
    live.service.guilds.of = {guild.id: blocked for guild in live.client.guilds}
    models = (await ada.ask("horde models")).text
    assert "Deliberate" in models
    assert "Albedo" not in models
    assert "Entries that this server does not allow are hidden." in models
    assert "are hidden" not in (await ada.ask("horde loras")).text
    few = GuildSettings(most_steps=20)  # some styles take more
    live.service.guilds.of = {guild.id: few for guild in live.client.guilds}
    assert "are hidden" in (await ada.ask("horde styles")).text
    assert "are hidden" not in (await ada.ask("horde models")).text
    every = GuildSettings(models_blocked=("AlbedoBase XL (SDXL)", "Deliberate"))
    live.service.guilds.of = {guild.id: every for guild in live.client.guilds}
    assert "No model matches the search" in (await ada.ask("horde models")).text


@pytest.mark.parametrize("topic", list(TOPICS))
async def test_help(live: BotOnDiscord, ada: Person, topic: str) -> None:
    assert TOPICS[topic].text_for(HORDE) in (await ada.ask("help", topic=topic)).text


async def test_help_without_a_topic_begins_at_the_beginning(
    live: BotOnDiscord, ada: Person
) -> None:
    assert "first image" in (await ada.ask("help")).text
