"""Characters in the chat page: a card is imported, listed, edited and deleted."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import expect

from bot.chat.files import card_png, read_card
from tests.support.browser.chat_page import Chat, pictures_loaded, shot
from tests.support.character_cards import V3, packed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def card_file(folder: Path) -> Path:
    """A character card with a drawn lighthouse."""
    picture = Image.new("RGB", (400, 600), (30, 50, 90))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(160, 560), (240, 560), (220, 180), (180, 180)], (220, 220, 210))
    draw.ellipse((170, 130, 230, 190), (250, 220, 120))
    content = io.BytesIO()
    picture.save(content, "PNG")
    path = folder / "mira.png"
    path.write_bytes(card_png(read_card(packed(V3)).character, content.getvalue()))
    return path


async def test_card_is_imported_listed_edited_and_deleted(trial_chat: Chat, tmp_path: Path) -> None:
    await trial_chat.at("composer").fill("/character import")
    await trial_chat.at("picker-item-character import").click()
    await trial_chat.at("option-file").set_input_files(card_file(tmp_path))
    await trial_chat.at("send").click()
    shown = trial_chat.message("is imported")
    await expect(shown.locator("img")).to_have_count(1)
    await pictures_loaded(shown)
    await shot(trial_chat, "character-import")
    await shown.get_by_test_id("button-Edit").click()
    await expect(trial_chat.at("field-name")).to_have_value("Mira Vance")
    await shot(trial_chat, "character-edit")
    await trial_chat.at("field-scenario").fill("The storm is over.")
    await trial_chat.at("modal-submit").click()
    await expect(trial_chat.message("is changed")).to_contain_text("The storm is over.")
    await trial_chat.at("composer").fill("/character list")
    await trial_chat.page.keyboard.press("Enter")
    await trial_chat.at("send").click()
    page = trial_chat.message("Characters")
    await expect(page).to_contain_text("Mira Vance")
    await pictures_loaded(page)
    await shot(trial_chat, "character-list")
    await page.locator(".select").click()
    await trial_chat.page.locator("[data-testid^='select-option-']").first.click()
    close = trial_chat.message("Mira Vance")
    await close.get_by_test_id("button-Delete …").click()
    await expect(trial_chat.message("Delete Mira Vance?")).to_be_visible()
    await shot(trial_chat, "character-delete")
    await trial_chat.at("button-Delete permanently").last.click()
    await expect(trial_chat.message("Mira Vance is deleted")).to_be_visible()
