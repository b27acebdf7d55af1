"""Styles and models in the trial: their pictures, a closer look, and Use."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.support.browser.chat_page import Chat, open_chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FINISH = 30_000  # milliseconds until something that takes seconds is given up


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser, trial: str) -> AsyncGenerator[Chat]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    async with open_chat(context, trial, "browsing") as chat:
        yield chat


async def test_styles_are_leafed_through_and_used(chat: Chat) -> None:
    await chat.at("composer").fill("/horde styles")
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    shelf = chat.at("message").filter(has_text="Only you can see this").last
    await expect(shelf).to_contain_text("tin toy")
    await _loaded(shelf)
    await shot(chat, "styles")
    await shelf.get_by_test_id("select-hcb:look:style:0:").click()
    await chat.page.get_by_text("woodcut").last.click()
    await expect(shelf.get_by_test_id("button-Use")).to_be_visible()
    await _loaded(shelf)
    await shot(chat, "style")
    await shelf.get_by_test_id("button-Use").click()
    modal = chat.at("modal")
    await modal.get_by_role("textbox").first.fill("a heron in the reeds")
    await shot(chat, "use-style")
    await chat.at("modal-submit").click()
    card = chat.at("message").filter(has_text="a heron in the reeds").first
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH)


async def test_models_have_pictures(chat: Chat) -> None:
    await chat.at("composer").fill("/horde models")
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    shelf = chat.at("message").filter(has_text="Only you can see this").last
    await expect(shelf).to_contain_text("AlbedoBase XL (SDXL)")
    await _loaded(shelf)
    await shot(chat, "models")
    await shelf.get_by_test_id("select-hcb:look:image:0:").click()
    await chat.page.get_by_text("Juggernaut XL").last.click()
    await expect(shelf).to_contain_text("Built on SDXL")
    await _loaded(shelf)
    await shot(chat, "model")


async def _loaded(shelf: Locator) -> None:
    """Its pictures are there."""
    pictures = await shelf.locator("img[src*='/reference/']").all()
    assert pictures
    for picture in pictures:
        await picture.scroll_into_view_if_needed()
        await expect(picture).to_have_js_property("complete", value=True)
        await expect(picture).to_have_js_property("naturalWidth", value=320)
