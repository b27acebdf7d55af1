"""Video requests: a prompt, or an image that starts to move."""

import math
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.requests.base import SIDE_STEP, BaseRequest, SomeWords, Source, Words
from bot.domain.requests.image_values import Seed
from bot.i18n import _

# The limits of AI Power Grid, the only backend with videos; a model can have narrower ones.
SECONDS_MIN, SECONDS_MAX = 1, 10
FPS_MIN, FPS_MAX = 8, 30
FRAMES_MAX = 240
VIDEO_SIDE_MIN, VIDEO_SIDE_MAX = 256, 1536  # pixels
VIDEO_SHAPES = {  # width and height in pixels
    "landscape": (768, 512),
    "portrait": (512, 768),
    "square": (640, 640),
    "wide": (896, 512),
    "tall": (512, 896),
}


def nearest_shape(width: int, height: int) -> str:
    """The shape of VIDEO_SHAPES with the most similar aspect ratio; sides of 0 are unknown."""
    if not width or not height:
        return next(iter(VIDEO_SHAPES))

    def distance(shape: str) -> float:
        wide, high = VIDEO_SHAPES[shape]
        return abs(math.log(width * high / (height * wide)))

    return min(VIDEO_SHAPES, key=distance)


class VideoRequest(BaseRequest):
    """One video. `source`: its first image. Sides in pixels; `fps`: images per second.

    `nsfw`: the channel is age-restricted. `spoiler`: the video is hidden behind one.
    """

    kind: Literal["video"] = "video"
    prompt: SomeWords
    negative: Words = ""
    models: tuple[str, ...] = ()
    source: Source | None = None
    seconds: int = Field(default=4, ge=SECONDS_MIN, le=SECONDS_MAX)
    fps: int = Field(default=24, ge=FPS_MIN, le=FPS_MAX)
    width: int = Field(default=768, ge=VIDEO_SIDE_MIN, le=VIDEO_SIDE_MAX, multiple_of=SIDE_STEP)
    height: int = Field(default=512, ge=VIDEO_SIDE_MIN, le=VIDEO_SIDE_MAX, multiple_of=SIDE_STEP)
    seed: Seed = ""  # "": random
    nsfw: bool = False
    spoiler: bool = False

    @model_validator(mode="after")
    def _few_frames(self) -> Self:
        if self.seconds * self.fps > FRAMES_MAX:
            text = _("A video has at most {most} frames. Lower `seconds` or `fps`.")
            raise ValueError(text.format(most=FRAMES_MAX))
        return self

    @property
    def n(self) -> int:
        """Always one video."""
        return 1

    @property
    def count(self) -> int:
        """How many results are expected."""
        return self.n

    @property
    def sources(self) -> tuple[Source, ...]:
        """The source image, if there is one."""
        return (self.source,) if self.source is not None else ()
