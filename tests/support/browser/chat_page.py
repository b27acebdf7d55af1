"""The page as a test drives it, and the control API behind it."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Locator, Page, expect

from tests.support.discord.client import Control, controlling
from tests.support.json_types import Json

# Folder for screenshots, for a look or to renew the README's picture.
SHOTS = os.environ.get("HORDECORD_TEST_SHOTS")
APPEAR_MAX = 30_000  # milliseconds until something that takes one second is given up
FINISH_MAX = 40_000  # milliseconds until something that takes seconds is given up


@dataclass(slots=True)
class Chat:
    """A page that shows one channel, as ada at first."""

    page: Page
    control: Control
    guild_id: str
    channel_id: str
    channel: str
    users: dict[str, str]
    troubles: list[str] = field(default_factory=list[str])

    async def say(self, content: str, user: str = "ben") -> str:
        """A person writes into the channel. Returns the message's id."""
        new = await self.control.post(
            "messages", user_id=self.users[user], channel_id=self.channel_id, content=content
        )
        return new["id"]

    def at(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def message(self, text: str) -> Locator:
        """The newest message that holds the text."""
        return self.at("message").filter(has_text=text).last

    async def imagine(self, prompt: str) -> Locator:
        """Sends the command as people do, and gives its finished card."""
        await self.at("composer").fill("/imagine")
        await self.at("picker-item-imagine").click()
        await self.at("option-prompt").fill(prompt)
        await self.at("option-prompt").press("Enter")
        card = self.at("message").filter(has_text=prompt).filter(has_text="used /imagine").last
        await expect(card.get_by_test_id("gallery-image")).to_be_visible()
        return card

    async def be(self, user: str) -> None:
        """Switch to another person."""
        await self.at(f"user-{user}").click()
        await expect(self.at(f"user-{user}")).to_have_attribute("aria-checked", "true")

    async def sees(self, text: str) -> None:
        await expect(self.message(text)).to_be_visible()


async def shot(chat: Chat, name: str) -> None:
    """Keeps what the page looks like now, where that is asked for."""
    if SHOTS:
        await chat.page.screenshot(path=Path(SHOTS) / f"{name}.png")


async def pictures_loaded(message: Locator) -> None:
    """Wait until the pictures of a message are there, and not only their places."""
    for picture in await message.locator("img").all():
        await picture.evaluate("image => image.decode()")


@asynccontextmanager
async def open_chat(context: BrowserContext, base: str, name: str) -> AsyncGenerator[Chat]:
    """A new channel of this name, open in a new page. A script's error or a refused load fails."""
    expect.set_options(timeout=APPEAR_MAX)
    context.set_default_timeout(APPEAR_MAX)
    async with controlling(f"{base}control") as control:
        world: Json = await control.get("world")
        guild = world["guilds"][0]
        channel: Json = await control.post("channels", guild_id=guild["id"], name=name)
        users = {user["username"]: user["id"] for user in world["users"]}
        page = await context.new_page()
        chat = Chat(page, control, guild["id"], channel["id"], name, users)
        page.on("pageerror", lambda error: chat.troubles.append(_error_text(error)))
        page.on("console", lambda message: _listen(chat, message))
        await page.goto(f"{base}#/channels/{guild['id']}/{channel['id']}")
        await expect(chat.at("place-title")).to_have_text(name)
        await expect(chat.at("waiting")).to_have_count(0)  # the commands are there
        yield chat
        await context.close()
        assert chat.troubles == []


def _error_text(error: Error) -> str:
    return f"{error.message}\n{error.stack}"


def _listen(chat: Chat, message: ConsoleMessage) -> None:
    # What the control API refuses on purpose is an error of the network to the console.
    if message.type == "error" and "Failed to load resource" not in message.text:
        chat.troubles.append(message.text)
