"""The converter: real pictures through its real child process."""

import asyncio
import contextlib
import io
import os
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.errors import PictureError
from bot.i18n import in_language, language_of
from bot.i18n.catalogs import catalog
from bot.pictures import Converter, inspect
from bot.pictures import worker as child_module
from bot.pictures.process import NOT_CONVERTED
from bot.pictures.protocol import (
    HEADER,
    AsSource,
    Cover,
    Curve,
    DrawCells,
    DrawChart,
    DrawMargin,
    Enlarge,
    Order,
    Outcome,
    Placement,
    ReadAlpha,
    ReadMask,
    Shrink,
    packed,
    unpacked,
)
from bot.pictures.turns import Turns
from bot.pictures.worker import answer, serve_jobs
from tests.support.pictures import opened

GERMAN = language_of("de")

PLACE = Placement(width=96, height=64, left=32, top=0, inner_width=64, inner_height=64)
ORDERS: tuple[Order, ...] = (
    Shrink(1000),
    AsSource(1000),
    Cover(64, 32),
    Cover(64, 32, filled=True),
    Enlarge(PLACE),
    ReadMask(64, 32, 128, 128),
    ReadAlpha(64, 32),
)
DRAWINGS: tuple[Order, ...] = (
    DrawCells(64, 64, ("top", "left")),
    DrawMargin(PLACE),
    DrawChart(64, 64, (Curve(((0.0, 0.5), (1.0, 1.0)), "#3ba55c", ("0", "1")),), ("-1 h", "0")),
)

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def noise_file(side: int, form: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    grey = Image.effect_noise((side, side), 90)
    picture = Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180)))
    if mode == "RGBA":
        picture.putalpha(grey)
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def pid(converter: Converter) -> int:
    assert converter._small.child
    return converter._small.child.pid


async def test_what_fits_is_not_touched_and_starts_no_process(converter: Converter) -> None:
    data = noise_file(64)
    assert await converter.shrink(data, len(data)) is data
    assert converter._small.child is None


async def test_shrinking_re_encodes_before_it_shortens_sides(converter: Converter) -> None:
    data = noise_file(300)
    barely = await converter.shrink(data, len(data) - 1)
    assert (inspect(barely).width, inspect(barely).format) == (300, "jpeg")
    small = await converter.shrink(data, 8_000)
    assert len(small) <= 8_000
    assert 64 <= inspect(small).width < 300


async def test_shrinking_keeps_transparency(converter: Converter) -> None:
    small = await converter.shrink(noise_file(200, mode="RGBA"), 20_000)
    assert len(small) <= 20_000
    assert opened(small).mode == "RGBA"


async def test_a_limit_that_no_picture_fits(converter: Converter) -> None:
    with pytest.raises(PictureError, match="cannot be converted"):
        await converter.shrink(noise_file(200), 10)
    assert await converter.as_source(noise_file(20))  # and it goes on


async def test_a_source_brings_neither_profile_nor_metadata(converter: Converter) -> None:
    data = noise_file(
        50, "WEBP", mode="RGBA", lossless=True, icc_profile=b"profile" * 20, xmp=b"<x/>"
    )
    picture = opened(await converter.as_source(data))
    assert (picture.format, picture.size, picture.mode) == ("WEBP", (50, 50), "RGBA")
    assert not set(picture.info) & {"icc_profile", "xmp", "exif"}


async def test_a_source_is_upright_and_not_too_large(converter: Converter) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to see it right
    buffer = io.BytesIO()
    Image.new("RGB", (400, 100), (250, 0, 0)).save(buffer, "JPEG", exif=exif)
    source = await converter.as_source(buffer.getvalue(), max_side=200)
    picture = opened(source)
    assert (picture.format, picture.size) == ("WEBP", (50, 200))
    assert "exif" not in picture.info


@pytest.mark.parametrize("mode", ["P", "L", "CMYK", "1"])
async def test_a_source_is_rgb_whatever_came(converter: Converter, mode: str) -> None:
    buffer = io.BytesIO()
    form = "JPEG" if mode == "CMYK" else "PNG"
    Image.new("RGB", (64, 64), (250, 0, 0)).convert(mode).save(buffer, form)
    assert opened(await converter.as_source(buffer.getvalue())).mode == "RGB"


async def test_of_an_animation_the_first_frame_is_taken(converter: Converter) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    picture = opened(await converter.as_source(buffer.getvalue()))
    red, _, blue = picture.convert("RGB").tobytes()[:3]
    assert red > 200 > blue


async def test_what_transparency_hides_survives(converter: Converter) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 64), (200, 40, 40, 0)).save(buffer, "PNG")
    red, _, _, alpha = opened(await converter.as_source(buffer.getvalue())).tobytes()[:4]
    assert red > 150
    assert alpha == 0


async def test_bytes_that_only_look_like_a_picture(converter: Converter) -> None:
    empty = b"IDAT" + zlib.compress(b"")
    png = noise_file(64)
    start, end = png.index(b"IDAT") - 4, png.index(b"IEND") - 4
    chunk = (len(empty) - 4).to_bytes(4, "big") + empty + zlib.crc32(empty).to_bytes(4, "big")
    for bad in (
        png[:start] + chunk + png[end:],
        b"GIF89a\x10\0\x10\0\0\0\0,\0\0\0\0\x10\0\x10\0\0\x02\x00;",
    ):
        inspect(bad)
        with pytest.raises(PictureError):
            await converter.as_source(bad)
    with pytest.raises(PictureError, match="not an image"):
        await converter.as_source(b"text")


async def test_one_child_serves_many_at_once(converter: Converter) -> None:
    data = noise_file(64)
    assert len(await asyncio.gather(*(converter.as_source(data) for _ in range(5)))) == 5
    first = pid(converter)
    await converter.as_source(data)
    assert pid(converter) == first


async def test_large_pictures_do_not_hold_up_small_ones(converter: Converter) -> None:
    large = noise_file(3300)  # 11 megapixels
    order: list[str] = []

    async def one(name: str, data: bytes, owner: int) -> None:
        await converter.of(owner).as_source(data, max_side=64)
        order.append(name)

    await converter.as_source(noise_file(20))
    jobs = [one("large", large, 1) for _ in range(3)] + [one("small", noise_file(20), 2)]
    await asyncio.gather(*jobs)
    assert order == ["small", "large", "large", "large"]


async def test_people_take_turns() -> None:
    turns, order = Turns(), list[str]()

    async def one(name: str) -> None:
        async with turns.hold(ord(name[0])):
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(name) for name in ("a1", "a2", "a3", "a4", "b1", "b2", "c1")))
    assert order == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]


async def test_a_turn_that_is_given_up_goes_to_the_next() -> None:
    turns, order = Turns(), list[int]()

    async def one(owner: int) -> None:
        async with turns.hold(owner):
            order.append(owner)
            await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(one(owner)) for owner in (1, 2, 3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == [1, 3]
    async with asyncio.timeout(1), turns.hold(4):
        pass


async def test_a_slow_picture_is_killed_and_the_next_one_works(converter: Converter) -> None:
    await converter.as_source(noise_file(20))
    first = pid(converter)
    converter._small.timeout = 0.05
    with pytest.raises(PictureError, match="too long"):
        await converter.as_source(noise_file(2500, "JPEG"))
    assert not psutil.pid_exists(first)
    converter._small.timeout = 30
    assert await converter.as_source(noise_file(20))


async def test_a_cancelled_picture_does_not_answer_for_the_next(converter: Converter) -> None:
    await converter.as_source(noise_file(20))
    task = asyncio.create_task(converter.as_source(noise_file(1500, "JPEG")))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert inspect(await converter.as_source(noise_file(20))).width == 20


async def test_refusal_of_the_child_is_told_in_the_language_of_the_task(
    converter: Converter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def german(message: str) -> str:
        return "Nicht umgewandelt." if message == NOT_CONVERTED else message

    monkeypatch.setattr(catalog(GERMAN), "gettext", german)
    with in_language(GERMAN), pytest.raises(PictureError, match="Nicht umgewandelt"):
        await converter.shrink(noise_file(200), 10)


async def test_a_child_that_dies_is_replaced(converter: Converter) -> None:
    await converter.as_source(noise_file(20))
    task = asyncio.create_task(converter.as_source(noise_file(2500, "JPEG")))
    await asyncio.sleep(0.05)
    psutil.Process(pid(converter)).kill()
    with pytest.raises(PictureError, match="cannot be converted"):
        await task
    assert await converter.as_source(noise_file(20))


async def test_an_idle_child_ends_and_another_starts() -> None:
    async with Converter(idle=0.01) as converter:
        await converter.as_source(noise_file(20))
        child = converter._small.child
        assert child
        assert await asyncio.wait_for(child.wait(), 5) == 0
        assert await converter.as_source(noise_file(20))
        assert pid(converter) != child.pid


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.25])  # the child is not there, starts, works
async def test_leaving_refuses_the_pictures_that_wait_and_starts_no_child(seconds: float) -> None:
    data = noise_file(2500, "JPEG")
    before = psutil.Process().children()
    async with Converter() as converter:
        asked = [asyncio.create_task(converter.of(owner).as_source(data)) for owner in range(4)]
        await asyncio.sleep(seconds)
    async with asyncio.timeout(5):
        found = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(each) for each in found} == {PictureError}
    assert psutil.Process().children() == before


async def test_leaving_ends_the_child() -> None:
    async with Converter() as converter:
        await converter.as_source(noise_file(20))
        child = pid(converter)
    assert not psutil.pid_exists(child)


@linux
async def test_the_child_is_limited_and_knows_no_secret(
    converter: Converter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HORDECORD_DISCORD__TOKEN", "a-token")
    await converter.as_source(noise_file(20))
    process = Path(f"/proc/{pid(converter)}")
    limits = (process / "limits").read_text(encoding="ascii")
    address_space = next(line for line in limits.splitlines() if "address space" in line)
    assert "1572864000" in address_space
    assert b"HORDECORD" not in (process / "environ").read_bytes()


@linux
async def test_a_signal_to_the_whole_group_does_not_spoil_a_picture(converter: Converter) -> None:
    await converter.as_source(noise_file(20))
    first = pid(converter)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(first, number)
        assert await converter.as_source(noise_file(20))
    assert pid(converter) == first


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_the_child_does_not_outlive_a_killed_bot() -> None:
    script = (
        "import asyncio, os, signal, sys\n"
        "from bot.pictures import Converter\n"
        "async def main():\n"
        "    converter = Converter()\n"
        "    await converter.as_source(sys.stdin.buffer.read())\n"
        "    print(converter._small.child.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    bot = subprocess.run(
        [sys.executable, "-c", script], input=noise_file(20), capture_output=True, check=False
    )
    assert bot.returncode == -signal.SIGKILL
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(int(bot.stdout)).wait(5)


@given(st.sampled_from(ORDERS), st.binary(max_size=100), st.floats(0, 1))
@settings(deadline=None, max_examples=80)
def test_any_bytes_are_answered(order: Order, junk: bytes, place: float) -> None:
    data = bytearray(noise_file(16, "WEBP"))
    start = int(place * len(data))
    data[start : start + len(junk)] = junk
    outcome, content = answer(order, bytes(data))
    assert outcome != Outcome.DONE or inspect(content)
    assert content


@pytest.mark.parametrize("order", [*ORDERS, *DRAWINGS], ids=repr)
def test_an_order_arrives_as_it_was_given(order: Order) -> None:
    arrived = unpacked(packed(order))
    assert type(arrived) is type(order)
    assert packed(arrived) == packed(order)


def test_a_lack_of_memory_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object) -> Image.Image:
        raise MemoryError

    monkeypatch.setattr(child_module, "as_plain", greedy)
    assert answer(AsSource(100), noise_file(16)) == (Outcome.REFUSED, b"it needs too much memory")


def test_it_serves_until_its_input_ends() -> None:
    data, order = noise_file(16), packed(AsSource(100))
    message = HEADER.pack(0, len(order), len(data)) + order + data
    replies = io.BytesIO()
    serve_jobs(io.BytesIO(message + message), replies)
    outcome, _, size = HEADER.unpack(replies.getvalue()[: HEADER.size])
    assert outcome == Outcome.DONE
    assert len(replies.getvalue()) == 2 * (HEADER.size + size)
