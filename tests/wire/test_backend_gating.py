"""What a bot offers where the backend is not a Horde: with a Horde beside it, and without any."""

import re
from collections.abc import AsyncGenerator, Callable

import pytest

from tests.support.bots.process import BotProcess, backend_settings
from tests.support.builders import png
from tests.support.discord.actions import post_message, use_message_command
from tests.support.discord.client import Control, Person, controlling

pytestmark = pytest.mark.wire
NO_HORDE = "This is about the AI Horde, which this bot does not use."
OF_HORDE = ("worker list", "team list", "kudos balance", "rate", "horde status", "horde news")


@pytest.fixture
def bot(with_servers: Callable[..., BotProcess]) -> BotProcess:
    return with_servers("a1111", "openai")


@pytest.fixture
async def control(bot: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(bot.control) as found:
        yield found


async def on_own_gpu(bot: BotProcess, control: Control) -> Person:
    """Ada, whose server uses the own GPU; the default backend is a Horde."""
    bot.start_bot_with("a1111", title="own-gpu")
    ada = await control.person("ada")
    said = (await ada.ask("server backend", name="a1111")).text
    assert "own-gpu has no styles of the AI Horde" in said
    return ada


async def test_own_gpu_refuses_what_it_lacks_and_names_the_horde(
    bot: BotProcess, control: Control
) -> None:
    ada = await on_own_gpu(bot, control)
    await ada.command("imagine", prompt="a fox", extra="--post GFPGAN")
    refused = await ada.hears("own-gpu is used here and does not have the option `post`.")
    assert "AI Horde can do this" in refused.text
    await ada.command("write", prompt="an owl")
    await ada.hears("own-gpu is used here and writes no texts.")
    image = await control.upload("boat.png", png(96, 64))
    await ada.command("alchemy", image=image, form="nsfw")
    await ada.hears("own-gpu is used here and does not have the form `nsfw`.")
    assert await control.horde_requests() == []


async def test_own_gpu_offers_its_own_buttons_help_and_the_first_horde(
    bot: BotProcess, control: Control
) -> None:
    ada = await on_own_gpu(bot, control)
    done = await ada.imagine("a heron")
    assert {"Again", "Vary", "Upscale"} <= set(done.buttons)
    assert "kudos" not in done.text
    assert "The Horde accepts requests" in (await ada.ask("horde status")).text
    keys = (await ada.ask("help", topic="keys")).text
    assert "This page is about AI Horde. own-gpu is used here and cannot do this." in keys
    assert "Volunteers" not in (await ada.ask("help")).text


async def test_own_gpu_needs_no_key_and_has_no_workers_or_kudos(
    bot: BotProcess, control: Control
) -> None:
    ada = await on_own_gpu(bot, control)
    no_key = "Requests at own-gpu need no key of this server."
    for command in ("server key show", "server key budget", "server key set", "server key test"):
        said = (await ada.ask(command, no_key)).text
        assert "kudos" not in said
        assert "budget" not in said.lower(), command
    done = await ada.imagine("a heron")
    opened = await ada.press(done, "Details")
    details = await ada.sees(opened.message_id, lambda m: "finished" in m.text, "the details")
    price = await ada.ask("estimate", "Requests cost nothing at own-gpu.", prompt="a heron")
    models = await ada.ask("horde models")
    listed = await ada.ask("server backend", "the bot's default")
    assert "`a1111` · own-gpu · images and alchemy" in listed.text
    for said in (details, price, models, done):
        assert not re.search("no account|worker|no wait|kudos", said.text), said.text


async def test_remix_is_refused_before_its_form_where_no_images_are_changed(
    bot: BotProcess, control: Control
) -> None:
    bot.start_bot_with("openai", title="local-texts")
    ada = await control.person("ada")
    await ada.ask("server backend", name="openai")
    message = await post_message(ada, ("boat.png", png(128, 96)))
    await use_message_command(ada, "Remix", message)
    refused = await ada.hears("local-texts is used here")
    assert "AI Horde can do this" in refused.text


async def test_bot_without_a_horde_says_so_and_works(bot: BotProcess, control: Control) -> None:
    url = bot.urls.optional["a1111"]
    bot.start_bot(**backend_settings("horde", type="a1111", url=url, title="own-gpu"))
    ada = await control.person("ada")
    for command in OF_HORDE:
        assert NO_HORDE in (await ada.ask(command)).text, command
    assert NO_HORDE in (await ada.ask("party start", name="foxes", award=1, duration=1)).text
    start = (await ada.ask("help")).text
    assert "/imagine prompt:" in start
    assert not re.search("[Hh]orde|kudos", start)
    [offered] = [
        option["choices"]
        for command in await control.get("commands")
        if command["name"] == "help"
        for option in command["options"]
    ]
    assert {"keys", "styles"}.isdisjoint(choice["value"] for choice in offered)
    assert len((await ada.imagine("a heron")).pictures) == 1
    assert await control.horde_requests() == []
