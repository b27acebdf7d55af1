"""docs/privacy.md names every column of every table, and no other."""

import re
import sqlite3

from bot.services.personal_data.guild_cleanup import GRACE_DAYS
from bot.settings import StoreSettings
from bot.storage.database import migrations
from bot.storage.tables.person_data import SECRET, WITHOUT_USERS
from bot.storage.tables.person_sources import ABOUT
from bot.storage.tables.spending import KEEP_DAYS
from tests.support.paths import ROOT

PRIVACY_PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
Columns = set[tuple[str, str]]


def real() -> Columns:
    """Every column of a new database."""
    db = sqlite3.connect(":memory:")
    for script in migrations():
        db.executescript(script)
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = [row[0] for row in db.execute(names)]
    found = {(t, row[1]) for t in tables for row in db.execute(f"PRAGMA table_info({t})")}
    db.close()
    return found


def documented_columns() -> Columns:
    """What the page says that there is."""
    found: Columns = set()
    for row in PRIVACY_PAGE.splitlines():
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        table = re.fullmatch(r"`(\w+)`", cells[0])
        if table and len(cells) == 4:
            assert all(len(cell) > 4 for cell in cells[2:]), f"say why and for how long: {row}"
            found |= {(table[1], column) for column in re.findall(r"`(\w+)`", cells[1])}
    return found


def test_every_column_of_every_table_is_on_the_page() -> None:
    assert real() - documented_columns() == set(), (
        "say in docs/privacy.md what is stored there, why, how long"
    )


def test_the_page_names_nothing_that_is_not_there() -> None:
    assert documented_columns() - real() == set()


def test_every_table_is_exported_or_is_about_nobody() -> None:
    tables = {table for table, _ in real()}
    assert tables == {*ABOUT, *WITHOUT_USERS}
    assert not ABOUT.keys() & WITHOUT_USERS
    assert {column for _, column in real()} >= SECRET


def test_a_column_with_a_person_in_it_is_exported() -> None:
    """Whatever table gets a person's id one day must be among those that are handed out."""
    people = {"user_id", "made_by", "reporter_id", "blocked_by"}
    assert {table for table, column in real() if column in people} <= ABOUT.keys()


def test_the_times_are_those_of_the_code() -> None:
    assert f"{GRACE_DAYS} days after the bot has left it" in PRIVACY_PAGE
    assert f"{StoreSettings().keep_days} days unless" in PRIVACY_PAGE
    assert KEEP_DAYS == 7
    assert "| a week |" in PRIVACY_PAGE
