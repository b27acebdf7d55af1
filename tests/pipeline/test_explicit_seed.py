"""Each submit has a seed of its own, and a repeated submit the same one."""

from dataclasses import replace

import pytest

from bot.domain.requests import ImageRequest
from bot.pipeline.dispatch.explicit_seed import with_seed
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.jobs import dropped
from tests.support.virtual_clock import virtual


@virtual
async def test_with_seed_no_seed_chosen_same_for_each_submit() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", dropped())
    record, other = await bot.ask(user=1), await bot.ask(user=2)
    rows = await bot.ended(record, other)
    seeds = [_seed_of(job.request) for job in bot.horde.jobs.values()]
    assert len(set(seeds)) == 2
    assert all(0 <= int(seed) < 2**31 for seed in seeds)
    assert {_seed_of(with_seed(row)) for row in rows} == set(seeds)
    assert all(_seed_of(row.request) == "" for row in rows)  # Again has a new one
    await bot.kill()


@pytest.mark.parametrize(
    ("request_", "variation"),
    [
        (ImageRequest(prompt="a fox", n=1), None),
        (ImageRequest(prompt="a fox", n=4), 1000),
        (ImageRequest(prompt="a fox", n=4, seed_variation=3), 3),
    ],
)
@virtual
async def test_with_seed_several_images_get_a_variation(
    request_: ImageRequest, variation: int | None
) -> None:
    bot = InMemoryBot()
    record = replace(await bot.ask(), request=request_)
    seeded = with_seed(record)
    assert isinstance(seeded, ImageRequest)
    assert seeded.seed_variation == variation
    await bot.kill()


@virtual
async def test_with_seed_chosen_seed_is_kept_as_it_is() -> None:
    bot = InMemoryBot()
    chosen = ImageRequest(prompt="a fox", n=4, seed="7")
    assert with_seed(replace(await bot.ask(), request=chosen)) == chosen
    await bot.kill()


def _seed_of(request: object) -> str:
    assert isinstance(request, ImageRequest)
    return request.seed
