""""""

from typing import Any

import pytest

from bot.domain.compatibility import check
from bot.domain.requests import ExtraText, ImageRequest, Source
from bot.parameters.derived_requests import from_picture, upscaled

PICTURE = Source(url="", file="7-a.webp", filename="hordecord-7-1.webp", width=1024, height=1024)


def request(**fields: Any) -> ImageRequest:
    return ImageRequest(prompt="a fox", models=("Deliberate",), seed="5", n=2, **fields)


def test_the_same_over_that_picture_with_a_new_seed() -> None:
    varied = from_picture(request(steps=12, negative="rain"), PICTURE, "Deliberate")
    assert (varied.source, varied.mode, varied.strength) == (PICTURE, "img2img", 0.55)
    assert (varied.seed, varied.n, varied.steps, varied.negative) == ("", 2, 12, "rain")
    assert (varied.width, varied.height) == (1024, 1024)


@pytest.mark.parametrize(
    "before",
    [
        {"source": PICTURE, "mode": "inpainting", "parts": ("top",)},
        {"source": PICTURE, "mode": "inpainting", "mask": PICTURE},
        {"source": PICTURE, "mode": "outpainting", "expand": (64, 0, 0, 0)},
        {"source": PICTURE, "mode": "img2img", "control": "canny", "control_map": True},
        {"workflow": "qr_code", "texts": (ExtraText(text="x", reference="qr_code"),)},
    ],
)
def test_what_belonged_to_another_source_does_not_stay(before: dict[str, Any]) -> None:
    check(from_picture(request(**before), PICTURE, "Deliberate"), "sdxl")


def test_of_several_models_the_one_that_painted_it_goes_on() -> None:
    several = request().model_copy(update={"models": ("A", "B")})
    assert from_picture(several, PICTURE, "B").models == ("B",)
    assert from_picture(several, PICTURE, "").models == ("A", "B")
    assert from_picture(request(), PICTURE, "Another").models == ("Deliberate",)
    styled = several.model_copy(update={"style": "ink"})
    assert from_picture(styled, PICTURE, "B").models == ("A", "B")


@pytest.mark.parametrize(
    ("sides", "wanted"),
    [((0, 0), (1024, 1024)), ((512, 512), (1024, 1024)), ((1024, 1008), (1024, 1024))],
)
def test_a_picture_of_the_same_shape_keeps_the_sides(
    sides: tuple[int, int], wanted: tuple[int, int]
) -> None:
    source = PICTURE.model_copy(update={"width": sides[0], "height": sides[1]})
    varied = from_picture(request(), source, "")
    assert (varied.width, varied.height) == wanted


def test_a_picture_of_another_shape_keeps_its_own() -> None:
    source = PICTURE.model_copy(update={"width": 1536, "height": 768})
    varied = from_picture(request(), source, "")
    assert varied.width / varied.height == pytest.approx(2, rel=0.1)
    assert varied.width * varied.height <= 1024 * 1024
    assert ImageRequest.model_validate(varied.model_dump()) == varied


def test_larger_is_checked_where_the_place_asks_for_it() -> None:
    assert upscaled(PICTURE, "4x_AnimeSharp", private=False, nsfw=False).asked == (
        "4x_AnimeSharp",
        "nsfw",
    )
    hidden = upscaled(PICTURE, "4x_AnimeSharp", private=True, nsfw=True)
    assert (hidden.asked, hidden.private) == (("4x_AnimeSharp",), True)
