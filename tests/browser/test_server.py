"""The setup panel in the chat page, as a manager of a server sees it."""

import pytest
from playwright.async_api import expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_server_is_set_up(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/server setup")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.at("send").click()
    panel = trial_chat.message("1 of 5")
    await expect(panel).to_contain_text("key of this server")
    await shot(trial_chat, "server-setup-1")
    await panel.get_by_test_id("button-Next").click()
    panel = trial_chat.message("2 of 5")
    await panel.locator(".select").first.click()
    await trial_chat.page.get_by_role("option", name=trial_chat.channel).click()
    await trial_chat.page.get_by_role("button", name="Done").click()
    await expect(panel.locator(".select").first).to_contain_text(trial_chat.channel)
    await shot(trial_chat, "server-setup-2")
    await panel.get_by_test_id("button-Next").click()
    await expect(trial_chat.message("3 of 5")).to_be_visible()
    await shot(trial_chat, "server-setup-3")
    await trial_chat.message("3 of 5").get_by_test_id("button-Next").click()
    panel = trial_chat.message("4 of 5")
    await panel.locator(".select").first.click()
    await trial_chat.page.get_by_role("option", name="Maximum steps per image: 20").click()
    await shot(trial_chat, "server-setup-4")
    await panel.get_by_test_id("button-Next").click()
    await expect(trial_chat.message("5 of 5")).to_be_visible()
    await shot(trial_chat, "server-setup-5")
    await trial_chat.message("5 of 5").get_by_test_id("button-Next").click()
    panel = trial_chat.message("Rules of this server")
    await expect(panel).to_contain_text(trial_chat.channel)
    await panel.get_by_test_id("button-Make an image").click()
    card = trial_chat.message("a lighthouse on a cliff")
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH_MAX)
    await shot(trial_chat, "server-setup-6")
    await panel.get_by_test_id("button-Start again").click()  # others are in this server too
    await trial_chat.message("1 of 5").get_by_test_id("button-Next").click()
    await trial_chat.message("2 of 5").locator(".select").first.click()
    await trial_chat.page.get_by_role("option", name=trial_chat.channel).click()
    await trial_chat.page.get_by_role("button", name="Done").click()
    await expect(trial_chat.message("2 of 5").locator(".select").first).to_contain_text(
        "Allowed channels"
    )
    await trial_chat.at("composer").fill("/server limits steps: 0")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.at("send").click()
    await expect(trial_chat.message("20 → not set")).to_be_visible()
