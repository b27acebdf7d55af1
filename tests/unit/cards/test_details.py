"""The command that Details prints makes the same again, as Discord's message box reads it."""

import asyncio
from typing import Any

import pytest
from discord import app_commands
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.request_card import details
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.generations import ImageGeneration
from bot.domain.requests import (
    AlchemyRequest,
    Embedding,
    ExtraImage,
    ExtraText,
    ImageRequest,
    Lora,
    Request,
    Source,
    merged,
)
from bot.domain.results import Phase, Status
from bot.parameters import repeat_command
from bot.parameters.layers import compose
from bot.parameters.repeat_command import command_for
from cogs import _options
from docs import generate
from tests.support.builders import SQUARE_SOURCE
from tests.support.cards import card_record, text_of
from tests.support.commands_page import command_of, fits, options_of
from tests.support.flag_strategies import MODEL_CATALOG, requests
from tests.support.layers import layer_of

DEN = Source(url="https://cdn.example/den.png", filename="den.png")
MASK = Source(url="https://cdn.example/mask.png", filename="mask`.png")
TREE = {
    command.qualified_name: command
    for command in asyncio.run(generate.tree())
    if isinstance(command, app_commands.Command)
}


def pasted(line: str) -> tuple[str, dict[str, str]]:
    """The command and its options, each of which the command really has and takes."""
    command = command_of(line, TREE)
    assert command is not None, line
    given = options_of(line.removeprefix(f"/{command.qualified_name} "), command)
    known = {option.name: option for option in command.parameters}
    for name, value in given.items():
        assert fits(value, known[name]), (name, value)
        assert len(value) <= (known[name].max_value or len(value))
    return command.qualified_name, given


def again(line: str, request: ImageRequest) -> ImageRequest:
    """The request that the pasted line makes, with the pictures added that it asks for."""
    _, options = pasted(line)
    given: dict[str, Any] = {**options, "private": options.get("private") == "True"}
    if "count" in options:
        given["count"] = int(options["count"])
    chosen = _options.image_choices(given.items())
    pictures = {"source": request.source, "mask": request.mask}
    bare = (each.model_copy(update={"strength": 1.0}) for each in request.extra_images)
    added = {"extra_images": tuple(bare)} | pictures
    mine = {"steps": 12, "tiling": True, "loras": (Lora(name="mine"),), "negative": "mine"}
    start = layer_of({name: value for name, value in added.items() if value})
    standing = [] if chosen.only else [layer_of(mine)]
    return compose(MODEL_CATALOG, merged(start, chosen), standing=standing)


@settings(max_examples=150, deadline=None)
@given(requests(), st.booleans())
def test_the_command_makes_the_same_again(request: ImageRequest, private: bool) -> None:
    request = request.model_copy(update={"private": private})
    found = command_for(card_record(request, Phase.DONE), None)
    assert "\n" not in found.line
    if found.exact:
        assert again(found.line, request) == request


@pytest.mark.parametrize(
    "fields",
    [
        {"steps": 31, "sampler": "DDIM", "karras": False, "width": 64},
        {"loras": (Lora(name="a: b", model=0.8, trigger="any"), Lora(name="7", is_version=True))},
        {"embeddings": (Embedding(name="7808", inject="negprompt"),), "clip_skip": 2},
        {"n": 4, "seed": "7", "seed_variation": 3},
        {"n": 12, "seed": "7"},
        {"models": ("Deliberate", "Dreamshaper"), "private": True},
        {"models": ()},
        {"workflow": "qr_code", "texts": (ExtraText(text="seed:1 x", reference="qr_code"),)},
        {"hires_fix": True, "post": ("GFPGAN",), "workers": ("a",), "worker_blacklist": True},
        {"negative": "blurry, ugly", "allow_downgrade": False, "slow_workers": False},
    ],
)
def test_every_parameter_is_in_the_command(fields: dict[str, Any]) -> None:
    chosen: dict[str, Any] = {"prompt": "a red fox", "models": ("Deliberate",)} | fields
    request = compose(MODEL_CATALOG, layer_of(chosen))
    found = command_for(card_record(request, Phase.DONE), None)
    assert found.exact
    assert again(found.line, request) == request
    assert "closest to the request" not in details_of(request)


def test_the_pictures_to_add_are_named() -> None:
    painted = ImageRequest(
        prompt="a den", source=SQUARE_SOURCE, mode="inpainting", mask=MASK, models=("Deliberate",)
    )
    line = command_for(card_record(painted, Phase.DONE), None).line
    assert pasted(line)[0] == "remix"
    assert again(line, painted) == painted
    assert "Attach `fox.png` as **image** and `mask'.png` as **mask**." in details_of(painted)
    mixed = ImageRequest(
        prompt="a den",
        source=SQUARE_SOURCE,
        mode="remix",
        models=("Stable Cascade 1.0",),
        extra_images=(ExtraImage(source=DEN, strength=0.5), ExtraImage(source=SQUARE_SOURCE)),
    )
    assert "`den.png` as **image2** and `fox.png` as **image3**" in details_of(mixed)
    line = command_for(card_record(mixed, Phase.DONE), None).line
    same = again(line, mixed)
    assert same == mixed.model_copy(update={"sampling_chosen": same.sampling_chosen})
    varied = ImageRequest(prompt="a den", source=SQUARE_SOURCE, mode="img2img", strength=0.4)
    assert pasted(command_for(card_record(varied, Phase.DONE), None).line)[0] == "imagine"
    assert "Attach `fox.png` as **image**." in details_of(varied)


def test_values_are_printed_as_they_are_written_in_extra() -> None:
    request = ImageRequest(
        prompt="a den",
        source=SQUARE_SOURCE,
        mode="remix",
        loras=(Lora(name="a b", model=0.8), Lora(name="7", is_version=True)),
        embeddings=(Embedding(name="7808", inject="prompt"),),
        texts=(ExtraText(text="hello", reference="qr_code"),),
        extra_images=(ExtraImage(source=DEN, strength=0.5),),
        expand=(0, 64, 0, 0),
        parts=("top left", "top"),
        trusted_workers=True,
    )
    text = details_of(request)
    for line in (
        'loras: "a b":0.8, version 7',
        "embeddings: 7808@prompt",
        'texts: qr_code="hello"',
        "source: fox.png",
        "extra_images: den.png (0.5)",
        "expand: top=64",
        "parts: top left, top",
        "trusted_workers: yes",
    ):
        assert f"\n{line}\n" in text
    assert "cdn.example" not in text


def test_a_style_that_decides_says_so() -> None:
    request = ImageRequest(prompt="a den", style="fantasy", seed="7", loras=(Lora(name="x"),))
    assert "instead of: seed, loras." in details_of(request)
    assert "instead of" not in details_of(request.model_copy(update={"style": ""}))


def test_the_first_picture_of_several_is_the_one_that_comes_again() -> None:
    request = ImageRequest(prompt="a fox", models=("A", "B"), n=3)
    came = tuple(
        ImageGeneration(id=f"{n}", file=f"1-{n}.webp", seed=f"10{n}", model="B") for n in range(3)
    )
    found = command_for(
        card_record(request, Phase.DONE), Status(phase=Phase.DONE, generations=came)
    )
    _, options = pasted(found.line)
    assert options["seed"] == "100"
    assert options["model"] == "B"
    assert "count" not in options
    assert "--count" not in options["extra"]


def test_what_is_longer_than_the_option_is_not_called_exact() -> None:
    many = tuple(Lora(name=f"{n}" * 250, trigger="x" * 30) for n in range(5))
    many_more = tuple(Embedding(name="y" * 200) for _ in range(20))
    request = ImageRequest(prompt="a fox", loras=many, embeddings=many_more)
    assert not command_for(card_record(request, Phase.DONE), None).exact
    assert "closest to the request" in details_of(request)


@pytest.mark.parametrize("count", [1, 3, 4, len(FORMS)])
def test_any_number_of_forms_comes_again(count: int) -> None:
    request = AlchemyRequest(source=SQUARE_SOURCE, forms=tuple(FORMS)[:count])
    found = command_for(card_record(request, Phase.DONE), None)
    assert found.exact
    command, options = pasted(found.line)
    assert command == "alchemy"
    assert tuple(options["forms"].split(", ")) == request.forms


def test_all_options_of_the_commands_are_known() -> None:
    """What looks like one of them in a text would be taken for it."""
    for name in ("imagine", "remix", "write", "alchemy"):
        assert {option.name for option in TREE[name].parameters} <= set(repeat_command.OPTIONS)
    extra = next(option for option in TREE["imagine"].parameters if option.name == "extra")
    assert extra.max_value == repeat_command.EXTRA_MAX


def details_of(request: Request) -> str:
    return text_of(details(card_record(request, Phase.DONE), None))
