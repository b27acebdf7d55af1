"""Origin of a command: the place, its routes, its limits."""

import contextlib

import pytest

from bot.domain.records import MessageAccess
from tests.support.bots.bot_on_discord import BotOnDiscord
from tests.support.builders import FOX_REQUEST
from tests.support.discord.channels import Place, new_thread, person_in
from tests.support.discord.client import Person

# Where it comes from


async def test_an_age_restricted_channel(live: BotOnDiscord) -> None:
    await live.ask(await live.control.person("ada", "after-dark"))
    await live.ask(await live.control.person("ada", "general"))
    assert [origin.age_restricted for origin in live.service.origins] == [True, False]


async def test_routes_of_each_place(live: BotOnDiscord, ada: Person) -> None:
    live.next_is(FOX_REQUEST)
    await ada.command("ask")
    await (await live.control.person("ada", "dm")).command("ask")
    guild = await live.control.post("guilds", name="Elsewhere", channels=["lobby"])
    await live.control.call("DELETE", f"guilds/{guild['id']}")
    elsewhere = Person(live.control, ada.id, guild["channels"][0]["id"])
    with contextlib.suppress(AssertionError):  # a look-alike that lets only members in
        await elsewhere.command("ask", install="user")
    found = [origin.message.reach for origin in live.service.origins]
    assert found[:2] == [MessageAccess.GUILD, MessageAccess.DM]
    assert found[2:] in ([], [MessageAccess.USER_INSTALL])


async def test_a_user_installed_bot_has_only_the_token(live: BotOnDiscord, ada: Person) -> None:
    live.next_is(FOX_REQUEST)
    await ada.command("ask", install="user")
    assert live.service.origins[0].message.reach is MessageAccess.USER_INSTALL


@pytest.mark.parametrize(
    ("added", "reach"), [(True, MessageAccess.GUILD), (False, MessageAccess.USER_INSTALL)]
)
async def test_a_private_thread_is_reached_as_the_bot_once_it_is_in_it(
    live: BotOnDiscord, added: bool, reach: MessageAccess
) -> None:
    live.next_is(FOX_REQUEST)
    spot = Place(parent=0, private=True, with_bot=added)
    await (await person_in(live.control, "ada", spot)).command("ask")
    assert live.service.origins[0].message.reach is reach


async def test_a_thread_counts_as_its_channel(live: BotOnDiscord) -> None:
    dark = await live.control.person("ada", "after-dark")
    inside = await new_thread(live.control, dark.channel_id, dark)
    await live.ask(inside)
    origin = live.service.origins[0]
    assert origin.age_restricted
    assert origin.home == int(dark.channel_id)
    assert origin.message.channel_id == int(inside.channel_id)


async def test_the_upload_limit_is_the_places_own(live: BotOnDiscord, ada: Person) -> None:
    await live.control.post("knobs", upload_limit=12_345_678)
    await live.ask(ada)
    assert live.service.origins[0].message.upload_limit == 12_345_678


async def test_language_is_that_of_the_client_of_the_member(
    live: BotOnDiscord, ada: Person
) -> None:
    live.next_is(FOX_REQUEST)
    await live.control.call("PATCH", f"users/{ada.id}", {"locale": "pt-BR"})
    await ada.command("ask")
    await live.control.call("PATCH", f"users/{ada.id}", {"locale": "ja"})
    await ada.command("ask")
    assert [origin.locale for origin in live.service.origins] == ["pt-BR", "ja"]
