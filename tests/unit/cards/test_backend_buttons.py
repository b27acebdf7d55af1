"""Cards offer only what the backends can do."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.buttons import alone
from bot.cards.card import ROW_MAX, Card, Verb
from bot.cards.results.shown_pictures import shown_in
from bot.domain.alchemy.alchemy_forms import DESCRIBING, UPSCALERS
from bot.domain.backend_gaps import gap_of
from bot.domain.capabilities import HORDE, Capabilities, PriceUnit, RequestAbilities
from bot.domain.generations import FormResult, ImageGeneration, TextGeneration
from bot.domain.requests import (
    AlchemyRequest,
    ImageRequest,
    Kind,
    Request,
    TextRequest,
    VideoRequest,
)
from bot.domain.results import Phase, Status
from tests.support.abilities import CAPABILITIES
from tests.support.builders import alchemy_request, image_generation, video_generation
from tests.support.cards import FOX_IN_SNOW, TEXT_REQUEST, card_record, show, text_of, verbs

SHARP = "4x_AnimeSharp"
ANIMATE = f"hc:{Verb.ANIMATE}:"
LARGER = FormResult(form=SHARP, state="done", file="1.webp", width=8, height=8)
FOUND = {
    ImageRequest: (image_generation(1), image_generation(2)),
    TextRequest: (TextGeneration(text="Once."),),
    VideoRequest: (video_generation(),),
    AlchemyRequest: (LARGER, FormResult(form="nsfw", state="done", flag=False)),
}
REQUESTS = st.sampled_from([FOX_IN_SNOW, TEXT_REQUEST, alchemy_request(SHARP)])
OWN_GPU = replace(HORDE, title="own-gpu", submits="blocking", unit=PriceUnit.NONE)
UNABLE = replace(OWN_GPU, cancels=frozenset(), image_fields=frozenset({"n"}))


def of_upscalers(card: Card) -> list[str]:
    names = {form.name for form in UPSCALERS}
    return [
        each.value
        for menu in card.menus
        for each in getattr(menu, "options", ())
        if each.value in names
    ]


def possible(verb: Verb, request: Request, able: Capabilities) -> bool:
    redraws = Kind.IMAGE in able.kinds and able.uses("source")
    forms = {form.name for form in UPSCALERS} if verb is Verb.UPSCALE else set(DESCRIBING)
    match verb:
        case Verb.AGAIN:
            return not gap_of(request, able)
        case Verb.VARY | Verb.USE:
            return redraws
        case Verb.UPSCALE | Verb.DESCRIBE:
            return Kind.ALCHEMY in able.kinds and any(map(able.takes_form, forms))
        case Verb.ANIMATE:
            return Kind.VIDEO in able.kinds
        case Verb.EDIT:
            return Kind(request.kind) in able.kinds
        case Verb.CONTINUE:
            return Kind.TEXT in able.kinds
        case _:
            return True


@given(REQUESTS, CAPABILITIES, CAPABILITIES)
def test_a_result_has_no_button_that_the_place_cannot_do(
    request: Request, made_by: Capabilities, here: Capabilities
) -> None:
    status = Status(phase=Phase.DONE, finished=1, generations=FOUND[type(request)])
    card = show(request, status, able=RequestAbilities(made_by, here))
    assert all(possible(verb, request, here) for verb in verbs(card))
    everything = verbs(show(request, status))
    missing = set(everything) - set(verbs(card))
    assert not any(possible(verb, request, here) for verb in missing)
    assert all(map(here.takes_form, of_upscalers(card)))
    record = card_record(request, Phase.DONE)
    for picture in shown_in(record, status):
        buttons = [button for row in alone(record, picture, here) for button in row]
        assert len(buttons) == len([b for b in buttons if b.id])


@pytest.mark.parametrize("request_", [FOX_IN_SNOW, alchemy_request(SHARP, "GFPGAN")])
def test_buttons_of_a_backend_that_can_do_everything_fit_into_rows(request_: Request) -> None:
    able = replace(HORDE, kinds=frozenset(Kind))
    status = Status(phase=Phase.DONE, finished=1, generations=FOUND[type(request_)])
    private = request_.model_copy(update={"private": True})
    card = show(private, status, able=RequestAbilities(able, able))
    record = card_record(request_, Phase.DONE)
    single = alone(record, shown_in(record, status)[0], able)
    for rows in (card.rows, single):
        assert [b.id for row in rows for b in row if b.id.startswith(ANIMATE)]
        assert all(0 < len(row) <= ROW_MAX for row in rows)


@given(REQUESTS, st.sampled_from([*Phase]), CAPABILITIES)
def test_a_request_has_cancel_where_that_is_possible(
    request: Request, phase: Phase, made_by: Capabilities
) -> None:
    card = show(request, Status(phase=phase), able=RequestAbilities(made_by, HORDE))
    can = phase is Phase.QUEUED or Kind(request.kind) in made_by.cancels
    assert (Verb.CANCEL in verbs(card)) == (phase.is_open and can)


def test_options_that_were_ignored_are_named_on_the_card() -> None:
    request = FOX_IN_SNOW.model_copy(update={"ignored": ("tiling", "model")})
    said = "own-gpu does not have these options, so it ignores them: `tiling` and `model`."
    for phase, found in ((Phase.QUEUED, ()), (Phase.DONE, FOUND[ImageRequest])):
        status = Status(phase=phase, generations=found)
        assert said in text_of(show(request, status, able=RequestAbilities(OWN_GPU, OWN_GPU)))


@pytest.mark.parametrize(
    ("request_", "missing", "said"),
    [
        (
            FOX_IN_SNOW,
            ImageGeneration(id="1", censored="nsfw"),
            "Withheld as NSFW by",
        ),
        (FOX_IN_SNOW, ImageGeneration(id="1", censored="csam"), "Blocked by the safety filter of"),
        (TEXT_REQUEST, TextGeneration(text="", censored="censored"), "Withheld by the filter of"),
        (TEXT_REQUEST, TextGeneration(text=""), "own-gpu sent an empty text."),
        (FOX_IN_SNOW, None, "own-gpu did not deliver this result."),
    ],
)
def test_a_missing_result_is_explained_with_the_backend(
    request_: Request, missing: ImageGeneration | TextGeneration | None, said: str
) -> None:
    found = (missing,) if missing else (image_generation(1),)
    asked = request_ if missing else FOX_IN_SNOW.model_copy(update={"n": 2})
    status = Status(phase=Phase.FAULTED if missing else Phase.PARTIAL, generations=found)
    card = show(asked, status, able=RequestAbilities(UNABLE, UNABLE))
    text = text_of(card)
    assert said in text
    assert "own-gpu" in text
    assert "worker" not in text
    assert text.count("**Again**") <= 1


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (Phase.SENDING, "Sending to own-gpu"),
        (Phase.WAITING, "Waiting for own-gpu"),
        (Phase.FAULTED, "own-gpu failed. Press **Again** to try once more."),
        (Phase.EXPIRED, "own-gpu did not take the request in time."),
        (Phase.REJECTED, "own-gpu refused the request."),
    ],
)
def test_a_card_names_the_backend_and_no_worker(phase: Phase, said: str) -> None:
    text = text_of(show(FOX_IN_SNOW, Status(phase=phase), able=RequestAbilities(UNABLE, UNABLE)))
    assert said in text
    assert "Horde" not in text
    assert "worker" not in text
