"""A server's rules of conversations with characters."""

from collections.abc import Callable

import pytest

from bot.domain.records import MessageRef, Origin
from bot.errors import NotAllowed, UserError
from bot.rules.chat_checks import (
    chat_models,
    check_character,
    check_join,
    check_publish,
    check_start,
    is_character_of_mentions,
    may_begin_by_mention,
)
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.rules.request_context import RequestContext

GUILD, EVERYONE, PLAYERS, STARTERS = 5, 5, 61, 62
THREAD, CHANNEL, CATEGORY = 1, 2, 3
Check = Callable[[RequestContext], None]


def context_of(
    rules: GuildSettings,
    *roles: int,
    manager: bool = False,
    guild: int | None = GUILD,
    nsfw: bool = False,
) -> RequestContext:
    places = (THREAD, CHANNEL, CATEGORY) if guild else (CHANNEL, 0)
    held = (*roles, EVERYONE) if guild else ()
    message = MessageRef(channel_id=CHANNEL)
    origin = Origin(9, 7, guild, message, roles=held, places=places, manager=manager)
    return RequestContext(origin, rules, nsfw=nsfw)


def refuses(check: Check, context: RequestContext) -> bool:
    try:
        check(context)
    except NotAllowed:
        return True
    return False


@pytest.mark.parametrize("guild", [GUILD, None])
def test_without_rules_every_member_starts_and_joins(guild: int | None) -> None:
    context = context_of(NO_RULES, guild=guild)
    for check in (check_start, check_join, check_publish):
        check(context)


def test_chat_turned_off_refuses_everyone() -> None:
    context = context_of(GuildSettings(chat=False, chat_character="Ada"), manager=True)
    assert refuses(check_start, context)
    assert refuses(check_join, context)
    assert not may_begin_by_mention(context.rules)


@pytest.mark.parametrize("place", [THREAD, CHANNEL, CATEGORY])
def test_channels_of_conversations_count_for_the_start_alone(place: int) -> None:
    assert not refuses(check_start, context_of(GuildSettings(chat_channels=(place,))))
    elsewhere = context_of(GuildSettings(chat_channels=(99,)))
    assert refuses(check_start, elsewhere)
    assert not refuses(check_join, elsewhere)


def test_rules_of_the_server_count_for_conversations_too() -> None:
    for rules in (GuildSettings(channels_denied=(CHANNEL,)), GuildSettings(roles_denied=(61,))):
        assert refuses(check_start, context_of(rules, PLAYERS))
        assert refuses(check_join, context_of(rules, PLAYERS))


def test_roles_of_start_and_of_taking_part_are_two_lists() -> None:
    rules = GuildSettings(chat_roles=(PLAYERS,), chat_start_roles=(STARTERS,))
    assert refuses(check_join, context_of(rules))
    assert not refuses(check_join, context_of(rules, PLAYERS))
    assert refuses(check_start, context_of(rules, PLAYERS))
    assert refuses(check_start, context_of(rules, STARTERS))
    assert not refuses(check_start, context_of(rules, PLAYERS, STARTERS))
    assert not refuses(check_start, context_of(rules, manager=True))


def test_everyone_as_a_role_of_start_means_all_members() -> None:
    assert not refuses(check_start, context_of(GuildSettings(chat_start_roles=(EVERYONE,))))


def test_an_adult_character_needs_an_age_restricted_place() -> None:
    check_character(context_of(NO_RULES, nsfw=True), adult=True)
    check_character(context_of(NO_RULES), adult=False)
    with pytest.raises(NotAllowed, match="age-restricted"):
        check_character(context_of(NO_RULES), adult=True)


def test_sharing_characters_may_be_for_managers_only() -> None:
    rules = GuildSettings(chat_publish=False)
    assert refuses(check_publish, context_of(rules))
    assert not refuses(check_publish, context_of(rules, manager=True))


def test_a_mention_starts_a_conversation_only_with_the_named_character() -> None:
    assert not may_begin_by_mention(NO_RULES)
    rules = GuildSettings(chat_character="Ada Lovelace")
    assert may_begin_by_mention(rules)
    assert is_character_of_mentions(" ada  LOVELACE", rules)
    assert not is_character_of_mentions("Ada", rules)
    assert not is_character_of_mentions("", NO_RULES)


def test_models_of_conversations() -> None:
    served = ("koboldcpp/One", "koboldcpp/Two")
    assert chat_models((), NO_RULES, served) == ()
    rules = GuildSettings(chat_models=("KOBOLDCPP/two",))
    assert chat_models((), rules, served) == ("koboldcpp/Two",)
    assert chat_models(("koboldcpp/Two",), rules, served) == ("koboldcpp/Two",)
    with pytest.raises(NotAllowed, match="koboldcpp/One"):
        chat_models(("koboldcpp/One",), rules, served)
    with pytest.raises(UserError, match="No worker"):
        chat_models((), rules, ("koboldcpp/One",))
