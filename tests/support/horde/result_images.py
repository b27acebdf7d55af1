"""Pictures to send, and those that came."""

import base64
from typing import Any

from PIL import Image

from tests.support.builders import png
from tests.support.horde.local_horde import LocalHorde
from tests.support.pictures import opened


def source_image(mode: str = "RGB", size: tuple[int, int] = (64, 64), colour: str = "red") -> str:
    """A PNG of one colour as base64, as a request to the Horde has it."""
    return base64.b64encode(png(*size, colour, mode)).decode()


async def result_pictures(local: LocalHorde, status: Any) -> list[Image.Image]:
    links = [each["img"] for each in status["generations"]]
    return [opened((await local.call("GET", link, key=None)).raw) for link in links]
