"""A conversation with the bot in `hordecord try`, as a newcomer has it."""

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def finished(chat: Chat) -> Locator:
    """The newest answer, once it can be made again."""
    answer = chat.at("message").filter(has=chat.page.get_by_test_id("button-Regenerate")).last
    await expect(answer).to_be_visible(timeout=FINISH_MAX)
    return answer


async def test_a_conversation_is_started_and_goes_on(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/chat start")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.page.keyboard.press("Enter")
    greeting = (
        trial_chat.at("message").filter(has=trial_chat.page.get_by_test_id("button-Reply")).last
    )
    await expect(greeting).to_be_visible(timeout=FINISH_MAX)
    await shot(trial_chat, "conversation-greeting")
    await greeting.hover()
    await trial_chat.page.locator(".message:hover [data-act=reply]").click()
    await trial_chat.at("composer").fill("What is a fox?")
    await trial_chat.at("send").click()
    answer = await finished(trial_chat)
    await expect(answer).to_contain_text("What is a fox?")  # the line above it
    await shot(trial_chat, "conversation")
    first = await answer.locator(".cards").first.inner_text()
    await answer.get_by_test_id("button-Regenerate").click()
    await expect(trial_chat.page.get_by_text("2/2")).to_be_visible(timeout=FINISH_MAX)
    await finished(trial_chat)
    assert await answer.locator(".cards").first.inner_text() != first
    await shot(trial_chat, "conversation-swipes")
