"""Ratings, gifts, reaction gifts and a party in the trial."""

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, pictures_loaded, shot
from tests.support.credentials import POOR, RICH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FOX = "\N{FOX FACE}"


async def send(chat: Chat, command: str) -> None:
    """Send a command that needs no further option."""
    await chat.at("composer").fill(command)
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")


async def answer_to(chat: Chat, command: str) -> Locator:
    """The newest private answer, after that command."""
    before = await private(chat).count()
    await send(chat, command)
    await expect(private(chat)).to_have_count(before + 1)
    return private(chat).last


def private(chat: Chat) -> Locator:
    return chat.at("message").filter(has_text="Only you can see this")


async def log_in(chat: Chat, user: str, key: str) -> None:
    await chat.be(user)
    await send(chat, "/account login")
    await chat.at("modal").get_by_role("textbox").first.fill(key)
    await chat.at("modal-submit").click()
    await expect(chat.at("message").filter(has_text="Logged in").last).to_be_visible()


async def result_of(chat: Chat, prompt: str) -> Locator:
    await send(chat, f"/imagine prompt:{prompt}")
    card = chat.at("message").filter(has_text=prompt).first
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH_MAX)
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH_MAX)
    return card


async def test_rating_is_asked_in_two_steps_and_refused_once(trial_chat: Chat) -> None:
    await result_of(trial_chat, "a stone bridge")
    question = await answer_to(trial_chat, "/rate")
    await expect(question).to_contain_text("How good is image 1")
    await pictures_loaded(question)
    await shot(trial_chat, "rate")
    await question.get_by_test_id("button-8").click()
    await expect(question).to_contain_text("How many artifacts")
    await pictures_loaded(question)
    await shot(trial_chat, "rate-artifacts")
    await question.get_by_test_id("button-0").click()
    await expect(question).to_contain_text("does not offer ratings")
    await expect(question.get_by_role("button", name="8", exact=True)).to_have_count(0)
    await shot(trial_chat, "rate-refused")


async def test_command_and_reaction_give_kudos(trial_chat: Chat) -> None:
    chat = trial_chat
    await log_in(chat, "ben", POOR)
    card = await result_of(chat, "a fox by a lake")
    await log_in(chat, "ada", RICH)
    await chat.at("composer").fill("/kudos send to:poor#3 kudos:5")
    await chat.page.keyboard.press("Enter")
    await expect(chat.at("modal-submit")).to_be_visible()
    await shot(chat, "gift-form")
    await chat.at("modal-submit").click()
    await expect(private(chat).filter(has_text="5 kudos").last).to_be_visible()
    await shot(chat, "gift-command")
    rules = await answer_to(chat, f"/server gifts emoji:{FOX} amount:12")
    await expect(rules).to_contain_text("12")
    await shot(chat, "gift-rules")
    await card.hover()
    await card.locator("xpath=..").get_by_role("button", name="Add reaction").click()
    await chat.page.get_by_role("button", name=f"React with {FOX}").click()
    await expect(card.get_by_role("button", name=f"{FOX}, 1 reaction")).to_be_visible()
    await send(chat, "/party start name:Foxes award:5 duration:2")
    await expect(chat.at("message").filter(has_text="The party has started").last).to_be_visible()
    await shot(chat, "party-started")
    await chat.page.get_by_text("Foxes", exact=True).first.click()
    await expect(chat.at("message").first).to_be_visible()
    await shot(chat, "party")
    await chat.page.get_by_text("hordecord", exact=True).first.click()
    await expect(chat.at("message").filter(has_text="12").last).to_be_visible()
    await shot(chat, "gift-notice")
