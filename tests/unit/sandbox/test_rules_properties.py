"""The rules answer to any JSON; well-formed messages pass, here and at Discord."""

import json
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.discord.rules import (
    IS_COMPONENTS_V2,
    callback_errors,
    command_errors,
    is_empty,
    message_errors,
)
from tests.support.discord.components import Component
from tests.support.discord.openapi_check import SpecChecker
from tests.support.discord.refusals import flat
from tests.support.discord.strategies import BOOLEANS, COMPONENT_TREES, JSON_VALUES, PAYLOAD_KEYS

FEW_EXAMPLES = settings(deadline=None, max_examples=60)
CREATE = ("POST", "/channels/1/messages")
FILE_NAMES = st.lists(st.sampled_from(["a", "b.png"]), max_size=2)


def is_answer(errors: Any) -> bool:
    """None, or an object with at least one refusal in it."""
    return errors is None or bool(flat(errors))


@FEW_EXAMPLES
@given(
    body=JSON_VALUES,
    files=FILE_NAMES,
    editing=BOOLEANS,
    flags=st.sampled_from([0, IS_COMPONENTS_V2]),
)
def test_any_json_as_a_message_gets_an_answer(
    body: Any, files: list[str], editing: bool, flags: int
):
    for message in (body, {"flags": flags, "components": body}, {"embeds": [body]}):
        for kept in (None, {"5": "a"}):
            errors = message_errors(
                message, files=files, editing=editing, previous_flags=flags, kept=kept
            )
            assert is_answer(errors)


@FEW_EXAMPLES
@given(body=st.dictionaries(PAYLOAD_KEYS, JSON_VALUES, max_size=6), files=FILE_NAMES)
def test_any_object_is_empty_or_not(body: dict[str, Any], files: list[str]):
    assert is_empty(body, files) in {True, False}


@FEW_EXAMPLES
@given(body=JSON_VALUES)
def test_any_json_as_commands_gets_an_answer(body: Any):
    command = {"name": "x", "description": "x", "options": body}
    for commands in (body, [body], [command], [{**command, "name": body}]):
        assert is_answer(command_errors(commands))


@FEW_EXAMPLES
@given(body=JSON_VALUES, to=st.integers(0, 6), kind=st.integers(0, 12))
def test_any_json_as_a_response_gets_an_answer(body: Any, to: int, kind: int):
    modal = {"custom_id": "m", "title": "t", "components": body}
    for response in (
        body,
        {"type": kind, "data": body},
        {"type": 9, "data": modal},
        {"type": 8, "data": {"choices": body}},
    ):
        assert is_answer(callback_errors(response, files=[], interaction_type=to))


def test_the_deepest_and_the_greatest_json_get_an_answer():
    deep: Component = {"type": 17, "components": []}
    for _ in range(900):
        deep = {"type": 17, "components": [deep]}
    assert message_errors({"flags": IS_COMPONENTS_V2, "components": [deep]}, files=[])
    assert message_errors({"content": json.loads("[" * 900 + "]" * 900)}, files=[])
    # Python refuses to write such a number out
    assert message_errors({"content": 10**5000, "nonce": 10**5000, "flags": 10**5000}, files=[])


@FEW_EXAMPLES
@given(tree=COMPONENT_TREES)
def test_a_well_made_tree_is_taken(tree: list[Component]):
    body = {"flags": IS_COMPONENTS_V2, "components": tree}
    assert message_errors(body, files=["a.png"]) is None
    assert not is_empty(body, [])


@FEW_EXAMPLES
@given(tree=COMPONENT_TREES)
def test_a_well_made_tree_is_what_discord_describes(tree: list[Component], spec: SpecChecker):
    body = {"flags": IS_COMPONENTS_V2, "components": tree}
    assert spec.check_request(*CREATE, body) == []


@FEW_EXAMPLES
@given(body=JSON_VALUES, flags=st.sampled_from([0, IS_COMPONENTS_V2]))
def test_what_is_taken_is_what_discord_describes(body: Any, flags: int, spec: SpecChecker):
    for message in (
        {"flags": flags, "components": body},
        {"embeds": [body]},
        {"allowed_mentions": body},
    ):
        if message_errors(message, files=["a", "b.png"]) is None:
            assert spec.check_request(*CREATE, message) == []


@FEW_EXAMPLES
@given(tree=COMPONENT_TREES, junk=JSON_VALUES, data=st.data())
def test_a_part_that_discord_does_not_describe_is_refused(
    tree: list[Component], junk: Any, data: st.DataObject, spec: SpecChecker
):
    body = {"flags": IS_COMPONENTS_V2, "components": spoilt(tree, junk, data)}
    if spec.check_request(*CREATE, body):
        assert message_errors(body, files=["a.png"]) is not None


def spoilt(tree: list[Component], junk: Any, data: st.DataObject) -> list[Any]:
    """A copy of the tree with junk in the place of one of its values."""
    copy = json.loads(json.dumps(tree))
    part = copy
    while True:
        key: Any = data.draw(st.sampled_from(keys(part)))
        if not keys(part[key]) or data.draw(BOOLEANS):
            part[key] = junk
            return copy
        part = part[key]


def keys(part: Any) -> list[Any]:
    if isinstance(part, list):
        return list(range(len(cast("list[Any]", part))))
    return list(cast("Component", part)) if isinstance(part, dict) else []
