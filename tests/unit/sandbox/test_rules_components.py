"""Which components may stand where, and how many of them."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord.rules import IS_COMPONENTS_V2
from tests.support.discord.components import (
    Component,
    button,
    container,
    file_component,
    gallery,
    link,
    media,
    row,
    section,
    select,
    text_display,
    thumbnail,
)
from tests.support.discord.refusals import of_message, of_rows, of_tree

EVERY_COMPONENT = container(
    text_display(10),
    section(text_display(), text_display(), text_display()),
    section(text_display(), accessory=thumbnail(description="d" * 1024, spoiler=True)),
    gallery(10, description="d" * 1024),
    file_component("attachment://a.txt"),
    {"type": 14, "spacing": 2, "divider": False},
    row(button(1), link(), button(2, label=None, emoji={"name": "🔁"}, disabled=True)),
    row(select(25, min_values=0, max_values=25, placeholder="p" * 150)),
    row({"type": 5, "custom_id": "u", "default_values": [{"id": "1", "type": "user"}]}),
    row({"type": 8, "custom_id": "c", "channel_types": [0, 5]}),
    accent_color=0xFFFFFF,
    spoiler=False,
)


def test_everything_there_is_is_taken():
    assert of_tree(EVERY_COMPONENT, row(button(9)), text_display(), files=["a.txt"]) == {}


ComponentCase = tuple[str, Callable[[int], Component], int, int]
ROW_LIMITS: list[ComponentCase] = [
    ("0.components", lambda n: row(*map(button, range(n))), 1, 5),
    ("0.components.0.label", lambda n: row(button(label="x" * n)), 1, 80),
    ("0.components.0.custom_id", lambda n: row(button(custom_id="x" * n)), 1, 100),
    ("0.components.0.url", lambda n: row(link(url="https://a.b/".ljust(n, "x"))), 0, 512),
    ("0.components.0.options", lambda n: row(select(n)), 1, 25),
    ("0.components.0.custom_id", lambda n: row(select(custom_id="x" * n)), 1, 100),
    ("0.components.0.placeholder", lambda n: row(select(placeholder="x" * n)), 0, 150),
    ("0.components.0.max_values", lambda n: row(select(25, max_values=n)), 1, 25),
    (
        "0.components.0.options.0.label",
        lambda n: row(select(options=[{"label": "x" * n, "value": "v"}])),
        1,
        100,
    ),
    (
        "0.components.0.options.0.value",
        lambda n: row(select(options=[{"label": "l", "value": "x" * n}])),
        1,
        100,
    ),
    (
        "0.components.0.options.0.description",
        lambda n: row(select(options=[{"label": "l", "value": "v", "description": "x" * n}])),
        0,
        100,
    ),
]
TREE_LIMITS: list[ComponentCase] = [
    ("0.content", text_display, 1, 4000),
    ("0.components", lambda n: section(*[text_display()] * n), 1, 3),
    ("0.items", gallery, 1, 10),
    ("0.items.0.description", lambda n: gallery(description="x" * n), 1, 1024),
    (
        "0.accessory.description",
        lambda n: section(text_display(), accessory=thumbnail(description="x" * n)),
        1,
        1024,
    ),
    ("0.accent_color", lambda n: container(text_display(), accent_color=n), 0, 0xFFFFFF),
    ("0.spacing", lambda n: {"type": 14, "spacing": n}, 1, 2),
    ("0.id", lambda n: {**text_display(), "id": n}, 0, 2**31 - 1),
]


@pytest.mark.parametrize(
    ("place", "component", "low", "high"), ROW_LIMITS, ids=range(len(ROW_LIMITS))
)
def test_a_row_at_its_limits(
    place: str, component: Callable[[int], Component], low: int, high: int
):
    assert of_rows(component(low)) == of_rows(component(high)) == {}
    assert list(of_rows(component(high + 1))) == [place]
    if low:
        assert list(of_rows(component(low - 1))) == [place]


@pytest.mark.parametrize(
    ("place", "component", "low", "high"), TREE_LIMITS, ids=range(len(TREE_LIMITS))
)
def test_a_tree_at_its_limits(
    place: str, component: Callable[[int], Component], low: int, high: int
):
    assert of_tree(component(low)) == of_tree(component(high)) == {}
    assert list(of_tree(component(high + 1))) == [place]
    assert list(of_tree(component(low - 1))) == [place]


def test_five_rows_without_the_flag_and_no_such_limit_with_it():
    rows = [row(button(n)) for n in range(6)]
    assert of_rows(*rows[:5]) == {}
    assert of_rows(*rows) == {"": ["BASE_TYPE_MAX_LENGTH"]}
    assert of_tree(*rows) == {}


def test_40_components_with_those_inside_counted():
    inside = [text_display() for _ in range(35)]
    whole = container(*inside, section(text_display(), accessory=link()))  # 1 + 35 + 3
    assert of_tree(whole, text_display()) == {}
    assert of_tree(whole, text_display(), text_display()) == {
        "": ["COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"]
    }


def test_4000_characters_over_all_texts():
    whole = container(text_display(3000), section(text_display(500), accessory=link()))
    assert of_tree(whole, text_display(500)) == {}
    assert of_tree(whole, text_display(501)) == {"": ["COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"]}


def test_blank_text_is_no_text():
    assert of_tree({"type": 10, "content": " \n"}) == {"0.content": ["BASE_TYPE_BAD_LENGTH"]}


MISPLACED: list[tuple[list[Any], str]] = [
    ([button()], "0"),
    ([select()], "0"),
    ([{"type": 11, **media()}], "0"),
    ([{"type": 4}], "0"),
    ([{"type": 99}], "0"),
    ([{"type": True}], "0"),
    ([{}], "0"),
    ([container(container(text_display()))], "0.components.0"),
    ([container(button())], "0.components.0"),
    ([row(text_display())], "0.components.0"),
    ([row(row(button()))], "0.components.0"),
    ([section(button())], "0.components.0"),
    ([section(text_display(), accessory=text_display())], "0.accessory"),
]


@pytest.mark.parametrize(("components", "place"), MISPLACED, ids=range(len(MISPLACED)))
def test_each_level_takes_only_its_own_types(components: list[Any], place: str):
    assert of_tree(*components) == {place: ["UNION_TYPE_CHOICES"]}


def test_layout_components_need_the_flag():
    assert of_rows(text_display()) == {"0": ["UNION_TYPE_CHOICES"]}
    assert of_rows(container(text_display())) == {"0": ["UNION_TYPE_CHOICES"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [("content", "x"), ("embeds", [{"title": "t"}]), ("sticker_ids", ["1"])],
)
def test_the_flag_turns_the_old_fields_off(field: str, value: Any):
    body = {"flags": IS_COMPONENTS_V2, "components": [text_display()], field: value}
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    assert of_message(body) == {field: [code]}
    assert of_message({**body, field: None}) == {}


def test_the_flag_stays_once_it_is_set():
    edit: dict[str, Any] = {"components": [container(text_display())]}
    assert of_message(edit, editing=True, previous_flags=IS_COMPONENTS_V2) == {}
    assert of_message({**edit, "flags": IS_COMPONENTS_V2}, editing=True) == {}
    assert of_message({**edit, "flags": 4}, editing=True, previous_flags=IS_COMPONENTS_V2) == {
        "flags": ["MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG"],
        "components.0": ["UNION_TYPE_CHOICES"],
    }
    late = {"content": "done"}
    assert list(of_message(late, editing=True, previous_flags=IS_COMPONENTS_V2)) == ["content"]
    assert of_message(late, previous_flags=IS_COMPONENTS_V2) == {}, "a new message has no before"


def test_ids_are_unique_wherever_they_stand():
    twice = of_tree(container(row(button(1))), section(text_display(), accessory=button(1)))
    assert twice == {"1.accessory.custom_id": ["COMPONENT_CUSTOM_ID_DUPLICATED"]}
    assert list(of_tree({**text_display(), "id": 7}, container({**text_display(), "id": 7}))) == [
        "1.components.0.id"
    ]
    assert of_tree({**text_display(), "id": 0}, {**text_display(), "id": 0}) == {}, (
        "0 is as good as none"
    )


def test_attachments_must_be_there():
    missing = ["UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"]
    tree = [
        {"type": 12, "items": [media(), media("attachment://a.png")]},
        section(text_display(), accessory=thumbnail(url="attachment://a.png")),
        container(file_component("attachment://a.png")),
    ]
    assert of_tree(*tree, files=["a.png"]) == {}
    assert of_tree(*tree, files=["b.png"]) == {
        "0.items.1.media": missing,
        "1.accessory.media": missing,
        "2.components.0.file": missing,
    }


def test_an_edit_may_show_what_the_message_keeps():
    shown = {
        "flags": IS_COMPONENTS_V2,
        "components": [{"type": 12, "items": [media("attachment://old.png")]}],
    }
    kept = {"77": "old.png"}
    assert of_message(shown, editing=True, kept=kept) == {}
    assert of_message(shown, editing=True) == {}, "believed where nothing is known"
    assert list(of_message(shown, editing=True, kept={})) == ["components.0.items.0.media"]
    assert list(of_message({**shown, "attachments": []}, editing=True, kept=kept)) == [
        "components.0.items.0.media"
    ]
    assert of_message({**shown, "attachments": [{"id": "77"}]}, editing=True, kept=kept) == {}
    renamed = {**shown, "attachments": [{"id": 0, "filename": "old.png"}]}
    assert of_message(renamed, editing=True, kept={}, files=["new.png"]) == {}


def test_a_file_component_shows_an_attachment_only():
    assert list(of_tree(file_component("https://example.com/a.txt"))) == ["0.file.url"]
    assert list(of_tree(gallery(url="data:image/png;base64,AAAA"))) == ["0.items.0.media.url"]
