"""The chat page in a real browser, with the sandbox behind it and a bot that is not ours."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.bots.page_bot_messages import picture_file
from tests.support.browser.chat_page import Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HIDDEN = re.compile("hidden")


async def test_a_command_through_the_picker_becomes_a_card_that_is_edited_live(chat: Chat) -> None:
    await chat.at("composer").press_sequentially("/ima")
    await expect(chat.at("picker")).to_contain_text("Make a picture.")
    await chat.page.keyboard.press("Enter")
    await expect(chat.at("option-panel")).to_contain_text("What to draw")
    await chat.at("option-prompt").fill("a fox")
    await chat.at("add-option-count").click()
    await chat.at("option-count").fill("4")
    await chat.page.keyboard.press("Enter")
    await chat.sees("Working, ready in 1 minute")
    await expect(chat.message("Done, 4 of 4").get_by_test_id("gallery-image")).to_have_count(4)
    await expect(chat.at("message")).to_have_count(1)
    await expect(chat.message("Done")).to_contain_text("Ada used /imagine")


async def test_the_hint_makes_the_first_picture_with_one_press(chat: Chat) -> None:
    await expect(chat.at("composer")).to_have_attribute("placeholder", re.compile("/imagine"))
    await chat.at("try").click()
    await expect(chat.at("gallery-image")).to_be_visible()
    await expect(chat.at("hint")).to_have_count(0)


async def test_a_narrowed_window_hides_the_members(chat: Chat) -> None:
    await chat.page.set_viewport_size({"width": 1280, "height": 800})
    members = chat.page.locator("#members")
    await expect(members).to_be_visible()
    await chat.page.set_viewport_size({"width": 600, "height": 800})
    await expect(members).to_be_hidden()
    await expect(chat.at("send")).to_be_visible()


async def test_a_typed_line_fills_the_form(chat: Chat) -> None:
    await chat.at("composer").fill("/imagine a red fox count: 2")
    await expect(chat.at("option-prompt")).to_have_value("a red fox")
    await expect(chat.at("option-count")).to_have_value("2")
    await chat.at("send").click()
    await chat.sees("Done, 2 of 2")


async def test_the_form_checks_before_it_sends(chat: Chat) -> None:
    await chat.at("composer").fill("/imagine ab count: 9")
    await chat.at("send").click()
    await expect(chat.at("composer-problem")).to_have_text("prompt needs at least 3 characters.")
    await chat.at("option-prompt").fill("abc")
    await chat.at("send").click()
    await expect(chat.at("composer-problem")).to_have_text("count must be at most 4.")
    await chat.at("option-count").press("Escape")
    await expect(chat.at("composer")).to_be_focused()
    await expect(chat.at("message")).to_have_count(0)


async def test_what_the_server_refuses_stays_in_the_form(chat: Chat) -> None:
    await chat.page.route(
        "**/control/interactions",
        lambda route: route.fulfill(status=400, json={"message": "option prompt must be text"}),
    )
    await chat.at("composer").fill("/imagine a fox")
    await chat.at("send").click()
    await expect(chat.at("composer-problem")).to_have_text("option prompt must be text")
    await expect(chat.at("option-prompt")).to_have_value("a fox")
    await expect(chat.at("message")).to_have_count(0)


async def test_autocomplete_and_choices(chat: Chat) -> None:
    await chat.at("composer").fill("/imagine a boat")
    await chat.at("add-option-tint").click()
    await expect(chat.at("choice-Basalt")).to_be_visible()
    await chat.page.keyboard.type("co")
    await expect(chat.at("choice-Basalt")).to_have_count(0)
    await expect(chat.at("choice-Coral")).to_be_visible()
    await chat.page.keyboard.press("ArrowDown")
    await chat.page.keyboard.press("Tab")
    await expect(chat.at("option-tint")).to_have_value("Coral")
    await chat.at("add-option-shape").click()
    await chat.at("choice-Tall").click()
    await chat.at("send").click()
    await chat.sees("a boat / coral / 9:16")


async def test_a_file_for_an_option(chat: Chat, tmp_path: Path) -> None:
    sketch = tmp_path / "sketch.png"
    sketch.write_bytes(picture_file("tan").fp.read())
    await chat.at("composer").fill("/imagine a barn")
    await chat.at("add-option-image").click()
    await chat.at("option-image").set_input_files(sketch)
    await chat.at("send").click()
    await chat.sees("a barn / 1:1 / sketch.png")


async def test_a_pasted_file_goes_into_the_command(chat: Chat) -> None:
    await chat.at("composer").fill("/imagine a barn")
    await chat.page.evaluate("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], "pasted.txt", {type: "text/plain"}));
        dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
    }""")
    await expect(chat.at("upload-state")).to_have_text("1 bytes")
    await chat.at("send").click()
    await chat.sees("pasted.txt")


async def test_a_button_edits_its_card_in_place(chat: Chat) -> None:
    card = await chat.imagine("a lake")
    image = await card.get_by_test_id("gallery-image").element_handle()
    await card.get_by_test_id("button-Again").click()
    await expect(card).to_contain_text("Made again")
    assert await image.evaluate("(node) => node.isConnected"), "the picture was drawn anew"


async def test_a_select_a_modal_and_private_answers(chat: Chat, tmp_path: Path) -> None:
    card = await chat.imagine("a hill")
    await card.get_by_test_id("select-size").click()
    await chat.at("select-option-Large").click()
    await chat.sees("size Large")
    await expect(card.get_by_test_id("select-size")).to_contain_text("Large")
    note = tmp_path / "note.txt"
    note.write_text("n")
    await card.get_by_test_id("button-Name it").click()
    await chat.at("modal-submit").click()
    await expect(chat.at("modal")).to_contain_text("This field is required.")
    await chat.at("field-name").fill("Hilda")
    await chat.at("field-mood").click()
    await chat.at("select-option-Wild").click()
    await chat.at("field-sketch").set_input_files(note)
    await chat.at("modal-submit").click()
    await expect(chat.at("modal")).to_have_count(0)
    await chat.sees("Hilda is Wild with note.txt")
    await expect(chat.message("Hilda is Wild")).to_contain_text("Only you can see this")


async def test_a_modal_keeps_the_focus_and_escape_closes_it(chat: Chat) -> None:
    card = await chat.imagine("a den")
    await card.get_by_test_id("button-Name it").click()
    await expect(chat.at("field-name")).to_be_focused()
    for _ in range(9):
        await chat.page.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || document.activeElement.closest('dialog')"
        )
        assert await chat.page.evaluate(f"Boolean({inside})")
    await chat.page.keyboard.press("Escape")
    await expect(chat.at("modal")).to_have_count(0)


async def test_others_do_not_see_private_answers(chat: Chat) -> None:
    await chat.at("composer").fill("/secret")
    await chat.at("composer").press("Enter")
    await chat.page.keyboard.press("Enter")
    await chat.sees("a private word")
    await chat.be("ben")
    await chat.say("hello from ben")
    await chat.sees("hello from ben")
    await expect(chat.message("a private word")).to_have_count(0)
    await chat.be("ada")
    await chat.sees("a private word")
    await chat.at("dismiss").click()
    await expect(chat.message("a private word")).to_have_count(0)


async def test_a_deferred_answer_shows_that_the_bot_thinks(chat: Chat) -> None:
    await chat.at("composer").fill("/later")
    await chat.at("composer").press("Enter")
    await chat.at("send").click()
    await chat.sees("is thinking…")
    await chat.sees("thought about it")
    await expect(chat.at("message")).to_have_count(1)
