"""What people do with a result, in the chat page with the real bot."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.support.browser.chat_page import Chat, open_chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FINISH = 40_000  # milliseconds until something that takes seconds is given up
SETTLED = "node => Promise.all(node.getAnimations({subtree: true}).map(one => one.finished))"
PRIVATE = "Only you can see this"


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser, trial: str) -> AsyncGenerator[Chat]:
    context = await browser.new_context(viewport={"width": 1280, "height": 1100})
    async with open_chat(context, trial, "results") as chat:
        yield chat


async def made(chat: Chat, command: str, words: str, pictures: int) -> Locator:
    await chat.at("composer").fill(command)
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    card = chat.at("message").filter(has_text=words).first
    await expect(card.get_by_test_id("gallery-image")).to_have_count(pictures, timeout=FINISH)
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH)
    return card


async def drawn(card: Locator) -> None:
    """Until its pictures are there, and not only their places."""
    for picture in await card.locator("img").all():
        await picture.evaluate("image => image.decode()")


async def test_four_pictures_and_one_of_them(chat: Chat) -> None:
    card = await made(chat, "/imagine four paper lanterns at dusk count: 4", "four paper", 4)
    await shot(chat, "result-four")
    await card.locator("[data-testid^='select-hc:pick']").click()
    await shot(chat, "result-menu")
    await chat.page.get_by_test_id("select-option-3").click()
    alone = chat.at("message").filter(has_text=PRIVATE).last
    await expect(alone.get_by_test_id("gallery-image")).to_have_count(1)
    await shot(chat, "result-alone")
    await alone.get_by_test_id("button-Upscale").click()
    larger = chat.at("message").filter(has_text="Alchemy").last
    await expect(larger.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH)
    await drawn(larger)
    await shot(chat, "result-upscaled")


async def test_edit_and_a_mistake(chat: Chat) -> None:
    card = await made(chat, "/imagine a glass heron in reeds", "a glass heron", 1)
    await shot(chat, "result-one")
    await card.get_by_test_id("button-Edit").click()
    modal = chat.at("modal")
    await expect(modal).to_be_visible()
    await modal.evaluate(SETTLED)
    await shot(chat, "edit")
    await modal.get_by_test_id("field-extra").fill("--steps 30 --sampeler k_euler")
    await chat.at("modal-submit").click()
    said = chat.at("message").filter(has_text="sampeler").last
    await expect(said).to_contain_text(PRIVATE)
    await shot(chat, "edit-mistake")
    await said.get_by_test_id("button-Edit again").click()
    await expect(modal.get_by_test_id("field-extra")).to_have_value("--steps 30 --sampeler k_euler")
    await modal.get_by_test_id("field-extra").fill("--steps 20")
    await modal.get_by_test_id("field-prompt").fill("a glass heron at night")
    await chat.at("modal-submit").click()
    edited = chat.at("message").filter(has_text="heron at night").first
    await expect(edited.get_by_test_id("gallery-image")).to_have_count(1, timeout=FINISH)
    await shot(chat, "edited")


async def test_twelve_take_two_messages(chat: Chat) -> None:
    card = await made(chat, "/imagine a dozen small boats", "a dozen small boats", 1)
    await card.get_by_test_id("button-Edit").click()
    await chat.at("modal").get_by_test_id("field-extra").fill("--count 12 --steps 10")
    await chat.at("modal-submit").click()
    second = chat.at("message").filter(has_text="Pictures 11 to 12")
    await expect(second.get_by_test_id("gallery-image")).to_have_count(2, timeout=FINISH)
    await expect(second.locator("[data-testid^='select-hc:pick']")).to_be_visible(timeout=FINISH)
    await drawn(second)
    await shot(chat, "result-twelve")


async def test_a_failure(chat: Chat) -> None:
    await chat.at("composer").fill("/imagine a torn sail [sandbox:faulted]")
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    card = chat.at("message").filter(has_text="a torn sail").first
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=3 * FINISH)
    await expect(card.get_by_test_id("button-Edit")).to_be_visible()
    await shot(chat, "failed")
