"""A bot with a server of the retired API of AI Power Grid: no request is lost or made twice."""

from collections.abc import AsyncGenerator, Callable

import pytest

from tests.support.bots.process import BotProcess, backend_settings
from tests.support.discord.client import Control, Person, controlling
from tests.support.horde.routes import SUBMIT_IMAGE
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
SERVER, NAME = "aipg-v2", "oldgrid"


@pytest.fixture
def bot(with_servers: Callable[..., BotProcess]) -> BotProcess:
    return with_servers(SERVER)


@pytest.fixture
async def control(bot: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(bot.control) as found:
        yield found


def start(bot: BotProcess) -> None:
    url = bot.urls.optional[SERVER]
    bot.start_bot(**backend_settings(NAME, type="horde", profile="aipg-v2", url=url))


async def chosen(bot: BotProcess, control: Control) -> Person:
    start(bot)
    ada = await control.person("ada")
    await ada.ask("server backend", name=NAME)
    return ada


async def requests(control: Control) -> list[Json]:
    return (await control.get(f"{SERVER}/requests"))["requests"]


@pytest.mark.parametrize("status", [402, 429, 503, 504])
async def test_refused_submit_has_one_outcome(
    bot: BotProcess, control: Control, status: int
) -> None:
    ada = await chosen(bot, control)
    await control.post(
        "faults", server=SERVER, route=SUBMIT_IMAGE, kind="status", status=status, times=1
    )
    card = await ada.imagine("a heron")
    assert "Again" in card.buttons
    assert len(card.pictures) == (status != 402), card.text
    assert len(await requests(control)) == len(card.pictures)


async def test_lost_answer_is_sent_again_once_which_the_card_says(
    bot: BotProcess, control: Control
) -> None:
    ada = await chosen(bot, control)
    await control.post("faults", server=SERVER, route=SUBMIT_IMAGE, kind="drop_after", times=1)
    card = await ada.imagine("a heron")
    assert len(card.pictures) == 1
    assert "It may run twice" in card.text
    assert len(await requests(control)) == 2


async def test_kill_continues_the_request(bot: BotProcess, control: Control) -> None:
    await control.post(f"{SERVER}/knobs", job_seconds=[4, 4])
    ada = await chosen(bot, control)
    answer = await ada.command("imagine", prompt="a heron")

    async def polled() -> bool | None:
        calls = await control.calls(SERVER)
        return any("check" in call["route"] for call in calls) or None

    await eventually(polled, "the request is polled")
    bot.kill_bot()
    start(bot)
    assert len((await ada.result(answer)).pictures) == 1
    assert len(await requests(control)) == 1


async def test_outage_keeps_the_request(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    await control.post("faults", server=SERVER, kind="status", status=503, times=10_000)
    answer = await ada.command("imagine", prompt="a heron")
    await ada.sees(answer.message_id, lambda m: "not available" in m.text, "the outage")
    await control.call("DELETE", "faults")
    assert len((await ada.result(answer)).pictures) == 1
    assert len(await requests(control)) == 1
