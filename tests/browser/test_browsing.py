"""Styles and models in the trial: their pictures, a closer look, and Use."""

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_styles_are_leafed_through_and_used(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/horde styles")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.page.keyboard.press("Enter")
    shelf = trial_chat.at("message").filter(has_text="Only you can see this").last
    await expect(shelf).to_contain_text("tin toy")
    await _previews_loaded(shelf)
    await shot(trial_chat, "styles")
    await shelf.get_by_test_id("select-hcb:look:style:0:").click()
    await trial_chat.page.get_by_text("woodcut").last.click()
    await expect(shelf.get_by_test_id("button-Use")).to_be_visible()
    await _previews_loaded(shelf)
    await shot(trial_chat, "style")
    await shelf.get_by_test_id("button-Use").click()
    modal = trial_chat.at("modal")
    await modal.get_by_role("textbox").first.fill("a heron in the reeds")
    await shot(trial_chat, "use-style")
    await trial_chat.at("modal-submit").click()
    card = trial_chat.at("message").filter(has_text="a heron in the reeds").first
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH_MAX)


async def test_models_have_pictures(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/horde models")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.page.keyboard.press("Enter")
    shelf = trial_chat.at("message").filter(has_text="Only you can see this").last
    await expect(shelf).to_contain_text("AlbedoBase XL (SDXL)")
    await _previews_loaded(shelf)
    await shot(trial_chat, "models")
    await shelf.get_by_test_id("select-hcb:look:image:0:").click()
    await trial_chat.page.get_by_text("Juggernaut XL").last.click()
    await expect(shelf).to_contain_text("Baseline: SDXL")
    await _previews_loaded(shelf)
    await shot(trial_chat, "model")


async def _previews_loaded(shelf: Locator) -> None:
    """Its pictures are there."""
    pictures = await shelf.locator("img[src*='/reference/']").all()
    assert pictures
    for picture in pictures:
        await picture.scroll_into_view_if_needed()
        await expect(picture).to_have_js_property("complete", value=True)
        await expect(picture).to_have_js_property("naturalWidth", value=320)
