"""Conversations on the page: mentions, replies, threads, posts of forums, webhooks, typing."""

import base64
from typing import Any

import pytest
from playwright.async_api import expect

from sandbox import Sandbox
from tests.support.browser.chat_page import Chat, shot
from tests.support.builders import png
from tests.support.credentials import BOT_TOKEN

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def as_bot(chat: Chat, box: Sandbox, method: str, path: str, body: Any = None) -> Any:
    """A call of Discord's API with a bot's token."""
    headers = {"Authorization": f"Bot {BOT_TOKEN}"}
    url = f"{box.urls.discord}{path}"
    answer = await chat.page.request.fetch(url, method=method, headers=headers, data=body)
    assert answer.ok, await answer.text()
    return await answer.json() if answer.status != 204 else None


async def newest(chat: Chat, channel: str) -> dict[str, Any]:
    found = await chat.control.get("messages", channel_id=channel)
    return found["messages"][-1]


async def test_a_member_mentions_the_bot_and_replies_to_it(chat: Chat, box: Sandbox) -> None:
    await chat.at("mention-bot").click()
    await chat.at("composer").type("hello")
    await chat.at("composer").press("Enter")
    await chat.sees("hello")
    said = await newest(chat, chat.channel_id)
    bot = (await chat.control.get("world"))["bot"]
    assert [user["id"] for user in said["mentions"]] == [bot["id"]]
    answer = {"content": "Hello Ada!", "message_reference": {"message_id": said["id"]}}
    await as_bot(chat, box, "POST", f"/channels/{chat.channel_id}/messages", answer)
    message = chat.message("Hello Ada!")
    await expect(message.get_by_role("link", name="hello")).to_be_visible()  # the line above it
    await message.hover()
    await chat.page.get_by_role("button", name="Reply").last.click()
    await chat.at("ping").click()
    await expect(chat.at("ping")).to_have_text("@ Off")
    await shot(chat, "reply")
    await chat.at("composer").fill("how are you?")
    await chat.at("send").click()
    await chat.sees("how are you?")
    assert (await newest(chat, chat.channel_id))["mentions"] == []


async def test_a_member_edits_a_message(chat: Chat) -> None:
    await chat.at("composer").fill("helo")
    await chat.at("send").click()
    await chat.message("helo").click(button="right")
    await chat.at("menu-Edit message").click()
    await chat.at("field-content").fill("hello there")
    await chat.at("modal-submit").click()
    await chat.sees("hello there")
    await expect(chat.message("hello there").get_by_text("(edited)")).to_be_visible()


async def test_threads_are_started_and_opened(chat: Chat) -> None:
    await chat.say("a story about a fox")
    await chat.message("a story").click(button="right")
    await chat.at("menu-Create thread").click()
    await chat.at("field-name").fill(f"fox of {chat.channel}")
    await chat.at("modal-submit").click()
    await expect(chat.at("place-title")).to_have_text(f"fox of {chat.channel}")
    await chat.sees("a story about a fox")  # the thread begins with it
    await shot(chat, "thread-of-a-message")
    await chat.page.get_by_text("Go to the message").click()
    await expect(chat.at("place-title")).to_have_text(chat.channel)
    await expect(chat.at("thread-chip")).to_be_visible()
    await chat.at("new-thread").click()
    await chat.at("field-name").fill(f"talk of {chat.channel}")
    await chat.at("modal-submit").click()
    await expect(chat.at("place-title")).to_have_text(f"talk of {chat.channel}")
    await chat.at(f"channel-{chat.channel}").click()
    await chat.sees("started a thread")
    await shot(chat, "threads")


async def test_a_post_of_a_forum_is_written(chat: Chat) -> None:
    forum = {"guild_id": chat.guild_id, "name": f"plots-{chat.channel}", "type": 15}
    await chat.control.post("channels", **forum)
    await chat.at(f"new-post-{forum['name']}").click()
    await chat.at("field-name").fill(f"A lighthouse of {chat.channel}")
    await chat.at("field-content").fill("It stands alone.")
    await chat.at("modal-submit").click()
    await expect(chat.at("place-title")).to_have_text(f"A lighthouse of {chat.channel}")
    await chat.sees("It stands alone.")
    await shot(chat, "post")


async def test_characters_speak_by_webhook(chat: Chat, box: Sandbox) -> None:
    picture = f"data:image/png;base64,{base64.b64encode(png(40, 40)).decode()}"
    path = f"/channels/{chat.channel_id}/webhooks"
    webhook = await as_bot(chat, box, "POST", path, {"name": "Mira", "avatar": picture})
    other = await as_bot(chat, box, "POST", path, {"name": "Characters"})
    for hook, body in (
        (webhook, {"content": "The rain has not stopped for days."}),
        (other, {"content": "Then we wait.", "username": "Captain Oak"}),
        (other, {"content": "Or we swim.", "username": "Selkie"}),
    ):
        await as_bot(chat, box, "POST", f"/webhooks/{hook['id']}/{hook['token']}", body)
    for name, text in (("Mira", "rain"), ("Captain Oak", "wait"), ("Selkie", "swim")):
        message = chat.message(text)
        await expect(message.get_by_role("button", name=name, exact=True)).to_be_visible()
    face = chat.message("rain").locator("img.avatar")
    assert await face.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    await as_bot(chat, box, "POST", f"/channels/{chat.channel_id}/typing")
    await expect(chat.page.get_by_text("is typing…")).to_be_visible()
    await shot(chat, "webhooks")


async def test_a_conversation_fits_a_phone(phone: Chat, box: Sandbox) -> None:
    path = f"/channels/{phone.channel_id}/webhooks"
    webhook = await as_bot(phone, box, "POST", path, {"name": "Characters"})
    body = {"content": "Then we wait for the rain to stop.", "username": "Captain Oak of the Sea"}
    await as_bot(phone, box, "POST", f"/webhooks/{webhook['id']}/{webhook['token']}", body)
    said = await phone.say("a story with a rather long beginning that does not fit one line")
    thread = {"channel_id": phone.channel_id, "user_id": phone.users["ada"], "message_id": said}
    await phone.control.post("threads", **thread, name="A thread with quite a long name as well")
    await expect(phone.at("thread-chip")).to_be_visible()
    await phone.message("a story").click(button="right")
    await phone.at("menu-Reply").click()
    await expect(phone.at("ping")).to_be_visible()
    await shot(phone, "conversation-phone")
    wide = await phone.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
