"""A downgrade on the card and in Details."""

from typing import Any

import pytest

from bot.cards.card import TextBlock
from bot.cards.details import details
from bot.cards.downgrade import cut_lines, cut_values
from bot.cards.progress import expected_at
from bot.cards.request_card import card_for
from bot.domain.generations import ImageGeneration
from bot.domain.requests import ImageRequest, TextRequest
from bot.domain.results import Cut, Phase, Status
from tests.support.cards import NOW, card_record

MANY_STEPS = ImageRequest(prompt="a fox", models=("Deliberate",), width=512, height=512, steps=80)
LONG_TEXT = TextRequest(prompt="once", max_length=1024)


def cut_status(cut: Cut | None, *sides: int, **fields: Any) -> Status:
    made = [
        ImageGeneration(id="a", file="a.webp", width=side, height=side, seed="7") for side in sides
    ]
    return Status(phase=Phase.DONE, cut=cut, generations=tuple(made), finished=1, **fields)


def test_fewer_steps_are_said() -> None:
    cut = Cut(width=512, height=512, steps=30)
    said = cut_lines(MANY_STEPS, cut_status(cut, 512))
    assert said.startswith("-# 80 steps need kudos. The image was created with 30 steps.")
    assert cut_lines(MANY_STEPS, cut_status(None, 512)) == ""


def test_shorter_text_is_said() -> None:
    said = cut_lines(LONG_TEXT, Status(phase=Phase.WAITING, cut=Cut(max_length=512)))
    assert said.startswith("-# 1,024 tokens need kudos. The text has 512 tokens at most.")


def test_dropped_wish_for_fast_workers_is_said() -> None:
    cut = Cut(width=512, height=512, steps=80, slow_workers=True)
    assert "Slow workers were allowed too" in cut_lines(MANY_STEPS, cut_status(cut, 512))


@pytest.mark.parametrize(("side", "said"), [(1024, True), (1600, False)])
def test_picture_that_arrived_decides_whether_anything_was_cut(side: int, said: bool) -> None:
    asked = MANY_STEPS.model_copy(update={"width": 1600, "height": 1600})
    cut = Cut(width=1024, height=1024, steps=30)
    assert bool(cut_lines(asked, cut_status(cut, side))) is said
    assert bool(cut_values(asked, cut_status(cut, side))) is said


def test_details_and_their_command_have_the_figures_it_was_made_with() -> None:
    cut = Cut(width=512, height=512, steps=30)
    made = cut_status(cut, 512)
    card = details(card_record(MANY_STEPS, Phase.DONE, status=made), made)
    text = "\n".join(block.content for block in card.blocks if isinstance(block, TextBlock))
    assert "steps: 30 (requested: 80)" in text
    assert "--steps 30" in text
    assert "--steps 80" not in text


def test_open_card_says_it_before_the_picture_is_there() -> None:
    cut = Cut(width=512, height=512, steps=30)
    waiting = Status(phase=Phase.WAITING, cut=cut, waiting=1)
    card = card_for(card_record(MANY_STEPS, Phase.WAITING, status=waiting), waiting, now=0.0)
    text = "\n".join(block.content for block in card.blocks if isinstance(block, TextBlock))
    assert "was created with 30 steps" in text


def test_no_time_is_named_while_no_worker_can_take_it() -> None:
    waiting = Status(phase=Phase.WAITING, waiting=1, wait_time=8, is_possible=False)
    card = card_for(card_record(MANY_STEPS, Phase.WAITING, status=waiting), waiting, now=NOW)
    text = "\n".join(block.content for block in card.blocks if isinstance(block, TextBlock))
    assert "<t:" not in text
    assert "▰" not in text


def test_time_on_a_card_is_never_in_the_past() -> None:
    assert expected_at(Status(phase=Phase.WAITING, wait_time=1), 1_002.0) == "expected <t:1005:R>"


def test_what_a_cancelled_request_has_cost_is_a_least_figure() -> None:
    ended = Status(phase=Phase.CANCELLED, cost=3.0, begun=True)
    card = card_for(card_record(MANY_STEPS, Phase.CANCELLED, status=ended), ended, now=NOW)
    text = "\n".join(block.content for block in card.blocks if isinstance(block, TextBlock))
    assert "at least 3\N{NO-BREAK SPACE}kudos spent" in text
