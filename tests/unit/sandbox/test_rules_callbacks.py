"""First responses: which type goes with which interaction, choices and modals."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord.rules import IS_COMPONENTS_V2
from tests.support.discord.components import Component, options, select
from tests.support.discord.refusals import of_callback, of_modal


def text_input(**fields: Any) -> Component:
    return {"type": 4, "custom_id": "i", "style": 1, **fields}


def label(component: Component | None = None, **fields: Any) -> Component:
    return {"type": 18, "label": "Key", "component": component or text_input(), **fields}


def old_row(*inputs: Component) -> Component:
    return {"type": 1, "components": list(inputs)}


DATA: dict[int, Any] = {
    4: {"content": "hello"},
    7: {"content": "changed"},
    8: {"choices": []},
    9: {"custom_id": "m", "title": "t", "components": [label()]},
}
ALLOWED = {1: {1}, 2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5, 6, 7}}


@pytest.mark.parametrize("to", ALLOWED)
@pytest.mark.parametrize("kind", range(13))
def test_which_response_goes_with_which_interaction(to: int, kind: int):
    refused = of_callback({"type": kind, "data": DATA.get(kind)}, to)
    assert refused == ({} if kind in ALLOWED[to] else {"type": ["BASE_TYPE_CHOICES"]})


@pytest.mark.parametrize("kind", [6, 7])
def test_a_modal_that_a_command_opened_has_no_message_to_change(kind: int):
    body = {"type": kind, "data": DATA.get(kind)}
    assert of_callback(body, 5, from_message=True) == {}
    assert list(of_callback(body, 5, from_message=False)) == ["type"]


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ([], [""]),
        ({}, ["type"]),
        ({"type": "4"}, ["type"]),
        ({"type": 4, "data": []}, ["data"]),
        ({"type": 4, "data": {"content": "x" * 2001}}, ["data.content"]),
        ({"type": 9}, ["data"]),
        ({"type": 9, "data": {}}, ["data.custom_id", "data.title", "data.components"]),
    ],
    ids=range(7),
)
def test_a_response_that_discord_refuses(body: Any, places: list[str]):
    assert list(of_callback(body, 2)) == places


def test_acks_need_no_data():
    assert of_callback({"type": 5}, 2) == {}
    assert of_callback({"type": 5, "data": {"flags": 64}}, 2) == {}
    assert of_callback({"type": 6}, 3) == {}


def test_an_update_changes_a_message_with_its_flags_and_files():
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://old.png"}}]}
    body = {"type": 7, "data": {"components": [gallery]}}
    before = {"previous_flags": IS_COMPONENTS_V2, "kept": {"1": "old.png"}}
    assert of_callback(body, 3, **before) == {}
    assert list(of_callback(body, 3)) == ["data.components.0"]
    assert list(of_callback(body, 3, **{**before, "kept": {}})) == [
        "data.components.0.items.0.media"
    ]


def of_choices(*choices: Any) -> list[str]:
    return list(of_callback({"type": 8, "data": {"choices": list(choices)}}, 4))


def test_choices_at_their_limits():
    one: dict[str, Any] = {"name": "n" * 100, "value": "v" * 100}
    assert of_choices(*[one] * 25) == []
    assert of_choices(*[one] * 26) == ["data.choices"]
    assert of_choices({**one, "name": "n" * 101}) == ["data.choices.0.name"]
    assert of_choices({**one, "value": "v" * 101}) == ["data.choices.0.value"]
    assert of_choices({"name": "", "value": ""}) == ["data.choices.0.name"]
    assert of_choices({"name": "n"}) == ["data.choices.0.value"]
    assert of_choices({"name": "n", "value": 2**53 - 1}, {"name": "m", "value": 0.5}) == []
    assert of_choices({"name": "n", "value": 2**53}) == ["data.choices.0.value"]
    assert of_choices({"name": "n", "value": []}) == ["data.choices.0.value"]


ModalCase = tuple[str, Callable[[int], Component], int, int]
MODAL_LIMITS: list[ModalCase] = [
    ("0.label", lambda n: label(label="x" * n), 1, 45),
    ("0.description", lambda n: label(description="x" * n), 1, 100),
    ("0.component.custom_id", lambda n: label(text_input(custom_id="x" * n)), 1, 100),
    ("0.component.placeholder", lambda n: label(text_input(placeholder="x" * n)), 0, 100),
    ("0.component.value", lambda n: label(text_input(value="x" * n)), 0, 4000),
    ("0.component.min_length", lambda n: label(text_input(min_length=n)), 0, 4000),
    ("0.component.max_length", lambda n: label(text_input(max_length=n)), 1, 4000),
    ("0.component.style", lambda n: label(text_input(style=n)), 1, 2),
    ("0.components.0.label", lambda n: old_row(text_input(label="x" * n)), 1, 45),
    ("0.component.options", lambda n: label(select(n)), 1, 25),
    ("0.component.max_values", lambda n: label(file_upload(max_values=n)), 1, 10),
    ("0.component.options", lambda n: label(group(21, n)), 2, 10),
    ("0.component.options", lambda n: label(group(22, n)), 1, 10),
    ("0.content", lambda n: {"type": 10, "content": "x" * n}, 1, 4000),
]


def file_upload(**fields: Any) -> Component:
    return {"type": 19, "custom_id": "f", **fields}


def group(kind: int, n: int, **fields: Any) -> Component:
    return {"type": kind, "custom_id": "g", "options": options(n), **fields}


@pytest.mark.parametrize(
    ("place", "component", "low", "high"), MODAL_LIMITS, ids=range(len(MODAL_LIMITS))
)
def test_a_modal_at_its_limits(
    place: str, component: Callable[[int], Component], low: int, high: int
):
    assert of_modal(component(low)) == of_modal(component(high)) == {}
    assert list(of_modal(component(high + 1))) == [place]
    if low:
        assert list(of_modal(component(low - 1))) == [place]


def test_one_to_five_parts_with_a_title_and_an_id():
    parts = [label(text_input(custom_id=f"{n}")) for n in range(6)]
    assert of_modal(*parts[:5]) == {}
    assert of_modal(*parts) == {"": ["BASE_TYPE_BAD_LENGTH"]}
    assert of_modal() == {"": ["BASE_TYPE_BAD_LENGTH"]}
    data = {"custom_id": "m" * 101, "title": "t" * 46, "components": parts[:1]}
    assert list(of_callback({"type": 9, "data": data}, 2)) == ["data.custom_id", "data.title"]


def test_everything_a_label_holds_is_taken():
    for part in (
        select(25, required=False, min_values=0, max_values=25),
        {"type": 5, "custom_id": "u"},
        {"type": 8, "custom_id": "c", "channel_types": [0]},
        file_upload(min_values=2, max_values=2),
        group(22, 10, min_values=2),
        {"type": 23, "custom_id": "x", "default": True},
    ):
        assert of_modal(label(part), {"type": 10, "content": "Why we ask"}) == {}


@pytest.mark.parametrize(
    ("component", "place"),
    [
        (text_input(), "0"),
        ({"type": 2, "style": 1, "label": "b", "custom_id": "b"}, "0"),
        (old_row({"type": 2, "style": 1, "label": "b", "custom_id": "b"}), "0.components.0"),
        (label(old_row(text_input())), "0.component"),
        (old_row(text_input()), "0.components.0.label"),
        (
            old_row(text_input(label="a"), text_input(label="b", custom_id="j")),
            "0.components.1",
        ),
        (label(text_input(min_length=6, max_length=5)), "0.component.min_length"),
        (label(text_input(value="xxx", max_length=2)), "0.component.value"),
        (label(select(min_values=0)), "0.component.min_values"),
        (label(select(disabled=True)), "0.component.disabled"),
        (label(file_upload(min_values=3, max_values=2)), "0.component.min_values"),
        (label(file_upload(min_values=0)), "0.component.min_values"),
        (label(group(22, 3, min_values=4)), "0.component.min_values"),
        (label(group(21, 3, options=options(1) * 2)), "0.component.options.1.value"),
    ],
    ids=range(14),
)
def test_a_modal_that_discord_refuses(component: Component, place: str):
    assert list(of_modal(component)) == [place]


def test_two_inputs_with_one_id():
    assert of_modal(label(), old_row(text_input(label="x"))) == {
        "1.components.0.custom_id": ["COMPONENT_CUSTOM_ID_DUPLICATED"]
    }
