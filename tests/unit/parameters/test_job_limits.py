"""How long a worker may hold a job."""

import pytest

from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.parameters.job_limits import job_limit
from tests.support.builders import CAPTION_REQUEST

XL, FLUX = ("AlbedoBase XL (SDXL)",), ("Flux.1-Schnell fp8 (Compact)",)


@pytest.mark.parametrize(
    ("request_", "seconds"),
    [
        (ImageRequest(prompt="a", models=XL, sampler="k_euler"), 270),
        (ImageRequest(prompt="a", models=XL, sampler="k_heun"), 510),
        (ImageRequest(prompt="a", models=XL, sampler="k_dpm_adaptive"), 350),
        (ImageRequest(prompt="a", models=FLUX, sampler="k_euler"), 810),
        (ImageRequest(prompt="a", models=FLUX, control="canny", sampler="k_euler"), 1620),
        (ImageRequest(prompt="a", models=(*XL, *FLUX), sampler="k_euler"), 810),
        (ImageRequest(prompt="a", models=("Krea2-Turbo",), sampler="k_euler"), 810),
        (ImageRequest(prompt="a", models=("Anima",), sampler="heunpp2"), 2250),
        (ImageRequest(prompt="a", sampler="k_euler"), 810),  # any model
        (ImageRequest(prompt="a", models=XL, width=512, height=512, steps=8), 150),
        (
            ImageRequest(prompt="a", models=XL, width=512, height=512, extra_slow_workers=True),
            450,
        ),
        (TextRequest(prompt="a"), 150),
        (CAPTION_REQUEST, 180),
    ],
)
def test_job_limit_formula_of_the_server(request_: Request, seconds: float) -> None:
    assert job_limit(request_) == seconds
