"""Workers, teams, the leaderboard and the chart of the load in the trial."""

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, pictures_loaded, shot
from tests.support.credentials import RICH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def answer_to(chat: Chat, command: str) -> Locator:
    """The newest private answer, after that command."""
    await chat.at("composer").fill(command)
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("Enter")
    return chat.at("message").filter(has_text="Only you can see this").last


async def test_lists_of_the_horde(trial_chat: Chat) -> None:
    workers = await answer_to(trial_chat, "/horde workers")
    await expect(workers).to_contain_text("Night Owl")
    await shot(trial_chat, "workers")
    await workers.get_by_test_id("select-hcb:look:worker:0:").click()
    await trial_chat.page.get_by_text("Harbour Cluster").last.click()
    await expect(workers).to_contain_text("Abilities")
    await shot(trial_chat, "worker")
    teams = await answer_to(trial_chat, "/horde teams")
    await expect(teams).to_contain_text("Harbour Crew")
    await shot(trial_chat, "teams")
    leaders = await answer_to(trial_chat, "/horde leaderboard")
    await expect(leaders).to_contain_text("3,200,000")
    await shot(trial_chat, "leaderboard")


async def test_status_has_a_chart(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/imagine prompt:a weather vane")
    await trial_chat.page.keyboard.press("Enter")
    card = trial_chat.at("message").filter(has_text="a weather vane").first
    await expect(card.get_by_test_id("gallery-image")).to_be_visible(timeout=FINISH_MAX)
    status = await answer_to(trial_chat, "/horde status")
    await expect(status.get_by_test_id("gallery-image")).to_be_visible()
    await pictures_loaded(status)
    await shot(trial_chat, "status")


async def test_change_of_an_own_worker_is_confirmed(trial_chat: Chat) -> None:
    await answer_to(trial_chat, "/account login")
    modal = trial_chat.at("modal")
    await modal.get_by_role("textbox").first.fill(RICH)
    await trial_chat.at("modal-submit").click()
    await expect(trial_chat.at("message").filter(has_text="Logged in").last).to_be_visible()
    workers = await answer_to(trial_chat, "/worker list")
    await expect(workers).to_contain_text("Attic GPU")
    await shot(trial_chat, "own-workers")
    question = await answer_to(
        trial_chat, "/worker maintenance worker:Attic GPU message:New card, back at noon"
    )
    await expect(question).to_contain_text("Start the maintenance of Attic GPU?")
    await shot(trial_chat, "worker-question")
    await question.get_by_test_id("button-Start maintenance").click()
    await expect(question).to_contain_text("The worker is changed")
    await shot(trial_chat, "worker-changed")
