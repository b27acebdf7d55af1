"""The cards of texts and of alchemy."""

import pytest

from bot.cards.card import TEXT_MAX, Attachment, Colour, Verb
from bot.cards.markdown import units
from bot.domain.generations import FormResult, Tag, TextGeneration
from bot.domain.results import Phase, Status
from bot.parameters.derived_requests import continued
from tests.support.builders import alchemy_request
from tests.support.cards import TEXT_REQUEST, attachments_of, pictures_of, show, text_of, verbs

# Texts


def test_an_answer_is_shown_under_its_prompt() -> None:
    found = (TextGeneration(text="Foxes *sleep* in snow.", model="Mistral", worker="Typewriter"),)
    card = show(TEXT_REQUEST, Status(phase=Phase.DONE, finished=1, generations=found))
    assert text_of(card).startswith("> Tell me about foxes\nFoxes *sleep* in snow.")
    assert "by\N{NO-BREAK SPACE}Typewriter" in text_of(card)
    assert not attachments_of(card)


def test_a_long_answer_is_attached_whole() -> None:
    story = "The fox slept. " * 400
    card = show(TEXT_REQUEST, Status(phase=Phase.DONE, generations=(TextGeneration(text=story),)))
    assert attachments_of(card)[0].data.decode() == story
    assert attachments_of(card)[0].filename == "hordecord-128.txt"
    assert "attached file" in text_of(card)
    assert 3_000 < units(text_of(card)) <= TEXT_MAX


def test_a_word_match_hides_the_text_where_the_place_asks_for_it() -> None:
    found = (TextGeneration(text="It was a Nude beach."),)
    status = Status(phase=Phase.DONE, generations=found)
    assert "||It was a Nude beach.||" in text_of(show(TEXT_REQUEST, status))
    open_place = TEXT_REQUEST.model_copy(update={"spoiler": False})
    assert "||" not in text_of(show(open_place, status))
    story = (TextGeneration(text="nude " * 1_000),)
    card = show(TEXT_REQUEST, Status(phase=Phase.DONE, generations=story))
    assert attachments_of(card)[0].spoiler


def test_a_word_inside_another_hides_nothing() -> None:
    found = (TextGeneration(text="A cockatoo in Scunthorpe, analysing a title."),)
    assert "||" not in text_of(show(TEXT_REQUEST, Status(phase=Phase.DONE, generations=found)))


def test_a_censored_text_is_explained() -> None:
    found = (TextGeneration(text="", censored="censored"),)
    text = text_of(show(TEXT_REQUEST, Status(phase=Phase.FAULTED, generations=found)))
    assert "**Censored**\nWithheld by the filter of the worker." in text


def test_reasoning_without_an_answer_is_explained() -> None:
    found = (TextGeneration(text="", reasoning_only=True),)
    text = text_of(show(TEXT_REQUEST, Status(phase=Phase.FAULTED, generations=found)))
    assert "used the whole length for its reasoning" in text


# Texts that grow


def growing(text: str, phase: Phase = Phase.PROCESSING, detail: str = "") -> str:
    found = (TextGeneration(text=text, unfinished=True),)
    card = show(TEXT_REQUEST, Status(phase=phase, generations=found, detail=detail))
    assert not attachments_of(card)
    return text_of(card)


def test_growing_text_ends_with_an_ellipsis_instead_of_half_a_word() -> None:
    assert "Foxes sleep in …" in growing("Foxes sleep in sno")
    assert "Foxes sleep in snow. …" in growing("Foxes sleep in snow. ")
    assert "\u96ea\u306e\u4e2d …" in growing("\u96ea\u306e\u4e2d")
    assert "…" not in growing("Fox")


@pytest.mark.parametrize("said", ["It was a nud", "It was a nude", "It was a nude "])
def test_growing_text_never_shows_a_word_that_the_card_hides(said: str) -> None:
    text = growing(said)
    assert "nud" not in text.partition("||")[0]
    assert ("||" in text) == said.endswith(" ")


def test_growing_text_closes_its_code() -> None:
    text = growing("Look:\n```python\nprint(1)\nprint(")
    assert text.count("```") == 2
    assert "print(1)" in text


def test_growing_text_attaches_no_file() -> None:
    assert "The fox" in growing("The fox slept. " * 400)


def test_stopped_text_is_kept() -> None:
    text = growing("Foxes sleep in sno", Phase.CANCELLED)
    assert "Foxes sleep in sno …" in text
    assert "**Stopped. This is the text so far.**" in text


def test_text_that_broke_off_is_kept_with_the_reason() -> None:
    text = growing("Foxes sleep", Phase.PARTIAL, "The answer was lost.")
    assert "**The text broke off.**\nThe answer was lost." in text


@pytest.mark.parametrize(("cut", "said"), [(True, True), (False, False)])
def test_backend_that_tells_whether_a_text_was_cut_is_believed(cut: bool, said: bool) -> None:
    found = (TextGeneration(text="Foxes sleep in " * 400, cut=cut),)
    card = show(TEXT_REQUEST, Status(phase=Phase.DONE, generations=found))
    assert ("reached its maximum length" in text_of(card)) == said


def test_reasoning_is_behind_a_spoiler_with_a_count_of_its_words() -> None:
    found = (TextGeneration(text="Foxes sleep.", thinking="Do *foxes* sleep? " * 200),)
    card = show(TEXT_REQUEST, Status(phase=Phase.DONE, generations=found))
    shown = text_of(card)
    assert "The model thought first, in 600 words:" in shown
    assert shown.index("Foxes sleep.") < shown.index("||Do \\*foxes\\* sleep?")
    assert shown.count("||") == 2
    assert not attachments_of(card)
    short = (TextGeneration(text="Foxes sleep.", thinking="Yes."),)
    assert "in 1 word:" in text_of(show(TEXT_REQUEST, Status(phase=Phase.DONE, generations=short)))


def test_reasoning_leaves_room_for_the_whole_card() -> None:
    found = tuple(TextGeneration(text="a fox " * 900, thinking="hm " * 9_000) for _ in range(3))
    card = show(TEXT_REQUEST, Status(phase=Phase.DONE, generations=found))
    assert units(text_of(card)) <= TEXT_MAX
    assert text_of(card).count("thought first") == 3


def test_continuation_is_shown_after_an_ellipsis_under_the_prompt_of_its_requester() -> None:
    request = continued(TEXT_REQUEST, "Foxes sleep in")
    found = (TextGeneration(text=" snow."),)
    card = show(request, Status(phase=Phase.DONE, generations=found))
    assert text_of(card).startswith("> Tell me about foxes\n… snow.")


def test_continuation_of_code_is_code() -> None:
    request = continued(TEXT_REQUEST, "Look:\n```python\nif x:")
    found = (TextGeneration(text="    y\n```\nDone."),)
    card = show(request, Status(phase=Phase.DONE, generations=found))
    assert "…\n```python\n    y\n```\nDone." in text_of(card)


# Alchemy


def test_each_form_is_shown_as_it_ends() -> None:
    request = alchemy_request("caption", "palette", "aesthetic", "interrogation", "nsfw")
    found = (
        FormResult(form="nsfw", state="done", flag=False),
        FormResult(form="caption", state="done", text="a fox"),
        FormResult(form="palette", state="processing"),
        FormResult(form="aesthetic", state="waiting"),
    )
    card = show(request, Status(phase=Phase.PROCESSING, generations=found))
    text = text_of(card)
    assert "✅ **Caption**\n> a fox" in text
    assert "⏳ **Palette** in progress" in text
    assert "**Aesthetic score** waiting" in text
    assert "**Interrogate** waiting" in text
    assert "✅ **NSFW check** no" in text
    assert "**2 of 5 done**" in text


def test_values_are_readable() -> None:
    request = alchemy_request("palette", "aesthetic", "interrogation", "nsfw")
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
    request = alchemy_request("RealESRGAN_x2plus", withhold=withhold)
    card = show(request, Status(phase=Phase.DONE, generations=(upscaled(), verdict)))
    assert bool(pictures_of(card)) is shown
    assert ("**Withheld**" in text_of(card)) is not shown
    assert "NSFW check**" not in text_of(card)  # it was only asked to decide


def test_a_picture_waits_for_the_check() -> None:
    found = (upscaled(), FormResult(form="nsfw", state="processing"))
    card = show(
        alchemy_request("RealESRGAN_x2plus"), Status(phase=Phase.PROCESSING, generations=found)
    )
    assert not pictures_of(card)
    assert "being checked" in text_of(card)


def test_a_drawing_is_attached() -> None:
    found = (
        FormResult(form="vectorize", state="done", file="128-vectorize.svg"),
        FormResult(form="nsfw", state="done", flag=False),
    )
    card = show(alchemy_request("vectorize"), Status(phase=Phase.DONE, generations=found))
    assert attachments_of(card) == [
        Attachment("hordecord-128-vectorize.svg", file="128-vectorize.svg")
    ]


def test_forms_that_all_failed_are_a_failure_even_when_the_check_came_back() -> None:
    found = (
        FormResult(form="GFPGAN", state="faulted"),
        FormResult(form="nsfw", state="done", flag=False),
    )
    card = show(alchemy_request("GFPGAN"), Status(phase=Phase.PARTIAL, generations=found))
    assert "❌ **Fix faces (GFPGAN)** processing failed" in text_of(card)
    assert card.colour is Colour.FAILED


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("A leaf is " * 20 + "where the", True),
        ("A leaf falls. " * 20, False),
        ('He said: "A leaf falls."' * 10, False),
        ("**A leaf falls.**" * 20, False),
        ("A leaf", False),
    ],
)
def test_text_that_used_up_its_length_is_said_to_be_cut(text: str, cut: bool) -> None:
    short = TEXT_REQUEST.model_copy(update={"max_length": 40})
    card = show(short, Status(phase=Phase.DONE, generations=(TextGeneration(text=text),)))
    assert ("maximum length" in text_of(card)) == cut
    assert {Verb.CONTINUE, Verb.EDIT} <= set(verbs(card))
