"""Why no worker takes a request."""

from typing import Any

import pytest

from bot.backends.horde.workers import why_no_worker
from bot.domain.requests import ImageRequest, TextRequest
from bot.horde.workers import Worker

ATTIC = Worker(id="attic", models=("Deliberate",), max_pixels=600_000)
SHED = Worker(id="shed", models=("AlbedoBase XL",), max_pixels=2_000_000)
SMALL = Worker(id="small", type="text", max_length=256, max_context_length=2048)
TOO_LARGE = "1024 x 1024 pixels (maximum: 2.0 megapixels)"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"models": ("AlbedoBase XL",), "workers": ("attic",), "width": 512, "height": 512},
            "No chosen worker offers: the model AlbedoBase XL.",
        ),
        (
            {"workers": ("shed",), "trusted_workers": True},
            "No chosen worker offers: trusted workers.",
        ),
        (
            {"models": ("Deliberate",)},
            f"No online worker offers all of this: the model Deliberate; {TOO_LARGE}.",
        ),
        (
            {"width": 2048, "height": 2048},
            "No online worker offers: 2048 x 2048 pixels (maximum: 2.0 megapixels).",
        ),
        (
            {"models": ("AlbedoBase XL",), "workers": ("shed",), "worker_blacklist": True}
            | {"width": 512, "height": 512},
            "No other worker offers: the model AlbedoBase XL.",
        ),
        ({"workers": ("gone",)}, "The chosen workers do not accept requests at the moment."),
        ({"models": ("AlbedoBase XL",)}, ""),
        ({"models": ("AlbedoBase XL",), "workers": ("attic",), "style": "ink style"}, ""),
    ],
)
def test_why_no_worker_image_limit_of_all_is_named(fields: dict[str, Any], sentence: str) -> None:
    request = ImageRequest.model_validate({"prompt": "a fox"} | fields)
    assert why_no_worker(request, (ATTIC, SHED)) == sentence


@pytest.mark.parametrize(
    ("prompt", "length", "sentence"),
    [
        ("a tale", 512, "No online worker offers: a text of 512 tokens (maximum: 256)."),
        ("a" * 4_000, 80, "No online worker offers: a context of 3,072 tokens (maximum: 2,048)."),
        ("a tale", 80, ""),
    ],
)
def test_why_no_worker_text_limit_of_all_is_named(prompt: str, length: int, sentence: str) -> None:
    assert why_no_worker(TextRequest(prompt=prompt, max_length=length), (SMALL,)) == sentence


def test_why_no_worker_workers_in_maintenance_do_not_count() -> None:
    away = SHED.model_copy(update={"maintenance_mode": True})
    request = ImageRequest(prompt="a fox", models=("AlbedoBase XL",), width=512, height=512)
    assert why_no_worker(request, (ATTIC, away)) == (
        "No online worker offers: the model AlbedoBase XL."
    )
    assert why_no_worker(request, (away,)) == ""
