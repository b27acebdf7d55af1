"""Cards of /horde status and /horde news."""

import pytest

from bot.cards.card import TEXT_MAX, Colour
from bot.cards.markdown import units
from bot.horde.server_info import Heartbeat, Modes, Newspiece, Performance
from bot.services.community.horde_info import Load
from bot.ui.browse.horde_status import news_card, status_card
from tests.support.cards import text_of

BUSY = Performance(
    queued_requests=1_284,
    queued_text_requests=45,
    queued_forms=3,
    worker_count=143,
    text_worker_count=60,
    interrogator_count=1,
    queued_megapixelsteps=12_600,
    past_minute_megapixelsteps=6_300,
    queued_tokens=9_000,
    past_minute_tokens=18_000,
)


def test_status_in_peoples_units() -> None:
    card = status_card(Load(BUSY, Modes(), Heartbeat(version="5.1.5"), 1_790_000_000.4))
    text = text_of(card).replace("\N{NO-BREAK SPACE}", " ")
    assert "### The Horde accepts requests" in text
    assert "1,284 queued · 143 workers · about 200 images per minute · 2 min of work queued" in text
    assert "45 queued · 60 workers · about 18,000 tokens per minute · 30 s of work" in text
    assert "**Alchemy** 3 queued · 1 worker" in text
    assert "-# Horde 5\\.1.5 · <t:1790000000:R>" in text
    assert card.colour is Colour.DONE


def test_status_card_own_submits_refused_is_not_open() -> None:
    refused = "The Horde takes no requests from the bot's address for a while."
    card = status_card(Load(BUSY, Modes(), Heartbeat(), 0), refusal=refused)
    assert "accepts no new requests" in text_of(card)
    assert "Your requests wait in the bot's queue" in text_of(card)


def test_maintenance_and_illness_are_said() -> None:
    closed = status_card(Load(BUSY, Modes(maintenance_mode=True), Heartbeat(), 0))
    assert "accepts no new requests" in text_of(closed)
    assert "Your requests wait in the bot's queue" in text_of(closed)
    ill = status_card(Load(BUSY, Modes(), Heartbeat(message="DOWN"), 0))
    assert "reports a problem" in text_of(ill)
    assert ill.colour is closed.colour is Colour.PARTIAL


@pytest.mark.parametrize(
    ("each_minute", "said"),
    [
        (3.0, "about 3 images per minute"),
        (0.4, "about 24 images per hour"),
        (0.001, "less than 1 image per hour"),
    ],
)
def test_status_card_slow_horde_is_never_about_zero(each_minute: float, said: str) -> None:
    load = Performance(past_minute_megapixelsteps=each_minute * 31.5, past_minute_tokens=0.5)
    text = text_of(status_card(Load(load, Modes(), Heartbeat(), 0)))
    assert said in text
    assert "about 30 tokens per hour" in text
    assert "about 0" not in text


def test_an_idle_horde_divides_by_nothing() -> None:
    assert "0 queued" in text_of(status_card(Load(Performance(), Modes(), Heartbeat(), 0)))
    idle = Performance(past_minute_megapixelsteps=100, past_minute_tokens=100)
    assert "work queued" not in text_of(status_card(Load(idle, Modes(), Heartbeat(), 0)))


def test_news_is_shortened_and_harmless() -> None:
    pieces = [
        Newspiece(
            title="Big **news** @everyone",
            newspiece="## New\nRead [our **page**](https://evil.example/x) `now`. "
            + "words " * 400,
            date_published="2026-08-01",
            more_info_urls=("javascript:alert(1)", "https://haidra.net/news/"),
        )
    ] * 5
    text = text_of(news_card(pieces))
    assert text.count("### Big") == 3
    assert "@everyone" not in text
    assert "evil.example" not in text
    assert "\nNew\nRead our page now." in text
    assert "-# 2026-08-01 · [Read more](https://haidra.net/news/)" in text
    assert "javascript" not in text
    assert "There is no news." in text_of(news_card([]))


def test_live_cards_fit() -> None:
    nasty = "*" * 2_000
    piece = Newspiece(title=nasty, newspiece=nasty, date_published=nasty)
    assert units(text_of(news_card([piece] * 9))) < TEXT_MAX
