"""Alchemy on a card: pictures beside what they were made of, many forms at once, JSON."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.cards.card import (
    COMPONENTS_MAX,
    FILES_MAX,
    Attachment,
    Card,
    Verb,
)
from bot.cards.request_card import card_for, rest_for
from bot.cards.results.alchemy_files import as_json
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.generations import FormResult, Tag
from bot.domain.records import Record
from bot.domain.requests import Source
from bot.domain.results import Phase, Status
from bot.ui.components.views import layout_of
from tests.support import builders
from tests.support.cards import NOW, card_record, menu_options, pictures_of, plain_text_of, verbs

BOAT_SOURCE = Source(
    url="https://cdn.discordapp.com/boat.png",
    filename="boat.png",
    file="128-source",
    width=768,
    height=512,
)
PICTURE_FORMS = [form.name for form in FORMS.values() if form.returns == "picture"]


def done_record(*forms: str, source: Source = BOAT_SOURCE, withhold: bool = False) -> Record:
    request = builders.alchemy_request(*forms, source=source, withhold=withhold)
    return card_record(request, Phase.DONE)


def larger(form: str = "RealESRGAN_x4plus", **fields: Any) -> FormResult:
    known: dict[str, Any] = {"file": f"128-{form}.webp", "width": 3072, "height": 2048}
    return FormResult(form=form, state="done", **(known | fields))


def card_of_forms(row: Record, *found: FormResult, phase: Phase = Phase.DONE) -> Card:
    return card_for(row, Status(phase=phase, generations=found), now=NOW)


def test_a_larger_picture_stands_beside_the_one_that_was_sent() -> None:
    card = card_of_forms(done_record("RealESRGAN_x4plus"), larger())
    before, after = pictures_of(card)
    assert before.file == "128-source"
    assert before.alt.startswith("Before")
    assert after.file == "128-RealESRGAN_x4plus.webp"
    assert "**Upscale x4 (RealESRGAN)** 768 × 512 → 3072 × 2048" in plain_text_of(card)  # noqa: RUF001


def test_each_annotation_is_shown_with_its_type() -> None:
    forms = ("annotation:canny", "annotation:depth_anything_v2")
    card = card_of_forms(done_record(*forms), *(larger(form) for form in forms))
    assert [picture.alt.partition(")")[0] for picture in pictures_of(card)] == [
        "Annotation (canny",
        "Annotation (depth_anything_v2",
    ]
    assert pictures_of(card)[0].filename.endswith("annotation-canny.webp")
    assert "**Annotation (canny)**" in plain_text_of(card)


@pytest.mark.parametrize("flag", [True, False])
def test_result_of_an_unknown_form_is_withheld_like_an_image(flag: bool) -> None:
    row = done_record("dance", withhold=True)
    verdict = FormResult(form="nsfw", state="done", flag=flag)
    code = '{"steps": "```` @everyone"}'
    text = plain_text_of(
        card_of_forms(row, FormResult(form="dance", state="done", text=code, code=True), verdict)
    )
    assert ("steps" in text) != flag
    assert text.count("```") in ({0} if flag else {2})


def test_unknown_form_shows_an_image_or_a_long_text() -> None:
    row = done_record("dance", "dream")
    card = card_of_forms(
        row, larger("dance"), FormResult(form="dream", state="done", text="word " * 5_000)
    )
    assert [picture.file for picture in pictures_of(card)] == ["128-dance.webp"]
    assert "**dance**" in plain_text_of(card)
    assert "**dream**" in plain_text_of(card)
    assert Verb.JSON in verbs(card)


@pytest.mark.parametrize(
    ("withhold", "flag", "hidden"), [(False, None, False), (True, None, True), (True, False, False)]
)
def test_words_about_a_picture_come_with_the_picture(
    withhold: bool, flag: bool | None, hidden: bool
) -> None:
    forms = ("caption",) if flag is None else ("caption", "nsfw")
    found = [FormResult(form="caption", state="done", text="a boat")]
    found += [FormResult(form="nsfw", state="done", flag=flag)] if flag is not None else []
    (shown,) = pictures_of(card_of_forms(done_record(*forms, withhold=withhold), *found))
    assert (shown.file, shown.spoiler) == ("128-source", hidden)


@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("boat.png", "**Caption** of `boat.png`"),
        ("hordecord-12-3.webp", "**Caption** of image 3 of #12"),
        ("", "**Caption** of an image"),
    ],
)
def test_the_title_names_what_was_done_to_what(filename: str, title: str) -> None:
    source = BOAT_SOURCE.model_copy(update={"filename": filename})
    found = FormResult(form="caption", state="done", text="a boat")
    card = card_of_forms(done_record("caption", source=source), found)
    assert plain_text_of(card).startswith(title)


def test_what_was_never_sent_is_not_said_to_have_got_lost() -> None:
    refused = replace(done_record("caption", "nsfw"), phase=Phase.REJECTED)
    text = plain_text_of(card_of_forms(refused, phase=Phase.REJECTED))
    assert "✖️ **Caption**\n✖️ **NSFW check**\n" in text
    assert "not delivered" not in text
    assert "not delivered" in plain_text_of(card_of_forms(done_record("caption", "nsfw")))


def test_why_a_form_failed_is_said_once() -> None:
    why = "The workers failed at this one."
    failed = FormResult(form="caption", state="faulted", problem=why)
    status = Status(phase=Phase.FAULTED, generations=(failed,), detail=why)
    row = replace(done_record("caption"), phase=Phase.FAULTED)
    text = plain_text_of(card_for(row, status, now=NOW))
    assert f"❌ **Caption** {why}\n**Failed**\nPress **Again**" in text
    assert text.count(why) == 1


def test_without_its_file_the_picture_before_is_left_out() -> None:
    lost = BOAT_SOURCE.model_copy(update={"file": ""})
    assert (
        len(pictures_of(card_of_forms(done_record("GFPGAN", source=lost), larger("GFPGAN")))) == 1
    )


def test_a_cut_out_needs_no_comparison() -> None:
    card = card_of_forms(done_record("strip_background"), larger("strip_background"))
    assert [picture.file for picture in pictures_of(card)] == ["128-strip_background.webp"]


def test_what_is_kept_back_takes_the_picture_before_along() -> None:
    card = card_of_forms(done_record("RealESRGAN_x4plus", withhold=True), larger())
    assert not pictures_of(card)
    assert not (rest_for(done_record("RealESRGAN_x4plus", withhold=True), None, now=NOW))


def everything(text: str = "a boat") -> list[FormResult]:
    values: dict[str, dict[str, Any]] = {
        "text": {"text": text},
        "flag": {"flag": False},
        "score": {"text": "5.61"},
        "colours": {"text": "#aabbcc, #001122"},
        "tags": {"tags": {"artists": (Tag(text="Someone", confidence=81.5),)}},
        "svg": {"file": "128-vectorize.svg"},
    }
    return [
        larger(form.name)
        if form.returns == "picture"
        else FormResult(form=form.name, state="done", **values[form.returns])
        for form in FORMS.values()
    ]


@pytest.mark.parametrize("text", ["a boat", "a boat at sea, " * 200])
def test_all_forms_at_once_fit_into_two_messages(text: str) -> None:
    row, found = done_record(*FORMS), everything(text)
    card = card_of_forms(row, *found)
    rest = rest_for(row, Status(phase=Phase.DONE, generations=tuple(found)), now=NOW)
    assert rest is not None
    names = {picture.file for picture in (*pictures_of(card), *pictures_of(rest))}
    assert {f"128-{name}.webp" for name in PICTURE_FORMS} <= names
    for one in (card, rest):
        attached = [block for block in one.blocks if isinstance(block, Attachment)]
        assert len(pictures_of(one)) + len(attached) <= FILES_MAX
        assert layout_of(one).total_children_count <= COMPONENTS_MAX
    labels = [label for _, label in menu_options(card)]
    assert len(labels) == len(PICTURE_FORMS)
    assert "Fix faces (GFPGAN)" in labels  # by name, since all are of one picture


def test_long_texts_are_attached_in_one_file() -> None:
    card = card_of_forms(done_record("caption", "describe"), *everything("wood " * 600)[:2])
    attached = [block for block in card.blocks if isinstance(block, Attachment)]
    assert [file.filename for file in attached] == ["hordecord-128-caption-describe.txt"]
    whole = attached[0].data.decode()
    assert whole.startswith("Caption\n")
    assert whole.count("wood") == 1_200


def test_json_has_every_form_in_order_and_no_links() -> None:
    found = everything()
    found[0] = FormResult(form="caption", state="faulted", problem="The workers failed.")
    linked = [form.model_copy(update={"url": "https://worker.example/secret"}) for form in found]
    row = done_record(*FORMS)
    status = Status(phase=Phase.PARTIAL, generations=tuple(linked[:-1]))
    data = as_json(replace(row, status=status))
    body = json.loads(data)
    assert body["source"] == {"filename": "boat.png", "width": 768, "height": 512}
    forms = body["forms"]
    assert list(forms) == list(FORMS)
    assert forms["caption"]["problem"] == "The workers failed."
    assert forms["aesthetic"]["value"] == 5.61
    assert forms["palette"]["value"] == ["#aabbcc", "#001122"]
    assert forms["nsfw"]["value"] is False
    assert forms["interrogation"]["value"]["artists"][0]["confidence"] == 81.5
    assert forms["GFPGAN"] == {
        "name": "Fix faces (GFPGAN)",
        "state": "done",
        "width": 3072,
        "height": 2048,
    }
    assert forms["2xModernSpanimationV1"]["state"] == "missing"
    assert b"secret" not in data


def test_json_is_offered_where_something_was_read() -> None:
    assert Verb.JSON in verbs(card_of_forms(done_record("nsfw"), *everything()))
    made = card_of_forms(done_record("GFPGAN"), larger("GFPGAN"))
    assert Verb.JSON not in verbs(made)
    assert {Verb.UPSCALE, Verb.USE, Verb.DESCRIBE} <= set(verbs(made))  # as under any picture
