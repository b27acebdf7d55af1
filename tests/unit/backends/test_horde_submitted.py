"""A request is compared with one that the Horde has."""

from typing import Any

import pytest

from bot.backends.horde.payloads import image_input, text_input
from bot.backends.horde.submitted import is_same_image, is_same_text
from bot.domain.requests import ImageRequest, TextRequest
from bot.horde.submitted_requests import SubmittedImage, SubmittedText

FOX = ImageRequest(prompt="a fox", negative="fog", models=("Deliberate", "SDXL 1.0"), seed="42")
PARAMS = {"n": 1, "seed": "42", "width": 1024, "height": 1024, "steps": 30}
KEPT = {"prompt": "a fox ### fog", "models": ["SDXL 1.0", "Deliberate"], "params": PARAMS}
TALE = TextRequest(prompt="once", models=("koboldcpp/a",))
KEPT_TEXT: dict[str, Any] = {
    "prompt": "once",
    "models": ["koboldcpp/a"],
    "params": {"n": 1, "max_length": 240},
    "webhook": "https://bot/ring/1",
}


def kept(params: dict[str, Any], **fields: object) -> SubmittedImage:
    return SubmittedImage.model_validate(KEPT | {"params": PARAMS | params} | fields)


def same(request: ImageRequest, found: SubmittedImage) -> bool:
    return is_same_image(image_input(request), found)


def test_is_same_image_equal_content_true() -> None:
    assert same(FOX, kept({}))


@pytest.mark.parametrize(
    "found",
    [
        kept({"seed": "43"}),
        kept({"seed": None}),
        kept({"n": 2}),
        kept({"steps": 31}),
        kept({"width": 1088}),
        kept({}, prompt="a fox"),
        kept({}, prompt=None),
        kept({}, models=["Deliberate"]),
    ],
)
def test_is_same_image_other_content_false(found: SubmittedImage) -> None:
    assert not same(FOX, found)


def test_is_same_image_made_smaller_true_only_where_allowed() -> None:
    smaller = kept({"width": 576, "height": 576, "steps": 20})
    assert same(FOX.model_copy(update={"allow_downgrade": True}), smaller)
    assert not same(FOX.model_copy(update={"allow_downgrade": False}), smaller)


def test_is_same_image_any_model_true_for_the_models_that_the_horde_chose() -> None:
    assert same(FOX.model_copy(update={"models": ()}), kept({}, models=["stable_diffusion"]))


def test_is_same_image_style_replaces_all_but_prompt_and_number() -> None:
    styled = FOX.model_copy(update={"style": "abc", "models": ()})
    assert same(styled, kept({"seed": None, "steps": 8}, models=["other"]))
    assert not same(styled, kept({"n": 2}))


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"webhook": "https://bot/ring/2"}, False),
        ({"webhook": ""}, True),
        ({"prompt": "twice"}, False),
        ({"models": ["koboldcpp/b"]}, False),
        ({"params": {"n": 1, "max_length": 120}}, True),  # made smaller
        ({"params": {"n": 1, "max_length": 300}}, False),
    ],
)
def test_is_same_text_compares_content_and_webhook(change: dict[str, Any], fits: bool) -> None:
    found = SubmittedText.model_validate(KEPT_TEXT | change)
    assert is_same_text(text_input(TALE, "https://bot/ring/1"), found) is fits
