"""What images cost in the end, whatever the Horde's own sum says."""

from typing import Any

import pytest

from bot.domain.generations import ImageGeneration
from bot.domain.kudos.kudos_rules import charged
from bot.domain.results import Phase, Status


def ended(kudos: float, n: int, price: float = 8.0, **more: Any) -> Status:
    images = tuple(ImageGeneration(id=str(i), url="https://r2/x", **more) for i in range(n))
    return Status(phase=Phase.DONE, cost=kudos, price=price, generations=images)


@pytest.mark.parametrize(("reported", "n"), [(21.0, 3), (12.0, 2)])  # seen on the real server
def test_charged_lost_charge_counts_each_image(reported: float, n: int) -> None:
    assert charged(ended(reported, n)) == 3 + n * 9


@pytest.mark.parametrize(
    "status",
    [
        ended(30.0, 3),
        ended(29.0, 3),  # the receipt's price was rounded up
        ended(3.0, 2, censored="nsfw"),
        ended(12.0, 2, price=0.0),
        ended(0.0, 0, price=0.0),
    ],
)
def test_charged_nothing_lost_is_what_was_reported(status: Status) -> None:
    assert charged(status) == status.cost
