"""The modal of Edit of a video."""

import pytest

from bot.domain.requests import VideoRequest
from bot.errors import BadOption, UserError
from bot.rules.guild_settings import NO_RULES
from bot.ui.actions.video_actions import edited_video, video_modal
from tests.support.builders import record, source, status, video_generation, video_request
from tests.support.catalogs import catalog_with_styles

BEFORE = video_request(models=(), source=source(), fps=16, width=512, height=768, private=True)


def edited(**fields: str) -> VideoRequest:
    return edited_video(catalog_with_styles(), BEFORE, {"prompt": "a fox"} | fields, NO_RULES)


def test_edited_video_keeps_its_image_and_shape() -> None:
    after = edited(prompt="a hare", negative="rain", seconds="2", seed="7")
    assert (after.prompt, after.negative, after.seconds, after.seed) == ("a hare", "rain", 2, "7")
    kept = (after.source, after.fps, after.width, after.height, after.private)
    assert kept == (BEFORE.source, 16, 512, 768, True)
    assert edited().seconds == BEFORE.seconds


@pytest.mark.parametrize("seconds", ["many", "-1", "1.5", "\u0662"])
def test_edited_video_without_a_duration_is_refused(seconds: str) -> None:
    with pytest.raises(BadOption, match="from 1 to 10"):
        edited(seconds=seconds)


@pytest.mark.parametrize("fields", [{"seconds": "0"}, {"seconds": "99"}, {"prompt": " "}])
def test_edited_video_out_of_bounds_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(UserError):
        edited(**fields)


async def test_modal_has_the_parameters_and_the_seed_of_the_video() -> None:
    shown = record(request=BEFORE, status=status(video_generation(seed="1001")))
    body = video_modal(shown, BEFORE, {"negative": "typed before"}).to_dict()
    texts = [label["component"].get("value") for label in body["components"]]
    assert texts == ["a fox runs", "typed before", "4", "1001", None]
