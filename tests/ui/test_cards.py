import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alchemy import FORMS
from bot.records import MessageRef, Payer, Record
from bot.requests import AlchemyRequest, ExtraText, ImageRequest, Request, Source, TextRequest
from bot.results import FormResult, ImageGeneration, Phase, Status, Tag, TextGeneration
from bot.ui.card import (
    ALT_MAX,
    COMPONENTS_MAX,
    FILES_MAX,
    GALLERY_MAX,
    OPTIONS_MAX,
    TEXT_MAX,
    Attachment,
    Card,
    Colour,
    Divider,
    Gallery,
    Picture,
    Text,
    Verb,
)
from bot.ui.cards import card_for, details, rest_for
from bot.ui.details import ALWAYS, NOT_SHOWN
from bot.ui.layout import custom_id
from bot.ui.markdown import units
from bot.ui.ways import way_back

NOW = 1_790_000_000.0
IMAGE = ImageRequest(prompt="a red fox asleep in snow", models=("AlbedoBase XL (SDXL)",))
TEXT = TextRequest(prompt="Tell me about foxes", models=("koboldcpp/Mistral",))
SOURCE = Source(url="https://cdn.example/fox.png", filename="fox.png")
SQUARE = "1024 \N{MULTIPLICATION SIGN} 1024"


def alchemy(*forms: str, withhold: bool = True) -> AlchemyRequest:
    return AlchemyRequest(source=SOURCE, forms=forms, withhold=withhold)


def record(request: Request, phase: Phase, **fields: Any) -> Record:
    known: dict[str, Any] = {
        "id": 128,
        "interaction_id": 1,
        "backend": "horde",
        "user_id": 2,
        "guild_id": 3,
        "channel_id": 4,
        "payer": Payer.BOT,
        "request": request,
        "phase": phase,
        "created_at": NOW - 20,
        "sent_at": NOW - 18,
    }
    return Record(**(known | fields))


def picture(number: int = 1, **fields: Any) -> ImageGeneration:
    known: dict[str, Any] = {
        "id": f"id{number}",
        "file": f"128-{number}.webp",
        "seed": str(1000 + number),
        "model": "AlbedoBase XL (SDXL)",
        "worker": "Dreamer",
        "width": 1024,
        "height": 1024,
    }
    return ImageGeneration(**(known | fields))


def text_of(card: Card) -> str:
    return "\n".join(block.content for block in card.blocks if isinstance(block, Text))


def verbs(card: Card) -> list[Verb]:
    return [button.verb for row in card.rows for button in row]


def pictures_of(card: Card) -> list[Picture]:
    return [p for block in card.blocks if isinstance(block, Gallery) for p in block.pictures]


def options(card: Card) -> list[tuple[str, str]]:
    assert card.menu is not None
    return [(option.value, option.label) for option in card.menu.options]


def attachments_of(card: Card) -> list[Attachment]:
    return [block for block in card.blocks if isinstance(block, Attachment)]


def show(request: Request, status: Status | None, phase: Phase | None = None, **kw: Any) -> Card:
    place = kw.pop("place", 0)
    published = kw.pop("published", False)
    phase = phase or (status.phase if status else Phase.QUEUED)
    row = record(request, phase, **kw)
    return card_for(row, status, place=place, now=NOW, published=published)


# What a card says while it is open


def test_our_own_queue_is_counted_in_places() -> None:
    card = show(IMAGE, None, place=3, sent_at=None)
    assert "**3rd in our queue**" in text_of(card)
    assert card.colour is Colour.WAITING
    assert verbs(card) == [Verb.CANCEL]


def test_progress_shows_bar_place_time_kudos_and_payer() -> None:
    request = IMAGE.model_copy(update={"n": 4})
    status = Status(
        phase=Phase.PROCESSING,
        finished=2,
        processing=1,
        waiting=1,
        queue_position=12,
        wait_time=33,
        kudos=16.2,
        generations=(picture(1), picture(2)),
        warnings=("The sampler does not suit this model.",),
    )
    card = show(request, status)
    text = text_of(card)
    assert "▰▰▰▰▰▰▰▱▱▱▱▱▱▱  **2 of 4 done** · place 12 in line · ready <t:1790000035:R>" in text
    assert "16\N{NO-BREAK SPACE}kudos so far · paid by the bot's key · #128" in text
    assert "⚠️ The sampler does not suit this model." in text
    assert len(pictures_of(card)) == 2
    assert card.colour is Colour.WORKING


@pytest.mark.parametrize(
    ("payer", "said"),
    [
        (Payer.USER, "paid by your key"),
        (Payer.GUILD, "paid by this server's key"),
        (Payer.BOT, "paid by the bot's key"),
        (Payer.ANONYMOUS, "free, anonymous"),
    ],
)
def test_who_pays_is_always_said(payer: Payer, said: str) -> None:
    for phase in Phase:
        for request in (IMAGE, TEXT, alchemy("caption")):
            assert said in text_of(show(request, Status(phase=phase), payer=payer))


def test_the_bar_moves_with_time_and_is_full_only_at_the_end() -> None:
    def bar(elapsed: float, wait: int, phase: Phase = Phase.PROCESSING) -> int:
        status = Status(phase=phase, processing=1, wait_time=wait)
        return text_of(show(IMAGE, status, sent_at=NOW - elapsed)).count("▰")

    assert bar(0, 30) == 0
    assert bar(15, 15) == 7
    assert bar(29, 1) == 13
    assert bar(60, 0) == 13
    assert bar(60, 0, Phase.WAITING) == 0


def test_a_request_that_nobody_can_make_keeps_waiting_and_says_so() -> None:
    card = show(IMAGE, Status(phase=Phase.WAITING, is_possible=False))
    assert "No worker online can make this right now" in text_of(card)
    assert verbs(card) == [Verb.CANCEL]


def test_stopping_takes_the_cancel_button_away() -> None:
    card = show(IMAGE, Status(phase=Phase.PROCESSING, processing=1), cancel_at=NOW)
    assert "Stopping" in text_of(card)
    assert card.rows[0][0].disabled


def test_an_ended_row_outweighs_an_old_look() -> None:
    card = show(IMAGE, Status(phase=Phase.WAITING), Phase.CANCELLED)
    assert "**Cancelled**" in text_of(card)


# What it says at the end


def test_a_result_has_its_picture_and_one_line_about_it() -> None:
    status = Status(phase=Phase.DONE, finished=1, kudos=16, generations=(picture(),))
    card = show(IMAGE, status, outcome_at=NOW - 6)
    assert "> a red fox asleep in snow" in text_of(card)
    line = f"**AlbedoBase XL (SDXL)** · seed `1001` · {SQUARE} · 14 s · 16 kudos · by Dreamer"
    assert line in text_of(card).replace("\N{NO-BREAK SPACE}", " ")
    assert pictures_of(card) == [
        Picture("128-1.webp", "hordecord-128-1.webp", "a red fox asleep in snow")
    ]
    assert card.colour is Colour.DONE
    assert [[button.verb for button in row] for row in card.rows] == [
        [Verb.AGAIN, Verb.VARY, Verb.UPSCALE, Verb.EDIT, Verb.DETAILS],
        [Verb.USE, Verb.DESCRIBE, Verb.SAVE, Verb.DELETE],
    ]
    assert card.menu is None
    about_it = [button.number for row in card.rows for button in row if button.number]
    assert about_it == [1, 1, 1, 1]  # Vary, Upscale, Use as source, Describe


def test_a_private_result_can_be_published_once() -> None:
    status = Status(phase=Phase.DONE, generations=(picture(),))
    private = IMAGE.model_copy(update={"private": True})
    assert Verb.PUBLISH in verbs(show(private, status))
    assert Verb.PUBLISH not in verbs(show(private, status, published=True))
    assert Verb.PUBLISH not in verbs(show(private, Status(phase=Phase.FAULTED)))
    ephemeral = (MessageRef(channel_id=4, ephemeral=True),)
    assert Verb.PUBLISH in verbs(show(IMAGE, status, messages=ephemeral))


def test_every_missing_picture_is_named_with_its_reason() -> None:
    request = IMAGE.model_copy(update={"n": 6})
    found = (
        picture(1),
        picture(2, file="", censored="nsfw"),
        picture(3, file="", problem="The worker's picture could not be downloaded."),
        picture(4, file="", censored="csam"),
    )
    card = show(request, Status(phase=Phase.PARTIAL, finished=6, generations=found))
    text = text_of(card)
    assert "**1 of 6 arrived**" in text
    assert "**Picture 2:** Taken for NSFW by the worker's filter." in text
    assert "**Picture 3:** The worker's picture could not be downloaded." in text
    assert "**Picture 4:** Blocked by the worker's safety filter." in text
    assert "**Pictures 5 and 6:** Never delivered by a worker." in text
    assert card.colour is Colour.PARTIAL


def test_one_reason_for_all_of_them_is_one_sentence_with_what_to_press() -> None:
    request, lost = IMAGE.model_copy(update={"n": 4}), "Lost on its way."
    found = tuple(picture(number, file="", problem=lost) for number in range(1, 5))
    text = text_of(show(request, Status(phase=Phase.FAULTED, generations=found)))
    assert f"**It did not work**\n{lost} Press **Again** to try once more." in text
    assert "Pictures" not in text
    found = tuple(picture(number, file="", censored="nsfw") for number in range(1, 5))
    text = text_of(show(request, Status(phase=Phase.FAULTED, generations=found)))
    assert "**Censored**\nTaken for NSFW by the worker's filter. Change the prompt" in text
    assert "Press" not in text


def test_several_reasons_for_nothing_are_a_list_and_what_to_press() -> None:
    found = (picture(1, file="", problem="Torn."), picture(2, file="", problem="Lost."))
    status = Status(phase=Phase.FAULTED, generations=found)
    text = text_of(show(IMAGE.model_copy(update={"n": 2}), status))
    assert "- **Picture 1:** Torn.\n- **Picture 2:** Lost.\nPress **Again**" in text


def test_twenty_pictures_of_which_some_are_missing() -> None:
    request = IMAGE.model_copy(update={"n": 20})
    gone = {2: "nsfw", 3: "nsfw", 4: "nsfw", 7: "nsfw", 9: "csam"}
    found = tuple(
        picture(number, file="" if number in gone else "x.webp", censored=gone.get(number, ""))
        for number in range(1, 19)
    )
    status = Status(phase=Phase.PARTIAL, finished=20, generations=found)
    text = text_of(show(request, status))
    assert "**13 of 20 arrived**" in text
    assert "**Pictures 2 to 4 and 7:** Taken for NSFW" in text
    assert "**Picture 9:** Blocked" in text
    assert "**Pictures 19 and 20:** Never delivered" in text


def test_a_card_says_what_a_qr_code_holds_and_which_style_it_is_in() -> None:
    status = Status(phase=Phase.DONE, generations=(picture(),))
    held = ExtraText(text="https://example.org/`x`", reference="qr_code")
    coded = IMAGE.model_copy(update={"workflow": "qr_code", "texts": (held,)})
    for phase in (Phase.DONE, Phase.QUEUED):
        text = text_of(show(coded, status if phase is Phase.DONE else None, phase))
        assert "a QR code that says `https://example.org/'x'`" in text
    styled = IMAGE.model_copy(update={"style": "6e9b9d9e", "style_name": "paper *cut*"})
    text = text_of(show(styled, status))
    assert "-# in the style **paper \\*cut\\***" in text
    assert "6e9b9d9e" not in text


def test_a_backends_own_count_is_not_said_twice() -> None:
    request = IMAGE.model_copy(update={"n": 3})
    detail = "1 of 3 arrived. The workers failed at the rest."
    status = Status(phase=Phase.PARTIAL, generations=(picture(),), detail=detail)
    text = text_of(show(request, status))
    assert text.count("1 of 3 arrived") == 1
    assert "**Pictures 2 and 3:** The workers failed at the rest." in text


def test_where_nsfw_is_allowed_nobody_is_sent_elsewhere() -> None:
    request = IMAGE.model_copy(update={"nsfw": True})
    found = (picture(file="", censored="nsfw"),)
    card = show(request, Status(phase=Phase.FAULTED, generations=found))
    assert "**Censored**" in text_of(card)
    assert "age-restricted" not in text_of(card)


def test_twenty_pictures_take_two_messages() -> None:
    request = IMAGE.model_copy(update={"n": 20})
    found = tuple(picture(number) for number in range(1, 21))
    status = Status(phase=Phase.DONE, finished=20, generations=found)
    card, rest = show(request, status), rest_for(record(request, Phase.DONE), status, now=NOW)
    assert rest is not None
    names = [one.filename for one in (*pictures_of(card), *pictures_of(rest))]
    assert names == [f"hordecord-128-{number}.webp" for number in range(1, 21)]
    assert "Pictures 11 to 20 of #128" in text_of(rest)
    assert [len(options(one)) for one in (card, rest)] == [10, 10]
    assert not rest.rows


def test_ten_pictures_take_one() -> None:
    request = IMAGE.model_copy(update={"n": 10})
    found = tuple(picture(number) for number in range(1, 11))
    status = Status(phase=Phase.DONE, finished=10, generations=found)
    assert rest_for(record(request, Phase.DONE), status, now=NOW) is None


def test_a_missing_picture_leaves_its_number_out() -> None:
    request = IMAGE.model_copy(update={"n": 3})
    found = (picture(1), picture(2, file="", censored="nsfw", problem="Censored"), picture(3))
    card = show(request, Status(phase=Phase.PARTIAL, generations=found))
    assert "**Picture 2:**" in text_of(card)
    assert [one.filename for one in pictures_of(card)] == [
        "hordecord-128-1.webp",
        "hordecord-128-3.webp",
    ]
    assert options(card) == [("1", "Picture 1 · seed 1001"), ("3", "Picture 3 · seed 1003")]


def test_what_was_upscaled_can_be_upscaled_another_way() -> None:
    form = FormResult(form="RealESRGAN_x4plus", state="done", file="128-x.webp")
    request = alchemy("RealESRGAN_x4plus", withhold=False)
    card = show(request, Status(phase=Phase.DONE, generations=(form,)))
    assert card.menu is not None
    assert card.menu.verb is Verb.UPSCALER
    names = [value for value, _ in options(card)]
    assert "RealESRGAN_x4plus" not in names
    assert all(FORMS[name].group == "upscale" for name in names)
    assert verbs(card) == [Verb.AGAIN, Verb.USE, Verb.DETAILS, Verb.SAVE, Verb.DELETE]
    assert len(card.rows) == 1


def test_a_picture_that_was_kept_back_has_no_verbs() -> None:
    form = FormResult(form="RealESRGAN_x4plus", state="done", file="128-x.webp")
    status = Status(phase=Phase.DONE, generations=(form, FormResult(form="nsfw", state="faulted")))
    card = show(alchemy("RealESRGAN_x4plus"), status)
    assert verbs(card) == [Verb.AGAIN, Verb.DETAILS, Verb.DELETE]


def test_a_picture_made_smaller_is_said_to_be() -> None:
    found = (picture(width=1024, height=1024), picture(width=640, height=576))
    text = text_of(show(IMAGE, Status(phase=Phase.DONE, generations=found)))
    said, small = text.replace("\N{NO-BREAK SPACE}", " "), "640 \N{MULTIPLICATION SIGN} 576"
    assert f"Made at {small}: the {SQUARE} asked for need kudos in hand" in said


def test_a_style_decides_the_size_and_what_it_passes_over_is_said() -> None:
    request = IMAGE.model_copy(update={"style": "ink", "clip_skip": 2, "hires_fix": True})
    status = Status(phase=Phase.DONE, generations=(picture(width=512, height=512),))
    for card in (show(request, status), show(request, Status(phase=Phase.WAITING))):
        assert "Made at" not in text_of(card)
        assert "passes over: clip_skip, hires_fix" in text_of(card)


def test_the_way_back_is_a_link_where_its_readers_can_go() -> None:
    there = MessageRef(channel_id=4, message_id=77)
    parent = record(IMAGE, Phase.DONE, id=12, messages=(there,))
    child = record(IMAGE, Phase.WAITING, parent=12, messages=(replace(there, message_id=78),))
    address = way_back(child, parent)
    assert address == "https://discord.com/channels/3/4/77"
    card = card_for(child, None, now=NOW, way_back=address)
    assert f"#128 · from [#12]({address})" in text_of(card)
    assert "#128 · from #12" in text_of(card_for(child, None, now=NOW))
    hidden = replace(there, ephemeral=True)
    elsewhere = replace(there, channel_id=5)
    for ref in (hidden, elsewhere, replace(there, message_id=0)):
        assert way_back(child, replace(parent, messages=(ref,))) == ""
    private = replace(parent, request=IMAGE.model_copy(update={"private": True}))
    assert way_back(child, private) == ""


def test_a_picture_as_large_as_asked_for_is_not_said_to_be_smaller() -> None:
    found = (picture(width=1024, height=1024),)
    assert "Made at" not in text_of(show(IMAGE, Status(phase=Phase.DONE, generations=found)))


@pytest.mark.parametrize(
    ("phase", "said", "colour"),
    [
        (Phase.FAULTED, "The workers gave up on it", Colour.FAILED),
        (Phase.EXPIRED, "Nobody picked it up in time", Colour.PARTIAL),
        (Phase.REJECTED, "would not take it", Colour.FAILED),
        (Phase.CANCELLED, "No worker had begun", Colour.QUIET),
        (Phase.DONE, "**It did not work**", Colour.FAILED),
        (Phase.PARTIAL, "**It did not work**", Colour.FAILED),
    ],
)
@pytest.mark.parametrize("request_", [IMAGE, TEXT, alchemy("caption", "nsfw")])
def test_an_empty_end_says_why_and_offers_again(
    request_: Request, phase: Phase, said: str, colour: Colour
) -> None:
    card = show(request_, Status(phase=phase))
    assert said in text_of(card)
    assert card.colour is colour
    edit = [Verb.EDIT] if isinstance(request_, ImageRequest) else []
    assert verbs(card) == [Verb.AGAIN, *edit, Verb.DETAILS, Verb.DELETE]


def test_the_servers_own_reason_is_said_and_harmless() -> None:
    status = Status(phase=Phase.REJECTED, detail="This needs **12** kudos, @everyone.")
    text = text_of(show(IMAGE, status))
    assert r"This needs \*\*12\*\* kudos, @" in text
    assert "@everyone" not in text


def test_account_facts_stay_off_public_cards() -> None:
    status = Status(phase=Phase.REJECTED, detail="Your key is unknown.", public=False)
    public = show(IMAGE, status)
    assert "key is unknown" not in text_of(public)
    assert "could not be sent" in text_of(public)
    private = IMAGE.model_copy(update={"private": True})
    assert "key is unknown" in text_of(show(private, status))
    assert "key is unknown" not in text_of(show(private, status, published=True))


def test_a_cancelled_request_hands_out_what_was_made() -> None:
    request = IMAGE.model_copy(update={"n": 4})
    status = Status(phase=Phase.CANCELLED, kudos=20, generations=(picture(1), picture(2)))
    card = show(request, status)
    assert len(pictures_of(card)) == 2
    assert "**Cancelled after 2 of 4**" in text_of(card)
    assert "Never delivered" not in text_of(card)


def test_a_held_result_is_shown_as_what_it_is() -> None:
    status = Status(phase=Phase.DONE, generations=(picture(),))
    assert show(IMAGE, status, Phase.HELD).colour is Colour.DONE


# Texts


def test_an_answer_is_shown_under_its_prompt() -> None:
    found = (TextGeneration(text="Foxes *sleep* in snow.", model="Mistral", worker="Typewriter"),)
    card = show(TEXT, Status(phase=Phase.DONE, finished=1, generations=found))
    assert text_of(card).startswith("> Tell me about foxes\nFoxes \\*sleep\\* in snow.")
    assert "by\N{NO-BREAK SPACE}Typewriter" in text_of(card)
    assert not attachments_of(card)


def test_a_long_answer_is_attached_whole() -> None:
    story = "The fox slept. " * 400
    card = show(TEXT, Status(phase=Phase.DONE, generations=(TextGeneration(text=story),)))
    assert attachments_of(card)[0].data.decode() == story
    assert attachments_of(card)[0].filename == "hordecord-128.txt"
    assert "attached file" in text_of(card)
    assert 3_000 < units(text_of(card)) <= TEXT_MAX


def test_a_word_match_hides_the_text_where_the_place_asks_for_it() -> None:
    found = (TextGeneration(text="It was a Nude beach."),)
    status = Status(phase=Phase.DONE, generations=found)
    assert "||It was a Nude beach.||" in text_of(show(TEXT, status))
    open_place = TEXT.model_copy(update={"spoiler": False})
    assert "||" not in text_of(show(open_place, status))
    story = (TextGeneration(text="nude " * 1_000),)
    card = show(TEXT, Status(phase=Phase.DONE, generations=story))
    assert attachments_of(card)[0].spoiler


def test_a_word_inside_another_hides_nothing() -> None:
    found = (TextGeneration(text="A cockatoo in Scunthorpe, analysing a title."),)
    assert "||" not in text_of(show(TEXT, Status(phase=Phase.DONE, generations=found)))


def test_a_censored_text_is_explained() -> None:
    found = (TextGeneration(text="", censored="censored"),)
    text = text_of(show(TEXT, Status(phase=Phase.FAULTED, generations=found)))
    assert "**Censored**\nWithheld by the worker's filter." in text


# Alchemy


def test_each_form_is_shown_as_it_ends() -> None:
    request = alchemy("caption", "palette", "aesthetic", "interrogation", "nsfw")
    found = (
        FormResult(form="nsfw", state="done", flag=False),
        FormResult(form="caption", state="done", text="a fox"),
        FormResult(form="palette", state="processing"),
        FormResult(form="aesthetic", state="waiting"),
    )
    card = show(request, Status(phase=Phase.PROCESSING, generations=found))
    text = text_of(card)
    assert "✅ **Caption**\n> a fox" in text
    assert "⏳ **Palette** being worked on" in text
    assert "**Aesthetic score** waiting" in text
    assert "**Interrogate** waiting" in text
    assert "✅ **NSFW check** no" in text
    assert "**2 of 5 done**" in text


def test_values_are_readable() -> None:
    request = alchemy("palette", "aesthetic", "interrogation", "nsfw")
    tags = {"artists": (Tag(text="A", confidence=3), Tag(text="B", confidence=12.4))}
    found = (
        FormResult(form="palette", state="done", text='["#AABBCC", "001122", "#aabbcc"]'),
        FormResult(form="aesthetic", state="done", text="6.4321"),
        FormResult(form="interrogation", state="done", tags=tags),
        FormResult(form="nsfw", state="done", flag=True),
    )
    text = text_of(show(request, Status(phase=Phase.DONE, generations=found)))
    assert "**Palette** `#aabbcc` `#001122`" in text
    assert "**Aesthetic score** 6.4 of 10" in text
    assert "> artists: B 12 %, A 3 %" in text
    assert "**NSFW check** yes" in text


def upscaled() -> FormResult:
    return FormResult(
        form="RealESRGAN_x2plus", state="done", file="128-up.webp", width=2048, height=2048
    )


@pytest.mark.parametrize(
    ("verdict", "withhold", "shown"),
    [
        (FormResult(form="nsfw", state="done", flag=False), True, True),
        (FormResult(form="nsfw", state="done", flag=True), True, False),
        (FormResult(form="nsfw", state="faulted"), True, False),
        (FormResult(form="nsfw", state="done", flag=True), False, True),
    ],
)
def test_pictures_are_kept_back_unless_the_check_lets_them_through(
    verdict: FormResult, withhold: bool, shown: bool
) -> None:
    request = alchemy("RealESRGAN_x2plus", withhold=withhold)
    card = show(request, Status(phase=Phase.DONE, generations=(upscaled(), verdict)))
    assert bool(pictures_of(card)) is shown
    assert ("**Kept back**" in text_of(card)) is not shown
    assert "NSFW check**" not in text_of(card)  # it was only asked to decide


def test_a_picture_waits_for_the_check() -> None:
    found = (upscaled(), FormResult(form="nsfw", state="processing"))
    card = show(alchemy("RealESRGAN_x2plus"), Status(phase=Phase.PROCESSING, generations=found))
    assert not pictures_of(card)
    assert "being checked" in text_of(card)


def test_a_drawing_is_attached() -> None:
    found = (
        FormResult(form="vectorize", state="done", file="128-vectorize.svg"),
        FormResult(form="nsfw", state="done", flag=False),
    )
    card = show(alchemy("vectorize"), Status(phase=Phase.DONE, generations=found))
    assert attachments_of(card) == [
        Attachment("hordecord-128-vectorize.svg", file="128-vectorize.svg")
    ]


def test_forms_that_all_failed_are_a_failure_even_when_the_check_came_back() -> None:
    found = (
        FormResult(form="GFPGAN", state="faulted"),
        FormResult(form="nsfw", state="done", flag=False),
    )
    card = show(alchemy("GFPGAN"), Status(phase=Phase.PARTIAL, generations=found))
    assert "❌ **Fix faces (GFPGAN)** no worker managed it" in text_of(card)
    assert card.colour is Colour.FAILED


# Details


def usual(**fields: Any) -> ImageRequest:
    return IMAGE.model_copy(update={"cfg_scale": 6.0, **fields})  # as /imagine asks this model


def test_details_can_be_copied_and_repeat_exactly() -> None:
    request = usual(negative="blurry", width=832, height=1216)
    status = Status(phase=Phase.DONE, generations=(picture(),))
    text = text_of(details(record(request, Phase.DONE), status))
    for name in ALWAYS & ImageRequest.model_fields.keys() - NOT_SHOWN:
        assert f"\n{name}: " in text
    assert "\nclip_skip: " not in text  # nobody chose one
    assert "\nsource: " not in text  # there is none
    chosen = details(record(usual(clip_skip=2), Phase.DONE), status)
    assert "\nclip_skip: 2\n" in text_of(chosen)
    assert "Paste this to make the same picture again:" in text
    assert (
        "```\n/imagine prompt:a red fox asleep in snow negative:blurry model:AlbedoBase XL (SDXL) "
        "seed:1001 "
        "extra:--only --size 832x1216 --steps 30 --cfg 6 --sampler k_euler_a --karras\n```"
    ) in text


def test_details_repeat_a_text_and_alchemy() -> None:
    found = (TextGeneration(text="x", model="koboldcpp/Mistral"),)
    text = text_of(details(record(TEXT, Phase.DONE), Status(phase=Phase.DONE, generations=found)))
    assert (
        "/write prompt:Tell me about foxes model:koboldcpp/Mistral length:240 temperature:0.8"
    ) in text
    text = text_of(details(record(alchemy("nsfw", "palette"), Phase.DONE), None))
    assert "/alchemy form:NSFW check second:Palette: its main colours" in text
    assert "add the picture" in text


@pytest.mark.parametrize("odd", ["a fox\nin snow", "a fox seed:7"])
def test_details_say_when_the_command_only_comes_near(odd: str) -> None:
    text = text_of(details(record(usual(prompt=odd), Phase.DONE), None))
    assert "comes nearest" in text


def test_details_of_several_pictures_list_every_seed() -> None:
    request = usual(n=3)
    status = Status(phase=Phase.DONE, generations=tuple(picture(n) for n in range(3)))
    text = text_of(details(record(request, Phase.DONE), status))
    assert all(f"seed `100{n}`" in text for n in range(3))
    assert "count:" not in text
    assert "to make the first picture again; the seeds of the others are below:" in text


def test_details_list_a_shared_seed_once_and_attach_what_is_more() -> None:
    found = tuple(picture(number, seed=str(number // 2)) for number in range(20))
    card = details(record(usual(n=20), Phase.DONE), Status(phase=Phase.DONE, generations=found))
    assert "**3 and 4** · seed `1`" in text_of(card)
    assert "seed `6`" not in text_of(card)
    assert "13 and 14: seed 6, AlbedoBase XL" in attachments_of(card)[0].data.decode()


def test_details_say_how_it_ended_before_the_row_is_closed() -> None:
    status = Status(phase=Phase.DONE, generations=(picture(),))
    assert " · done · " in text_of(details(record(IMAGE, Phase.WAITING), status))
    looked = Status(phase=Phase.PROCESSING)
    assert " · waiting for a worker · " in text_of(details(record(IMAGE, Phase.WAITING), looked))


def test_details_name_the_sides_that_were_enlarged() -> None:
    wider = IMAGE.model_copy(update={"mode": "outpainting", "expand": (320, 0, 320, 0)})
    assert "\nexpand: left=320,right=320\n" in text_of(details(record(wider, Phase.DONE), None))


def test_details_of_what_was_never_made_promise_no_same_picture() -> None:
    assert "to ask for it again:" in text_of(details(record(usual(), Phase.REJECTED), None))
    seeded = text_of(details(record(usual(seed="7"), Phase.REJECTED), None))
    assert "to make the same picture again:" in seeded


def test_details_attach_what_does_not_fit() -> None:
    long = IMAGE.model_copy(update={"prompt": "word " * 700 + "@everyone"})
    card = details(record(long, Phase.DONE), None)
    assert long.prompt in attachments_of(card)[0].data.decode()
    assert "@everyone" not in text_of(card)
    assert not attachments_of(details(record(IMAGE, Phase.DONE), None))


def test_details_keep_account_facts() -> None:
    status = Status(phase=Phase.REJECTED, detail="Your key is unknown.", public=False)
    assert "unknown" not in text_of(details(record(IMAGE, Phase.REJECTED), status))


# Limits, for anything at all

HOSTILE = st.sampled_from(
    [
        *("", "fox", "@everyone <@1> <#2> @here", "# x\n- y\n1. z\n> q", "||a|| `b` ```c```"),
        *("*" * 400, "@here *fox* _" * 80, "line\n" * 300, "\U0001f98a" * 300, "word " * 300),
    ]
) | st.text(max_size=12)
LONG = HOSTILE | st.sampled_from(["A fox. " * 900, "_*`" * 2_000, "\n\n> x" * 900])
NAMES = st.tuples(HOSTILE, HOSTILE) | st.just(())
NUMBER = st.integers(0, 10**9)


PROMPTS = LONG.map(lambda text: ("a " + text)[:4_000])
images = st.builds(
    ImageRequest,
    prompt=PROMPTS,
    negative=HOSTILE,
    models=NAMES,
    n=st.integers(1, 20),
    seed=st.text(max_size=100),
    nsfw=st.booleans(),
    private=st.booleans(),
)
texts = st.builds(
    TextRequest, prompt=PROMPTS, models=NAMES, n=st.integers(1, 20), spoiler=st.booleans()
)
alchemies = st.builds(
    AlchemyRequest,
    source=st.builds(Source, url=st.just("https://cdn.example/x"), filename=HOSTILE),
    forms=st.lists(st.sampled_from(sorted(FORMS)), min_size=1, unique=True).map(tuple),
    withhold=st.booleans(),
)
tags = st.builds(Tag, text=HOSTILE, confidence=st.floats(0, 100))
generations = st.one_of(
    st.builds(
        ImageGeneration,
        id=HOSTILE,
        file=st.sampled_from(["", "128-0.webp", "128-1.png"]),
        seed=HOSTILE,
        model=HOSTILE,
        worker=HOSTILE,
        width=NUMBER,
        height=NUMBER,
        censored=st.sampled_from(["", "nsfw", "csam"]),
        problem=st.just("") | HOSTILE,
        notes=st.lists(HOSTILE, max_size=4).map(tuple),
    ),
    st.builds(
        TextGeneration,
        text=LONG,
        model=HOSTILE,
        worker=HOSTILE,
        censored=st.sampled_from(["", "", "censored", "csam"]),
    ),
    st.builds(
        FormResult,
        form=st.sampled_from(sorted(FORMS)),
        state=st.sampled_from(["waiting", "processing", "done", "done", "faulted", "cancelled"]),
        text=LONG,
        flag=st.none() | st.booleans(),
        tags=st.dictionaries(HOSTILE, st.lists(tags, max_size=6).map(tuple), max_size=7),
        file=st.sampled_from(["", "128-x.webp"]),
        width=NUMBER,
        height=NUMBER,
        problem=st.just("") | HOSTILE,
    ),
)
statuses = st.builds(
    Status,
    phase=st.sampled_from(Phase),
    finished=st.integers(0, 25),
    restarted=st.integers(0, 3),
    queue_position=NUMBER,
    wait_time=NUMBER,
    kudos=st.floats(0, 1e9),
    is_possible=st.booleans(),
    generations=st.lists(generations, max_size=9)
    .flatmap(lambda some: st.sampled_from([some, some * 3]))
    .map(tuple),
    detail=LONG,
    public=st.booleans(),
    warnings=st.lists(HOSTILE, max_size=5).map(tuple),
)
records = st.builds(
    record,
    st.one_of(images, texts, alchemies),
    st.sampled_from(Phase),
    parent=st.none() | NUMBER,
    sent_at=st.none() | st.floats(0, NOW),
    cancel_at=st.none() | st.just(NOW),
    backend=st.just("horde"),
)
MENTION = re.compile(r"@everyone|@here|<@[!&]?\d+>|<#\d+>", re.IGNORECASE)


def assert_within_limits(card: Card) -> None:
    texts_ = [block for block in card.blocks if isinstance(block, Text)]
    assert all(block.content.strip() for block in texts_)
    assert sum(units(block.content) for block in texts_) <= TEXT_MAX
    components = 1 + len(card.blocks) + sum(1 + len(row) for row in card.rows)
    components += 2 if card.menu else 0
    assert components <= COMPONENTS_MAX
    for block in card.blocks:
        assert isinstance(block, Text | Divider | Gallery | Attachment)
        if isinstance(block, Gallery):
            assert 1 <= len(block.pictures) <= GALLERY_MAX
            assert all(units(p.alt) <= ALT_MAX for p in block.pictures)
    files = pictures_of(card) + attachments_of(card)
    assert len(files) <= FILES_MAX
    assert len({file.filename for file in files}) == len(files)
    assert all(re.fullmatch(r"[\w.-]+", file.filename) for file in files)
    assert all(1 <= len(row) <= 5 for row in card.rows)
    assert all(units(button.label) <= 80 for row in card.rows for button in row)
    assert not MENTION.search(text_of(card))
    ids = [custom_id(button) for row in card.rows for button in row]
    if card.menu is not None:
        ids.append(custom_id(card.menu))
        assert 1 <= len(card.menu.options) <= OPTIONS_MAX
        assert len({option.value for option in card.menu.options}) == len(card.menu.options)
        assert all(1 <= units(option.label) <= 100 for option in card.menu.options)
    assert len(set(ids)) == len(ids)
    assert all(len(one) <= 100 for one in ids)


@settings(deadline=None)
@given(records, st.none() | statuses, st.integers(0, 5_000), st.booleans())
def test_any_card_stays_within_discords_limits(
    row: Record, status: Status | None, place: int, published: bool
) -> None:
    assert_within_limits(card_for(row, status, place=place, now=NOW, published=published))
    if (rest := rest_for(row, status, now=NOW)) is not None:
        assert_within_limits(rest)
    assert_within_limits(details(row, status))


@settings(deadline=None)
@given(records, statuses)
def test_public_cards_never_hold_account_facts(row: Record, status: Status) -> None:
    secret = status.model_copy(update={"detail": "zanzibar", "public": False})
    row = replace(row, request=row.request.model_copy(update={"private": False}), messages=())
    assert "zanzibar" not in text_of(card_for(row, secret, now=NOW))
    assert "zanzibar" not in text_of(details(row, secret))
