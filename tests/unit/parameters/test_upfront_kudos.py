"""When the Horde wants to see kudos first."""

import pytest

from bot.domain.requests import ImageRequest
from bot.parameters.upfront_kudos import FREE_MAX, FREE_MIN, Need, needs


def image(model: str = "Deliberate", **fields: object) -> ImageRequest:
    known = {"prompt": "x", "models": (model,) if model else (), "width": 512, "height": 512}
    return ImageRequest.model_validate(known | fields)


@pytest.mark.parametrize(
    ("request_", "side", "found"),
    [
        (image(), FREE_MIN, ()),
        (image(width=576, height=576), FREE_MIN, ()),
        (image(width=640, height=576), FREE_MIN, (Need.SIZE,)),
        (image(width=1024, height=1024), FREE_MAX, ()),
        (image(width=1088, height=1024), FREE_MAX, (Need.SIZE,)),
        (image("SDXL 1.0", width=1024, height=1024), FREE_MIN, ()),
        (image("SDXL 1.0", width=1088, height=1024), FREE_MIN, (Need.SIZE,)),
        (image("stable_diffusion_2.1", width=768, height=768), FREE_MIN, ()),
        (image("stable_diffusion_2.1", width=832, height=768), FREE_MIN, (Need.SIZE,)),
        (image(steps=40), FREE_MAX, ()),
        (image(steps=41), FREE_MAX, (Need.STEPS,)),
        (image(steps=20, sampler="k_heun"), FREE_MAX, ()),
        (image(steps=21, sampler="k_heun"), FREE_MAX, (Need.STEPS,)),
        (image(steps=200, sampler="k_dpm_adaptive"), FREE_MAX, ()),
        (image(steps=10, sampler="lcm"), FREE_MAX, ()),
        (image(steps=11, sampler="lcm"), FREE_MAX, (Need.STEPS,)),
        (image("", steps=11, sampler="lcm"), FREE_MAX, (Need.STEPS,)),
        (image("", steps=100), FREE_MAX, ()),
        (image(steps=20, control="canny"), FREE_MAX, ()),
        (image(steps=21, control="canny"), FREE_MAX, (Need.STEPS,)),
        (image("", steps=21, control="canny", sampler="k_dpm_adaptive"), FREE_MAX, (Need.STEPS,)),
        (image(slow_workers=False), FREE_MIN, (Need.WORKERS,)),
        (image(steps=41, width=2112), FREE_MAX, (Need.SIZE, Need.STEPS)),
    ],
)
def test_what_needs_kudos_in_hand(
    request_: ImageRequest, side: int, found: tuple[Need, ...]
) -> None:
    assert needs(request_, side) == found
