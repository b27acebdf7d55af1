"""/remix and /qr with real pictures, from the upload to what the Horde received."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.support.builders import encoded
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer
from tests.support.json_types import Json
from tests.support.pictures import BLUE, RED, halves, is_near_at, opened
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire

CONTROLS = (
    *("canny", "hed", "depth", "normal", "openpose", "seg", "scribble", "fakescribbles", "hough"),
)


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


async def sent_for(control: Control, prompt: str) -> Sent:
    found = [r for r in await control.horde_requests() if prompt in r["prompt"]]
    return Sent(control, found[-1])


async def remixed(
    control: Control, person: Person, prompt: str, data: bytes, /, **options: Any
) -> Sent:
    """Remix that picture, wait for the result, and return the payload."""
    image = await uploaded(control, data)
    answer = await person.command("remix", image=image, prompt=prompt, **options)
    await has_pictures(person, answer)
    return await sent_for(control, prompt)


async def uploaded(control: Control, data: bytes) -> str:
    form = (Image.open(BytesIO(data)).format or "").lower()
    return await control.upload(f"picture.{form}", data, f"image/{form}")


@pytest.mark.parametrize(
    ("data", "options", "why"),
    [
        (encoded(Image.new("RGB", (320, 240), "red")), {"mode": "inpainting"}, "mask"),
        (b"\x89PNG\r\n\x1a\nnothing else", {}, "image"),
    ],
    ids=["no hole", "no picture"],
)
async def test_own_mistake_is_said_in_private_alone(
    control: Control, data: bytes, options: dict[str, str], why: str
) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    image = await control.upload("mistake.png", data, "image/png")
    answer = await ada.command("remix", image=image, prompt="a mistaken moon", **options)
    assert (await ada.told(why)).is_private
    await eventually(lambda: _is_gone(control, ben, answer.message_id), "the public card is gone")


async def _is_gone(control: Control, person: Person, message_id: str) -> bool:
    shown = await control.messages(person.channel_id, person.id)
    return all(message.id != message_id for message in shown)


async def has_pictures(person: Person, answer: Answer) -> None:
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
    assert is_near_at(source, 10, 10, RED)
    assert is_near_at(source, width - 10, height - 10, BLUE)
    assert "source_mask" not in found.payload


def hole(width: int, height: int, box: tuple[int, int, int, int]) -> Image.Image:
    """A mask: black, white in the box."""
    mask = Image.new("L", (width, height))
    ImageDraw.Draw(mask).rectangle(box, fill=255)
    return mask


async def test_inpainting_by_a_mask(control: Control) -> None:
    ada = await control.person("ada")
    mask = await uploaded(control, encoded(hole(320, 240, (0, 0, 159, 239)), "JPEG"))
    found = await remixed(control, ada, "a hidden door", encoded(halves(640, 480)), mask=mask)
    assert found.payload["source_processing"] == "inpainting"
    assert found.payload["models"] == ["stable_diffusion_inpainting"]
    assert found.params["denoising_strength"] == 1
    sent_mask, (width, height) = await found.picture("mask"), found.sides
    assert sent_mask.size == (await found.picture()).size == found.sides
    assert level(sent_mask, 5, height // 2) == 255
    assert level(sent_mask, width - 5, height // 2) == 0


async def test_inpainting_by_what_is_transparent(control: Control) -> None:
    ada = await control.person("ada")
    picture = halves(512, 512).convert("RGBA")
    picture.putalpha(Image.eval(hole(512, 512, (300, 100, 450, 400)), lambda on: 255 - on))
    found = await remixed(
        control, ada, "a torn corner", encoded(picture, "WEBP", lossless=True), mode="inpainting"
    )
    mask, source = await found.picture("mask"), await found.picture()
    assert (mask.size, source.mode) == (source.size, "RGB")
    assert (level(mask, 375, 250), level(mask, 100, 250)) == (255, 0)
    assert is_near_at(source, 100, 250, RED)


async def test_a_hole_is_inpainted_without_a_mode(control: Control) -> None:
    ada = await control.person("ada")
    picture = halves(512, 512).convert("RGBA")
    picture.putalpha(Image.eval(hole(512, 512, (300, 100, 450, 400)), lambda on: 255 - on))
    found = await remixed(control, ada, "a moon in a hole", encoded(picture))
    assert found.payload["source_processing"] == "inpainting"
    assert found.params["denoising_strength"] == 1
    mask = await found.picture("mask")
    assert level(mask, mask.width // 5, mask.height // 2) == 0
    assert level(mask, mask.width * 375 // 512, mask.height // 2) == 255
    whole = await remixed(control, ada, "a moon over it", encoded(picture), mode="img2img")
    assert whole.payload["source_processing"] == "img2img"


@pytest.mark.parametrize("option", ["mask", "area", "control"])
async def test_a_source_keeps_its_size(control: Control, option: str) -> None:
    ada = await control.person("ada")
    mask = await uploaded(control, encoded(hole(768, 512, (0, 0, 300, 511))))
    value = {"mask": mask, "area": "top third", "control": "canny"}[option]
    found = await remixed(
        control, ada, f"kept by {option}", encoded(halves(768, 512)), **{option: value}
    )
    assert found.sides == (768, 512)


async def test_inpainting_by_an_area(control: Control) -> None:
    ada = await control.person("ada")
    found = await remixed(
        control, ada, "an open sky", encoded(halves(512, 512), "JPEG"), area="top third"
    )
    assert found.payload["source_processing"] == "inpainting"
    mask = await found.picture("mask")
    width, height = found.sides
    assert [level(mask, x, 10) for x in (10, width // 2, width - 10)] == [255] * 3
    assert [level(mask, x, height - 10) for x in (10, width // 2, width - 10)] == [0] * 3


async def test_a_photo_without_a_mask_is_asked_for_one_at_once(control: Control) -> None:
    ada = await control.person("ada")
    image = await uploaded(control, encoded(halves(64, 64), "JPEG"))
    answer = await ada.command("remix", image=image, prompt="what now", mode="inpainting")
    said = await control.message(answer.message_id)
    assert said.is_private
    assert "needs an `area`, a `mask`" in said.text


async def test_outpainting(control: Control) -> None:
    ada = await control.person("ada")
    found = await remixed(
        control,
        ada,
        "a wide valley",
        encoded(halves(512, 512)),
        expand="wider",
        expand_by=128,
    )
    assert found.payload["source_processing"] == "outpainting"
    assert found.sides == (768, 512)
    source, mask = await found.picture(), await found.picture("mask")
    assert source.size == mask.size == (768, 512)
    assert [level(mask, x, 250) for x in (2, 126, 384, 642, 765)] == [255, 255, 0, 255, 255]
    assert is_near_at(source, 40, 250, RED)  # the edge stretched into it
    assert is_near_at(source, 200, 250, RED)
    assert is_near_at(source, 730, 250, BLUE)


@pytest.mark.parametrize("kind", CONTROLS)
async def test_control(control: Control, kind: str) -> None:
    ada = await control.person("ada")
    found = await remixed(
        control, ada, f"a statue by {kind}", encoded(halves(512, 384)), control=kind
    )
    assert found.params["control_type"] == kind
    assert found.payload["source_processing"] == "img2img"
    assert found.params["steps"] <= 40
    assert (await found.picture()).size == found.sides == (576, 448)


async def test_a_qr_code_that_is_a_picture(control: Control) -> None:
    ada = await control.person("ada")
    answer = await ada.command("qr", text="https://example.org/fox", prompt="a mossy wall")
    await has_pictures(ada, answer)
    found = await sent_for(control, "a mossy wall")
    assert found.params["workflow"] == "qr_code"
    assert found.params["extra_texts"] == [
        {"text": "https://example.org/fox", "reference": "qr_code"}
    ]
    assert found.sides == (1024, 1024)


async def test_a_remix_of_five_pictures(control: Control) -> None:
    """More than one further picture is for trusted accounts."""
    cleo = await control.person("cleo")
    trusted = await control.post("horde/users", username="cleos", kudos=500, trusted=True)
    await cleo.log_in(trusted["api_key"])
    more = {
        f"image{number}": await uploaded(control, encoded(Image.new("RGB", (300, 200), colour)))
        for number, colour in enumerate([BLUE, RED, BLUE, RED], 2)
    }
    found = await remixed(control, cleo, "all of them", encoded(halves(400, 400)), **more)
    await cleo.command("account logout")
    assert found.payload["source_processing"] == "remix"
    assert found.payload["models"] == ["Stable Cascade 1.0"]
    assert len(found.payload["extra_source_images"]) == 4
    for number, colour in enumerate([BLUE, RED, BLUE, RED], 1):
        extra = await found.picture(f"extra-{number}")
        assert extra.size == (300, 200)
        assert is_near_at(extra, 150, 100, colour)


async def test_a_photo_is_sent_as_one_sees_it(control: Control) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees to the right
    ada = await control.person("ada")
    found = await remixed(
        control, ada, "a photo of a kite", encoded(halves(800, 400), "JPEG", exif=exif)
    )
    width, height = found.sides
    assert abs(height / width - 2) < 0.15
    source = await found.picture()
    assert is_near_at(source, width // 2, 10, RED)
    assert is_near_at(source, width // 2, height - 10, BLUE)


async def test_of_an_animation_the_first_picture_counts(control: Control) -> None:
    frames = [Image.new("RGB", (256, 256), colour) for colour in (RED, BLUE)]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    ada = await control.person("ada")
    found = await remixed(control, ada, "a still of it", moving)
    assert is_near_at(await found.picture(), 100, 100, RED)


async def test_a_print_is_understood(control: Control) -> None:
    ada = await control.person("ada")
    cmyk = encoded(Image.new("RGB", (256, 256), RED).convert("CMYK"), "JPEG", quality=95)
    found = await remixed(control, ada, "a poster for it", cmyk)
    assert is_near_at(await found.picture(), 100, 100, RED)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (encoded(Image.new("RGB", (1, 5000))), "Crop it"),
        (encoded(Image.new("RGB", (64, 64)))[:45], "cannot be converted"),
        (b"\x89PNG\r\n\x1a\nnothing else", "damaged"),
    ],
    ids=["1 x 5000", "cut off", "broken"],
)
async def test_what_cannot_be_used_is_said(control: Control, picture: bytes, words: str) -> None:
    ada = await control.person("ada")
    image = await control.upload("odd.png", picture)
    await ada.command("remix", image=image, prompt="out of nothing")
    await ada.told(words)
    assert not [r for r in await control.horde_requests() if r["prompt"] == "out of nothing"]


async def test_a_file_without_an_ending_is_used(control: Control) -> None:
    """Discord reports no type and no sides of it; its bytes decide."""
    ada = await control.person("ada")
    image = await control.upload("photo", encoded(halves(640, 384)))
    answer = await ada.command("remix", image=image, prompt="out of a nameless file")
    await has_pictures(ada, answer)
    found = await sent_for(control, "out of a nameless file")
    assert found.sides[0] > found.sides[1]
    assert is_near_at(await found.picture(), 10, 10, RED)


async def test_what_was_behind_a_spoiler_stays_there(control: Control) -> None:
    ada = await control.person("ada")
    image = await control.upload("SPOILER_spider.png", encoded(halves(256, 256)))
    result = await ada.result(await ada.command("remix", image=image, prompt="a hidden spider"))
    items = [item for part in result.parts if part["type"] == 12 for item in part["items"]]
    assert [item["spoiler"] for item in items] == [True]


async def test_a_format_that_cannot_be_used_is_named_in_private(control: Control) -> None:
    ada = await control.person("ada")
    image = await control.upload("IMG_1.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    answer = await ada.command("remix", image=image, prompt="from a telephone")
    said = await control.message(answer.message_id)
    assert said.is_private
    assert "Save the image as PNG or JPEG" in said.text


async def test_again_after_the_link_died(control: Control) -> None:
    ada = await control.person("ada")
    mask = await uploaded(control, encoded(hole(64, 64, (0, 0, 63, 20))))
    image = await uploaded(control, encoded(halves(512, 512)))
    answer = await ada.command("remix", image=image, mask=mask, prompt="a well kept picture")
    first = await ada.result(answer)
    before = await sent_for(control, "a well kept picture")
    await control.post(
        "faults", server="discord", route="GET /cdn/{file}", kind="status", status=404
    )
    again = await ada.press(first, "Again")
    await has_pictures(ada, again)
    await control.call("DELETE", "faults")
    after = await sent_for(control, "a well kept picture")
    assert after.sides == before.sides
    for name in ("source", "mask"):
        one, other = await before.picture(name), await after.picture(name)
        assert one.tobytes() == other.tobytes()


async def test_what_only_trusted_accounts_may_is_told_in_private(control: Control) -> None:
    ben = await control.person("ben")
    one, two, three = [
        await uploaded(control, encoded(Image.new("RGB", (64, 64), colour)))
        for colour in (RED, BLUE, RED)
    ]
    answer = await ben.command("remix", image=one, image2=two, image3=three, prompt="too many")
    await ben.told("Only trusted accounts")
    card = await ben.sees(
        answer.message_id, lambda m: "told the reason" in m.text, "it was not sent"
    )
    assert "trusted" not in card.text


async def test_extra_reaches_what_has_no_option_of_its_own(control: Control) -> None:
    ada = await control.person("ada")
    found = await remixed(
        control,
        ada,
        "a map of lines",
        encoded(halves(256, 256)),
        control="canny",
        extra="--control-map --steps 12",
    )
    assert found.params["return_control_map"] is True
    assert found.params["steps"] == 12
