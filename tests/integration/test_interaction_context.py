"""Where a command came from: the place, its doors, its limits."""

import contextlib

import pytest

from bot.domain.records import MessageAccess
from tests.support.bots.bot_on_discord import Stage
from tests.support.discord.channels import Spot, at, thread
from tests.support.discord.client import Person
from tests.support.fakes.submission import FOX

PRIVATE = FOX.model_copy(update={"private": True})


# Where it comes from


async def test_an_age_restricted_channel(stage: Stage) -> None:
    await stage.ask(await stage.control.person("ada", "after-dark"))
    await stage.ask(await stage.control.person("ada", "general"))
    assert [origin.nsfw for origin in stage.service.origins] == [True, False]


async def test_the_doors_of_each_place(stage: Stage, ada: Person) -> None:
    stage.next_is(FOX)
    await ada.command("ask")
    await (await stage.control.person("ada", "dm")).command("ask")
    guild = await stage.control.post("guilds", name="Elsewhere", channels=["lobby"])
    await stage.control.call("DELETE", f"guilds/{guild['id']}")
    elsewhere = Person(stage.control, ada.id, guild["channels"][0]["id"])
    with contextlib.suppress(AssertionError):  # a look-alike that lets only members in
        await elsewhere.command("ask", install="user")
    found = [origin.message.reach for origin in stage.service.origins]
    assert found[:2] == [MessageAccess.GUILD, MessageAccess.DM]
    assert found[2:] in ([], [MessageAccess.USER_INSTALL])


async def test_a_user_installed_bot_has_only_the_token(stage: Stage, ada: Person) -> None:
    stage.next_is(FOX)
    await ada.command("ask", install="user")
    assert stage.service.origins[0].message.reach is MessageAccess.USER_INSTALL


@pytest.mark.parametrize(
    ("added", "reach"), [(True, MessageAccess.GUILD), (False, MessageAccess.USER_INSTALL)]
)
async def test_a_private_thread_is_reached_as_the_bot_once_it_is_in_it(
    stage: Stage, added: bool, reach: MessageAccess
) -> None:
    stage.next_is(FOX)
    spot = Spot(parent=0, private=True, with_bot=added)
    await (await at(stage.control, "ada", spot)).command("ask")
    assert stage.service.origins[0].message.reach is reach


async def test_a_thread_counts_as_its_channel(stage: Stage) -> None:
    dark = await stage.control.person("ada", "after-dark")
    inside = await thread(stage.control, dark.channel_id, dark)
    await stage.ask(inside)
    origin = stage.service.origins[0]
    assert origin.nsfw
    assert origin.home == int(dark.channel_id)
    assert origin.message.channel_id == int(inside.channel_id)


async def test_the_upload_limit_is_the_places_own(stage: Stage, ada: Person) -> None:
    await stage.control.post("knobs", upload_limit=12_345_678)
    await stage.ask(ada)
    assert stage.service.origins[0].message.upload_limit == 12_345_678
