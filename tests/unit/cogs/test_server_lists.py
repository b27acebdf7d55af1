"""Suggestions for blocking an entry, and for allowing it again."""

from types import SimpleNamespace
from typing import Any

from bot.domain.requests import Kind
from bot.rules.guild_settings import GuildSettings
from cogs.server import lists
from tests.support.catalogs import STYLE_ID, catalog_with_styles
from tests.support.fakes.submission import FakeGuilds, client_in


async def suggested_on_server(complete: Any, typed: str, **rules: Any) -> dict[str, str]:
    """The values of the choices, by their labels."""
    settings = GuildSettings(**rules)
    guilds = FakeGuilds({5: settings})
    client = client_in(settings, catalog=catalog_with_styles(), guilds=guilds)
    found = await complete(SimpleNamespace(client=client, guild_id=5), typed)
    return {choice.name: choice.value for choice in found}


async def test_styles_of_the_horde_are_read_by_their_name() -> None:
    block, allow = lists._any_styles, lists.listed_names("styles_blocked")
    assert await suggested_on_server(block, "") == {"style of the Horde: Dusk · SDXL 1.0": STYLE_ID}
    assert await suggested_on_server(block, "", styles_blocked=(STYLE_ID,)) == {}
    assert await suggested_on_server(allow, "dus", styles_blocked=(STYLE_ID, "raw")) == {
        f"Dusk ({STYLE_ID})": STYLE_ID
    }
    assert await suggested_on_server(allow, "", styles_blocked=("raw",)) == {"raw": "raw"}


async def test_what_is_blocked_already_needs_no_suggestion() -> None:
    every = await suggested_on_server(lists._any_models, "")
    assert set(every.values()) == {
        m.name for m in catalog_with_styles().models(Kind.IMAGE, nsfw=True)
    }
    left = await suggested_on_server(lists._any_models, "", models_blocked=("deliberate",))
    assert set(every.values()) - set(left.values()) == {"Deliberate"}


def test_what_has_one_name_for_two_is_blocked_once() -> None:
    assert lists._joined(("Deliberate",), ("700302", "700302")) == ("Deliberate", "700302")
    assert lists._joined(("Deliberate",), (" deliberate ", "")) == ("Deliberate",)
