"""Whether a fallback can make a request, and the request as it makes it."""

from dataclasses import replace

import pytest

from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.requests import ImageRequest, Kind, TextRequest
from bot.pipeline.fallback.requests_there import can_make, request_there
from tests.support.builders import image_request

HORDE = Capabilities(censors=True)
GPU = Capabilities(
    unit=PriceUnit.NONE,
    chosen_models=True,
    image_fields=frozenset({"tiling", "width", "height", "steps"}),
)
PAID = Capabilities(unit=PriceUnit.MICRO_USD)
SAFE, OTHER = "koboldcpp/gemma-3-12b-it", "koboldcpp/unknown-13b"


def text(*models: str, tame: bool = True) -> TextRequest:
    return TextRequest(prompt="A fox", models=models, spoiler=tame)


def test_values_that_are_filled_in_are_no_obstacle() -> None:
    request = image_request(width=768, steps=20, trusted_workers=True)
    assert can_make(request, GPU)


def test_a_chosen_field_that_it_does_not_use_is_one() -> None:
    assert can_make(image_request(tiling=True), GPU)
    assert not can_make(image_request(hires_fix=True), GPU)


def test_more_results_than_it_makes_are_one() -> None:
    assert not can_make(image_request(n=5), replace(GPU, results_max=4))
    assert not can_make(text(), replace(GPU, kinds=frozenset({Kind.IMAGE})))


@pytest.mark.parametrize(
    ("request_", "able", "possible"),
    [
        (text(SAFE), HORDE, True),
        (text(OTHER), HORDE, False),
        (text(), HORDE, False),  # any model could write it
        (text(OTHER, tame=False), HORDE, True),
        (text(OTHER), GPU, True),
    ],
)
def test_texts_in_usual_channels_need_safe_models(
    request_: TextRequest, able: Capabilities, possible: bool
) -> None:
    assert can_make(request_, able) is possible


def test_models_of_the_first_backend_are_left_out() -> None:
    request = image_request(models=("Deliberate",))
    there = request_there(request, GPU, limited=True)
    assert isinstance(there, ImageRequest)
    assert (there.models, there.spoiler) == ((), True)
    assert request_there(request, HORDE, limited=False) == image_request(models=())


def test_models_stay_where_any_other_could_be_a_blocked_one() -> None:
    assert request_there(text(SAFE), HORDE, limited=False) == text(SAFE)
    request = image_request(models=("Deliberate",))
    assert request_there(request, HORDE, limited=True) == request


def test_an_image_in_an_age_restricted_channel_is_not_hidden() -> None:
    request = image_request(nsfw=True, censor_nsfw=False)
    there = request_there(request, GPU, limited=False)
    assert isinstance(there, ImageRequest)
    assert not there.spoiler


@pytest.mark.parametrize(("able", "kept"), [(HORDE, True), (GPU, True), (PAID, False)])
def test_values_of_a_model_do_not_go_to_a_service_with_other_ones(
    able: Capabilities, *, kept: bool
) -> None:
    able = replace(able, image_fields=None)
    there = request_there(image_request(steps=9, cfg_scale=2.5), able, limited=False)
    assert isinstance(there, ImageRequest)
    assert (there.steps, there.cfg_scale) == ((9, 2.5) if kept else (30, 7.0))
    assert there.fit is not kept


def test_values_that_the_requester_chose_go_to_a_service_with_other_ones() -> None:
    request = image_request(
        steps=9, cfg_scale=2.5, sampler="k_lms", sampling_chosen=("steps", "sampler")
    )
    there = request_there(request, PAID, limited=False)
    assert isinstance(there, ImageRequest)
    assert (there.steps, there.cfg_scale, there.sampler, there.fit) == (9, 7.0, "k_lms", True)
