"""A bot with Algovera as its second backend: each submit costs a credit, and none is repeated."""

from collections.abc import AsyncGenerator, Callable

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person, controlling
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
KEY = "a1" * 32  # of the sandbox
SUBMIT = "POST /txt2img"


@pytest.fixture
def bot(with_servers: Callable[..., BotProcess]) -> BotProcess:
    return with_servers("algovera")


@pytest.fixture
async def control(bot: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(bot.control) as found:
        yield found


async def chosen(bot: BotProcess, control: Control) -> Person:
    bot.start_bot_with("algovera", api_key=KEY)
    ada = await control.person("ada")
    await ada.ask("server backend", name="algovera")
    return ada


async def submits(control: Control) -> int:
    return (await control.get("algovera/jobs"))["submits"]["txt2img"]


@pytest.mark.parametrize("status", [402, 429, 500, 503, 504])
async def test_refused_submit_has_one_outcome(
    bot: BotProcess, control: Control, status: int
) -> None:
    ada = await chosen(bot, control)
    await control.post(
        "faults", server="algovera", route=SUBMIT, kind="status", status=status, times=1
    )
    card = await ada.imagine("a heron")
    assert "Again" in card.buttons
    made = len(card.pictures)
    assert made == (status in {429, 503}), card.text
    assert await submits(control) == made
    assert KEY not in bot.log


async def test_lost_answer_is_not_sent_again(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    await control.post("faults", server="algovera", route=SUBMIT, kind="drop_after", times=1)
    card = await ada.imagine("a heron")
    assert "may then be charged twice" in card.plain_text
    assert await submits(control) == 1


async def test_kill_continues_the_job(bot: BotProcess, control: Control) -> None:
    await control.post("algovera/knobs", job_seconds=[4, 4])
    ada = await chosen(bot, control)
    answer = await ada.command("imagine", prompt="a heron")

    async def polled() -> bool | None:
        routes = [call["route"] for call in await control.calls("algovera")]
        return any("status" in route for route in routes) or None

    await eventually(polled, "the job is polled")
    bot.kill_bot()
    bot.start_bot_with("algovera", api_key=KEY)
    assert len((await ada.result(answer)).pictures) == 1
    assert await submits(control) == 1


async def test_outage_keeps_the_request(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    await control.post("faults", server="algovera", kind="status", status=503, times=10_000)
    answer = await ada.command("imagine", prompt="a heron")
    await ada.sees(answer.message_id, lambda m: "not available" in m.text, "the outage")
    await control.call("DELETE", "faults")
    assert len((await ada.result(answer)).pictures) == 1
    assert await submits(control) == 1
