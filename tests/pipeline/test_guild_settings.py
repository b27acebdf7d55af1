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
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOX_BY_DELIBERATE, GUILD_ID
from tests.support.virtual_clock import virtual


def origin_in(
    user: int = 7, *, reach: MessageAccess = MessageAccess.GUILD, nsfw: bool = False
) -> Origin:
    guild = GUILD_ID if reach is MessageAccess.GUILD else None
    return Origin(900, user, guild, MessageRef(channel_id=10, reach=reach), age_restricted=nsfw)


@virtual
async def test_rules_are_kept_and_outlive_the_process() -> None:
    bot = InMemoryBot()
    rules = GuildSettings(nsfw="off", words=(WordRule(text="x", how="word"),), channels_denied=(3,))
    await bot.store.guilds.put_settings(GUILD_ID, rules)
    assert await bot.store.guilds.settings(GUILD_ID) == rules
    assert await bot.store.guilds.settings(6) == NO_RULES
    assert await InMemoryBot(disk=bot.disk).store.guilds.settings(GUILD_ID) == rules


@virtual
async def test_two_changes_at_once_are_both_kept() -> None:
    bot = InMemoryBot()
    guilds = bot.guilds
    changes = [
        guilds.change(
            GUILD_ID, lambda r, n=n: r.model_copy(update={"roles_denied": (*r.roles_denied, n)})
        )
        for n in range(1, 9)
    ]
    await asyncio.gather(*changes)
    assert set((await guilds.rules(GUILD_ID)).roles_denied) == set(range(1, 9))


@virtual
async def test_what_is_no_rule_changes_nothing() -> None:
    bot = InMemoryBot()
    for wrong in ({"most_steps": -1}, {"nsfw": "always"}, {"roles_denied": tuple(range(1, 99))}):
        with pytest.raises(ValidationError):
            await bot.guilds.change(GUILD_ID, lambda r, w=wrong: r.model_copy(update=w))
    assert await bot.guilds.rules(GUILD_ID) == NO_RULES


@virtual
async def test_a_refused_request_is_not_written_down() -> None:
    bot = InMemoryBot()
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(words=(WordRule(text="fox"),)))
    with pytest.raises(NotAllowed, match="fox"):
        await bot.write(FOX_BY_DELIBERATE)
    with pytest.raises(NotAllowed, match="fox"):
        await bot.service.estimate(await bot.context(origin_in()), FOX_BY_DELIBERATE)
    assert await bot.store.requests.unfinished() == []
    await bot.write(FOX_BY_DELIBERATE, guild=6)
    await bot.write(FOX_BY_DELIBERATE, guild=None)


@virtual
async def test_again_obeys_rules_that_came_later() -> None:
    bot = InMemoryBot()
    record = await bot.write(FOX_BY_DELIBERATE)
    await bot.store.guilds.put_settings(
        GUILD_ID, GuildSettings(models_blocked=FOX_BY_DELIBERATE.models)
    )
    with pytest.raises(NotAllowed, match="Deliberate"):
        await bot.service.again(await bot.context(origin_in()), record.id)


@virtual
async def test_a_text_by_any_model_names_those_that_are_allowed() -> None:
    bot, tale = InMemoryBot(), TextRequest(prompt="once")
    every = bot.catalog.text_models()
    here = origin_in(nsfw=True)
    free = await bot.submit(here, tale)
    assert isinstance(free.request, TextRequest)
    assert free.request.models == ()  # any
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(models_blocked=(every[0],)))
    left = await bot.submit(replace(here, interaction_id=901), tale)
    assert isinstance(left.request, TextRequest)
    assert left.request.models == every[1:]
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(models_blocked=every))
    with pytest.raises(UserError, match="text model that this server allows"):
        await bot.submit(replace(here, interaction_id=902), tale)


@virtual
async def test_others_may_go_on_where_the_server_lets_them() -> None:
    bot = InMemoryBot()
    record = await bot.write(FOX_BY_DELIBERATE)
    with pytest.raises(NotAllowed, match="Only the member who made"):
        await bot.service.again(await bot.context(origin_in(8)), record.id)
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(press="anyone"))
    again = await bot.service.again(await bot.context(origin_in(8)), record.id)
    assert again.user_id == 8
    with pytest.raises(NotAllowed):
        await bot.service.cancel(record.id, 8)
    with pytest.raises(NotAllowed):
        await bot.service.delete(record.id, 8)


@virtual
async def test_nsfw_can_be_switched_off_and_pictures_hidden() -> None:
    bot = InMemoryBot()
    here = origin_in(nsfw=True)
    first = await bot.submit(here, FOX_BY_DELIBERATE)
    assert isinstance(first.request, ImageRequest)
    assert (first.request.nsfw, first.request.spoiler) == (True, False)
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(nsfw="off", spoiler=True))
    second = await bot.submit(
        Origin(901, 7, GUILD_ID, here.message, age_restricted=True), FOX_BY_DELIBERATE
    )
    assert isinstance(second.request, ImageRequest)
    assert (second.request.nsfw, second.request.spoiler) == (False, True)


@virtual
async def test_direct_messages_are_censored_unless_the_person_says_otherwise() -> None:
    bot = InMemoryBot()
    await bot.store.person_settings.put(7, PersonSettings(notify=Notify.DM))
    dm, elsewhere = origin_in(reach=MessageAccess.DM), origin_in(reach=MessageAccess.USER_INSTALL)
    assert not (await bot.context(dm)).nsfw
    await bot.people.save_nsfw_in_dms(7, True)
    assert (await bot.context(dm)).nsfw
    assert not (await bot.context(elsewhere)).nsfw  # others may be there
    assert not (await bot.context(origin_in())).nsfw
    assert not (await bot.context(origin_in(8, reach=MessageAccess.DM))).nsfw
    assert await bot.people.notify(7) is Notify.DM
    await bot.people.save_notify(7, Notify.OFF)
    assert await bot.people.nsfw_in_dms(7)


@virtual
async def test_a_text_made_again_goes_to_those_that_are_allowed_now() -> None:
    bot = InMemoryBot()
    every = bot.catalog.text_models()
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(models_blocked=("another",)))
    first = await bot.submit(origin_in(nsfw=True), TextRequest(prompt="once"))
    assert isinstance(first.request, TextRequest)
    assert first.request.models == every
    await bot.store.guilds.put_settings(GUILD_ID, GuildSettings(models_blocked=(every[0],)))
    again = await bot.service.again(
        await bot.context(replace(origin_in(nsfw=True), interaction_id=901)), first.id
    )
    assert isinstance(again.request, TextRequest)
    assert again.request.models == every[1:]
