"""Pictures to send, and those that came."""

import base64
import io
from typing import Any

from PIL import Image

from tests.support.horde.local_horde import LocalHorde


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 64), colour: str = "red") -> str:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


async def pictures(local: LocalHorde, status: Any) -> list[Image.Image]:
    links = [each["img"] for each in status["generations"]]
    return [opened((await local.call("GET", link, key=None)).raw) for link in links]
