"""Presets, defaults and the history in the chat page, as a person meets them."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.support.browser.chat_page import Chat, open_chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FINISH = 40_000  # milliseconds until something that takes seconds is given up
WORDS = ("a tin lighthouse in fog", "a tin robot in rain", "a paper crane at dawn")


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser, trial: str) -> AsyncGenerator[Chat]:
    context = await browser.new_context(viewport={"width": 1280, "height": 1000})
    async with open_chat(context, trial, "memory") as chat:
        yield chat


async def typed(chat: Chat, command: str) -> None:
    await chat.at("composer").fill(command)
    await chat.page.keyboard.press("Enter")
    await chat.at("send").click()  # Enter would take the first suggestion


async def drawn(message: Locator) -> None:
    """Until its pictures are there, and not only their places."""
    for picture in await message.locator("img").all():
        await picture.evaluate("image => image.decode()")


async def test_settings_are_kept_and_results_are_found_again(chat: Chat) -> None:
    await typed(chat, "/preset save name: dusk extra: --steps 12 --shape wide")
    saved = chat.message("Saved as")
    await expect(saved).to_contain_text("--shape wide")
    await typed(chat, "/defaults set negative: fog, rain notify: mention")
    await expect(chat.message("Your defaults")).to_contain_text("fog, rain")
    await shot(chat, "memory-settings")
    for words in WORDS:
        await typed(chat, f"/imagine {words} preset: dusk")
        card = chat.at("message").filter(has_text=words).last
        await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH)
    await typed(chat, "/history search: tin")
    page = chat.message("What you made")
    await expect(page).to_contain_text(WORDS[0])
    await expect(page).not_to_contain_text(WORDS[2])
    await expect(page.locator("img")).to_have_count(2)
    await drawn(page)
    await shot(chat, "memory-history")
    await page.locator(".select").click()
    await chat.page.get_by_role("option").first.click()
    close = chat.message(WORDS[1])
    await expect(close.get_by_test_id("button-Back")).to_be_visible()
    await close.get_by_test_id("button-Save").click()
    await expect(close.get_by_test_id("button-Unsave")).to_be_visible()
    await drawn(close)
    await shot(chat, "memory-closeup")
    await close.get_by_test_id("button-Back").click()
    await expect(chat.message("What you made")).to_contain_text("saved")
    await typed(chat, "/defaults clear")
    await typed(chat, "/preset delete name: dusk")
    await expect(chat.message("is deleted")).to_be_visible()
