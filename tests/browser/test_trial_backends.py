"""`hordecord try` with its other backends: chosen on the page, used, and left again."""

from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def command(chat: Chat, text: str) -> None:
    """Type a command and send it."""
    await chat.at("composer").fill(text)
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")


async def choose(chat: Chat, name: str) -> None:
    await command(chat, f"/server backend name: {name}" if name else "/server backend usual: True")
    answer = chat.at("message").filter(has_text="Only you can see this").last
    await expect(answer).to_contain_text(name or "backend", timeout=FINISH_MAX)


@pytest_asyncio.fixture(loop_scope="session")
async def chat(trial_chat: Chat) -> AsyncGenerator[Chat]:
    """The trial; its server uses the default backend again afterwards."""
    yield trial_chat
    await choose(trial_chat, "")


async def test_page_says_how_to_choose_another_backend(trial_chat: Chat) -> None:
    chat, about = trial_chat, trial_chat.at("about")
    await expect(about).to_contain_text("/server backend")
    await expect(about).to_contain_text("a1111")
    await expect(about).to_contain_text("aipg")
    await expect(about).to_contain_text("openai")
    await shot(chat, "backends-intro")


async def test_image_of_the_own_gpu(chat: Chat) -> None:
    await choose(chat, "a1111")
    await shot(chat, "backends-chosen")
    await command(chat, "/imagine a red kite over dunes")
    card = chat.at("message").filter(has_text="a red kite over dunes").first
    await expect(card.get_by_test_id("button-Cancel")).to_be_visible()
    await shot(chat, "backends-a1111-progress")
    await expect(card.get_by_test_id("button-Cancel")).to_have_count(0, timeout=FINISH_MAX)
    await expect(card.get_by_test_id("gallery-image")).to_be_visible()
    await shot(chat, "backends-a1111")


async def test_image_with_a_price(chat: Chat) -> None:
    await choose(chat, "aipg")
    await command(chat, "/imagine a green door in a wall")
    card = chat.at("message").filter(has_text="a green door in a wall").first
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH_MAX)
    await expect(card.get_by_test_id("button-Cancel")).to_have_count(0)
    await shot(chat, "backends-aipg")


async def test_video_is_played_on_the_page(chat: Chat) -> None:
    await choose(chat, "aipg")
    await command(chat, "/animate prompt: a heron takes off")
    card = chat.at("message").filter(has_text="a heron takes off").last
    video = card.get_by_test_id("gallery-video")
    await expect(video).to_be_visible(timeout=FINISH_MAX)
    await expect(video).to_have_attribute("controls", "")
    source = await video.get_attribute("src")
    assert source is not None
    assert urlsplit(source).path.endswith(".mp4")
    # resolves only when the browser has read the file
    await video.evaluate(
        "video => video.readyState || new Promise(done => (video.onloadedmetadata = done))"
    )
    await shot(chat, "backends-video")


async def test_text_of_the_other_server(chat: Chat) -> None:
    await choose(chat, "openai")
    await command(chat, "/write a story about two foxes")
    card = chat.at("message").filter(has_text="used /write").last
    await expect(card.get_by_test_id("button-Cancel")).to_be_visible()
    await shot(chat, "backends-openai-progress")
    await expect(card.get_by_test_id("button-Cancel")).to_have_count(0, timeout=FINISH_MAX)
    await expect(card).to_contain_text("foxes")
    await shot(chat, "backends-openai")
