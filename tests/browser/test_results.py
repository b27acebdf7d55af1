"""What people do with a result, in the chat page with the real bot."""

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, pictures_loaded, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SETTLED = "node => Promise.all(node.getAnimations({subtree: true}).map(one => one.finished))"
PRIVATE_NOTE = "Only you can see this"


async def card_with_pictures(chat: Chat, command: str, words: str, pictures: int) -> Locator:
    await chat.at("composer").fill(command)
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    card = chat.at("message").filter(has_text=words).first
    await expect(card.get_by_test_id("gallery-image")).to_have_count(pictures, timeout=FINISH_MAX)
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH_MAX)
    return card


async def test_four_pictures_and_one_of_them(trial_chat: Chat) -> None:
    card = await card_with_pictures(
        trial_chat, "/imagine four paper lanterns at dusk count: 4", "four paper", 4
    )
    await shot(trial_chat, "result-four")
    await card.locator("[data-testid^='select-hc:pick']").click()
    await shot(trial_chat, "result-menu")
    await trial_chat.page.get_by_test_id("select-option-3").click()
    alone = trial_chat.at("message").filter(has_text=PRIVATE_NOTE).last
    await expect(alone.get_by_test_id("gallery-image")).to_have_count(1)
    await shot(trial_chat, "result-alone")
    await alone.get_by_test_id("button-Upscale").click()
    larger = trial_chat.at("message").filter(has_text="of image 3 of").last
    await expect(larger.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH_MAX)
    await pictures_loaded(larger)
    await shot(trial_chat, "result-upscaled")


async def test_edit_and_a_mistake(trial_chat: Chat) -> None:
    card = await card_with_pictures(
        trial_chat, "/imagine a glass heron in reeds", "a glass heron", 1
    )
    await shot(trial_chat, "result-one")
    await card.get_by_test_id("button-Edit").click()
    modal = trial_chat.at("modal")
    await expect(modal).to_be_visible()
    await modal.evaluate(SETTLED)
    await shot(trial_chat, "edit")
    await modal.get_by_test_id("field-extra").fill("--steps 30 --sampeler k_euler")
    await trial_chat.at("modal-submit").click()
    said = trial_chat.at("message").filter(has_text="sampeler").last
    await expect(said).to_contain_text(PRIVATE_NOTE)
    await shot(trial_chat, "edit-mistake")
    await said.get_by_test_id("button-Edit again").click()
    await expect(modal.get_by_test_id("field-extra")).to_have_value("--steps 30 --sampeler k_euler")
    await modal.get_by_test_id("field-extra").fill("--steps 20")
    await modal.get_by_test_id("field-prompt").fill("a glass heron at night")
    await trial_chat.at("modal-submit").click()
    edited = trial_chat.at("message").filter(has_text="heron at night").first
    await expect(edited.get_by_test_id("gallery-image")).to_have_count(1, timeout=FINISH_MAX)
    await shot(trial_chat, "edited")


async def test_twelve_take_two_messages(trial_chat: Chat) -> None:
    card = await card_with_pictures(
        trial_chat, "/imagine a dozen small boats", "a dozen small boats", 1
    )
    await card.get_by_test_id("button-Edit").click()
    await trial_chat.at("modal").get_by_test_id("field-extra").fill("--count 12 --steps 10")
    await trial_chat.at("modal-submit").click()
    second = trial_chat.at("message").filter(has_text="Images 11 and 12")
    await expect(second.get_by_test_id("gallery-image")).to_have_count(2, timeout=FINISH_MAX)
    await expect(second.locator("[data-testid^='select-hc:pick']")).to_be_visible(
        timeout=FINISH_MAX
    )
    await pictures_loaded(second)
    await shot(trial_chat, "result-twelve")


async def test_a_failure(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/imagine a torn sail [sandbox:faulted]")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.page.keyboard.press("Enter")
    card = trial_chat.at("message").filter(has_text="a torn sail").first
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=3 * FINISH_MAX)
    await expect(card.get_by_test_id("button-Edit")).to_be_visible()
    await shot(trial_chat, "failed")
