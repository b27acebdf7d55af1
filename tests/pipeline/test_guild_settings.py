"""A server's rules in the service: kept, obeyed by every way in, changed one after the other."""

import asyncio
from dataclasses import replace

import pytest
from pydantic import ValidationError

from bot.domain.people import Notify, PersonSettings
from bot.domain.records import MessageAccess, MessageRef, Origin
from bot.domain.requests import ImageRequest, TextRequest
from bot.errors import NotAllowed, UserError
from bot.rules.guild_settings import NO_RULES, GuildSettings, WordRule
from tests.support.bots.in_memory_bot import FOX, House
from tests.support.virtual_clock import virtual

GUILD = 5


def origin(
    user: int = 7, *, reach: MessageAccess = MessageAccess.GUILD, nsfw: bool = False
) -> Origin:
    guild = GUILD if reach is MessageAccess.GUILD else None
    return Origin(900, user, guild, MessageRef(channel_id=10, reach=reach), nsfw=nsfw)


@virtual
async def test_rules_are_kept_and_outlive_the_process() -> None:
    house = House()
    rules = GuildSettings(nsfw="off", words=(WordRule(text="x", how="word"),), channels_denied=(3,))
    await house.store.guilds.put_settings(GUILD, rules)
    assert await house.store.guilds.settings(GUILD) == rules
    assert await house.store.guilds.settings(6) == NO_RULES
    assert await House(disk=house.disk).store.guilds.settings(GUILD) == rules


@virtual
async def test_two_changes_at_once_are_both_kept() -> None:
    house = House()
    guilds = house.service.guilds
    changes = [
        guilds.change(
            GUILD, lambda r, n=n: r.model_copy(update={"roles_denied": (*r.roles_denied, n)})
        )
        for n in range(1, 9)
    ]
    await asyncio.gather(*changes)
    assert set((await guilds.rules(GUILD)).roles_denied) == set(range(1, 9))


@virtual
async def test_what_is_no_rule_changes_nothing() -> None:
    house = House()
    for wrong in ({"most_steps": -1}, {"nsfw": "always"}, {"roles_denied": tuple(range(1, 99))}):
        with pytest.raises(ValidationError):
            await house.service.guilds.change(GUILD, lambda r, w=wrong: r.model_copy(update=w))
    assert await house.service.guilds.rules(GUILD) == NO_RULES


@virtual
async def test_a_refused_request_is_not_written_down() -> None:
    house = House()
    await house.store.guilds.put_settings(GUILD, GuildSettings(words=(WordRule(text="fox"),)))
    with pytest.raises(NotAllowed, match="fox"):
        await house.write(FOX)
    with pytest.raises(NotAllowed, match="fox"):
        await house.service.estimate(origin(), FOX)
    assert await house.store.requests.unfinished() == []
    await house.write(FOX, guild=6)
    await house.write(FOX, guild=None)


@virtual
async def test_again_obeys_rules_that_came_later() -> None:
    house = House()
    record = await house.write(FOX)
    await house.store.guilds.put_settings(GUILD, GuildSettings(models_blocked=FOX.models))
    with pytest.raises(NotAllowed, match="Deliberate"):
        await house.service.again(origin(), record.id)


@virtual
async def test_a_text_by_any_model_names_those_that_are_allowed() -> None:
    house, tale = House(), TextRequest(prompt="once")
    every = house.service.catalog.text_models()
    here = origin(nsfw=True)
    free = await house.service.submit(here, tale)
    assert isinstance(free.request, TextRequest)
    assert free.request.models == ()  # any
    await house.store.guilds.put_settings(GUILD, GuildSettings(models_blocked=(every[0],)))
    left = await house.service.submit(replace(here, interaction_id=901), tale)
    assert isinstance(left.request, TextRequest)
    assert left.request.models == every[1:]
    await house.store.guilds.put_settings(GUILD, GuildSettings(models_blocked=every))
    with pytest.raises(UserError, match="No text model that this server allows"):
        await house.service.submit(replace(here, interaction_id=902), tale)


@virtual
async def test_others_may_go_on_where_the_server_lets_them() -> None:
    house = House()
    record = await house.write(FOX)
    with pytest.raises(NotAllowed, match="somebody else"):
        await house.service.again(origin(8), record.id)
    await house.store.guilds.put_settings(GUILD, GuildSettings(press="anyone"))
    again = await house.service.again(origin(8), record.id)
    assert again.user_id == 8
    with pytest.raises(NotAllowed):
        await house.service.cancel(record.id, 8)
    with pytest.raises(NotAllowed):
        await house.service.delete(record.id, 8)


@virtual
async def test_nsfw_can_be_switched_off_and_pictures_hidden() -> None:
    house = House()
    here = origin(nsfw=True)
    first = await house.service.submit(here, FOX)
    assert isinstance(first.request, ImageRequest)
    assert (first.request.nsfw, first.request.spoiler) == (True, False)
    await house.store.guilds.put_settings(GUILD, GuildSettings(nsfw="off", spoiler=True))
    second = await house.service.submit(Origin(901, 7, GUILD, here.message, nsfw=True), FOX)
    assert isinstance(second.request, ImageRequest)
    assert (second.request.nsfw, second.request.spoiler) == (False, True)


@virtual
async def test_direct_messages_are_censored_unless_the_person_says_otherwise() -> None:
    house = House()
    await house.store.person_settings.put(7, PersonSettings(notify=Notify.DM))
    dm, elsewhere = origin(reach=MessageAccess.DM), origin(reach=MessageAccess.USER_INSTALL)
    assert not (await house.service.guilds.here(dm)).nsfw
    await house.service.save_nsfw_in_dms(7, True)
    assert (await house.service.guilds.here(dm)).nsfw
    assert not (await house.service.guilds.here(elsewhere)).nsfw  # others may be there
    assert not (await house.service.guilds.here(origin())).nsfw
    assert not (await house.service.guilds.here(origin(8, reach=MessageAccess.DM))).nsfw
    assert await house.service.notify(7) is Notify.DM
    await house.service.save_notify(7, Notify.OFF)
    assert await house.service.nsfw_in_dms(7)


@virtual
async def test_a_text_made_again_goes_to_those_that_are_allowed_now() -> None:
    house = House()
    every = house.service.catalog.text_models()
    await house.store.guilds.put_settings(GUILD, GuildSettings(models_blocked=("another",)))
    first = await house.service.submit(origin(nsfw=True), TextRequest(prompt="once"))
    assert isinstance(first.request, TextRequest)
    assert first.request.models == every
    await house.store.guilds.put_settings(GUILD, GuildSettings(models_blocked=(every[0],)))
    again = await house.service.again(replace(origin(nsfw=True), interaction_id=901), first.id)
    assert isinstance(again.request, TextRequest)
    assert again.request.models == every[1:]
