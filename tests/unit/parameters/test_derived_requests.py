""""""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.compatibility import check
from bot.domain.requests import (
    PROMPT_MAX,
    AlchemyRequest,
    ExtraText,
    ImageRequest,
    Source,
    TextRequest,
)
from bot.errors import UserError
from bot.parameters.derived_requests import continued, from_picture, model_after, upscaled
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.rules.place_checks import with_place
from tests.support.catalogs import catalog_with_styles

RESULT_SOURCE = Source(
    url="", file="7-a.webp", filename="hordecord-7-1.webp", width=1024, height=1024
)


def request(**fields: Any) -> ImageRequest:
    return ImageRequest(prompt="a fox", models=("Deliberate",), seed="5", n=2, **fields)


def test_the_same_over_that_picture_with_a_new_seed() -> None:
    varied = from_picture(request(steps=12, negative="rain"), RESULT_SOURCE, "Deliberate")
    assert (varied.source, varied.mode, varied.strength) == (RESULT_SOURCE, "img2img", 0.55)
    assert (varied.seed, varied.n, varied.steps, varied.negative) == ("", 2, 12, "rain")
    assert (varied.width, varied.height) == (1024, 1024)


@pytest.mark.parametrize(
    "before",
    [
        {"source": RESULT_SOURCE, "mode": "inpainting", "parts": ("top",)},
        {"source": RESULT_SOURCE, "mode": "inpainting", "mask": RESULT_SOURCE},
        {"source": RESULT_SOURCE, "mode": "outpainting", "expand": (64, 0, 0, 0)},
        {"source": RESULT_SOURCE, "mode": "img2img", "control": "canny", "control_map": True},
        {"workflow": "qr_code", "texts": (ExtraText(text="x", reference="qr_code"),)},
    ],
)
def test_what_belonged_to_another_source_does_not_stay(before: dict[str, Any]) -> None:
    check(from_picture(request(**before), RESULT_SOURCE, "Deliberate"), "sdxl")


def test_of_several_models_the_one_that_painted_it_goes_on() -> None:
    several = request().model_copy(update={"models": ("A", "B")})
    assert from_picture(several, RESULT_SOURCE, "B").models == ("B",)
    assert from_picture(several, RESULT_SOURCE, "").models == ("A", "B")
    assert from_picture(request(), RESULT_SOURCE, "Another").models == ("Deliberate",)
    styled = several.model_copy(update={"style": "ink"})
    assert from_picture(styled, RESULT_SOURCE, "B").models == ("A", "B")


@pytest.mark.parametrize(
    ("sides", "wanted"),
    [((0, 0), (1024, 1024)), ((512, 512), (1024, 1024)), ((1024, 1008), (1024, 1024))],
)
def test_a_picture_of_the_same_shape_keeps_the_sides(
    sides: tuple[int, int], wanted: tuple[int, int]
) -> None:
    source = RESULT_SOURCE.model_copy(update={"width": sides[0], "height": sides[1]})
    varied = from_picture(request(), source, "")
    assert (varied.width, varied.height) == wanted


def test_a_picture_of_another_shape_keeps_its_own() -> None:
    source = RESULT_SOURCE.model_copy(update={"width": 1536, "height": 768})
    varied = from_picture(request(), source, "")
    assert varied.width / varied.height == pytest.approx(2, rel=0.1)
    assert varied.width * varied.height <= 1024 * 1024
    assert ImageRequest.model_validate(varied.model_dump()) == varied


def test_larger_is_checked_unless_the_place_allows_nsfw() -> None:
    larger = upscaled(RESULT_SOURCE, "4x_AnimeSharp", private=True)
    assert (larger.asked, larger.private) == (("4x_AnimeSharp", "nsfw"), True)
    anywhere = with_place(larger, nsfw=True)
    assert isinstance(anywhere, AlchemyRequest)
    assert anywhere.asked == ("4x_AnimeSharp",)


def test_a_picture_is_varied_by_a_model_that_is_allowed() -> None:
    catalog, fox = catalog_with_styles(), ImageRequest(prompt="a fox")
    two = fox.model_copy(update={"models": ("Deliberate", "SDXL 1.0")})
    assert model_after(catalog, fox, "Deliberate", NO_RULES) == "Deliberate"
    assert model_after(catalog, two, "", NO_RULES) == ""  # unknown: all of them again
    rules = GuildSettings(models_blocked=("deliberate",))
    assert model_after(catalog, fox, "SDXL 1.0", rules) == "SDXL 1.0"
    assert model_after(catalog, two, "Deliberate", rules) == "SDXL 1.0"
    assert model_after(catalog, fox, "Deliberate", rules) == "SDXL 1.0"
    every = GuildSettings(models_blocked=("Deliberate", "SDXL 1.0", "Flux.1-Schnell"))
    assert model_after(catalog, two, "Deliberate", every) == "Deliberate"  # refused by its name
    with pytest.raises(UserError, match="allows no model"):
        model_after(catalog, fox, "Deliberate", every)


@pytest.mark.parametrize(
    ("prompt", "text", "expected"),
    [
        ("Tell of owls.", "Owls hunt", "Tell of owls.\n\nOwls hunt"),
        ("Once upon", "a time", "Once upon a time"),
        ("Once upon", " a time", "Once upon a time"),
        ("Once", ", long ago", "Once, long ago"),
    ],
)
def test_text_is_continued_after_its_prompt(prompt: str, text: str, expected: str) -> None:
    again = continued(TextRequest(prompt=prompt, n=3, models=("a", "b")), text)
    assert (again.prompt, again.n, again.models) == (expected, 1, ())
    assert (again.asked, again.so_far) == (prompt, text)


def test_continuation_is_continued_in_turn() -> None:
    first = continued(TextRequest(prompt="Tell of owls."), "Owls hunt")
    second = continued(first, " mice. And")
    assert second.asked == "Tell of owls."
    assert second.so_far == "Owls hunt mice. And"


@given(st.integers(1, PROMPT_MAX), st.integers(1, 3 * PROMPT_MAX))
def test_prompt_of_a_continuation_keeps_the_end_of_a_long_text(asked: int, written: int) -> None:
    text = "x" * (written - 1) + "y"
    again = continued(TextRequest(prompt="p" * asked), text)
    assert len(again.prompt) <= PROMPT_MAX
    assert again.prompt.endswith("y")
    assert again.so_far == text[-len(again.so_far) :]
    assert again.asked == "p" * len(again.asked)
    assert len(again.asked) >= min(asked, PROMPT_MAX // 2 - 2)
