""""""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.card import (
    COMPONENTS_MAX,
    FILES_MAX,
    TEXT_MAX,
    Attachment,
    Block,
    Button,
    ButtonStyle,
    Card,
    ChannelMenu,
    Colour,
    Divider,
    Gallery,
    Menu,
    Option,
    Picture,
    RoleMenu,
    Section,
    TextBlock,
    Verb,
)
from bot.cards.custom_ids import CARD
from bot.cards.markdown import units
from bot.ui.components.views import Upload, file_name, files_of_card, layout_of
from sandbox.discord.rules import IS_COMPONENTS_V2, message_errors

CANCEL = Button(CARD(Verb.CANCEL, 42, 0), "Cancel", ButtonStyle.DANGER, "✖️")


def card_with(*blocks: Block, rows: tuple[tuple[Button, ...], ...] = ()) -> Card:
    return Card(Colour.DONE, blocks, rows)


def gallery_picture(number: int, alt: str = "") -> Picture:
    return Picture(f"1-{number}.webp", f"fox-{number}.webp", alt)


def components_of(made: Card) -> list[dict[str, Any]]:
    return layout_of(made).to_components()


def errors_of(made: Card, *names: str) -> object:
    body = {"components": components_of(made), "flags": IS_COMPONENTS_V2}
    return message_errors(body, files=[file_name(name) for name in names])


def file_names(made: Card) -> list[str]:
    names: list[str] = []
    for block in made.blocks:
        if isinstance(block, Gallery):
            names += [p.filename for p in block.pictures]
        elif isinstance(block, Attachment):
            names.append(block.filename)
    return names


async def test_a_card_is_a_coloured_container_and_rows() -> None:
    made = card_with(
        TextBlock("**hello**"),
        Divider(),
        Gallery((gallery_picture(1, "a fox"),)),
        rows=((CANCEL,),),
    )
    container, row = components_of(made)
    assert (container["type"], container["accent_color"]) == (17, int(Colour.DONE))
    assert [part["type"] for part in container["components"]] == [10, 14, 12]
    item = container["components"][2]["items"][0]
    assert item["media"] == {"url": "attachment://fox-1.webp"}
    assert item["description"] == "a fox"
    button = row["components"][0]
    assert (button["custom_id"], button["label"], button["style"]) == ("hc:cancel:42", "Cancel", 4)
    assert errors_of(made, "fox-1.webp") is None


async def test_no_view_waits_for_presses() -> None:
    view = layout_of(card_with(TextBlock("x"), rows=((CANCEL,),)))
    assert view.is_finished()


async def test_two_cards_share_no_view() -> None:
    made = card_with(TextBlock("x"), rows=((CANCEL,),))
    assert layout_of(made) is not layout_of(made)


@pytest.mark.parametrize("letter", ["a", "🦊"])
async def test_text_is_cut_to_what_discord_takes(letter: str) -> None:
    made = card_with(TextBlock(letter * 3_000), TextBlock(letter * 3_000), TextBlock("lost"))
    (container,) = components_of(made)
    texts: list[str] = [part["content"] for part in container["components"]]
    assert sum(map(units, texts)) <= TEXT_MAX
    assert texts[-1].endswith("…")
    assert errors_of(made) is None


async def test_a_card_without_words_is_still_a_message() -> None:
    assert errors_of(card_with(TextBlock("  "))) is None


async def test_more_parts_than_discord_takes_are_left_out() -> None:
    made = card_with(*[TextBlock("x")] * 60, rows=((CANCEL,) * 6,))
    assert layout_of(made).total_children_count <= COMPONENTS_MAX


async def test_sections_count_with_their_accessories() -> None:
    thumbnail = Picture(url="https://cdn.example/x.png", alt="a fox")
    made = card_with(*[Section("**x**", CANCEL), Section("y", thumbnail)] * 20)
    assert layout_of(made).total_children_count <= COMPONENTS_MAX
    (container,) = components_of(made)
    button, picture_ = (part["accessory"] for part in container["components"][:2])
    assert button["custom_id"] == "hc:cancel:42"
    assert (picture_["media"]["url"], picture_["description"]) == (thumbnail.url, "a fox")


async def test_menus_stand_above_buttons_and_one_without_options_is_omitted() -> None:
    menus = (
        Menu("a", "Choose", (Option("1", "One", chosen=True), Option("2", "Two")), most=2),
        Menu("b", "Nothing", ()),
        ChannelMenu("c", "Where", (5,)),
        RoleMenu("d", "Who"),
    )
    made = replace(card_with(TextBlock("x"), rows=((CANCEL,),)), menus=menus)
    rows = [row["components"][0] for row in components_of(made)[1:]]
    assert [part["custom_id"] for part in rows] == ["a", "c", "d", "hc:cancel:42"]
    assert (rows[0]["max_values"], rows[0]["options"][0]["default"]) == (2, True)
    assert rows[1]["default_values"] == [{"id": 5, "type": "channel"}]
    assert (rows[2]["min_values"], rows[2]["max_values"]) == (0, 25)
    assert errors_of(made) is None


async def test_more_files_than_discord_takes_are_left_out() -> None:
    pictures = tuple(gallery_picture(number) for number in range(14))
    made = card_with(Gallery(pictures), Attachment("words.txt", b"x"))
    (container,) = components_of(made)
    (gallery,) = container["components"]
    assert len(gallery["items"]) == 10
    uploads = [Upload(p.filename, b"x") for p in pictures]
    assert [f.filename for f in files_of_card(uploads)] == [p.filename for p in pictures[:10]]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("hordecord-1-GFPGANv1.3.webp", "hordecord-1-GFPGANv1.3.webp"),
        ("füchse im schnee.png", "f_chse_im_schnee.png"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("...", "file"),
    ],
)
def test_file_names_stay_as_discord_keeps_them(name: str, kept: str) -> None:
    assert file_name(name) == kept


async def test_files_can_be_read_again_for_another_try() -> None:
    upload = Upload("fox.webp", b"bytes")
    first, second = files_of_card([upload])[0], files_of_card([upload])[0]
    assert first.fp.read() == second.fp.read() == b"bytes"


def repeated(text: str, times: int) -> str:
    return text * times


def gallery_block(first: int, count: int, alt: str) -> Gallery:
    return Gallery(tuple(gallery_picture(first + number, alt) for number in range(count)))


repeated_words = st.builds(repeated, st.text(max_size=6), st.integers(0, 600))
hundreds = st.sampled_from(range(0, 1_000, 100))
blocks = st.one_of(
    st.builds(TextBlock, repeated_words),
    st.builds(Divider, st.booleans()),
    st.builds(gallery_block, hundreds, st.integers(0, 12), repeated_words),
)


@settings(max_examples=60)
@given(st.lists(blocks, max_size=45), st.booleans())
async def test_any_card_is_a_message_that_discord_takes(parts: list[Block], row: bool) -> None:
    made = card_with(*parts, rows=((CANCEL,),) if row else ())
    assert errors_of(made, *file_names(made)[:FILES_MAX]) is None
