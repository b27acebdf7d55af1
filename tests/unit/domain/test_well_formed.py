"""Half characters reach no table."""

from bot.domain.people import preset_key
from bot.domain.well_formed import well_formed
from bot.storage.tables.rows import search_words


def test_half_a_character_becomes_text_that_can_be_stored() -> None:
    for made in (well_formed("a\ud800b"), preset_key("A\ud800b"), search_words("A\ud800b")):
        assert made.encode() == b"a?b"
