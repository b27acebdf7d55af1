"""Every field of the Horde's API can be set, or has a reason why not."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from pydantic import BaseModel

from bot.backends.horde.payloads import image_input
from bot.catalog import Catalog
from bot.domain.request_images import Pictures
from bot.domain.requests import ExtraImage, Source, merged
from bot.domain.sampling_rules import NEWER_SETTINGS
from bot.horde.job_payloads import ImageInput
from bot.parameters.flags import parse
from bot.parameters.flags.table import FLAGS
from bot.parameters.layers import compose
from docs.parameter_coverage import NEVER, REACHES, Coverage
from tests.support.json_types import Json
from tests.support.layers import layer_of
from tests.support.paths import HORDE_SWAGGER

INPUT_SCHEMA = "GenerationInputStable"
HERE, ABROAD = Source(url="", file="a.webp", width=512, height=512), Source(url="", file="b.webp")
# Fields that no flag sets, but options or the place: the values that are sent.
OTHERWISE: dict[str, tuple[dict[str, Any], object]] = {
    "prompt": ({"prompt": "a fox", "negative": "blurry"}, "a fox ### blurry"),
    "nsfw": ({"nsfw": True}, True),
    "censor_nsfw": ({"censor_nsfw": False}, False),
    "source_image": ({"source": HERE}, "c291cmNl"),
    "source_mask": ({"source": HERE, "mode": "inpainting", "mask": ABROAD}, "bWFzaw=="),
    "extra_source_images[].image": ({}, "b3RoZXI="),
}


def empty_catalog() -> Catalog:
    return Catalog({"horde": cast("Any", None)}, Path())


def body_for(reach: Coverage, extra: str | None = None) -> Json:
    """The whole body for what sets that field, or for other flags in the same place."""
    chosen, _ = OTHERWISE.get(reach.field, ({}, None))
    layer: Json = {"prompt": "a fox"} | chosen
    if reach.field == "allow_downgrade":  # which the Horde cannot do for any model
        layer |= {"models": ("Deliberate",)}
    if reach.field.startswith("extra_source"):
        layer |= {"source": HERE, "extra_images": (ExtraImage(source=ABROAD),), "mode": "remix"}
        layer |= {"models": ("Stable Cascade 1.0",)}
    elif {"mode", "strength", "control"} & parse(reach.extra).names:
        layer |= {"source": HERE, "models": ("Deliberate",)}
    flags = parse(reach.extra if extra is None else extra)
    request = compose(empty_catalog(), merged(layer_of(layer), flags))
    pictures = Pictures(b"source", b"mask" if request.mask else b"")
    if request.extra_images:
        pictures = replace(pictures, extra=(b"other",))
    return image_input(request, pictures).model_dump(mode="json", exclude_none=True)


def values_at(body: Any, path: str) -> list[Any]:
    """What the body has under a name with dots and brackets."""
    found = [body]
    for name in path.split("."):
        found = [each[name.removesuffix("[]")] for each in found if name.removesuffix("[]") in each]
        if name.endswith("[]"):
            found = [item for each in found for item in each]
    return found


@pytest.mark.parametrize("reach", REACHES, ids=lambda reach: reach.field)
def test_what_a_person_says_is_what_the_horde_gets(reach: Coverage) -> None:
    expected = OTHERWISE[reach.field][1] if reach.field in OTHERWISE else reach.sends
    assert values_at(body_for(reach), reach.field) == [expected]


@pytest.mark.parametrize("reach", [r for r in REACHES if r.extra], ids=lambda reach: reach.field)
def test_it_is_the_flag_that_does_it(reach: Coverage) -> None:
    # The bot allows downgrades unless the user turns them off.
    other = "--no-downgrade" if reach.field == "allow_downgrade" else ""
    assert values_at(body_for(reach, other), reach.field) != [reach.sends]


def test_nothing_is_said_twice_or_both_ways() -> None:
    names = [reach.field for reach in REACHES]
    assert len(set(names)) == len(names)
    assert not NEVER.keys() & set(names)
    assert {reach.field for reach in REACHES if not reach.extra} == OTHERWISE.keys()
    assert all(reach.how for reach in REACHES if not reach.extra)


def test_whatever_the_client_can_send_is_in_the_table() -> None:
    known = {reach.field for reach in REACHES} | NEVER.keys()
    assert set(fields_of(ImageInput)) <= known


def test_what_is_never_set_never_leaves() -> None:
    everything = [body_for(reach) for reach in REACHES]
    for name in NEVER.keys() - {"r2"}:
        assert not any(values_at(body, name) for body in everything), name
    assert all(body["r2"] is True for body in everything)


def test_the_table_is_the_hordes() -> None:
    if not HORDE_SWAGGER.exists():
        pytest.skip("the Horde's own swagger file is not here")
    definitions: Json = json.loads(HORDE_SWAGGER.read_text(encoding="utf-8"))["definitions"]
    theirs = set(fields_in(definitions, definitions[INPUT_SCHEMA]))
    assert len(theirs) > 50  # the walk went through allOf and $ref
    newer = {f"params.{name}" for name in NEWER_SETTINGS} | {"template_fields"}
    assert theirs == ({reach.field for reach in REACHES} | NEVER.keys()) - newer


@pytest.mark.parametrize("reach", [r for r in REACHES if r.extra], ids=lambda reach: reach.field)
def test_every_flag_of_an_example_is_a_flag(reach: Coverage) -> None:
    said = re.findall(r"--([a-z][a-z-]*)", reach.extra)
    names = {each.name for each in FLAGS} | {f"no-{each.name}" for each in FLAGS if each.away}
    assert said
    assert set(said) <= names


def fields_of(model: type[BaseModel], head: str = "") -> Iterator[str]:
    """Every field of a payload, those of inner values under their names."""
    for name, field in model.model_fields.items():
        inner = [kind for kind in _types(field.annotation) if issubclass(kind, BaseModel)]
        many = "tuple" in str(field.annotation)
        if inner:
            yield from fields_of(inner[0], f"{head}{name}{'[]' if many else ''}.")
        else:
            yield head + name


def _types(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for each in get_args(annotation):
        yield from _types(each)


def fields_in(definitions: Json, schema: Json, head: str = "") -> Iterator[str]:
    """The same of a schema of the Horde."""
    for name, field in properties(definitions, schema).items():
        many = field.get("type") == "array"
        value = field["items"] if many else field
        if properties(definitions, value).keys() - {"*"}:  # a star: an object with anything in it
            yield from fields_in(definitions, value, f"{head}{name}{'[]' if many else ''}.")
        else:
            yield head + name


def properties(definitions: Json, schema: Json) -> Json:
    if "$ref" in schema:
        return properties(definitions, definitions[schema["$ref"].rpartition("/")[2]])
    found: Json = {}
    for part in schema.get("allOf", ()):
        found |= properties(definitions, part)
    return found | schema.get("properties", {})
