"""Which links to videos people may be shown, and when these end."""

import pytest

from bot.backends.aipg.media_links import end_of_link, is_loopback, is_media_link
from bot.backends.aipg.media_results import video_job
from bot.backends.aipg.responses import MediaOutput, ModelOffer
from bot.horde.downloads import Downloads
from tests.support.builders import video_request
from tests.support.fakes.aipg_client import PngDownloads

NOON = 1_790_683_200.0  # 2026-09-29 12:00 UTC


class HomeDownloads(PngDownloads):
    """Downloads of a server at that host."""

    def __init__(self, host: str) -> None:
        self._home = host


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://media.aipg.art/1.mp4", True),
        ("https://aipg.art/1.mp4?X-Amz-Expires=60", True),
        ("http://media.aipg.art/1.mp4", False),
        ("https://media.aipg.art.example.com/1.mp4", False),
        ("https://notaipg.art/1.mp4", False),
        ("https://media.aipg.art@example.com/1.mp4", False),
        ("https://example.com\\@media.aipg.art/1.mp4", False),
        ("https://ada@media.aipg.art/1.mp4", False),
        ("https://[1.mp4", False),
        ("", False),
    ],
)
def test_a_link_is_shown_only_to_the_hosts_of_results(url: str, shown: bool) -> None:
    assert is_media_link(url) is shown


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("X-Amz-Date=20260929T120000Z&X-Amz-Expires=3600", NOON + 3600),
        ("Expires=1790683200", NOON),
        ("X-Amz-Date=20260929T120000Z", None),
        ("X-Amz-Date=20269929T120000Z&X-Amz-Expires=3600", None),
        ("X-Amz-Date=20260929T120000Z&X-Amz-Expires=-1", None),
        ("Expires=99999999999999", None),
        ("Expires=nan", None),
        ("", None),
    ],
)
def test_the_end_of_a_link_is_that_of_its_signature(query: str, end: float | None) -> None:
    assert end_of_link(f"https://media.aipg.art/1.mp4?{query}") == end


def test_loopback_is_known_by_name_and_number() -> None:
    found = [f"http://{host}:8080/1" for host in ("localhost", "127.0.0.1", "[::1]")]
    assert all(map(is_loopback, found))
    assert not is_loopback("http://10.0.0.1/1")


@pytest.mark.parametrize(
    ("home", "url", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:9/1.mp4", True),
        ("api.aipowergrid.io", "http://127.0.0.1:9/1.mp4", False),
        ("grid.example", "https://grid.example/1.mp4", False),
    ],
)
def test_a_local_server_links_to_itself(home: str, url: str, shown: bool) -> None:
    downloads: Downloads = HomeDownloads(home)
    job = video_job("t", "k", ModelOffer(name="LTX-2.3", type="video"), video_request(), downloads)
    output = MediaOutput.model_validate({"media": [{"url": url, "seed": 7}]})
    [video] = job.outcome(output, 5.0).videos
    assert video.may_link is shown
