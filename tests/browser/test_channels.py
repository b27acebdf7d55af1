"""Threads, forums and the other places in the side bar."""

import pytest
from playwright.async_api import expect

from tests.support.browser.chat_page import Chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_thread_and_a_post_are_used_as_channels_are(chat: Chat) -> None:
    guild = {"guild_id": chat.guild_id}
    ada, ben = chat.users["ada"], chat.users["ben"]
    forum = await chat.control.post("channels", **guild, name=f"ideas-{chat.channel}", type=15)
    await chat.control.post("channels", **guild, name=f"lounge-{chat.channel}", type=2)
    talk = {"channel_id": chat.channel_id, "name": f"about {chat.channel}", "user_id": ada}
    thread = await chat.control.post("threads", **talk)
    idea = {"channel_id": forum["id"], "name": f"A lighthouse of {chat.channel}", "user_id": ben}
    post = await chat.control.post("threads", **idea)
    await chat.at(f"channel-{thread['name']}").click()
    await expect(chat.at("place-title")).to_have_text(thread["name"])
    await chat.imagine("a fox in a thread")
    await shot(chat, "thread")
    await chat.at(f"channel-{post['name']}").click()
    await expect(chat.at("place-title")).to_have_text(post["name"])
    await expect(chat.page.get_by_text("beginning of a post in")).to_be_visible()
    await chat.control.post("messages", user_id=ben, channel_id=post["id"], content="Who draws it?")
    await chat.imagine("a lighthouse at dawn")
    await shot(chat, "forum-post")


async def test_what_happens_to_a_thread_is_seen_at_once(chat: Chat) -> None:
    talk = {"channel_id": chat.channel_id, "name": f"open {chat.channel}"}
    thread = await chat.control.post("threads", **talk, user_id=chat.users["ada"])
    row = chat.at(f"channel-{thread['name']}")
    await row.click()
    await chat.control.call("PATCH", f"channels/{thread['id']}", {"archived": True})
    await expect(chat.at("place-state")).to_have_text("Archived")
    await chat.control.call("PATCH", f"channels/{thread['id']}", {"locked": True})
    await expect(chat.at("place-state")).to_have_text("Locked")
    await chat.at(f"channel-{chat.channel}").click()
    await expect(row).to_have_count(0)  # archived ones are not listed
    await chat.control.call("PATCH", f"channels/{thread['id']}", {"archived": False})
    await expect(row).to_be_visible()
    await chat.control.call("DELETE", f"channels/{thread['id']}")
    await expect(row).to_have_count(0)


async def test_a_private_thread_is_listed_for_those_in_it(chat: Chat) -> None:
    talk = {"channel_id": chat.channel_id, "name": f"secret of {chat.channel}", "private": True}
    thread = await chat.control.post("threads", **talk, user_id=chat.users["cleo"])
    row = chat.at(f"channel-{thread['name']}")
    await expect(row).to_be_visible()  # ada moderates
    await chat.be("ben")
    await expect(row).to_have_count(0)
    await chat.be("cleo")
    await row.click()
    await chat.be("ben")  # who may not be there: the page leads away
    await expect(chat.at("place-title")).not_to_have_text(thread["name"])
