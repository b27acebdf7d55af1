"""What /server backend says of each backend, and what autocompletes suggest with it."""

from dataclasses import replace

import pytest
from hypothesis import given

from bot.cards.card import OPTION_MAX
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.requests import Kind
from bot.parameters.flags import suggestions
from bot.ui.server.backend_facts import backend_lines, choice_label, limits_of
from cogs.alchemy import completions
from tests.support.abilities import CAPABILITIES
from tests.support.flag_strategies import MODEL_CATALOG

PLAIN = Capabilities(
    title="own-gpu",
    kinds=frozenset({Kind.IMAGE}),
    image_fields=frozenset({"width", "height", "steps"}),
)


def test_a_backend_is_offered_with_its_title_and_what_it_can_do() -> None:
    assert choice_label("gpu", PLAIN) == "gpu · own-gpu · images"
    assert choice_label("horde", HORDE) == "horde · AI Horde · images, texts and alchemy"
    assert len(choice_label("x" * 200, HORDE)) <= OPTION_MAX


def test_a_choice_says_what_will_not_work() -> None:
    assert limits_of(HORDE) == ""
    said = limits_of(PLAIN)
    assert "own-gpu does not make: texts and alchemy." in said
    assert "own-gpu makes no images from images." in said
    assert "no styles of the AI Horde" in said
    assert "images from images" not in limits_of(replace(PLAIN, image_fields=None))


def test_videos_are_named_where_they_are_made_and_missed_nowhere() -> None:
    with_videos = replace(PLAIN, kinds=frozenset({Kind.IMAGE, Kind.VIDEO}))
    assert choice_label("gpu", with_videos) == "gpu · own-gpu · images and videos"
    assert "videos" not in limits_of(PLAIN)


def test_all_backends_are_listed_and_the_default_is_marked() -> None:
    assert backend_lines({"horde": HORDE, "gpu": PLAIN}) == [
        "**Available backends**",
        "`horde` · AI Horde · images, texts and alchemy · the bot's default",
        "`gpu` · own-gpu · images",
    ]


@given(CAPABILITIES)
def test_every_backend_has_a_label(able: Capabilities) -> None:
    assert 0 < len(choice_label("gpu", able)) <= OPTION_MAX


@pytest.mark.parametrize("typed", ["--lora ", "--sampler ", "--til", "--work"])
def test_flags_that_the_backend_lacks_are_not_suggested(typed: str) -> None:
    name = typed.split(maxsplit=1)[0]
    every = suggestions(typed, MODEL_CATALOG)
    assert any(text.startswith(name) for text in every)
    left = suggestions(typed, MODEL_CATALOG, able=PLAIN)
    assert not {text for text in left if text != typed.strip()} & set(every)
    assert "--steps" in suggestions("--ste", MODEL_CATALOG, able=PLAIN)


def test_forms_that_the_backend_lacks_are_not_suggested() -> None:
    assert completions("", has=lambda form: form == "caption") == ["caption"]
