"""The menus under Apps and the menu of alchemy's forms, as a person uses them with the real bot."""

import io

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import FilePayload, Locator, expect

from tests.support.browser.chat_page import FINISH_MAX, Chat, shot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def boat(width: int = 480, height: int = 320) -> FilePayload:
    """A picture of its own, so that before and after can be told apart."""
    picture = Image.new("RGB", (width, height), (120, 180, 220))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 0.7, width, height), fill=(30, 70, 120))
    draw.polygon(
        [(width * 0.3, height * 0.7), (width * 0.7, height * 0.7), (width * 0.6, height * 0.85)],
        fill=(150, 80, 40),
    )
    draw.polygon(
        [(width * 0.5, height * 0.2), (width * 0.5, height * 0.65), (width * 0.7, height * 0.65)],
        fill=(240, 240, 230),
    )
    out = io.BytesIO()
    picture.save(out, "PNG")
    return FilePayload(name="boat.png", mimeType="image/png", buffer=out.getvalue())


async def menu(chat: Chat, message: Locator, name: str) -> None:
    """Right click, then the entry under Apps."""
    await message.click(button="right", position={"x": 8, "y": 8})
    await expect(chat.at("menu-popup")).to_contain_text("Apps")
    await shot(chat, f"menu-{name.lower().replace(' ', '-')}")
    await chat.at(f"menu-{name}").click()


async def test_several_forms_from_the_list(trial_chat: Chat) -> None:
    await trial_chat.at("composer").fill("/alchemy")
    await trial_chat.at("picker-item-alchemy").click()
    await trial_chat.at("option-image").set_input_files(boat())
    await trial_chat.at("send").click()
    tray = trial_chat.message("What do you want to do with")
    await expect(tray).to_contain_text("Only you can see this")
    await tray.locator(".select").click()
    for name in ("caption", "palette", "RealESRGAN_x4plus"):
        await trial_chat.at(f"select-option-{name}").click()
    await expect(trial_chat.page.get_by_text("3 chosen of 1 to 23")).to_be_visible()
    await shot(trial_chat, "forms-menu")
    await trial_chat.page.get_by_role("button", name="Done").click()
    card = trial_chat.message("Upscale x4 (RealESRGAN)")
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH_MAX)
    await expect(card.get_by_test_id("gallery-image")).to_have_count(2)
    await expect(card).to_contain_text("→")
    await shot(trial_chat, "forms-result")
    await card.get_by_test_id("button-JSON").click()
    await expect(trial_chat.message("as JSON:").locator(".file-card")).to_be_visible()
    await shot(trial_chat, "forms-json")


async def test_remix_and_information_from_the_menu(trial_chat: Chat) -> None:
    card = await trial_chat.imagine("a red kite over a beach")
    await expect(card.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH_MAX)
    await menu(trial_chat, card, "Remix")
    modal = trial_chat.at("modal")
    await expect(modal).to_contain_text("Remix this image")
    prompt = modal.get_by_role("textbox").first
    await expect(prompt).to_have_value("a red kite over a beach")  # to begin with
    await prompt.fill("a blue kite in a storm")
    await trial_chat.page.wait_for_timeout(400)  # it fades in, and is to be looked at
    await shot(trial_chat, "remix-form")
    await trial_chat.at("modal-submit").click()
    done = trial_chat.message("a blue kite in a storm")
    await expect(done.get_by_test_id("button-Again")).to_be_visible(timeout=FINISH_MAX)
    await expect(done.get_by_test_id("gallery-image")).to_have_count(1)
    await shot(trial_chat, "remix-result")
    await menu(trial_chat, card, "Generation info")
    info = trial_chat.message("Requested by")
    await expect(info).to_contain_text("a red kite over a beach")
    await info.get_by_test_id("button-Report").click()
    await trial_chat.sees("Reported: the operators of the bot")
    await shot(trial_chat, "info")
    await info.get_by_test_id("button-Delete for everyone").click()
    await trial_chat.sees("Deleted: #")
    await expect(trial_chat.at("message").filter(has_text="used /imagine")).to_have_count(0)
