"""Any text in `extra`, and any request written and read again."""

from hypothesis import given, settings

from bot.domain.requests import (
    SHAPES,
    ImageChoices,
    ImageRequest,
    Lora,
    build,
    merged,
)
from bot.parameters.flags import parse, to_text
from bot.parameters.layers import compose
from tests.support.flag_strategies import LINES, MODEL_CATALOG, error_of, requests

# Texts


@settings(max_examples=200, deadline=None)
@given(LINES)
def test_any_text_gives_choices_or_one_error_with_its_place(line: str) -> None:
    error = error_of(line)
    if error is None:
        _judge(parse(line))
        return
    assert 0 <= error.start <= error.end <= len(line)
    assert "\n" not in str(error)
    assert len(str(error).encode()) < 2_000


def _judge(chosen: ImageChoices) -> None:
    """Each single choice is one that a request takes; together they may still not go."""
    for name, value in chosen.values().items():
        if name == "shape":
            assert value in SHAPES
        elif name == "image_strengths":
            assert all(0 <= each <= 1 for each in value)
        elif name not in {"preset", "only"}:
            assert getattr(build(ImageRequest, prompt="a fox", **{name: value}), name) == value


# Requests


@settings(max_examples=200, deadline=None)
@given(requests())
def test_every_request_survives_being_written_and_read(request: ImageRequest) -> None:
    around = ImageChoices(prompt=request.prompt)
    if request.source:
        unweighed = (each.model_copy(update={"strength": 1.0}) for each in request.extra_images)
        start = ImageChoices(source=request.source, extra_images=tuple(unweighed))
        around = merged(around, start)
    text = to_text(request, only=True)
    assert compose(MODEL_CATALOG, around, parse(text)) == request
    assert len(text.splitlines()) <= 1 or "\n" not in text
    # Defaults of a user do not count then.
    mine = ImageChoices(tiling=True, loras=(Lora(name="mine"),), n=4, negative="mine", style="")
    assert compose(MODEL_CATALOG, around, parse(text), standing=[mine]) == request
    assert to_text(compose(MODEL_CATALOG, around, parse(text)), only=True) == text
