"""Our schemas and our checker agree with the jsonschema library."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from sandbox.horde import json_schema, request_schemas
from tests.support.horde.bodies import bodies_of


def expected(value: Any, shape: dict[str, Any]) -> set[str]:
    """The paths that the library finds fault with."""
    found: set[str] = set()
    faults: Any = Draft4Validator(shape).iter_errors(value)  # pyright: ignore[reportUnknownMemberType] its stubs
    for error in faults:
        path = [str(part) for part in error.absolute_path]
        if error.validator == "required":
            path.append(error.message.split("'")[1])
        found.add(".".join(path))
    return found


@settings(max_examples=150, deadline=None, derandomize=True)
@given(bodies_of(request_schemas.IMAGE))
def test_image_bodies(body: Any) -> None:
    assert set(json_schema.errors(body, request_schemas.IMAGE)) == expected(
        body, request_schemas.IMAGE
    )


@settings(max_examples=80, deadline=None, derandomize=True)
@given(bodies_of(request_schemas.TEXT) | bodies_of(request_schemas.ALCHEMY), st.booleans())
def test_other_bodies(body: Any, text: bool) -> None:
    shape = request_schemas.TEXT if text else request_schemas.ALCHEMY
    assert set(json_schema.errors(body, shape)) == expected(body, shape)


def test_a_boolean_is_no_number_and_a_whole_float_is_an_integer() -> None:
    shape = {"type": "integer", "minimum": 1}
    assert json_schema.errors(True, shape) == {"": "True is not of type 'integer'"}
    assert json_schema.errors(2.0, shape) == {}
    assert json_schema.errors(2.5, shape) == {"": "2.5 is not of type 'integer'"}
    assert json_schema.errors(0, shape) == {"": "0 is less than the minimum of 1"}
