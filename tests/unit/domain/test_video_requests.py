import pytest

from bot.domain.capabilities import HORDE
from bot.domain.requests import REQUEST, VIDEO_SHAPES, Kind, VideoRequest, build, nearest_shape
from bot.domain.results import Status
from bot.errors import BadOption
from bot.rules.guild_checks import is_tame
from bot.rules.place_checks import with_place
from tests.support.builders import source, status, video_generation, video_request


def test_a_request_survives_storage() -> None:
    request = video_request(source=source(), negative="blurry", seed="7", private=True)
    assert REQUEST.validate_json(request.model_dump_json()) == request
    assert Kind(request.kind) is Kind.VIDEO


@pytest.mark.parametrize(
    "fields",
    [
        {"seconds": 0},
        {"seconds": 11},
        {"fps": 7},
        {"fps": 31},
        {"width": 192},
        {"height": 1600},
        {"width": 770},
        {"prompt": " "},
    ],
)
def test_build_outside_of_the_limits_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(BadOption):
        build(VideoRequest, **({"prompt": "a fox"} | fields))


def test_build_with_too_many_frames_names_the_limit() -> None:
    assert build(VideoRequest, prompt="a fox", seconds=8, fps=30).seconds == 8
    with pytest.raises(BadOption, match="at most 240 frames"):
        build(VideoRequest, prompt="a fox", seconds=9, fps=30)


def test_every_shape_is_valid() -> None:
    for width, height in VIDEO_SHAPES.values():
        assert build(VideoRequest, prompt="a fox", width=width, height=height).width == width


def test_the_horde_has_no_videos() -> None:
    assert Kind.VIDEO not in HORDE.kinds | HORDE.cancels


def test_with_place_hides_the_video_of_a_hidden_image() -> None:
    placed = with_place(video_request(source=source(spoiler=True)), nsfw=False)
    assert isinstance(placed, VideoRequest)
    assert placed.spoiler
    assert is_tame(placed)
    assert not is_tame(with_place(placed, nsfw=True))


def test_a_generation_survives_storage() -> None:
    made = status(video_generation(expires_at=1_800_000_000.0))
    assert Status.model_validate_json(made.model_dump_json()) == made
    assert made.files == ("128-1.mp4",)
    assert made.arrived == 1


def test_a_link_counts_as_arrived() -> None:
    link = video_generation(file="", url="https://media.example/1.mp4")
    assert not link.arrived
    assert link.as_link().arrived
    assert not link.as_link().with_problem("broken").arrived


@pytest.mark.parametrize(
    ("sides", "shape"),
    [
        ((0, 0), "landscape"),
        ((1024, 1024), "square"),
        ((1920, 1080), "wide"),
        ((1080, 1920), "tall"),
        ((600, 900), "portrait"),
        ((4000, 100), "wide"),
    ],
)
def test_nearest_shape_follows_the_sides_of_an_image(sides: tuple[int, int], shape: str) -> None:
    assert nearest_shape(*sides) == shape
