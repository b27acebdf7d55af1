"""The card of a result: its pictures, missing ones, buttons."""

from dataclasses import replace

from bot.cards.card import Colour, Picture, Verb
from bot.cards.links import parent_link
from bot.cards.markdown import units
from bot.cards.request_card import card_for, rest_for
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.generations import FormResult
from bot.domain.records import MessageRef
from bot.domain.requests import ExtraText
from bot.domain.results import Phase, Preview, Status
from tests.support.builders import alchemy_request, image_generation
from tests.support.cards import (
    FOX_IN_SNOW,
    NOW,
    SQUARE,
    card_record,
    menu_of,
    menu_options,
    pictures_of,
    show,
    text_of,
    verb_of,
    verbs,
)

# What it says at the end


def test_a_result_has_its_picture_and_one_line_about_it() -> None:
    status = Status(phase=Phase.DONE, finished=1, cost=16, generations=(image_generation(),))
    card = show(FOX_IN_SNOW, status, outcome_at=NOW - 6)
    assert "> a red fox asleep in snow" in text_of(card)
    line = f"**AlbedoBase XL (SDXL)** · seed `1001` · {SQUARE} · 14 s · 16 kudos · by Dreamer"
    assert line in text_of(card).replace("\N{NO-BREAK SPACE}", " ")
    assert pictures_of(card) == [
        Picture("128-1.webp", "hordecord-128-1.webp", "a red fox asleep in snow")
    ]
    assert card.colour is Colour.DONE
    assert [[verb_of(button) for button in row] for row in card.rows] == [
        [Verb.AGAIN, Verb.VARY, Verb.UPSCALE, Verb.EDIT, Verb.DETAILS],
        [Verb.USE, Verb.DESCRIBE, Verb.SAVE, Verb.DELETE],
    ]
    assert card.menus == ()
    about_it = [button.id for row in card.rows for button in row if button.id.endswith(":1")]
    assert len(about_it) == 4  # Vary, Upscale, Use as source, Describe


def test_a_preview_is_shown_while_the_request_is_open() -> None:
    preview = Preview(file="128-preview", version="abc")
    status = Status(phase=Phase.PROCESSING, processing=1, share=0.5, preview=preview)
    card = show(FOX_IN_SNOW, status)
    assert pictures_of(card) == [
        Picture("128-preview", "hordecord-128-preview-abc", "a red fox asleep in snow")
    ]
    assert "▰▰▰▰▰▰▰▱▱▱▱▱▱▱" in text_of(card)
    hidden = show(FOX_IN_SNOW.model_copy(update={"spoiler": True}), status)
    assert all(picture.spoiler for picture in pictures_of(hidden))
    ended = status.with_outcome(Phase.CANCELLED, "")
    assert pictures_of(show(FOX_IN_SNOW, ended)) == []


def test_a_private_result_can_be_published_once() -> None:
    status = Status(phase=Phase.DONE, generations=(image_generation(),))
    private = FOX_IN_SNOW.model_copy(update={"private": True})
    assert Verb.PUBLISH in verbs(show(private, status))
    assert Verb.PUBLISH not in verbs(show(private, status, published=True))
    assert Verb.PUBLISH not in verbs(show(private, Status(phase=Phase.FAULTED)))
    ephemeral = (MessageRef(channel_id=4, ephemeral=True),)
    assert Verb.PUBLISH in verbs(show(FOX_IN_SNOW, status, messages=ephemeral))


def test_every_missing_picture_is_named_with_its_reason() -> None:
    request = FOX_IN_SNOW.model_copy(update={"n": 6})
    found = (
        image_generation(1),
        image_generation(2, file="", censored="nsfw"),
        image_generation(3, file="", problem="The image of the worker could not be downloaded."),
        image_generation(4, file="", censored="csam"),
    )
    card = show(request, Status(phase=Phase.PARTIAL, finished=6, generations=found))
    text = text_of(card)
    assert "**1 of 6 arrived**" in text
    assert "**Image 2:** Withheld as NSFW by the filter of the worker." in text
    assert "**Image 3:** The image of the worker could not be downloaded." in text
    assert "**Image 4:** Blocked by the safety filter of the worker." in text
    assert "**Images 5 and 6:** No worker delivered this result." in text
    assert card.colour is Colour.PARTIAL


def test_one_reason_for_all_of_them_is_one_sentence_with_what_to_press() -> None:
    request, lost = FOX_IN_SNOW.model_copy(update={"n": 4}), "Lost on its way."
    found = tuple(image_generation(number, file="", problem=lost) for number in range(1, 5))
    text = text_of(show(request, Status(phase=Phase.FAULTED, generations=found)))
    assert f"**Failed**\n{lost} Press **Again** to try once more." in text
    assert "Pictures" not in text
    found = tuple(image_generation(number, file="", censored="nsfw") for number in range(1, 5))
    text = text_of(show(request, Status(phase=Phase.FAULTED, generations=found)))
    assert "**Censored**\nWithheld as NSFW by the filter of the worker. Change the prompt" in text
    assert "Press" not in text


def test_several_reasons_for_nothing_are_a_list_and_what_to_press() -> None:
    found = (
        image_generation(1, file="", problem="Torn."),
        image_generation(2, file="", problem="Lost."),
    )
    status = Status(phase=Phase.FAULTED, generations=found)
    text = text_of(show(FOX_IN_SNOW.model_copy(update={"n": 2}), status))
    assert "- **Image 1:** Torn.\n- **Image 2:** Lost.\nPress **Again**" in text


def test_twenty_pictures_of_which_some_are_missing() -> None:
    request = FOX_IN_SNOW.model_copy(update={"n": 20})
    gone = {2: "nsfw", 3: "nsfw", 4: "nsfw", 7: "nsfw", 9: "csam"}
    found = tuple(
        image_generation(
            number, file="" if number in gone else "x.webp", censored=gone.get(number, "")
        )
        for number in range(1, 19)
    )
    status = Status(phase=Phase.PARTIAL, finished=20, generations=found)
    text = text_of(show(request, status))
    assert "**13 of 20 arrived**" in text
    assert "**Images 2 to 4 and 7:** Withheld as NSFW" in text
    assert "**Image 9:** Blocked" in text
    assert "**Images 19 and 20:** No worker delivered" in text


def test_a_card_says_what_a_qr_code_holds_and_which_style_it_is_in() -> None:
    status = Status(phase=Phase.DONE, generations=(image_generation(),))
    held = ExtraText(text="https://example.org/`x`", reference="qr_code")
    coded = FOX_IN_SNOW.model_copy(update={"workflow": "qr_code", "texts": (held,)})
    for phase in (Phase.DONE, Phase.QUEUED):
        text = text_of(show(coded, status if phase is Phase.DONE else None, phase))
        assert "QR code of `https://example.org/'x'`" in text
    styled = FOX_IN_SNOW.model_copy(update={"style": "6e9b9d9e", "style_name": "paper *cut*"})
    text = text_of(show(styled, status))
    assert "-# in the style **paper \\*cut\\***" in text
    assert "6e9b9d9e" not in text


def test_a_backends_reason_explains_the_missing_images() -> None:
    request = FOX_IN_SNOW.model_copy(update={"n": 3})
    detail = "The workers failed at the rest."
    status = Status(phase=Phase.PARTIAL, generations=(image_generation(),), detail=detail)
    text = text_of(show(request, status))
    assert text.count("1 of 3 arrived") == 1
    assert "**Images 2 and 3:** The workers failed at the rest." in text


def test_where_nsfw_is_allowed_nobody_is_sent_elsewhere() -> None:
    request = FOX_IN_SNOW.model_copy(update={"nsfw": True})
    found = (image_generation(file="", censored="nsfw"),)
    card = show(request, Status(phase=Phase.FAULTED, generations=found))
    assert "**Censored**" in text_of(card)
    assert "age-restricted" not in text_of(card)


def test_twenty_pictures_take_two_messages() -> None:
    request = FOX_IN_SNOW.model_copy(update={"n": 20})
    found = tuple(image_generation(number) for number in range(1, 21))
    status = Status(phase=Phase.DONE, finished=20, generations=found)
    card, rest = show(request, status), rest_for(card_record(request, Phase.DONE), status, now=NOW)
    assert rest is not None
    names = [one.filename for one in (*pictures_of(card), *pictures_of(rest))]
    assert names == [f"hordecord-128-{number}.webp" for number in range(1, 21)]
    assert "Images 11 to 20 of #128" in text_of(rest)
    assert " · 20 seeds · " in text_of(card)
    assert [len(menu_options(one)) for one in (card, rest)] == [10, 10]
    assert not rest.rows


def test_ten_pictures_take_one() -> None:
    request = FOX_IN_SNOW.model_copy(update={"n": 10})
    found = tuple(image_generation(number) for number in range(1, 11))
    status = Status(phase=Phase.DONE, finished=10, generations=found)
    assert rest_for(card_record(request, Phase.DONE), status, now=NOW) is None


def test_a_missing_picture_leaves_its_number_out() -> None:
    request = FOX_IN_SNOW.model_copy(update={"n": 3})
    found = (
        image_generation(1),
        image_generation(2, file="", censored="nsfw", problem="Censored"),
        image_generation(3),
    )
    card = show(request, Status(phase=Phase.PARTIAL, generations=found))
    assert "**Image 2:**" in text_of(card)
    assert [one.filename for one in pictures_of(card)] == [
        "hordecord-128-1.webp",
        "hordecord-128-3.webp",
    ]
    assert menu_options(card) == [("1", "Image 1 · seed 1001"), ("3", "Image 3 · seed 1003")]


def test_what_was_upscaled_can_be_upscaled_another_way() -> None:
    form = FormResult(form="RealESRGAN_x4plus", state="done", file="128-x.webp")
    request = alchemy_request("RealESRGAN_x4plus", withhold=False)
    card = show(request, Status(phase=Phase.DONE, generations=(form,)))
    assert verb_of(menu_of(card)) is Verb.UPSCALER
    names = [value for value, _ in menu_options(card)]
    assert "RealESRGAN_x4plus" not in names
    assert all(FORMS[name].group == "upscale" for name in names)
    assert verbs(card) == [Verb.AGAIN, Verb.USE, Verb.DETAILS, Verb.SAVE, Verb.DELETE]
    assert len(card.rows) == 1


def test_a_picture_that_was_kept_back_has_no_verbs() -> None:
    form = FormResult(form="RealESRGAN_x4plus", state="done", file="128-x.webp")
    status = Status(phase=Phase.DONE, generations=(form, FormResult(form="nsfw", state="faulted")))
    card = show(alchemy_request("RealESRGAN_x4plus"), status)
    assert verbs(card) == [Verb.AGAIN, Verb.DETAILS, Verb.DELETE]
    assert card.menus == ()


def test_a_picture_made_smaller_is_said_to_be() -> None:
    found = (image_generation(width=1024, height=1024), image_generation(width=640, height=576))
    text = text_of(show(FOX_IN_SNOW, Status(phase=Phase.DONE, generations=found)))
    said, small = text.replace("\N{NO-BREAK SPACE}", " "), "640 \N{MULTIPLICATION SIGN} 576"
    assert f"The size {SQUARE} needs kudos. The image was created with the size {small}." in said


def test_a_style_decides_the_size_and_what_it_passes_over_is_said() -> None:
    request = FOX_IN_SNOW.model_copy(update={"style": "ink", "clip_skip": 2, "hires_fix": True})
    status = Status(phase=Phase.DONE, generations=(image_generation(width=512, height=512),))
    for card in (show(request, status), show(request, Status(phase=Phase.WAITING))):
        assert "The image is created with" not in text_of(card)
        assert "instead of: clip_skip, hires_fix" in text_of(card)


def test_flags_in_a_prompt_are_said_to_be_words_there() -> None:
    request = FOX_IN_SNOW.model_copy(
        update={"prompt": "a fox --ar 16:9 --no dogs --foo x--steps -- y"}
    )
    status = Status(phase=Phase.DONE, generations=(image_generation(),))
    for card in (show(request, status), show(request, Status(phase=Phase.WAITING))):
        assert "-# Used as words of the prompt: `--ar` and `--no`." in text_of(card)
    assert "Read as words" not in text_of(show(FOX_IN_SNOW, status))


def test_tags_of_other_programs_in_a_prompt_are_said_to_be_words_there() -> None:
    request = FOX_IN_SNOW.model_copy(update={"prompt": "a fox <lora:add_detail:0.8>"})
    for phase in (Phase.DONE, Phase.WAITING):
        card = show(request, Status(phase=phase, generations=(image_generation(),)))
        assert "Used as words of the prompt: `<lora:add_detail:0.8>`." in text_of(card)
        assert "LoRAs belong into the option `extra`: `--lora add_detail:0.8`." in text_of(card)


def test_a_prompt_full_of_flags_leaves_room_for_the_rest_of_the_card() -> None:
    found = (f"--s{'_' * number}teps" for number in range(80))
    for flags in (" ".join(found), f"--s{'_' * 3_900}teps"):
        request = FOX_IN_SNOW.model_copy(update={"prompt": f"a fox {flags}"[:4_000]})
        status = Status(phase=Phase.DONE, generations=(image_generation(),))
        for card in (show(request, status), show(request, Status(phase=Phase.WAITING))):
            assert units(text_of(card)) < 1_000
            assert "Used as words of the prompt: `--s" in text_of(card)
    many = " ".join(f"--s{'_' * number}teps" for number in range(9))
    said = text_of(show(FOX_IN_SNOW.model_copy(update={"prompt": f"a fox {many}"}), status))
    assert "`--s____teps` and 4 more. Flags" in said


def test_the_way_back_is_a_link_where_its_readers_can_go() -> None:
    there = MessageRef(channel_id=4, message_id=77)
    parent = card_record(FOX_IN_SNOW, Phase.DONE, id=12, messages=(there,))
    child = card_record(
        FOX_IN_SNOW, Phase.WAITING, parent=12, messages=(replace(there, message_id=78),)
    )
    address = parent_link(child, parent)
    assert address == "https://discord.com/channels/3/4/77"
    card = card_for(child, None, now=NOW, parent_link=address)
    assert f"#128 · from [#12]({address})" in text_of(card)
    assert "#128 · from #12" in text_of(card_for(child, None, now=NOW))
    hidden = replace(there, ephemeral=True)
    elsewhere = replace(there, channel_id=5)
    for ref in (hidden, elsewhere, replace(there, message_id=0)):
        assert parent_link(child, replace(parent, messages=(ref,))) == ""
    private = replace(parent, request=FOX_IN_SNOW.model_copy(update={"private": True}))
    assert parent_link(child, private) == ""


def test_a_picture_as_large_as_asked_for_is_not_said_to_be_smaller() -> None:
    found = (image_generation(width=1024, height=1024),)
    assert "The image is created with" not in text_of(
        show(FOX_IN_SNOW, Status(phase=Phase.DONE, generations=found))
    )
