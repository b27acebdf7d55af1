"""A bot with a second backend, a server with OpenAI's API, which a Discord server chose."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
KEY = "sk-of-the-operator"
CHAT = "POST /v1/chat/completions"


@pytest.fixture
def bot(with_servers: Callable[..., BotProcess]) -> BotProcess:
    return with_servers("openai")


@pytest.fixture
async def control(bot: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(bot.control) as found:
        yield found


async def chosen(bot: BotProcess, control: Control, **fields: str) -> Person:
    """Ada, whose server uses the backend `openai`."""
    bot.start_bot_with("openai", **fields)
    ada = await control.person("ada")
    assert "→ `openai`" in (await ada.ask("server backend", name="openai")).text
    return ada


async def pace(control: Control, **knobs: Any) -> None:
    await control.post("openai/knobs", **knobs)


async def jobs(control: Control) -> list[Json]:
    return (await control.get("openai/jobs"))["jobs"]


async def growing(ada: Person, prompt: str) -> Message:
    """A card on which a text grows, after its first words."""
    answer = await ada.command("write", prompt=prompt)
    return await ada.sees(
        answer.message_id, lambda m: "You wrote" in m.text and "…" in m.text, "a text grows"
    )


async def test_write_shows_the_text_while_it_is_written(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    await pace(control, tokens_per_second=10, answer_tokens=40)
    card = await growing(ada, "owls at night")
    assert "Cancel" in card.buttons
    done = await ada.sees(card.id, lambda m: "Again" in m.buttons, "the whole text")
    assert len(done.text) > len(card.text)
    assert "…" not in done.text
    assert "small-chat" in done.text
    [job] = await jobs(control)
    assert job["state"] == "completed"
    assert job["payload"]["messages"] == [{"role": "user", "content": "owls at night"}]


async def test_continue_and_edit(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    await pace(control, tokens_per_second=30, answer_tokens=60)
    first = await ada.result(
        await ada.command("write", prompt="[sandbox:thinks] owls at night", length="16")
    )
    assert "The model thought first, in 9 words:" in first.text
    assert "||The prompt wants a text" in first.text
    assert "<think>" not in first.text
    assert "reached its maximum length" in first.text
    pressed = await ada.press(first, "Continue")
    card = await ada.sees(pressed.message_id, lambda m: "… You" in m.text, "a text grows")
    assert "Cancel" in card.buttons
    await ada.result(pressed)
    modal = (await ada.press(first, "Edit")).modal
    await ada.result(
        await ada.fill(modal, "[sandbox:next_turn] mice by day", "300", "1.5", "long-chat")
    )
    one, two, three = (job["payload"] for job in await jobs(control))
    assert one["stop"]
    asked, written, more = two["messages"]
    assert asked["content"] == "[sandbox:thinks] owls at night"
    assert written["role"] == "assistant"
    assert written["content"].startswith("You wrote")
    assert "think>" not in written["content"]
    assert more["role"] == "user"
    assert (three["model"], three["max_tokens"], three["temperature"]) == ("long-chat", 300, 1.5)
    edited = next(
        m for m in await control.messages(ada.channel_id, ada.id) if "mice by day" in m.text
    )
    assert "And what happened then" not in edited.text
    assert "<|" not in edited.text.replace("\\", "")


async def test_cancel_keeps_the_text_so_far(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    await pace(control, tokens_per_second=5, answer_tokens=200)
    card = await growing(ada, "an endless story")
    await ada.press(card, "Cancel")
    stopped = await ada.sees(card.id, lambda m: "Stopped" in m.text, "it is stopped")
    assert "You wrote" in stopped.text
    assert "Again" in stopped.buttons

    async def look() -> bool | None:
        return [job["state"] for job in await jobs(control)] == ["cancelled"] or None

    await eventually(look, "the server stops writing")


async def test_cut_stream_without_a_price_is_sent_again_once(
    bot: BotProcess, control: Control
) -> None:
    ada = await chosen(bot, control)
    await control.post("faults", server="openai", route=CHAT, kind="cut", pieces=9, times=1)
    done = await ada.result(await ada.command("write", prompt="a torn page"))
    assert "You wrote" in done.text
    assert "broke off" not in done.text
    assert len(await jobs(control)) == 2


async def test_cut_stream_with_a_price_keeps_the_text_and_is_never_repeated(
    bot: BotProcess, control: Control
) -> None:
    await pace(control, keys=[KEY])
    ada = await chosen(bot, control, api_key=KEY)
    await control.post("faults", server="openai", route=CHAT, kind="cut", pieces=9, times=1)
    done = await ada.result(await ada.command("write", prompt="a torn page"))
    for words in ("You wrote", "The text broke off.", "may have been charged"):
        assert words in done.text, done.text
    assert len(await jobs(control)) == 1


async def test_wrong_key_is_told_in_private(bot: BotProcess, control: Control) -> None:
    await pace(control, keys=["another key"])
    ada = await chosen(bot, control, api_key=KEY)
    await ada.command("write", prompt="a locked door")
    told = await ada.hears("Refused")
    assert KEY not in told.text + bot.log
    assert await jobs(control) == []


async def test_rate_limit_keeps_the_place_in_the_queue(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    await control.post(
        "faults", server="openai", route=CHAT, kind="rate_limit", seconds=1.0, times=1
    )
    done = await ada.result(await ada.command("write", prompt="a patient reader"))
    assert "You wrote" in done.text
    assert len(await jobs(control)) == 1


async def test_kill_without_a_price_sends_the_request_again(
    bot: BotProcess, control: Control
) -> None:
    ada = await chosen(bot, control)
    await pace(control, tokens_per_second=5, answer_tokens=60)
    card = await growing(ada, "a power cut")
    bot.kill_bot()
    await pace(control, tokens_per_second=0)
    bot.start_bot_with("openai")
    done = await ada.sees(card.id, lambda m: "Again" in m.buttons, "the whole text")
    assert "You wrote" in done.text
    assert len(await jobs(control)) == 2


async def test_kill_with_a_price_keeps_the_text_and_is_never_repeated(
    bot: BotProcess, control: Control
) -> None:
    await pace(control, keys=[KEY], tokens_per_second=20, answer_tokens=400)
    ada = await chosen(bot, control, api_key=KEY)
    card = await growing(ada, "a power cut")
    await ada.sees(card.id, lambda m: len(m.text) > 350, "several lines")
    bot.kill_bot()
    bot.start_bot_with("openai", api_key=KEY)
    done = await ada.sees(card.id, lambda m: "Again" in m.buttons, "its outcome")
    assert "may have been charged" in done.text
    assert "You wrote" in done.text
    assert len(await jobs(control)) == 1


async def test_stop_waits_for_a_text_that_ends_soon(bot: BotProcess, control: Control) -> None:
    await pace(control, keys=[KEY], tokens_per_second=10, answer_tokens=30)
    ada = await chosen(bot, control, api_key=KEY)
    card = await growing(ada, "the last page")
    assert bot.stop_bot() == 0
    bot.start_bot_with("openai", api_key=KEY)
    done = await ada.sees(card.id, lambda m: "Again" in m.buttons, "its outcome")
    assert "You wrote" in done.text
    assert [job["state"] for job in await jobs(control)] == ["completed"]


async def test_images_are_made_where_the_operator_says_so(
    bot: BotProcess, control: Control
) -> None:
    ada = await chosen(bot, control, kinds="text,image")
    done = await ada.imagine("a heron", model="small-image")
    assert len(done.pictures) == 1
    offered = await ada.complete("write", "model", prompt="x", model="small")
    assert [choice["value"] for choice in offered][:1] == ["small-chat"]
    assert not any("worker" in choice["name"] for choice in offered)
