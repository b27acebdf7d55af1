"""What a card says about the picture that a request starts from."""

from typing import Any

import pytest

from bot.cards.source_notes import HOLES, source_notes
from bot.domain.requests import ImageRequest, Source, TextRequest


def noted_request(own: tuple[int, int], sides: tuple[int, int], **fields: Any) -> ImageRequest:
    source = Source(url="", file="1-source", width=own[0], height=own[1])
    return ImageRequest(prompt="x", source=source, width=sides[0], height=sides[1], **fields)


@pytest.mark.parametrize(
    ("own", "sides", "said"),
    [
        ((2000, 2000), (1024, 1024), "The source image has the size 2000"),
        ((768, 512), (768, 512), ""),
        ((500, 500), (512, 512), ""),
        ((2000, 1000), (512, 512), ""),  # another aspect ratio was chosen
        ((0, 0), (512, 512), ""),
    ],
)
def test_a_smaller_result_is_explained(
    own: tuple[int, int], sides: tuple[int, int], said: str
) -> None:
    found = source_notes(noted_request(own, sides, mode="img2img"))
    assert said in found
    assert bool(said) == bool(found)


def test_a_mask_of_another_shape_is_said_to_be_stretched() -> None:
    square = Source(url="", file="1-mask", width=100, height=100)
    masked = noted_request((768, 512), (768, 512), mode="inpainting", mask=square)
    assert source_notes(masked).startswith("-# The mask was stretched")
    alike = square.model_copy(update={"width": 384, "height": 256})
    assert not source_notes(masked.model_copy(update={"mask": alike}))


def test_painting_what_is_transparent_is_explained() -> None:
    assert HOLES in source_notes(noted_request((512, 512), (512, 512), mode="inpainting"))
    parts = noted_request((512, 512), (512, 512), mode="inpainting", parts=("top",))
    assert not source_notes(parts)
    assert not source_notes(TextRequest(prompt="x"))
