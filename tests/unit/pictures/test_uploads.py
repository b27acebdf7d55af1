"""Sources: from Discord's own addresses only, upright, small, without metadata, once."""

import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.domain.request_images import Pictures
from bot.domain.requests import ExtraImage, ImageRequest, Source
from bot.errors import BackendDown, BadOption
from bot.http.discord_files import DiscordFiles
from bot.pictures import Converter, inspect
from bot.pictures.uploads import BYTES_MAX, UploadedImages
from bot.storage.files import ResultFiles
from tests.support.builders import encoded

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def picture(
    form: str = "PNG",
    size: tuple[int, int] = (64, 48),
    colour: str = "#0963c7",
    **options: object,
) -> bytes:
    return encoded(Image.new("RGB", size, colour), form, **options)


class Cdn:
    """A server that hands out whatever a test puts there, and counts."""

    def __init__(self) -> None:
        self.body = picture()
        self.status = 200
        self.headers: dict[str, str] = {}
        self.calls = 0
        self.server = TestServer(self._app())

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        self.calls += 1
        return web.Response(body=self.body, status=self.status, headers=self.headers)

    @property
    def origin(self) -> str:
        return str(self.server.make_url("/").origin())

    def source(self, size: int = 0, file: str = "") -> Source:
        url = f"{self.origin}/attachments/1/2/a.png?ex=1&hm=%2F"
        return Source(url=url, size=size, file=file)


@pytest.fixture
async def cdn() -> AsyncIterator[Cdn]:
    cdn = Cdn()
    async with cdn.server:
        yield cdn


@pytest.fixture
def spool(tmp_path: Path) -> ResultFiles:
    return ResultFiles(tmp_path, quota=10_000_000, days=1)


@pytest.fixture
async def sources(cdn: Cdn, spool: ResultFiles) -> AsyncIterator[UploadedImages]:
    async with aiohttp.ClientSession() as session, Converter() as converter:
        yield UploadedImages(DiscordFiles(session, frozenset({cdn.origin})), spool, converter)


async def test_it_is_fetched_once_and_kept(
    sources: UploadedImages, cdn: Cdn, spool: ResultFiles
) -> None:
    source, data = await sources.load(cdn.source(), 12)
    assert source.file == "12-source"
    assert source.size == len(data)
    assert await spool.get("12-source") == data
    assert await sources.load(source, 12) == (source, data)
    assert cdn.calls == 1


async def test_a_file_that_is_gone_is_fetched_again(sources: UploadedImages, cdn: Cdn) -> None:
    source, data = await sources.load(cdn.source(file="11-source"), 12)
    assert source.file == "12-source"
    assert data == picture()


async def test_a_name_alone_is_not_taken_for_the_file(
    sources: UploadedImages, cdn: Cdn, spool: ResultFiles
) -> None:
    await spool.put("12-source", b"another database's #12")
    _, data = await sources.load(cdn.source(), 12)
    assert data == picture()


async def test_metadata_goes_and_the_picture_stays(sources: UploadedImages, cdn: Cdn) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    cdn.body = picture("JPEG", exif=exif)
    assert b"taken at home" in cdn.body
    _, data = await sources.load(cdn.source(), 1)
    assert b"taken at home" not in data
    assert inspect(data).format == "jpeg"


async def test_a_turned_photo_is_sent_upright(sources: UploadedImages, cdn: Cdn) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    cdn.body = picture("JPEG", exif=exif)
    _, data = await sources.load(cdn.source(), 1)
    facts = inspect(data)
    assert (facts.width, facts.height, facts.orientation) == (48, 64, 1)


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (picture("GIF"), (64, 48)),
        (picture("PNG", (4000, 10)), (3072, 8)),
        (
            picture("WEBP", save_all=True, append_images=[Image.new("RGB", (64, 48))]),
            (64, 48),
        ),
    ],
    ids=["gif", "too wide", "animated"],
)
async def test_what_a_backend_does_not_take_is_converted(
    sources: UploadedImages, cdn: Cdn, body: bytes, size: tuple[int, int]
) -> None:
    cdn.body = body
    _, data = await sources.load(cdn.source(), 1)
    facts = inspect(data)
    assert (facts.format, facts.animated) == ("webp", False)
    assert (facts.width, facts.height) == size


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:8443/a.png",
        "https://cdn.discordapp.com.evil.example/a.png",
        "https://cdn.discordapp.com@evil.example/a.png",
        "https://me@cdn.discordapp.com/a.png",
        "https://evil.example/cdn.discordapp.com/a.png",
        "http://127.0.0.1/a.png",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a.png",
        "https://[::1/",
    ],
)
async def test_no_other_address_is_ever_fetched(sources: UploadedImages, url: str) -> None:
    with pytest.raises(BadOption, match="uploaded to Discord"):
        await sources.load(Source(url=url), 1)


async def test_without_another_discord_no_loopback_address_is_fetched(
    cdn: Cdn, spool: ResultFiles
) -> None:
    async with aiohttp.ClientSession() as session, Converter() as converter:
        with pytest.raises(BadOption, match="uploaded to Discord"):
            await UploadedImages(DiscordFiles(session), spool, converter).load(cdn.source(), 1)
    assert cdn.calls == 0


async def test_a_redirection_is_not_followed(sources: UploadedImages, cdn: Cdn) -> None:
    cdn.status, cdn.headers = 302, {"Location": "http://127.0.0.1:1/internal"}
    with pytest.raises(BadOption, match="Upload it again"):
        await sources.load(cdn.source(), 1)
    assert cdn.calls == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, BadOption),
        (403, BadOption),
        (429, BackendDown),
        (500, BackendDown),
        (503, BackendDown),
    ],
)
async def test_an_answer_without_a_picture(
    sources: UploadedImages, cdn: Cdn, status: int, error: type[Exception]
) -> None:
    cdn.status = status
    with pytest.raises(error):
        await sources.load(cdn.source(), 1)


async def test_too_large_is_said_before_and_while_reading(
    sources: UploadedImages, cdn: Cdn
) -> None:
    with pytest.raises(BadOption, match="25 MB"):
        await sources.load(cdn.source(size=BYTES_MAX + 1), 1)
    assert cdn.calls == 0
    cdn.body = bytes(BYTES_MAX + 1)
    with pytest.raises(BadOption, match="25 MB"):
        await sources.load(cdn.source(size=5), 1)


@pytest.mark.parametrize("body", [b"", b"<html>", picture()[:40]])
async def test_what_is_no_picture_is_the_persons_to_mend(
    sources: UploadedImages, cdn: Cdn, body: bytes
) -> None:
    cdn.body = body
    with pytest.raises(BadOption, match=r"image"):
        await sources.load(cdn.source(), 1)


async def test_discord_out_of_reach(sources: UploadedImages, cdn: Cdn) -> None:
    source = cdn.source()
    await cdn.server.close()
    with pytest.raises(BackendDown, match="could not be downloaded") as caught:
        await sources.load(source, 1)
    assert "hm=" not in str(caught.value)


async def test_a_full_spool_does_not_stop_it(cdn: Cdn, tmp_path: Path) -> None:
    spool = ResultFiles(tmp_path, quota=10, days=1)
    async with aiohttp.ClientSession() as session, Converter() as converter:
        sources = UploadedImages(DiscordFiles(session, frozenset({cdn.origin})), spool, converter)
        source, data = await sources.load(cdn.source(), 1)
    assert (source.file, source.width, source.height) == ("", 64, 48)
    assert data == picture()


# All pictures of a request


def request_with_upload(cdn: Cdn, **fields: object) -> ImageRequest:
    start = {"prompt": "x", "source": cdn.source(), "mode": "img2img", "width": 64, "height": 64}
    return ImageRequest.model_validate(start | fields)


async def test_every_picture_of_a_request_is_kept_under_its_number(
    sources: UploadedImages, cdn: Cdn, spool: ResultFiles
) -> None:
    half = Image.new("RGB", (80, 80), "white")
    half.paste((0, 0, 0), (0, 0, 40, 80))
    cdn.body = encoded(half)
    extra = (ExtraImage(source=cdn.source()), ExtraImage(source=cdn.source(), strength=0.5))
    asked = request_with_upload(cdn, mask=cdn.source(), mode="inpainting", extra_images=extra)
    request, found = await sources.gather(asked, 5)
    assert [source.file for source in request.sources] == [
        *("5-source", "5-mask", "5-extra-1", "5-extra-2"),
    ]
    assert all((source.width, source.height) == (80, 80) for source in request.sources)
    assert isinstance(request, ImageRequest)
    assert request.extra_images[1].strength == 0.5
    assert inspect(found.source).width == 64
    assert inspect(found.mask).format == "png"
    assert len(found.extra) == 2
    calls = cdn.calls
    assert await sources.gather(request, 5) == (request, found)
    assert cdn.calls == calls == 4


async def test_a_result_becomes_a_source_that_outlives_it(
    sources: UploadedImages, cdn: Cdn, spool: ResultFiles
) -> None:
    await spool.put("7-abc.webp", picture("WEBP", (128, 64)))
    result = Source(url="", file="7-abc.webp", width=128, height=64)
    request, _ = await sources.gather(request_with_upload(cdn, source=result), 8)
    assert [source.file for source in request.sources] == ["8-source"]
    await spool.drop(["7-abc.webp"])
    again, found = await sources.gather(request, 9)
    assert [source.file for source in again.sources] == ["9-source"]
    assert inspect(found.source).width == 64
    await spool.drop(["8-source", "9-source"])
    with pytest.raises(BadOption, match="no longer has this image"):
        await sources.gather(again, 10)
    assert cdn.calls == 0


async def test_again_needs_no_link(sources: UploadedImages, cdn: Cdn) -> None:
    request, first = await sources.gather(request_with_upload(cdn), 3)
    cdn.status = 404
    again, second = await sources.gather(request, 4)
    assert [source.file for source in again.sources] == ["4-source"]
    assert second == first


async def test_sides_are_exchanged_for_a_photo_that_lies(sources: UploadedImages, cdn: Cdn) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    cdn.body = picture("JPEG", (800, 400), exif=exif)
    told = cdn.source().model_copy(update={"width": 800, "height": 400})
    asked = request_with_upload(cdn, source=told, width=704, height=320)
    request, found = await sources.gather(asked, 3)
    assert isinstance(request, ImageRequest)
    assert (request.width, request.height) == (320, 704)
    facts = inspect(found.source)
    assert (facts.width, facts.height) == (320, 704)
    assert await sources.gather(request, 3) == (request, found)


async def test_too_many_bytes_together(
    sources: UploadedImages, cdn: Cdn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pictures.uploads.TOTAL_MAX", 2 * len(cdn.body))
    extra = (ExtraImage(source=cdn.source()),)
    await sources.gather(request_with_upload(cdn, mode="remix", extra_images=extra), 3)
    with pytest.raises(BadOption, match="60 MB together"):
        await sources.gather(request_with_upload(cdn, mode="remix", extra_images=extra * 2), 4)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (picture("PNG", (1, 5000)), "Crop it"),
        (b"GIF89a", "damaged"),
        (picture("JPEG", (64, 64))[:200], "damaged"),
    ],
    ids=["narrow", "empty", "cut off"],
)
async def test_what_cannot_be_painted_on_is_said(
    sources: UploadedImages, cdn: Cdn, body: bytes, words: str
) -> None:
    cdn.body = body
    with pytest.raises(BadOption, match=words):
        await sources.gather(request_with_upload(cdn), 3)


async def test_a_bomb_is_refused_before_it_is_opened(sources: UploadedImages, cdn: Cdn) -> None:
    header = picture("PNG")
    sides = (30_000).to_bytes(4, "big") * 2
    body = header[12:16] + sides + header[24:29]
    cdn.body = header[:12] + body + zlib.crc32(body).to_bytes(4, "big") + header[33:]
    with pytest.raises(BadOption, match="64 megapixels"):
        await sources.gather(request_with_upload(cdn), 3)


async def test_without_a_source_there_is_nothing_to_gather(sources: UploadedImages) -> None:
    plain = ImageRequest(prompt="x")
    assert await sources.gather(plain, 3) == (plain, Pictures())
