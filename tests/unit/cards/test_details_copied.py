"""Details that can be copied back into a command, and say how it ended."""

from typing import Any

import pytest

from bot.cards.card import TEXT_MAX
from bot.cards.details import ALWAYS, NOT_SHOWN
from bot.cards.markdown import units
from bot.cards.request_card import details
from bot.domain.generations import TextGeneration
from bot.domain.requests import ExtraImage, ImageRequest, Source
from bot.domain.results import Phase, Status
from tests.support.builders import alchemy_request, image_generation
from tests.support.cards import FOX_IN_SNOW, TEXT_REQUEST, attachments_of, card_record, text_of

# Details


def usual(**fields: Any) -> ImageRequest:
    return FOX_IN_SNOW.model_copy(
        update={"cfg_scale": 6.0, **fields}
    )  # as /imagine asks this model


def test_details_can_be_copied_and_repeat_exactly() -> None:
    request = usual(negative="blurry", width=832, height=1216)
    status = Status(phase=Phase.DONE, generations=(image_generation(),))
    text = text_of(details(card_record(request, Phase.DONE), status))
    for name in ALWAYS & ImageRequest.model_fields.keys() - NOT_SHOWN:
        assert f"\n{name}: " in text
    assert "\nclip_skip: " not in text  # not chosen
    assert "\nsource: " not in text  # there is none
    chosen = details(card_record(usual(clip_skip=2), Phase.DONE), status)
    assert "\nclip_skip: 2\n" in text_of(chosen)
    assert "Command that repeats the image." in text
    assert (
        "```\n/imagine prompt:a red fox asleep in snow negative:blurry model:AlbedoBase XL (SDXL) "
        "seed:1001 "
        "extra:--only --size 832x1216 --steps 30 --cfg 6 --sampler k_euler_a --karras\n```"
    ) in text


def test_details_repeat_a_text_and_alchemy() -> None:
    found = (TextGeneration(text="x", model="koboldcpp/Mistral"),)
    text = text_of(
        details(card_record(TEXT_REQUEST, Phase.DONE), Status(phase=Phase.DONE, generations=found))
    )
    assert (
        "/write prompt:Tell me about foxes model:koboldcpp/Mistral length:240 temperature:0.8"
    ) in text
    text = text_of(details(card_record(alchemy_request("nsfw", "palette"), Phase.DONE), None))
    assert "/alchemy forms:nsfw, palette" in text
    assert "Attach the source image" in text


@pytest.mark.parametrize("odd", ["a fox\nin snow", "a fox seed:7"])
def test_details_say_when_the_command_only_comes_near(odd: str) -> None:
    text = text_of(details(card_record(usual(prompt=odd), Phase.DONE), None))
    assert "closest to the request" in text


def test_details_of_several_pictures_list_every_seed() -> None:
    request = usual(n=3)
    status = Status(phase=Phase.DONE, generations=tuple(image_generation(n) for n in range(3)))
    text = text_of(details(card_record(request, Phase.DONE), status))
    assert all(f"seed `100{n}`" in text for n in range(3))
    assert "count:" not in text
    assert "that repeats the first image. The seeds of the others are below." in text


def test_details_list_a_shared_seed_once_and_attach_what_is_more() -> None:
    found = tuple(image_generation(number, seed=str(number // 2)) for number in range(20))
    card = details(
        card_record(usual(n=20), Phase.DONE), Status(phase=Phase.DONE, generations=found)
    )
    assert "**3 and 4** · seed `1`" in text_of(card)
    assert "seed `6`" not in text_of(card)
    assert "13 and 14: seed 6, AlbedoBase XL" in attachments_of(card)[0].data.decode()


@pytest.mark.parametrize("sign", ["w", "_", "\u96ea"])
def test_details_have_room_for_the_longest_names(sign: str) -> None:
    """Seeds and workers' names are what strangers sent; the file has what does not fit."""
    files = tuple(Source(url="https://cdn.example/x", filename=f"{n}{sign * 90}") for n in range(7))
    long = usual(
        prompt=f"{sign} " * 1_500,
        source=files[0],
        mask=files[1],
        extra_images=tuple(ExtraImage(source=one) for one in files[2:]),
        n=20,
        style="ink",
        clip_skip=2,
        hires_fix=True,
    )
    found = tuple(
        image_generation(n, seed=f"{n % 6}{sign * 90}", model=sign * 90, worker=sign * 90)
        for n in range(20)
    )
    card = details(
        card_record(long, Phase.DONE, parent=12), Status(phase=Phase.DONE, generations=found)
    )
    assert units(text_of(card)) < TEXT_MAX - 100
    assert text_of(card).endswith("has the full texts.")
    assert f"6, 12 and 18: seed 5{sign * 90}" in attachments_of(card)[0].data.decode()


def test_details_attach_nothing_about_what_nobody_told() -> None:
    some = tuple(image_generation(number) for number in range(7))
    lost = image_generation(7, file="", seed="", model="", worker="")
    found = Status(phase=Phase.DONE, generations=(*some, lost, image_generation(8, worker="")))
    (attached,) = attachments_of(details(card_record(usual(n=9), Phase.DONE), found))
    assert attached.data.decode().endswith(
        "\n8: seed, model and worker unknown\n9: seed 1008, AlbedoBase XL (SDXL)"
    )


def test_details_say_how_it_ended_before_the_row_is_closed() -> None:
    status = Status(phase=Phase.DONE, generations=(image_generation(),))
    assert " · finished · " in text_of(details(card_record(FOX_IN_SNOW, Phase.WAITING), status))
    looked = Status(phase=Phase.PROCESSING)
    assert " · waiting for a worker · " in text_of(
        details(card_record(FOX_IN_SNOW, Phase.WAITING), looked)
    )


def test_details_name_the_sides_that_were_enlarged() -> None:
    wider = FOX_IN_SNOW.model_copy(update={"mode": "outpainting", "expand": (320, 0, 320, 0)})
    assert "\nexpand: left=320,right=320\n" in text_of(
        details(card_record(wider, Phase.DONE), None)
    )


def test_details_of_what_was_never_made_promise_no_same_picture() -> None:
    assert "that repeats the request." in text_of(
        details(card_record(usual(), Phase.REJECTED), None)
    )
    seeded = text_of(details(card_record(usual(seed="7"), Phase.REJECTED), None))
    assert "that repeats the image." in seeded
    several = text_of(details(card_record(usual(seed="7", n=3), Phase.REJECTED), None))
    assert "that repeats the images." in several


def test_details_attach_what_does_not_fit() -> None:
    long = FOX_IN_SNOW.model_copy(update={"prompt": "word " * 700 + "@everyone"})
    card = details(card_record(long, Phase.DONE), None)
    assert long.prompt in attachments_of(card)[0].data.decode()
    assert "@everyone" not in text_of(card)
    assert not attachments_of(details(card_record(FOX_IN_SNOW, Phase.DONE), None))


def test_details_keep_account_facts() -> None:
    status = Status(phase=Phase.REJECTED, detail="Your key is unknown.", public=False)
    assert "unknown" not in text_of(details(card_record(FOX_IN_SNOW, Phase.REJECTED), status))
