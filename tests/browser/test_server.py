"""The setup panel in the chat page, as somebody who manages a server meets it."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.browser.chat_page import Chat, open_chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FINISH = 40_000  # milliseconds until something that takes seconds is given up


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser, trial: str) -> AsyncGenerator[Chat]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    async with open_chat(context, trial, "setup") as chat:
        yield chat


async def test_a_server_is_set_up(chat: Chat) -> None:
    await chat.at("composer").fill("/server setup")
    await chat.page.keyboard.press("Enter")
    await chat.at("send").click()
    panel = chat.message("1 of 5")
    await expect(panel).to_contain_text("whose key pays")
    await shot(chat, "server-setup-1")
    await panel.get_by_test_id("button-Next").click()
    panel = chat.message("2 of 5")
    await panel.locator(".select").first.click()
    await chat.page.get_by_role("option", name=chat.channel).click()
    await chat.page.get_by_role("button", name="Done").click()
    await expect(panel.locator(".select").first).to_contain_text(chat.channel)
    await shot(chat, "server-setup-2")
    await panel.get_by_test_id("button-Next").click()
    await expect(chat.message("3 of 5")).to_be_visible()
    await shot(chat, "server-setup-3")
    await chat.message("3 of 5").get_by_test_id("button-Next").click()
    panel = chat.message("4 of 5")
    await panel.locator(".select").first.click()
    await chat.page.get_by_role("option", name="Most steps: 20 steps").click()
    await shot(chat, "server-setup-4")
    await panel.get_by_test_id("button-Next").click()
    await expect(chat.message("5 of 5")).to_be_visible()
    await shot(chat, "server-setup-5")
    await chat.message("5 of 5").get_by_test_id("button-Next").click()
    panel = chat.message("Rules of this server")
    await expect(panel).to_contain_text(chat.channel)
    await panel.get_by_test_id("button-Make a picture").click()
    card = chat.message("a lighthouse on a cliff")
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH)
    await shot(chat, "server-setup-6")
    await panel.get_by_test_id("button-From the beginning").click()  # others are in this server too
    await chat.message("1 of 5").get_by_test_id("button-Next").click()
    await chat.message("2 of 5").locator(".select").first.click()
    await chat.page.get_by_role("option", name=chat.channel).click()
    await chat.page.get_by_role("button", name="Done").click()
    await expect(chat.message("2 of 5").locator(".select").first).to_contain_text("Only in these")
    await chat.at("composer").fill("/server limits steps: 0")
    await chat.page.keyboard.press("Enter")
    await chat.at("send").click()
    await expect(chat.message("20 → none")).to_be_visible()
