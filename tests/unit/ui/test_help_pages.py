"""The pages of /help, in the language of their reader."""

import pytest

from bot.domain.capabilities import HORDE, Capabilities, PriceUnit
from bot.domain.requests import Kind
from bot.i18n import in_language, language_of
from bot.ui.operator import help_page
from bot.ui.operator.help_page import Paragraph, Topic
from bot.ui.operator.help_topics import TOPICS, first_topic, offered_topics

PAGE = Topic("Texts", (Paragraph("Longer:", ("`/write prompt:a tale`",)), Paragraph("The end.")))


def test_a_page_has_a_heading_paragraphs_and_examples() -> None:
    assert PAGE.text_for(HORDE) == "### Texts\nLonger:\n`/write prompt:a tale`\n\nThe end."


def test_a_page_is_translated_when_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_page, "_", str.upper)
    with in_language(language_of("de")):
        assert PAGE.text_for(HORDE) == "### TEXTS\nLONGER:\n`/write prompt:a tale`\n\nTHE END."


OWN_GPU = Capabilities(
    title="own-gpu",
    kinds=frozenset({Kind.IMAGE}),
    unit=PriceUnit.NONE,
    image_fields=frozenset({"seed", "steps", "sampler"}),
)
WRITER = Capabilities(title="writer", kinds=frozenset({Kind.TEXT}), unit=PriceUnit.NONE)


def test_a_page_shows_only_what_the_backend_of_the_place_can_do() -> None:
    text = TOPICS["start"].text_for(OWN_GPU, [OWN_GPU, HORDE])
    assert "`/imagine prompt:a red fox" in text
    assert "AI Horde" not in text
    flags = TOPICS["flags"].text_for(OWN_GPU, [OWN_GPU, HORDE])
    assert "--steps 40" in flags
    assert "--lora" not in flags
    assert "`/rate`" not in TOPICS["results"].text_for(OWN_GPU)
    assert "volunteers" not in TOPICS["rules"].text_for(OWN_GPU)


@pytest.mark.parametrize("name", ["keys", "styles", "alchemy", "texts", "remix"])
def test_a_page_about_another_backend_names_it(name: str) -> None:
    text = TOPICS[name].text_for(OWN_GPU, [OWN_GPU, HORDE])
    note = "This page is about AI Horde. own-gpu is used here and cannot do this."
    assert text.splitlines()[1] == f"-# {note}"
    assert len(text) > 200
    alone = TOPICS[name].text_for(OWN_GPU, [OWN_GPU])
    assert alone.splitlines()[1:] == ["own-gpu is used here and cannot do this."]


def test_topics_of_the_horde_are_offered_with_a_horde_only() -> None:
    assert offered_topics(hordes=True) == list(TOPICS)
    assert set(TOPICS) - set(offered_topics(hordes=False)) == {"keys", "styles"}


def test_the_first_page_is_about_texts_where_no_images_are_made() -> None:
    assert first_topic(HORDE) is first_topic(OWN_GPU) is TOPICS["start"]
    assert first_topic(WRITER) is TOPICS["texts"]
