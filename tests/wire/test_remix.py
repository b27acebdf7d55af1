"""/remix and /qr with real pictures, from the upload to what the Horde received."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.wire.people import Answer, Control, Json, Person

pytestmark = pytest.mark.wire

RED, BLUE = (200, 30, 30), (30, 60, 200)
CONTROLS = (
    *("canny", "hed", "depth", "normal", "openpose", "seg", "scribble", "fakescribbles", "hough"),
)


def encoded(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(picture).rectangle((width // 2, 0, width, height), fill=BLUE)
    return picture


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def near(picture: Image.Image, x: int, y: int, colour: tuple[int, int, int]) -> bool:
    found = picture.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return all(abs(a - b) < 25 for a, b in zip(found, colour, strict=True))


def level(mask: Image.Image, x: int, y: int) -> int:
    found = mask.convert("L").getpixel((x, y))
    assert isinstance(found, int)
    return found


class Sent:
    """What the Horde received for a prompt."""

    def __init__(self, control: Control, request: Json) -> None:
        self._control = control
        self._id: str = request["id"]
        self.payload: Json = request["payload"]
        self.params: Json = request["payload"]["params"]

    @property
    def sides(self) -> tuple[int, int]:
        return self.params["width"], self.params["height"]

    async def picture(self, name: str = "source") -> Image.Image:
        base = self._control.base
        data = await self._control.fetch(f"{base}/horde/requests/{self._id}/pictures/{name}")
        return opened(data)


async def sent(control: Control, prompt: str) -> Sent:
    found = [r for r in await control.horde_requests() if prompt in r["prompt"]]
    return Sent(control, found[-1])


async def remixed(
    control: Control, person: Person, prompt: str, data: bytes, **options: Any
) -> Sent:
    """Remix that picture, wait for the result, and see what was sent."""
    image = await uploaded(control, data)
    answer = await person.command("remix", image=image, prompt=prompt, **options)
    await done(person, answer)
    return await sent(control, prompt)


async def uploaded(control: Control, data: bytes) -> str:
    form = (Image.open(BytesIO(data)).format or "").lower()
    return await control.upload(f"picture.{form}", data, f"image/{form}")


async def done(person: Person, answer: Answer) -> None:
    result = await person.result(answer)
    assert result.pictures, result.text


async def test_img2img_keeps_the_ratio(control: Control) -> None:
    ada = await control.person("ada")
    found = await remixed(control, ada, "a painted fox", encoded(halves(1200, 600)), strength=0.4)
    assert found.payload["source_processing"] == "img2img"
    assert found.params["denoising_strength"] == 0.4
    width, height = found.sides
    assert (width % 64, height % 64) == (0, 0)
    assert abs(width / height - 2) < 0.15
    source = await found.picture()
    assert source.size == found.sides
    assert near(source, 10, 10, RED)
    assert near(source, width - 10, height - 10, BLUE)
    assert "source_mask" not in found.payload
