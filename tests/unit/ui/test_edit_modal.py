""""""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.values import Model
from bot.cards.custom_ids import EDIT_MODAL, REMIX_MODAL, USE_MODAL
from bot.catalog.served_models import ModelIndex
from bot.domain.requests import Kind, Source, TextRequest
from bot.errors import BadOption
from bot.rules.guild_settings import NO_RULES
from bot.ui.actions import edit_modal, remix_modal
from bot.ui.actions.edit_modal import (
    extra_input,
    prompt_input,
    strength_input,
    strength_of,
)
from bot.ui.actions.text_actions import _parameters, edited_text
from bot.ui.components.modals import Input, modal_of
from tests.support import builders
from tests.support.builders import SQUARE_SOURCE
from tests.support.catalogs import catalog_with_styles


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("0.4", 0.4),
        ("0,4", 0.4),
        (".25", 0.25),
        ("40%", 0.4),
        (" 40 % ", 0.4),
        ("1", 1.0),
        ("100 %", 1.0),
        ("", 0.55),
    ],
)
def test_a_strength(typed: str, share: float) -> None:
    assert strength_of(typed) == pytest.approx(share)


@pytest.mark.parametrize("typed", ["0", "1.5", "much", "40", "-1", "101%", "0.0001", "0.\u0665"])
def test_no_strength(typed: str) -> None:
    with pytest.raises(BadOption, match=re.escape("0.01")):
        strength_of(typed)


@given(st.integers(0, 10**18 - 1), st.integers(0, 99))
def test_a_form_comes_back_to_what_it_was_about(record_id: int, number: int) -> None:
    for modal_id in (EDIT_MODAL, USE_MODAL, REMIX_MODAL):
        assert modal_id.parse(modal_id(record_id, number)) == (record_id, number)
        assert len(modal_id(record_id, number)) <= 100


@pytest.mark.parametrize(
    "strange", ["hcm:edit", "hcm:edit:1", "hcm:edit:x:y", "hcm:edit:1:2:3", ""]
)
def test_a_form_about_nothing(strange: str) -> None:
    assert EDIT_MODAL.parse(strange) is None


async def test_a_form_keeps_discords_limits_and_leaves_nothing_behind() -> None:
    long = "x" * 9_000
    modal = modal_of(EDIT_MODAL(1, 1), long, Input("prompt", long, long, long, long=True, least=1))
    body = modal.to_dict()
    (label,) = body["components"]
    field = label["component"]
    assert (len(body["title"]), len(label["label"]), len(label["description"])) == (45, 45, 100)
    assert (len(field["value"]), field["max_length"], field["required"]) == (4_000, 4_000, True)
    assert modal.is_finished()


def test_the_words_of_the_forms_fit() -> None:
    for one in (prompt_input(""), extra_input(""), strength_input("")):
        assert len(one.label) <= 45
        assert len(one.hint) <= 100


@pytest.mark.parametrize(
    ("flags", "chosen"),
    [
        ("--steps 20", {"steps": 20}),
        ("--expand up=128", {"mode": "outpainting", "expand": (0, 128, 0, 0)}),
        ("--parts left --mode inpainting", {"mode": "inpainting", "parts": ("left",)}),
    ],
)
async def test_the_flags_of_a_form_may_name_a_mode(
    monkeypatch: pytest.MonkeyPatch, flags: str, chosen: dict[str, Any]
) -> None:
    async def source_for(*_: object) -> Source:
        return SQUARE_SOURCE

    def nothing(*_: object) -> None:
        return None

    press: Any = None
    monkeypatch.setattr(edit_modal, "chosen_picture", nothing)
    monkeypatch.setattr(edit_modal, "source_for", source_for)
    typed = {"prompt": "a den", "strength": "0.4", "extra": flags}
    used = await edit_modal._used(press, builders.record(), 1, typed)
    remixed = remix_modal._choices(
        typed | {"source": SQUARE_SOURCE.model_dump_json(), "private": ""}
    )
    for choices in (used, remixed):
        assert {name: getattr(choices, name) for name in chosen} == chosen
        assert choices.mode == chosen.get("mode", "img2img")
        assert (choices.source, choices.strength) == (SQUARE_SOURCE, 0.4)


@pytest.mark.parametrize(
    ("typed", "tokens"), [("Short", 80), (" long ", 512), ("300", 300), ("", 99)]
)
def test_edited_text_length_takes_the_words_of_the_command(typed: str, tokens: int) -> None:
    before = TextRequest(prompt="a tale", max_length=99)
    fields = {"prompt": "a tale", "length": typed}
    assert edited_text(catalog_with_styles(), before, fields, NO_RULES).max_length == tokens


def test_edited_text_keeps_what_is_not_changed() -> None:
    before = TextRequest(prompt="a tale of", written=2, temperature=0.5, private=True)
    kept = edited_text(catalog_with_styles(), before, _parameters(before), NO_RULES)
    assert kept == before
    changed = {**_parameters(before), "prompt": "a tale in", "temperature": "1,25"}
    after = edited_text(catalog_with_styles(), before, changed, NO_RULES)
    assert (after.prompt, after.written, after.temperature) == ("a tale in", 0, 1.25)


def test_edited_text_with_an_unknown_model_is_refused() -> None:
    catalog, before = catalog_with_styles(), TextRequest(prompt="a tale")
    catalog._shelves["horde", Kind.TEXT] = ModelIndex([Model("Mistral", Kind.TEXT, 1, 1)])
    with pytest.raises(BadOption, match="no model"):
        edited_text(catalog, before, {"prompt": "a tale", "model": "Nothing"}, NO_RULES)
    after = edited_text(catalog, before, {"prompt": "a tale", "model": "mistral"}, NO_RULES)
    assert after.models == ("Mistral",)
