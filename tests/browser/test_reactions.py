"""Reactions on the page: added, counted, removed."""

import pytest
from playwright.async_api import expect

from tests.support.browser.chat_page import Chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FOX, MOON = "\N{FOX FACE}", "\N{CRESCENT MOON}"


async def test_reactions_are_added_counted_and_removed(chat: Chat) -> None:
    message_id = await chat.say("which animal?")
    message = chat.message("which animal?")
    row = chat.at(f"message-{message_id}")
    await message.hover()
    await row.get_by_role("button", name="Add reaction").click()
    await chat.page.get_by_role("button", name=f"React with {FOX}").click()
    await expect(row.get_by_role("button", name=f"{FOX}, 1 reaction")).to_have_attribute(
        "aria-pressed", "true"
    )
    await chat.be("ben")
    fox = row.get_by_role("button", name=f"{FOX}, 1 reaction")
    await expect(fox).to_have_attribute("aria-pressed", "false")
    await fox.click()
    await expect(row.get_by_role("button", name=f"{FOX}, 2 reactions")).to_be_visible()
    await shot(chat, "reactions")
    await row.get_by_role("button", name=f"{FOX}, 2 reactions").click()
    await expect(row.get_by_role("button", name=f"{FOX}, 1 reaction")).to_be_visible()
    shown = (await chat.control.message(message_id)).raw["reacted"]
    assert shown == [{"emoji": FOX, "user_ids": [chat.users["ada"]]}]


async def test_any_emoji_can_be_typed(chat: Chat) -> None:
    message_id = await chat.say("the night")
    await chat.message("the night").click(button="right")
    await chat.at("menu-Add reaction").click()
    await chat.page.get_by_label("Another emoji").fill(MOON)
    await chat.page.get_by_label("Another emoji").press("Enter")
    row = chat.at(f"message-{message_id}")
    await expect(row.get_by_role("button", name=f"{MOON}, 1 reaction")).to_be_visible()
    await chat.page.reload()
    moon = row.get_by_role("button", name=f"{MOON}, 1 reaction")
    await moon.click()
    await expect(chat.at("reactions")).to_have_count(0)
