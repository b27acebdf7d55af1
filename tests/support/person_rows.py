"""All rows about a person at once, as tests look at them."""

from collections.abc import Sequence

from bot.storage import Store
from bot.storage.tables.person_data import Rows
from bot.storage.tables.person_sources import ABOUT


async def all_rows(store: Store, user_id: int, marks: Sequence[str]) -> dict[str, Rows]:
    """The rows of every table that is about people, by its name."""
    found: dict[str, Rows] = {table: [] for table in ABOUT}
    async for table, rows in store.person_data.pages(user_id, marks):
        found[table] += rows
    return found
