"""The form for texts of a style, and the button that opens it."""

from typing import Any

import discord
import pytest

from bot.cards.card import Card, TextBlock
from bot.domain.requests import ImageChoices, TemplateText
from bot.domain.style_declarations import MissingFields, StyleField
from bot.errors import BadOption, UserError
from bot.rules.request_context import RequestContext
from bot.ui.actions import field_form
from bot.ui.browse.use_modal import entry_modal
from tests.support.builders import image_request, record
from tests.support.fakes.form_press import FormPress

SEVEN = [StyleField(f"text_{n}", f"Text {n}", required=True) for n in range(7)]
FOX = ImageChoices(prompt="a fox", style="stamp")


class Submitted(FormPress):
    """A press whose bot keeps submitted requests, or refuses them with `error`."""

    def __init__(self, error: UserError | None = None) -> None:
        super().__init__(record())
        self.wanted, self.error = list[Any](), error
        self.client.submit = self._submit

    async def _submit(
        self, _press: object, _context: RequestContext | None, wanted: Any, *, parent: int | None
    ) -> None:
        self.wanted.append((wanted, parent))
        if self.error:
            raise self.error


async def asked(press: Any, wanted: Any, *fields: StyleField, **given: str) -> int:
    texts = tuple(TemplateText(name=name, text=text) for name, text in given.items())
    await field_form.ask_for_fields(
        press, wanted, MissingFields("It needs texts.", fields, texts), 9
    )
    return press.id % field_form.NUMBERS


def words(card: Card) -> str:
    return " ".join(block.content for block in card.blocks if isinstance(block, TextBlock))


async def test_form_has_five_fields_and_the_card_says_so_when_there_are_more() -> None:
    press: Any = Submitted()
    number = await asked(press, FOX, *SEVEN)
    card = press.shown[-1]
    assert words(card) == ("It needs texts. A form has 5 fields. The next form asks for the rest.")
    await field_form.open_field_form(press, number)
    assert [label.text for label in press.shown[-1].children] == [f.name for f in SEVEN[:5]]


async def test_form_opens_at_once_for_five_and_has_required_fields_first() -> None:
    press: Any = Submitted()
    await asked(press, FOX, StyleField("more"), *SEVEN[:5])
    modal = press.shown[-1]
    assert isinstance(modal, discord.ui.Modal)
    assert [label["label"] for label in modal.to_dict()["components"]] == [
        field.name for field in SEVEN[:5]
    ]


async def test_typed_texts_are_added_to_the_given_ones() -> None:
    press: Any = Submitted()
    number = await asked(press, FOX, SEVEN[0], value="5c")
    await field_form.submit_fields(press, {"field:text_0": "Norway", "field:more": " "}, number)
    wanted, parent = press.wanted[0]
    assert {each.name: each.text for each in wanted.template_fields} == {
        "value": "5c", "text_0": "Norway",
    }  # fmt: skip
    assert (wanted.prompt, wanted.style, parent) == ("a fox", "stamp", 9)
    with pytest.raises(UserError, match="has expired"):
        await field_form.submit_fields(press, {"field:text_0": "Norway"}, number)


async def test_whole_request_keeps_its_values() -> None:
    press: Any = Submitted()
    request = image_request(style="stamp", n=3)
    number = await asked(press, request, SEVEN[0])
    await field_form.submit_fields(press, {"field:text_0": "Norway"}, number)
    texts = (TemplateText(name="text_0", text="Norway"),)
    assert press.wanted[0][0] == request.model_copy(update={"template_fields": texts})


async def test_mistake_keeps_the_typed_texts() -> None:
    press: Any = Submitted(BadOption("Not so."))
    number = await asked(press, FOX, SEVEN[0])
    await field_form.submit_fields(press, {"field:text_0": "Norway"}, number)
    assert words(press.shown[-1]) == "Not so."
    await field_form.open_field_form(press, number)
    assert press.shown[-1].to_dict()["components"][0]["component"]["value"] == "Norway"


async def test_form_of_another_member_does_not_open() -> None:
    press: Any = Submitted()
    number = await asked(press, FOX, *SEVEN)
    press.user.id += 1
    with pytest.raises(UserError, match="has expired"):
        await field_form.open_field_form(press, number)


def test_form_of_a_listed_style_has_room_for_three_fields() -> None:
    body = entry_modal("style", "0" * 12, "stamp", [StyleField("more"), *SEVEN]).to_dict()
    names = [each["component"]["custom_id"] for each in body["components"]]
    assert names == ["prompt", "negative", "field:text_0", "field:text_1", "field:text_2"]
