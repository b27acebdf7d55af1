"""What a card says while its request is open, and what it says of one that ends empty."""

import pytest

from bot.cards.card import Colour, Verb
from bot.cards.request_card import rest_for
from bot.domain.capabilities import Capabilities, RequestAbilities
from bot.domain.records import MessageAccess, MessageRef, Payer
from bot.domain.requests import ImageRequest, Request
from bot.domain.results import Offer, Phase, Status
from tests.support.builders import alchemy_request, image_generation
from tests.support.cards import (
    FOX_IN_SNOW,
    NOW,
    TEXT_REQUEST,
    card_record,
    pictures_of,
    show,
    text_of,
    verbs,
)

# What a card says while it is open


def test_our_own_queue_is_counted_in_places() -> None:
    card = show(FOX_IN_SNOW, None, position=3, sent_at=None)
    assert "**3rd in the queue of the bot**" in text_of(card)
    assert card.colour is Colour.WAITING
    assert verbs(card) == [Verb.CANCEL]


@pytest.mark.parametrize(
    ("price", "label"),
    [(4_000.0, "Use AI Power Grid for about $0.004"), (0.0, "Use AI Power Grid, paid")],
)
def test_a_backend_with_a_price_is_a_button_of_a_request_that_waits(
    price: float, label: str
) -> None:
    offer = Offer(backend="aipg", title="AI Power Grid", price=price)
    waits = Status(phase=Phase.QUEUED, offer=offer).in_queue(1, 0, "AI Horde is not available.")
    card = show(FOX_IN_SNOW, waits, sent_at=None)
    assert verbs(card) == [Verb.MOVE, Verb.CANCEL]
    assert card.rows[0][0].label == label
    again = show(FOX_IN_SNOW, waits.in_queue(1, 0, ""), sent_at=None)
    assert verbs(again) == [Verb.CANCEL]


def test_progress_shows_bar_place_time_kudos_and_payer() -> None:
    request = FOX_IN_SNOW.model_copy(update={"n": 4})
    status = Status(
        phase=Phase.PROCESSING,
        finished=2,
        processing=1,
        waiting=1,
        queue_position=12,
        wait_time=33,
        cost=16.2,
        generations=(image_generation(1), image_generation(2)),
        warnings=("The sampler does not suit this model.",),
    )
    card = show(request, status)
    text = text_of(card)
    assert (
        "▰▰▰▰▰▰▰▱▱▱▱▱▱▱  **2 of 4 done** · position 12 in the queue · expected <t:1790000035:R>"
        in text
    )
    assert "16\N{NO-BREAK SPACE}kudos so far · paid by the bot's key · #128" in text
    assert "⚠️ The sampler does not suit this model." in text
    assert len(pictures_of(card)) == 2
    assert card.colour is Colour.WORKING


@pytest.mark.parametrize(
    ("payer", "said"),
    [
        (Payer.USER, "paid by their own key"),
        (Payer.GUILD, "paid by this server's key"),
        (Payer.BOT, "paid by the bot's key"),
        (Payer.ANONYMOUS, "free, no account"),
    ],
)
def test_who_pays_is_always_said(payer: Payer, said: str) -> None:
    for phase in Phase:
        for request in (FOX_IN_SNOW, TEXT_REQUEST, alchemy_request("caption")):
            assert said in text_of(show(request, Status(phase=phase), payer=payer))


def test_a_backend_without_keys_has_no_payer() -> None:
    able = RequestAbilities(made_by=Capabilities(title="WebUI", keys="none"))
    text = text_of(show(FOX_IN_SNOW, Status(phase=Phase.PROCESSING), able=able))
    assert "no account" not in text


def test_a_free_request_names_no_kudos() -> None:
    status = Status(phase=Phase.PROCESSING, processing=1, cost=46)
    assert "kudos" not in text_of(show(FOX_IN_SNOW, status, payer=Payer.ANONYMOUS))
    assert "kudos" in text_of(show(FOX_IN_SNOW, status, payer=Payer.BOT))


def test_the_bar_moves_with_time_and_is_full_only_at_the_end() -> None:
    def bar(elapsed: float, wait: int, phase: Phase = Phase.PROCESSING) -> int:
        status = Status(phase=phase, processing=1, wait_time=wait)
        return text_of(show(FOX_IN_SNOW, status, sent_at=NOW - elapsed)).count("▰")

    assert bar(0, 30) == 0
    assert bar(15, 15) == 7
    assert bar(29, 1) == 13
    assert bar(60, 0) == 13
    assert bar(60, 0, Phase.WAITING) == 0


def test_a_request_that_nobody_can_make_keeps_waiting_and_says_so() -> None:
    card = show(FOX_IN_SNOW, Status(phase=Phase.WAITING, is_possible=False))
    assert "No online worker can take this request" in text_of(card)
    assert verbs(card) == [Verb.CANCEL]


def test_stopping_takes_the_cancel_button_away() -> None:
    card = show(FOX_IN_SNOW, Status(phase=Phase.PROCESSING, processing=1), cancel_at=NOW)
    assert "Stopping" in text_of(card)
    assert card.rows[0][0].disabled


def test_an_ended_row_outweighs_an_old_look() -> None:
    card = show(FOX_IN_SNOW, Status(phase=Phase.WAITING), Phase.CANCELLED)
    assert "**Cancelled**" in text_of(card)


@pytest.mark.parametrize(
    ("phase", "said", "colour"),
    [
        (Phase.FAULTED, "The workers failed.", Colour.FAILED),
        (Phase.EXPIRED, "No worker took the request in time", Colour.PARTIAL),
        (Phase.REJECTED, "The Horde refused the request", Colour.FAILED),
        (Phase.CANCELLED, "No worker had started", Colour.QUIET),
        (Phase.DONE, "**Failed**", Colour.FAILED),
        (Phase.PARTIAL, "**Failed**", Colour.FAILED),
    ],
)
@pytest.mark.parametrize(
    "request_", [FOX_IN_SNOW, TEXT_REQUEST, alchemy_request("caption", "nsfw")]
)
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
    text = text_of(show(FOX_IN_SNOW, status))
    assert r"This needs \*\*12\*\* kudos, @" in text
    assert "@everyone" not in text


def test_the_bots_own_marks_in_a_reason_are_shown_as_such() -> None:
    reason = "Press **Again** later, leave `hires_fix` out, or use `/account login`."
    status = Status(phase=Phase.REJECTED, detail=reason)
    assert reason in text_of(show(FOX_IN_SNOW, status))


def test_account_facts_stay_off_public_cards() -> None:
    status = Status(phase=Phase.REJECTED, detail="Your key is unknown.", public=False)
    public = show(FOX_IN_SNOW, status)
    assert "key is unknown" not in text_of(public)
    assert "could not be sent" in text_of(public)
    private = FOX_IN_SNOW.model_copy(update={"private": True})
    assert "key is unknown" in text_of(show(private, status))
    assert "key is unknown" not in text_of(show(private, status, published=True))


def test_a_cancelled_request_hands_out_what_was_made() -> None:
    request = FOX_IN_SNOW.model_copy(update={"n": 4})
    status = Status(
        phase=Phase.CANCELLED, cost=20, generations=(image_generation(1), image_generation(2))
    )
    card = show(request, status)
    assert len(pictures_of(card)) == 2
    assert "**Cancelled after 2 of 4**" in text_of(card)
    assert "No worker delivered" not in text_of(card)


@pytest.mark.parametrize(
    ("n", "made", "said"),
    [
        (1, 1, "**Cancelled before the image was finished**"),
        (4, 1, "**Cancelled before the first image was finished**"),
        (4, 3, "**Cancelled after 2 of 4. The last image is not finished.**"),
    ],
)
def test_an_interrupted_image_does_not_count_as_finished(n: int, made: int, said: str) -> None:
    images = [image_generation(number) for number in range(1, made + 1)]
    images[-1] = images[-1].model_copy(update={"unfinished": True})
    request = FOX_IN_SNOW.model_copy(update={"n": n})
    card = show(request, Status(phase=Phase.CANCELLED, generations=tuple(images)))
    assert len(pictures_of(card)) == made
    assert said in text_of(card)


def test_a_held_result_is_shown_as_what_it_is() -> None:
    status = Status(phase=Phase.DONE, generations=(image_generation(),))
    assert show(FOX_IN_SNOW, status, Phase.HELD).colour is Colour.DONE


@pytest.mark.parametrize("request_", [FOX_IN_SNOW, TEXT_REQUEST, alchemy_request("caption")])
@pytest.mark.parametrize("phase", list(Phase))
def test_public_card_names_requester_and_their_own_key(request_: Request, phase: Phase) -> None:
    text = text_of(show(request_, Status(phase=phase), payer=Payer.USER))
    assert "for <@2> · " in text
    assert "paid by their own key" in text
    assert "your key" not in text


def test_published_card_names_requester_and_their_own_key() -> None:
    private = FOX_IN_SNOW.model_copy(update={"private": True})
    status = Status(phase=Phase.DONE, generations=(image_generation(1),))
    hidden = text_of(show(private, status, payer=Payer.USER))
    assert "paid by your key" in hidden
    assert "<@2>" not in hidden
    published = text_of(show(private, status, payer=Payer.USER, published=True))
    assert "for <@2> · paid by their own key" in published


def test_card_in_direct_messages_says_your_key() -> None:
    ref = MessageRef(channel_id=4, reach=MessageAccess.DM)
    text = text_of(show(FOX_IN_SNOW, Status(phase=Phase.DONE), payer=Payer.USER, messages=(ref,)))
    assert "paid by your key" in text
    assert "<@2>" not in text


def test_second_message_names_requester_where_others_read_it() -> None:
    found = Status(phase=Phase.DONE, generations=tuple(image_generation(n) for n in range(1, 13)))
    many = FOX_IN_SNOW.model_copy(update={"n": 12})
    private = many.model_copy(update={"private": True})
    titles = [
        text_of(rest)
        for request, published in ((many, False), (private, False), (private, True))
        if (rest := rest_for(card_record(request, Phase.DONE), found, now=NOW, published=published))
    ]
    assert ["<@2>" in title for title in titles] == [True, False, True]


def test_no_time_is_expected_while_no_worker_can_take_it() -> None:
    warned = Status(phase=Phase.WAITING, wait_time=10, worker_warnings=("No worker is there.",))
    for status in (warned, Status(phase=Phase.WAITING, wait_time=10, is_possible=False)):
        assert "<t:" not in text_of(show(FOX_IN_SNOW, status))
    assert "expected <t:" in text_of(show(FOX_IN_SNOW, Status(phase=Phase.WAITING, wait_time=10)))


@pytest.mark.parametrize(
    ("workers", "words"),
    [
        (None, "The workers that can take this request have too much work."),
        (1, "Only 1 online worker can take this request"),
        (3, "The 3 online workers that can take this request have too much work."),
    ],
)
def test_card_few_workers_warns_while_it_waits(workers: int | None, words: str) -> None:
    status = Status(phase=Phase.WAITING, waiting=1, few_workers=True, eligible_workers=workers)
    assert words in text_of(show(FOX_IN_SNOW, status))
    begun = status.model_copy(update={"phase": Phase.PROCESSING, "processing": 1})
    assert words not in text_of(show(FOX_IN_SNOW, begun))


def test_card_late_worker_says_what_follows() -> None:
    status = Status(phase=Phase.PROCESSING, processing=1, late=True)
    assert "Another worker takes over soon." in text_of(show(FOX_IN_SNOW, status))
