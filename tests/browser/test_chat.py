"""The page as a chat: menus, links, silence, a lost connection, the phone."""

import re

import pytest
from playwright.async_api import expect

from sandbox import Sandbox
from tests.support.browser.chat_page import Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SILENCE = "The application did not respond"


async def test_silence_is_said_as_discord_says_it(chat: Chat) -> None:
    card = await chat.imagine("a mute swan")
    await chat.control.post("knobs", ack_timeout=0.3)
    try:
        await card.get_by_test_id("button-Broken").click()
        await expect(card).to_contain_text(SILENCE)
        await chat.at("composer").fill("/mute")
        await chat.at("composer").press("Enter")
        await chat.at("send").click()
        await expect(chat.at("message").last).to_contain_text(SILENCE)
        await expect(chat.at("message").last).to_contain_text("Ada used /mute")
    finally:
        await chat.control.post("knobs", ack_timeout=3.0)


async def test_context_menus(chat: Chat) -> None:
    message_id = await chat.say("look at this")
    await chat.message("look at this").click(button="right")
    await chat.at("menu-Repeat").click()
    await chat.sees(f"again: {message_id}")
    await chat.message("look at this").get_by_text("Ben", exact=True).click()
    await chat.at("menu-Wave").click()
    await chat.sees("waves at ben")


async def test_a_moderator_deletes_a_message(chat: Chat) -> None:
    message_id = await chat.say("too much")
    await chat.message("too much").hover()
    await chat.at(f"message-{message_id}").get_by_label("More").click()
    await chat.at("menu-Delete message").click()
    await chat.at("confirm").click()
    await expect(chat.message("too much")).to_have_count(0)
    assert (await chat.control.message(message_id)).raw["deleted"]


async def test_a_message_link_scrolls_and_marks(chat: Chat) -> None:
    first = await chat.say("the first of many")
    for number in range(30):
        await chat.say(f"line {number}\n" * 3)
    link = f"https://discord.com/channels/{chat.guild_id}/{chat.channel_id}/{first}"
    await chat.say(f"look here {link}")
    await chat.sees("look here")
    await expect(chat.message("the first of many")).not_to_be_in_viewport()
    await chat.message("look here").get_by_role("link").click()
    await expect(chat.message("the first of many")).to_be_in_viewport()
    await expect(chat.at(f"message-{first}")).to_have_attribute("data-ui-flash", "")


async def test_new_messages_do_not_pull_a_reader_down(chat: Chat) -> None:
    for number in range(30):
        await chat.say(f"line {number}\n" * 3)
    await expect(chat.message("line 29")).to_be_in_viewport()
    await chat.page.evaluate("document.getElementById('log').scrollTop = 0")
    jump = chat.page.get_by_role("button", name="New messages")
    await chat.say("one more")
    await expect(jump).to_be_visible()
    assert await chat.page.evaluate("document.getElementById('log').scrollTop") == 0
    await jump.click()
    await expect(chat.message("one more")).to_be_in_viewport()


async def test_replies_mentions_and_files_of_people(chat: Chat) -> None:
    await chat.say("a question")
    await chat.message("a question").hover()
    await chat.page.get_by_label("Reply", exact=True).click()
    await chat.at("composer").press_sequentially("an answer for @be")
    await chat.page.keyboard.press("Enter")
    await chat.at("attach").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"n" * 2048}
    )
    await chat.at("send").click()
    answer = chat.message("an answer for @Ben")
    await expect(answer).to_contain_text("a question")
    await expect(answer).to_contain_text("2.0 KB")


async def test_the_page_comes_back_after_a_lost_connection(chat: Chat, box: Sandbox) -> None:
    await chat.page.route("**/control/events*", lambda route: route.abort())
    box.discord.state.event_stream.close()  # the streams that are open end
    await expect(chat.at("lost")).to_be_visible()
    await chat.say("in between")
    await expect(chat.message("in between")).to_have_count(0)
    await chat.page.unroute("**/control/events*")
    await chat.sees("in between")
    await expect(chat.at("lost")).to_have_count(0)


async def test_a_reload_of_the_world_leaves_a_writer_alone(chat: Chat, box: Sandbox) -> None:
    await chat.at("composer").fill("/imagine a fo")
    await chat.page.keyboard.type("x")
    box.discord.state.event_stream.close()
    await expect(chat.at("lost")).to_be_visible()
    await expect(chat.at("lost")).to_have_count(0)
    await chat.say("the page has caught up")
    await chat.sees("the page has caught up")
    await expect(chat.at("option-prompt")).to_be_focused()
    await chat.page.keyboard.type("es")
    await expect(chat.at("option-prompt")).to_have_value("a foxes")


async def test_the_direct_messages_are_ones_own(chat: Chat) -> None:
    await chat.at("channel-dm").click()
    await chat.at("composer").fill("/secret")
    await chat.at("composer").press("Enter")
    await chat.at("send").click()
    await chat.sees("a private word")
    await chat.be("cleo")
    await expect(chat.at("place-title")).to_have_text("hordecord")
    await expect(chat.message("a private word")).to_have_count(0)


async def test_the_lightbox_shows_the_picture_and_its_description(chat: Chat) -> None:
    card = await chat.imagine("a very small house")
    await card.get_by_test_id("gallery-image").click()
    await expect(chat.at("lightbox")).to_contain_text("a very small house")
    await expect(chat.at("lightbox-image")).to_have_attribute("alt", "a very small house / 1:1")
    await chat.page.keyboard.press("Escape")
    await expect(chat.at("lightbox")).to_have_count(0)


async def test_an_age_restricted_channel_is_marked(chat: Chat) -> None:
    await expect(chat.at("channel-after-dark")).to_contain_text("18+")
    await chat.at("channel-after-dark").click()
    await expect(chat.page.locator("#topbar")).to_contain_text("Age-restricted")


async def test_on_a_phone_nothing_is_wider_than_the_screen(phone: Chat) -> None:
    await phone.say("w" * 500 + " `" + "c" * 300 + "`\n```\n" + "x " * 200 + "\n```")
    card = await phone.imagine("a long road " * 12)
    await expect(card.get_by_test_id("button-Broken")).to_be_visible()
    wide = "[...document.querySelectorAll('body, #log, #foot, .composer')]"
    wide += ".filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.id)"
    assert await phone.page.evaluate(wide) == []
    assert await phone.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_on_a_phone_the_side_bar_is_a_drawer(phone: Chat) -> None:
    await expect(phone.at("channel-general")).not_to_be_in_viewport()
    await phone.at("menu").tap()
    await phone.at("user-ben").tap()
    await phone.at("channel-general").tap()
    await expect(phone.at("place-title")).to_have_text("general")
    await expect(phone.at("channel-general")).not_to_be_in_viewport()
    await expect(phone.at("viewer")).to_have_text(re.compile("Ben"))
