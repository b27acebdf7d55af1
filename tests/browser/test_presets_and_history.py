"""Presets, defaults and the history in the chat page, as a person meets them."""

import pytest
from playwright.async_api import expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, pictures_loaded, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PROMPTS_IN_HISTORY = ("a tin lighthouse in fog", "a tin robot in rain", "a paper crane at dawn")


async def typed(chat: Chat, command: str) -> None:
    await chat.at("composer").fill(command)
    await chat.page.keyboard.press("Enter")
    await chat.at("send").click()  # Enter would take the first suggestion


async def test_settings_are_kept_and_results_are_found_again(trial_chat: Chat) -> None:
    await typed(trial_chat, "/preset save name: dusk extra: --steps 12 --shape wide")
    saved = trial_chat.message("Saved as")
    await expect(saved).to_contain_text("--shape wide")
    await typed(trial_chat, "/defaults set negative: fog, rain notify: mention")
    await expect(trial_chat.message("Your defaults")).to_contain_text("fog, rain")
    await shot(trial_chat, "memory-settings")
    for words in PROMPTS_IN_HISTORY:
        await typed(trial_chat, f"/imagine {words} preset: dusk")
        card = trial_chat.at("message").filter(has_text=words).last
        await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH_MAX)
    await typed(trial_chat, "/history search: tin")
    page = trial_chat.message("Your history")
    await expect(page).to_contain_text(PROMPTS_IN_HISTORY[0])
    await expect(page).not_to_contain_text(PROMPTS_IN_HISTORY[2])
    await expect(page.locator("img")).to_have_count(2)
    await pictures_loaded(page)
    await shot(trial_chat, "memory-history")
    await page.locator(".select").click()
    await trial_chat.page.locator("[data-testid^='select-option-']").first.click()
    close = trial_chat.message(PROMPTS_IN_HISTORY[1])
    await expect(close.get_by_test_id("button-Back")).to_be_visible()
    await close.get_by_test_id("button-Save").click()
    await expect(close.get_by_test_id("button-Unsave")).to_be_visible()
    await pictures_loaded(close)
    await shot(trial_chat, "memory-closeup")
    await close.get_by_test_id("button-Back").click()
    await expect(trial_chat.message("Your history")).to_contain_text("saved")
    await typed(trial_chat, "/defaults clear")
    await typed(trial_chat, "/preset delete name: dusk")
    await expect(trial_chat.message("is deleted")).to_be_visible()
