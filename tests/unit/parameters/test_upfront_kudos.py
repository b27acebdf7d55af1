"""When the Horde wants to see kudos first."""

import pytest

from bot.domain.requests import ImageRequest, TextRequest
from bot.domain.results import Cut
from bot.parameters.upfront_kudos import (
    FREE_MAX,
    FREE_MIN,
    Need,
    cut_of,
    needs,
    steps_free,
    tokens_cut,
    usual_steps,
)


def small_image(model: str = "Deliberate", **fields: object) -> ImageRequest:
    known = {"prompt": "x", "models": (model,) if model else (), "width": 512, "height": 512}
    return ImageRequest.model_validate(known | fields)


@pytest.mark.parametrize(
    ("request_", "side", "found"),
    [
        (small_image(), FREE_MIN, ()),
        (small_image(width=576, height=576), FREE_MIN, ()),
        (small_image(width=640, height=576), FREE_MIN, (Need.SIZE,)),
        (small_image(width=1024, height=1024), FREE_MAX, ()),
        (small_image(width=1088, height=1024), FREE_MAX, (Need.SIZE,)),
        (small_image("SDXL 1.0", width=1024, height=1024), FREE_MIN, ()),
        (small_image("SDXL 1.0", width=1088, height=1024), FREE_MIN, (Need.SIZE,)),
        (small_image("stable_diffusion_2.1", width=768, height=768), FREE_MIN, (Need.SIZE,)),
        (small_image("DreamShaper XL", steps=6), FREE_MAX, ()),
        (small_image("DreamShaper XL", steps=7), FREE_MAX, (Need.STEPS,)),
        (small_image("DreamShaper XL", steps=4, sampler="k_dpmpp_sde"), FREE_MAX, (Need.STEPS,)),
        (small_image("Stable Cascade 1.0", steps=31), FREE_MAX, (Need.STEPS,)),
        (small_image("DreamShaper XL", sampler="k_dpm_adaptive"), FREE_MAX, (Need.STEPS,)),
        (small_image(steps=11, loras=({"name": "216190"},)), FREE_MAX, (Need.STEPS,)),
        (
            small_image(steps=11, loras=({"name": "246747", "is_version": True},)),
            FREE_MAX,
            (Need.STEPS,),
        ),
        (small_image(steps=11, loras=({"name": "246747"},)), FREE_MAX, ()),
        (small_image(steps=11, control="canny", sampler="k_heun"), FREE_MAX, (Need.STEPS,)),
        (small_image(steps=40), FREE_MAX, ()),
        (small_image(steps=41), FREE_MAX, (Need.STEPS,)),
        (small_image(steps=20, sampler="k_heun"), FREE_MAX, ()),
        (small_image(steps=21, sampler="k_heun"), FREE_MAX, (Need.STEPS,)),
        (small_image(steps=200, sampler="k_dpm_adaptive"), FREE_MAX, ()),
        (small_image(steps=10, sampler="lcm"), FREE_MAX, ()),
        (small_image(steps=11, sampler="lcm"), FREE_MAX, (Need.STEPS,)),
        (small_image("", steps=11, sampler="lcm"), FREE_MAX, (Need.STEPS,)),
        (small_image("", steps=100), FREE_MAX, ()),
        (small_image(steps=20, control="canny"), FREE_MAX, ()),
        (small_image(steps=21, control="canny"), FREE_MAX, (Need.STEPS,)),
        (
            small_image("", steps=21, control="canny", sampler="k_dpm_adaptive"),
            FREE_MAX,
            (Need.STEPS,),
        ),
        (small_image(slow_workers=False), FREE_MIN, (Need.WORKERS,)),
        (small_image(steps=41, width=2112), FREE_MAX, (Need.SIZE, Need.STEPS)),
    ],
)
def test_what_needs_kudos_in_hand(
    request_: ImageRequest, side: int, found: tuple[Need, ...]
) -> None:
    assert needs(request_, side) == found


# Seen at workers of a real server (AI Horde 5.1.5, 2026-08).
@pytest.mark.parametrize(
    ("request_", "made"),
    [
        (small_image(steps=80), (512, 512, 30)),
        (small_image(steps=30, sampler="k_heun"), (512, 512, 15)),
        (small_image(steps=30, sampler="lcm"), (512, 512, 10)),
        (small_image(steps=30, loras=({"name": "216190"},)), (512, 512, 10)),
        (small_image(width=1280, height=1280, steps=30, sampler="k_dpm_adaptive"), (1024, 1024, 4)),
        (small_image("Flux.1-Schnell fp8 (Compact)", steps=12), (512, 512, 8)),
        (small_image("Stable Cascade 1.0", steps=35), (512, 512, 30)),
        (small_image("DreamShaper XL", steps=6, sampler="k_dpmpp_sde"), (512, 512, 4)),
        (small_image("DreamShaper XL", steps=3, sampler="k_dpmpp_sde"), (512, 512, 3)),
        (small_image(width=1536, height=768), (1408, 704, 30)),
        (small_image(width=64, height=3072, steps=45), (64, 3072, 30)),
        (small_image(steps=40, control="canny"), (512, 512, 20)),
    ],
)
def test_cut_follows_the_rule_of_the_server(
    request_: ImageRequest, made: tuple[int, int, int]
) -> None:
    cut = cut_of(request_, FREE_MAX)
    assert (cut.width, cut.height, cut.steps) == made


def test_wish_for_fast_workers_is_dropped_and_steps_above_thirty_are_cut() -> None:
    cut = cut_of(small_image(steps=35, slow_workers=False), FREE_MAX)
    assert cut == Cut(width=512, height=512, steps=30, slow_workers=True)


def test_long_text_is_cut_to_what_goes_without_kudos() -> None:
    assert tokens_cut(TextRequest(prompt="x", max_length=1024), 512) == Cut(max_length=512)
    assert tokens_cut(TextRequest(prompt="x", max_length=512), 512) is None


@pytest.mark.parametrize(
    ("fields", "steps"),
    [
        ({"sampler": "k_heun"}, 20),
        ({"sampler": "lcm"}, 10),
        ({"control": "canny"}, 20),
        ({"loras": ({"name": "195519"},)}, 10),
        ({}, 30),
    ],
)
def test_steps_that_nobody_chose_go_without_kudos(fields: dict[str, object], steps: int) -> None:
    asked = ImageRequest.model_validate(small_image(steps=30).model_dump() | fields)
    assert usual_steps(asked) == steps
    assert steps_free(asked) >= steps
