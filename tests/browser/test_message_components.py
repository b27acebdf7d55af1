"""Embeds and components: everything that a bot's message can be made of."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser.chat_page import Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def show_all_components(chat: Chat) -> Locator:
    """The message with every component; its first button leads to ben's message."""
    first = await chat.say("the first message")
    await chat.sees("the first message")
    jump = f"https://discord.com/channels/{chat.guild_id}/{chat.channel_id}/{first}"
    await chat.at("composer").fill(f"/showcase {jump}")
    await chat.at("send").click()
    message = chat.message("beside a picture")
    await expect(message).to_be_visible()
    return message


async def test_pictures_and_files_of_components(chat: Chat) -> None:
    message = await show_all_components(chat)
    await expect(message.get_by_test_id("gallery-image")).to_have_count(5)
    loaded = "(all) => all.every((img) => img.complete && img.naturalWidth === 320)"
    await message.locator("img").last.scroll_into_view_if_needed()
    await chat.page.wait_for_function(f"({loaded})([...document.querySelectorAll('.message img')])")
    await expect(message.locator(".thumb img")).to_have_attribute("alt", "a small one")
    card = message.locator(".file-card")
    await expect(card).to_contain_text("numbers.txt")
    await expect(card).to_contain_text("1.5 KB")
    await expect(message.locator(".container").first).to_have_css("--edge", "#3366cc")


async def test_spoilers_of_pictures_and_containers(chat: Chat) -> None:
    message = await show_all_components(chat)
    hidden = message.get_by_label("Spoiler: press to reveal")
    await hidden.click()
    await expect(chat.at("lightbox")).to_have_count(0)  # the first press only reveals
    await expect(hidden).to_have_attribute("data-ui-revealed", "")
    await hidden.click()
    await expect(chat.at("lightbox")).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await expect(message.get_by_text("behind a cover")).to_be_hidden()
    await message.get_by_role("button", name="SPOILER", exact=True).click()
    await expect(message.get_by_text("behind a cover")).to_be_visible()


async def test_links_and_disabled_buttons(chat: Chat) -> None:
    message = await show_all_components(chat)
    await expect(message.get_by_test_id("button-Off")).to_be_disabled()
    outside = message.get_by_test_id("button-Website")
    await expect(outside).to_have_attribute("href", "https://example.org/")
    await expect(outside).to_have_attribute("target", "_blank")
    await message.get_by_test_id("button-First").click()
    await expect(chat.message("the first message")).to_be_in_viewport()
    assert len(chat.page.context.pages) == 1


async def test_selects_of_people_and_of_several_values(chat: Chat) -> None:
    message = await show_all_components(chat)
    await message.get_by_test_id("select-who").click()
    await chat.page.keyboard.type("be")
    await chat.page.keyboard.press("Enter")
    await chat.sees("picked ben")
    await message.get_by_test_id("select-sizes").click()
    await chat.at("select-option-Large").click()
    await expect(chat.page.get_by_text("1 chosen of 2")).to_be_visible()
    await chat.at("select-option-Small").click()
    await chat.page.get_by_role("button", name="Done").click()
    await chat.sees("picked Small and Large")


async def test_an_embed(chat: Chat) -> None:
    await chat.at("composer").fill("/embeds")
    await chat.at("composer").press("Enter")
    await chat.at("send").click()
    embed = chat.message("with an embed").locator(".embed")
    await expect(embed.get_by_role("link", name="A title")).to_be_visible()
    await expect(embed.locator("strong")).to_have_text("bold")
    await expect(embed.locator(".embed-field")).to_have_text([re.compile("One"), re.compile("Two")])
    await expect(embed).to_contain_text("An author")
    await expect(embed).to_contain_text("a footer")
    await expect(chat.message("with an embed").get_by_test_id("gallery-image")).to_have_count(1)
