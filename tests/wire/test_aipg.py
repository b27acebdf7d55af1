"""A bot with a second backend, AI Power Grid, which a Discord server chose: its calls are paid."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
KEY = "grid_ada_0123456789abcdef"
IMAGES, CHAT = "POST /v1/images/generations", "POST /v1/chat/completions"


@pytest.fixture
def bot(with_servers: Callable[..., BotProcess]) -> BotProcess:
    return with_servers("aipg")


@pytest.fixture
async def control(bot: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(bot.control) as found:
        yield found


async def chosen(bot: BotProcess, control: Control, api_key: str = KEY) -> Person:
    """Ada, whose server uses the backend `aipg`."""
    bot.start_bot_with("aipg", **({"api_key": api_key} if api_key else {}))
    ada = await control.person("ada")
    assert "→ `aipg`" in (await ada.ask("server backend", name="aipg")).text
    return ada


async def accounts(control: Control, **fields: Any) -> None:
    await control.post("aipg/accounts", key=KEY, **fields)


async def all_jobs(control: Control) -> list[Json]:
    return (await control.get("aipg/jobs"))["jobs"]


async def assert_one_charge(control: Control, done: Message) -> None:
    """The card has its image, and the job was submitted and paid once."""
    assert len(done.pictures) == 1, done.text
    found = await control.get("aipg/jobs")
    assert found["submits"] == {"image": 1}
    assert found["charged_micro"] == found["jobs"][0]["charged_micro"] > 0


async def test_imagine_pays_one_image(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    done = await ada.imagine("a heron")
    await assert_one_charge(control, done)
    assert "$0.01" in done.text, done.text
    assert "kudos" not in done.text
    assert KEY not in bot.log


async def test_models_are_offered_with_their_prices(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    images = await ada.complete("imagine", "model", prompt="x", model="klein")
    [(name, value)] = [(choice["name"], choice["value"]) for choice in images]
    assert value == "FLUX.2 Klein 4B FP8"
    assert "$0.01" in name
    texts = await ada.complete("write", "model", prompt="x", model="gpt")
    assert "$0.30" in texts[0]["name"]
    done = await ada.imagine("a heron", model="z-image-turbo")
    assert "z-image-turbo" in done.text


async def test_write_shows_the_text_while_it_is_written(bot: BotProcess, control: Control) -> None:
    await control.post("aipg/knobs", tokens_per_second=10, answer_tokens=40)
    ada = await chosen(bot, control)
    answer = await ada.command("write", prompt="owls at night")
    card = await ada.sees(answer.message_id, lambda m: "You wrote" in m.text, "a text grows")
    done = await ada.sees(card.id, lambda m: "Again" in m.buttons, "the whole text")
    assert len(done.text) > len(card.text)
    [job] = await all_jobs(control)
    assert job["state"] == "completed"
    assert job["payload"]["max_tokens"] > 0


async def test_request_without_a_key_is_told_in_private(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control, api_key="")
    await ada.command("imagine", prompt="a heron")
    assert "AI Power Grid" in (await ada.hears("/account login")).text
    assert await all_jobs(control) == []


async def test_missing_credit_is_told_in_private(bot: BotProcess, control: Control) -> None:
    await accounts(control, paid_micro=0, free_micro=5)
    ada = await chosen(bot, control)
    await ada.command("imagine", prompt="a heron")
    await ada.hears("no credit left")
    assert await all_jobs(control) == []


async def test_rate_limit_keeps_the_place_in_the_queue(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    body = {"error": {"message": "Please slow down.", "type": "rate_limit_error"}}
    await control.post(
        "faults", server="aipg", route=IMAGES, kind="rate_limit", seconds=1.0, body=body, times=1
    )
    await assert_one_charge(control, await ada.imagine("a heron"))


async def test_closed_path_keeps_the_place_in_the_queue(bot: BotProcess, control: Control) -> None:
    await control.post("aipg/knobs", paths=["text"])
    ada = await chosen(bot, control)
    answer = await ada.command("imagine", prompt="a heron")

    async def refused() -> bool | None:
        calls = await control.calls("aipg")
        return any(call["status"] == 503 for call in calls if call["route"] == IMAGES) or None

    await eventually(refused, "the server refuses it")
    await control.post("aipg/knobs", paths=["text", "image"])
    await assert_one_charge(control, await ada.result(answer))


async def test_late_result_is_recovered(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    await assert_one_charge(control, await ada.imagine("[sandbox:late] a heron"))


async def test_cut_after_the_job_was_accepted_is_recovered(
    bot: BotProcess, control: Control
) -> None:
    ada = await chosen(bot, control)
    await control.post(
        "faults", server="aipg", route=IMAGES, kind="drop_after", seconds=0.2, times=1
    )
    await assert_one_charge(control, await ada.imagine("a heron"))


async def test_kill_during_the_call_is_recovered(bot: BotProcess, control: Control) -> None:
    await control.post("aipg/knobs", job_seconds=[4, 4])
    ada = await chosen(bot, control)
    answer = await ada.command("imagine", prompt="a heron")

    async def accepted() -> list[Json] | None:
        return await all_jobs(control) or None

    await eventually(accepted, "the job is accepted")
    bot.kill_bot()
    bot.start_bot_with("aipg", api_key=KEY)
    await assert_one_charge(control, await ada.result(answer))


async def test_closed_job_is_not_charged(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    done = await ada.imagine("[sandbox:timeout] a heron")
    assert "charged nothing" in done.text
    found = await control.get("aipg/jobs")
    assert (found["submits"], found["charged_micro"]) == ({"image": 1}, 0)


async def test_kill_during_a_text_is_not_sent_again(bot: BotProcess, control: Control) -> None:
    await control.post("aipg/knobs", tokens_per_second=10, answer_tokens=80)
    ada = await chosen(bot, control)
    answer = await ada.command("write", prompt="owls at night")
    await ada.sees(answer.message_id, lambda m: "You wrote" in m.text, "a text grows")
    bot.kill_bot()
    bot.start_bot_with("aipg", api_key=KEY)
    done = await ada.sees(answer.message_id, lambda m: "Again" in m.buttons, "its outcome")
    assert "may have been charged" in done.text
    assert (await control.get("aipg/jobs"))["submits"] == {"text": 1}
