"""A sampler or setting that the Horde refuses: the card says what the Horde accepts now."""

import pytest

from bot.domain.requests import ImageRequest
from bot.domain.results import Phase
from bot.errors import RequestRejected
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import CAPTION_REQUEST, FOX_BY_DELIBERATE
from tests.support.virtual_clock import virtual

RANGE = "`sampler_eta` takes a number from 0 to 0.25."
OUT_OF_RANGE = RequestRejected("Out of range.", rc="SamplerKnobOutOfRange", status=400)


class Asked:
    """What the backend accepts now."""

    def __init__(self, said: str = RANGE) -> None:
        self.said = said
        self.calls: list[tuple[str, ImageRequest]] = []

    async def __call__(self, backend: str, request: ImageRequest) -> str:
        self.calls.append((backend, request))
        return self.said


@pytest.mark.parametrize(
    "error", [OUT_OF_RANGE, RequestRejected("Not one of the samplers.", status=400)], ids=str
)
@virtual
async def test_refused_sampling_says_what_is_accepted_now(error: RequestRejected) -> None:
    asked = Asked()
    bot = InMemoryBot(sampling=asked).start()
    bot.horde.fail("submit", error)
    outcome = await bot.outcome(await bot.ask(FOX_BY_DELIBERATE))
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, RANGE)
    assert asked.calls == [("horde", FOX_BY_DELIBERATE)]
    assert bot.horde.count("submit") == 1
    await bot.kill()


@virtual
async def test_unexplained_refusal_keeps_its_own_sentence() -> None:
    bot = InMemoryBot(sampling=Asked("")).start()
    bot.horde.fail("submit", OUT_OF_RANGE)
    assert (await bot.outcome(await bot.ask(FOX_BY_DELIBERATE))).detail == "Out of range."
    await bot.kill()


@virtual
async def test_other_refusals_ask_nothing() -> None:
    asked = Asked()
    bot = InMemoryBot(sampling=asked).start()
    bot.horde.fail("submit", RequestRejected("no", rc="ControlNetMismatch", status=400))
    await bot.outcome(await bot.ask(FOX_BY_DELIBERATE))
    bot.horde.fail("submit", RequestRejected("no", status=400))
    await bot.outcome(await bot.ask(CAPTION_REQUEST))
    assert asked.calls == []
    await bot.kill()
