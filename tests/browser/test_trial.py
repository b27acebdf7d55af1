"""`hordecord try`, as a newcomer uses it: the real bot, the local Horde, a browser."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.browser.chat_page import Chat, open_chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FINISH = 30_000  # milliseconds until something that takes seconds is given up


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser, trial: str) -> AsyncGenerator[Chat]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    async with open_chat(context, trial, "trial") as chat:
        yield chat


async def test_a_newcomers_first_minutes(chat: Chat, unhurried: str) -> None:
    assert chat.page.url.startswith(unhurried)
    await chat.at("composer").press_sequentially("/imagine")
    await expect(chat.at("picker")).to_contain_text("imagine")
    await shot(chat, "picker")
    await chat.page.keyboard.press("Enter")
    await chat.at("option-prompt").fill("a lighthouse at dusk, oil painting")
    await chat.page.keyboard.press("Enter")
    card = chat.at("message").filter(has_text="a lighthouse at dusk").first
    await expect(card.get_by_test_id("button-Cancel")).to_be_visible()
    await shot(chat, "progress")
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH)
    await expect(card.get_by_test_id("button-Cancel")).to_have_count(0)
    await shot(chat, "result")

    await card.get_by_test_id("button-Details").click()
    details = chat.at("message").filter(has_text="Only you can see this").last
    await expect(details).to_contain_text("/imagine")
    await shot(chat, "details")

    await card.get_by_test_id("button-Again").click()
    again = chat.at("message").filter(has=chat.page.get_by_test_id("gallery-image"))
    await expect(again).to_have_count(2, timeout=FINISH)


async def test_four_pictures_and_a_text(chat: Chat) -> None:
    await chat.at("composer").fill("/imagine four small boats count: 4")
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    card = chat.at("message").filter(has_text="four small boats").first
    await expect(card.get_by_test_id("gallery-image")).to_have_count(4, timeout=FINISH)
    await shot(chat, "four")


async def test_a_key_is_given_in_a_modal_and_checked(chat: Chat) -> None:
    await chat.at("composer").fill("/account login")
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    modal = chat.at("modal")
    await expect(modal).to_be_visible()
    await modal.get_by_role("textbox").fill("this-key-is-unknown")
    await shot(chat, "login")
    await chat.at("modal-submit").click()
    answer = chat.at("message").filter(has_text="does not know that key").last
    await expect(answer).to_contain_text("Only you can see this", timeout=FINISH)
    await shot(chat, "refused")


async def test_a_failure_is_explained(chat: Chat) -> None:
    await chat.at("composer").fill("/imagine a cracked vase [sandbox:censored]")
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    card = chat.at("message").filter(has_text="a cracked vase").first
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH)
    await expect(card).to_contain_text("ensored")
    await expect(card.get_by_test_id("gallery-image")).to_have_count(0)
    await shot(chat, "failure")
