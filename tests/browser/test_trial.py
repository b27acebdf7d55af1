"""`hordecord try`, as a newcomer uses it: the real bot, the local Horde, a browser."""

import pytest
from playwright.async_api import expect

from bot.i18n import LANGUAGES, translated
from tests.support.browser.chat_page import FINISH_MAX, Chat, shot

GERMAN = next(language for language in LANGUAGES if language.code == "de")
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_newcomers_first_minutes(trial_chat: Chat, unhurried: str) -> None:
    assert trial_chat.page.url.startswith(unhurried)
    await trial_chat.at("composer").press_sequentially("/imagine")
    await expect(trial_chat.at("picker")).to_contain_text("imagine")
    await shot(trial_chat, "picker")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.at("option-prompt").fill("a lighthouse at dusk, oil painting")
    await trial_chat.page.keyboard.press("Enter")
    card = trial_chat.at("message").filter(has_text="a lighthouse at dusk").first
    await expect(card.get_by_test_id("button-Cancel")).to_be_visible()
    await shot(trial_chat, "progress")
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH_MAX)
    await expect(card.get_by_test_id("button-Cancel")).to_have_count(0)
    await shot(trial_chat, "result")

    await card.get_by_test_id("button-Details").click()
    details = trial_chat.at("message").filter(has_text="Only you can see this").last
    await expect(details).to_contain_text("/imagine")
    await shot(trial_chat, "details")

    await card.get_by_test_id("button-Again").click()
    again = trial_chat.at("message").filter(has=trial_chat.page.get_by_test_id("gallery-image"))
    await expect(again).to_have_count(2, timeout=FINISH_MAX)


async def test_four_pictures_and_a_text(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/imagine four small boats count: 4")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.page.keyboard.press("Enter")
    card = trial_chat.at("message").filter(has_text="four small boats").first
    await expect(card.get_by_test_id("gallery-image")).to_have_count(4, timeout=FINISH_MAX)
    await shot(trial_chat, "four")


async def test_a_key_is_given_in_a_modal_and_checked(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/account login")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.page.keyboard.press("Enter")
    modal = trial_chat.at("modal")
    await expect(modal).to_be_visible()
    await modal.get_by_role("textbox").fill("this-key-is-unknown")
    await shot(trial_chat, "login")
    await trial_chat.at("modal-submit").click()
    answer = trial_chat.at("message").filter(has_text="does not know this key").last
    await expect(answer).to_contain_text("Only you can see this", timeout=FINISH_MAX)
    await shot(trial_chat, "refused")


async def test_a_failure_is_explained(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/imagine a cracked vase [sandbox:censored]")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.page.keyboard.press("Enter")
    card = trial_chat.at("message").filter(has_text="a cracked vase").first
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH_MAX)
    await expect(card).to_contain_text("ensored")
    await expect(card.get_by_test_id("gallery-image")).to_have_count(0)
    await shot(trial_chat, "failure")


async def test_commands_are_shown_in_the_language_of_the_member(trial_chat: Chat) -> None:
    await trial_chat.at("language-user").select_option("de")
    await trial_chat.at("composer").press_sequentially("/imagine")
    german = translated("Create an image from a prompt.", GERMAN)
    await expect(trial_chat.at("picker")).to_contain_text(german)
    await shot(trial_chat, "german")
    await trial_chat.at("language-user").select_option("en-US")
    await trial_chat.at("composer").fill("")
    await trial_chat.at("composer").press_sequentially("/imagine")
    await expect(trial_chat.at("picker")).to_contain_text("Create an image from a prompt.")
    await trial_chat.at("composer").fill("")


async def test_an_open_list_of_commands_changes_its_language_and_keeps_the_choice(
    trial_chat: Chat,
) -> None:
    await trial_chat.at("composer").press_sequentially("/imagine")
    await trial_chat.page.keyboard.press("ArrowDown")
    chosen = trial_chat.at("picker").get_by_role("option").nth(1)
    await expect(chosen).to_have_class("item active")
    ada = f"users/{trial_chat.users['ada']}"
    await trial_chat.control.call("PATCH", ada, {"locale": "de"})
    await expect(trial_chat.at("picker")).to_contain_text(
        translated("Create an image from a prompt.", GERMAN)
    )
    await expect(chosen).to_have_class("item active")
    await trial_chat.control.call("PATCH", ada, {"locale": "en-US"})
    await expect(trial_chat.at("picker")).to_contain_text("Create an image from a prompt.")
    await trial_chat.at("composer").fill("")
