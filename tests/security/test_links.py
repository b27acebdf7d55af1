"""Addresses from strangers: none of them leads the bot, or a person, where it should not."""

import json
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.catalog.civitai import loras_in_answer
from bot.catalog.model_reference.reference_fetcher import ReferenceFetcher
from bot.domain.requests import Source
from bot.errors import BadOption, BadReply
from bot.horde.downloads import Downloads
from bot.http.discord_files import DiscordFiles
from bot.http.public_addresses import open_links
from bot.pictures.uploads import UploadedImages
from bot.settings import ReferenceSettings
from bot.ui.browse.details import link_to

UNUSED = cast("Any", None)


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.discordapp.com.evil.test/a.png",
        "https://cdn.discordapp.com@evil.test/a.png",
        "https://cdn.discordapp.com:pw@evil.test/a.png",
        "https://cdn.discordapp.com\\@evil.test/a.png",
        "https://cdn.discordapp.com\t.evil.test/a.png",
        "https://cdn.discordapp.com%2eevil.test/a.png",
        "https://cdn.discordapp.com%00.evil.test/a.png",
        "https://cdn.discordapp.com./a.png",
        "https://\uff43dn.discordapp.com/a.png",
        "https://cdn.d\u0456scordapp.com/a.png",
        "https://xn--cdn-discordapp.com/a.png",
        "https://evilcdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:80/a.png",
        "https:cdn.discordapp.com/a.png",
        "https:///cdn.discordapp.com/a.png",
        "ftp://cdn.discordapp.com/a.png",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "http://0x7f.1/a.png",
        "http://2130706433/a.png",
        "http://[::ffff:127.0.0.1]/a.png",
        "",
    ],
)
@pytest.mark.parametrize("proxied", [False, True])
async def test_no_look_alike_of_discord_is_fetched_from(url: str, *, proxied: bool) -> None:
    with pytest.raises(BadOption):
        await DiscordFiles(UNUSED).fetch(url, 10, proxied=proxied)


def test_only_storage_of_uploads_counts_for_an_upload() -> None:
    files = DiscordFiles(UNUSED)
    files.check("https://cdn.discordapp.com/attachments/1/2/x.json?ex=1&hm=%2B")
    files.check("https://media.discordapp.net/attachments/1/2/x.json")
    files.check(
        "https://images-ext-1.discordapp.net/external/x/https/example.org/a.png", proxied=True
    )
    with pytest.raises(BadOption):
        files.check("https://images-ext-1.discordapp.net/external/x/https/example.org/a.json")


async def test_a_picture_of_discord_that_redirects_is_not_followed() -> None:
    asked: list[str] = []

    async def moved(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPFound("/elsewhere")

    app = web.Application()
    app.router.add_get("/{path:.*}", moved)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        origin = str(server.make_url("")).rstrip("/")
        sources = UploadedImages(DiscordFiles(session, frozenset({origin})), UNUSED, UNUSED)
        with pytest.raises(BadOption):
            await sources._download(Source(url=f"{origin}/a.png"))
    assert asked == ["/a.png"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[2002:7f00:1::]",  # 6to4 around 127.0.0.1
        "[64:ff9b::7f00:1]",  # NAT64 around it
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "localhost",
    ],
)
async def test_a_workers_link_into_the_private_network(host: str) -> None:
    async with open_links() as links:
        downloads = Downloads(UNUSED, "https://1.1.1.1/api/v2", links)
        with pytest.raises(BadReply, match=r"private network|no link"):
            await downloads.fetch(f"http://{host}:8080/admin")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://1.1.1.1/x",
        "data:image/png;base64,AAAA",
        "http://user:pw@1.1.1.1/x",
        "http://1.1.1.1/ x",
        "http://1.1.1.1/\r\nHost: x",
        "https://\u0435xample.com/x",
        "//1.1.1.1/x",
        "https://1.1.1.1/" + "a" * 5_000,
    ],
)
async def test_a_workers_link_that_is_none(url: str) -> None:
    with pytest.raises(BadReply, match="no link"):
        await Downloads(UNUSED, "https://1.1.1.1/api/v2").fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://evil.test/",
        "https://civitai.com@evil.test/",
        "https://civitai.com\\@evil.test/",
        "https://evil.test?@civitai.com/",
        "https://evil.test/a) [b](https://evil.test",
        "https://evil.test/<@1>",
        "https://evil.t\u0435st/",
        "https://evil.test/" + "a" * 300,
    ],
)
def test_a_homepage_that_would_mislead_is_not_linked(url: str) -> None:
    assert link_to(url) == ""
    assert link_to("https://civitai.com/models/1?modelVersionId=2") != ""
    assert link_to("https://medium.com/@author/x") != ""


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/a.png",
        "http://raw.githubusercontent.com/a.png",
        "https://raw.githubusercontent.com@evil.test/a.png",
        "https://x@raw.githubusercontent.com/a.png",
        "https://raw.githubusercontent.com.evil.test/a.png",
        "https://raw.githubusercontent.com\n.evil.test/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "https://raw.githubusercontent.com/" + "a" * 500,
    ],
)
def test_pictures_of_the_reference_come_from_where_it_is(tmp_path: Path, url: str) -> None:
    reference = ReferenceFetcher(ReferenceSettings(), UNUSED, tmp_path)
    assert not reference.shows(url)
    assert reference.shows("https://raw.githubusercontent.com/a/b/main/c.png")


def test_pictures_of_civitai_come_from_civitai() -> None:
    urls = ["https://image.civitai.com.evil.test/a", "https://civitai.com@evil.test/a", "file:///x"]
    good = "https://image.civitai.com/x/y.jpeg"
    images = [{"url": url, "type": "image", "nsfwLevel": 1} for url in (*urls, good)]
    item = {"id": 1, "name": "x", "nsfw": False, "modelVersions": [{"id": 2, "images": images}]}
    raw = json.dumps({"items": [item]}).encode()
    (addon,) = loras_in_answer("lora", raw, "https://civitai.com/api/v1/models")
    assert addon.examples == (good,)
