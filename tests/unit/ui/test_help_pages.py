"""The pages of /help, in the language of their reader."""

import pytest

from bot.i18n import in_language, language_of
from bot.ui.operator import help_page
from bot.ui.operator.help_page import Paragraph, Topic

PAGE = Topic("Texts", (Paragraph("Longer:", ("`/write prompt:a tale`",)), Paragraph("The end.")))


def test_a_page_has_a_heading_paragraphs_and_examples() -> None:
    assert PAGE.text == "### Texts\nLonger:\n`/write prompt:a tale`\n\nThe end."


def test_a_page_is_translated_when_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_page, "_", str.upper)
    with in_language(language_of("de")):
        assert PAGE.text == "### TEXTS\nLONGER:\n`/write prompt:a tale`\n\nTHE END."
