"""The cards of /estimate and /operator stats."""

from typing import Any, cast

import pytest

from bot.accounts.pricing import Estimate, Unasked
from bot.cards.card import Card, Colour, TextBlock
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.people import Report
from bot.domain.records import Payer
from bot.domain.requests import ImageRequest, Kind, VideoRequest
from bot.domain.results import Cut, Phase
from bot.monitoring.health import HealthFigures
from bot.parameters.upfront_kudos import Need
from bot.ui.account.estimate_card import estimate_card
from bot.ui.operator.stats import stats_card

COSTLY_FOXES = ImageRequest(
    prompt="a fox", models=("Deliberate",), width=1024, height=1536, n=2, steps=50, sampler="k_heun"
)


def ascii_text_of(card: Card) -> str:
    text = "\n".join(block.content for block in card.blocks if isinstance(block, TextBlock))
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MULTIPLICATION SIGN}", "x")


def test_the_price_and_who_pays() -> None:
    card = estimate_card(COSTLY_FOXES, Estimate(price=45.2, payer=Payer.USER))
    text = ascii_text_of(card)
    assert "### Price: 45 kudos" in text
    assert "**Deliberate** · 1024 x 1536 · 50 steps · 2 images" in text
    assert "You do not need any kudos" in text
    assert "paid by your key" in text
    assert card.colour is Colour.DONE


PAID = Capabilities(title="paid server", unit=PriceUnit.MICRO_USD, keys="required")
OWN_GPU = Capabilities(title="own-gpu", unit=PriceUnit.NONE, keys="none")
ROUTER = Capabilities(title="router", unit=PriceUnit.NONE)


@pytest.mark.parametrize(
    ("able", "price", "said"),
    [
        (PAID, 20_000.0, "### Price: $0.02"),
        (PAID, 0.0, "The price at paid server is not known now."),
        (OWN_GPU, 0.0, "Requests cost nothing at own-gpu."),
        (ROUTER, 0.0, "The bot knows no prices of router."),
    ],
)
def test_a_price_of_another_backend_says_nothing_of_kudos(
    able: Capabilities, price: float, said: str
) -> None:
    text = ascii_text_of(estimate_card(COSTLY_FOXES, Estimate(price, Payer.ANONYMOUS), able))
    assert said in text
    assert "kudos" not in text
    assert ("no account" in text) == (able is not OWN_GPU)


def test_a_video_has_its_price_and_its_duration() -> None:
    video = VideoRequest(prompt="a heron", models=("LTX",), seconds=3)
    text = ascii_text_of(estimate_card(video, Estimate(60_000.0, Payer.USER), PAID))
    assert "### Price: $0.06" in text
    assert "**LTX** · 768 x 512 · 3 s" in text
    assert "paid by your key" in text


def test_a_reckoning_says_that_it_is_one() -> None:
    text = ascii_text_of(
        estimate_card(COSTLY_FOXES, Estimate(price=45.2, payer=Payer.BOT, unasked=Unasked.LIMIT))
    )
    assert "### Estimated price: 45 kudos" in text
    assert "the bot's own estimate" in text
    assert "### Price" not in text


def test_too_few_kudos_in_hand_and_the_ways_out() -> None:
    found = Estimate(
        price=300.0,
        payer=Payer.USER,
        needs=(Need.SIZE, Need.STEPS),
        balance=120.0,
        side=700,
        steps=20,
    )
    card = estimate_card(COSTLY_FOXES, found)
    text = ascii_text_of(card)
    assert "in advance. Reason: size and number of steps." in text
    assert "has about 120 kudos, which is not enough" in text
    assert "reduces the size" in text
    assert "- Choose a size of at most 640 x 640." in text
    assert "- Use at most 20 steps." in text
    assert "/account login" in text
    assert card.colour is Colour.PARTIAL


def test_what_is_made_without_the_kudos_is_said() -> None:
    cut = Cut(width=832, height=1216, steps=15, slow_workers=True)
    found = Estimate(price=300.0, payer=Payer.ANONYMOUS, needs=(Need.SIZE, Need.STEPS), cut=cut)
    text = ascii_text_of(estimate_card(COSTLY_FOXES, found))
    changes = "832 x 1216, 15 steps and slow workers allowed"
    assert f"the Horde changes the request to: {changes}." in text
    assert "Choose another sampler." in text  # no number of steps is free


def test_without_a_model_it_would_be_refused() -> None:
    found = Estimate(price=300.0, payer=Payer.ANONYMOUS, needs=(Need.SIZE,))
    request = COSTLY_FOXES.model_copy(update={"models": ()})
    assert "the Horde refuses the request" in ascii_text_of(estimate_card(request, found))


def test_the_size_that_goes_without_is_that_of_what_its_model_is_built_on() -> None:
    """Which the name alone, here that of an SDXL model, does not tell."""
    request = COSTLY_FOXES.model_copy(update={"models": ("Only Called XL",)})
    found = Estimate(price=300.0, payer=Payer.USER, needs=(Need.SIZE,), side=576)
    assert "at most 576 x 576." in ascii_text_of(estimate_card(request, found))


def test_enough_kudos_in_hand_need_no_way_out() -> None:
    found = Estimate(
        price=300.0, payer=Payer.USER, needs=(Need.SIZE,), balance=5_000.0, spendable=4_975.0
    )
    card = estimate_card(COSTLY_FOXES, found)
    assert "has about 5,000 kudos, which is enough" in ascii_text_of(card)
    assert "Ways to avoid" not in ascii_text_of(card)
    assert card.colour is Colour.DONE


def test_what_is_not_sure_is_not_said_as_if() -> None:
    found = Estimate(price=300.0, payer=Payer.ANONYMOUS, needs=(Need.SIZE,), sure=False)
    text = ascii_text_of(estimate_card(COSTLY_FOXES, found))
    assert "may need its kudos in advance" in text
    assert "Anonymous requests are free" in text


def test_without_downgrade_it_would_be_refused() -> None:
    request = COSTLY_FOXES.model_copy(update={"allow_downgrade": False})
    found = Estimate(price=300.0, payer=Payer.ANONYMOUS, needs=(Need.SIZE,))
    assert "the Horde refuses the request" in ascii_text_of(estimate_card(request, found))


def facts(**fields: object) -> HealthFigures:
    known: dict[str, object] = {
        "at": 2_000.0,
        "started_at": 1_000.0,
        "queued": {("horde", Kind.IMAGE): 4, ("horde", Kind.TEXT): 1, ("horde", Kind.ALCHEMY): 0},
        "open": {Phase.QUEUED: 5, Phase.WAITING: 12, Phase.HELD: 0},
        "outages": {"horde": (2, None)},
        "delivered": {Kind.IMAGE: 1_234},
        "spool": 5 * 1024 * 1024,
        "quota": 2048 * 1024 * 1024,
        "gateway": True,
        "guilds": 3,
        "memory": 70 * 1024 * 1024,
        "draining": False,
    }
    return HealthFigures(**cast("Any", known | fields))


def test_the_stats_of_a_good_day() -> None:
    card = stats_card(facts(), "Hordecord 0.1.0")
    text = ascii_text_of(card)
    assert "**Queue: AI Horde** 4 images · 1 text · 0 alchemy results" in text
    assert "**Open requests** 5 queued by the bot · 12 waiting for a worker" in text
    assert "**Delivered since the start** 1,234 images · 0 texts" in text
    assert "**Outages: AI Horde** 2" in text
    assert "5 MB of 2,048 MB" in text
    assert "**Memory** 70 MB · **Started** <t:1000:R>" in text
    assert "connected · 3 servers" in text
    assert "Hordecord 0.1.0" in text
    assert card.colour is Colour.DONE


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"gateway": False}, "not connected"),
        ({"outages": {"horde": (3, 1_500.0)}}, "3 · **outage began <t:1500:R>**"),
        ({"draining": True}, "takes no new requests"),
    ],
)
def test_the_stats_of_a_bad_day(fields: dict[str, object], said: str) -> None:
    card = stats_card(facts(**fields), "")
    assert said in ascii_text_of(card)
    assert card.colour is Colour.PARTIAL


def test_what_is_not_known_is_said_to_be() -> None:
    text = ascii_text_of(stats_card(facts(open={}, spool=None, memory=None), ""))
    assert "**Open requests** unknown" in text
    assert "**Memory** unknown size" in text
    assert "unknown size of 2,048 MB" in text
    assert "**Open requests** none" in ascii_text_of(stats_card(facts(open={Phase.QUEUED: 0}), ""))


def test_what_moderators_reported_can_be_gone_to() -> None:
    assert "Reported" not in ascii_text_of(stats_card(facts(), ""))
    report = Report(12, 1_900.0, 1, guild_id=2, channel_id=3, message_id=4)
    text = ascii_text_of(stats_card(facts(reported=6, reports=(report,)), ""))
    assert "**Reported by moderators** 6: [#12](https://discord.com/channels/2/3/4)" in text
