"""The page about the sponsors of the Horde as entries."""

from bot.ui.browse.sponsors import Sponsor, sponsors_of


def test_items_of_lists_have_the_heading_and_the_link() -> None:
    page = "# Sponsors\n\nThanks!\n\n## Patrons\n\n- [Lamp *Works*](https://lamp.example)\n* db0\n"
    assert sponsors_of(page) == (
        Sponsor("Lamp Works", "Patrons", "https://lamp.example"),
        Sponsor("db0", "Patrons"),
    )


def test_a_page_without_lists_gives_its_lines() -> None:
    assert sponsors_of("## All\nAda\n\nAda\nBen<br>\n") == (
        Sponsor("Ada", "All"),
        Sponsor("Ben", "All"),
    )
