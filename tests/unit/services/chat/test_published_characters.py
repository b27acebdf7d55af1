"""Shared characters obey the rules of their server, when they are shared and when they change."""

from dataclasses import replace
from typing import Any, cast

import pytest

from bot.domain.chat.characters import Character, StoredCharacter
from bot.errors import NotAllowed
from bot.rules.guild_settings import NO_RULES, GuildSettings, WordRule
from bot.rules.request_context import RequestContext
from bot.services.chat.published_characters import PublishedCharacters
from tests.support.builders import HERE

MIRA = Character(name="Mira")
WOLF = Character(name="Wolf")
RULES = GuildSettings(words=(WordRule(text="wolf"),))


class OneCharacter:
    """The characters of a member: one."""

    def __init__(self, character: Character, guild_id: int = 0, *, adult: bool = False) -> None:
        self.stored = StoredCharacter(3, HERE.user_id, guild_id, character, "", adult, 0.0)

    async def own(self, _user_id: int, _character_id: int) -> StoredCharacter:
        return self.stored

    async def share(self, context: RequestContext, _character_id: int) -> StoredCharacter:
        self.stored = replace(self.stored, guild_id=context.guild_id or 0)
        return self.stored

    async def change(
        self, _user_id: int, _character_id: int, character: Character, *, adult: bool
    ) -> StoredCharacter:
        self.stored = replace(self.stored, character=character, adult=adult)
        return self.stored


class OneGuild:
    """The rules of every server."""

    def __init__(self, rules: GuildSettings) -> None:
        self._rules = rules

    async def rules(self, _guild_id: int) -> GuildSettings:
        return self._rules


def desk(characters: OneCharacter, rules: GuildSettings = NO_RULES) -> PublishedCharacters:
    return PublishedCharacters(cast("Any", characters), cast("Any", OneGuild(rules)))


def place(rules: GuildSettings = NO_RULES) -> RequestContext:
    return RequestContext(HERE, rules)


async def test_share_character_with_a_forbidden_word_is_refused() -> None:
    assert (await desk(OneCharacter(MIRA)).share(place(RULES), 3)).guild_id == HERE.guild_id
    with pytest.raises(NotAllowed, match="in shared characters"):
        await desk(OneCharacter(WOLF)).share(place(RULES), 3)


async def test_share_outside_a_server_is_refused() -> None:
    alone = RequestContext(replace(HERE, guild_id=None))
    with pytest.raises(NotAllowed, match="on servers only"):
        await desk(OneCharacter(MIRA)).share(alone, 3)


async def test_share_where_members_may_not_publish_is_refused() -> None:
    with pytest.raises(NotAllowed, match="who can manage it"):
        await desk(OneCharacter(MIRA)).share(place(GuildSettings(chat_publish=False)), 3)


async def test_share_character_for_adults_is_refused_where_nsfw_is_off() -> None:
    with pytest.raises(NotAllowed, match="age-restricted"):
        await desk(OneCharacter(MIRA, adult=True)).share(place(GuildSettings(nsfw="off")), 3)


async def test_change_of_a_shared_character_obeys_the_rules_of_its_server() -> None:
    elsewhere = RequestContext(replace(HERE, guild_id=None))
    with pytest.raises(NotAllowed, match="in shared characters"):
        await desk(OneCharacter(MIRA, guild_id=9), RULES).change(elsewhere, 3, WOLF)
    assert (await desk(OneCharacter(MIRA), RULES).change(elsewhere, 3, WOLF)).character == WOLF


async def test_change_adult_is_chosen_but_texts_for_adults_stay_so() -> None:
    characters = OneCharacter(MIRA)
    assert (await desk(characters).change(place(), 3, MIRA, adult=True)).adult
    assert (await desk(characters).change(place(), 3, MIRA)).adult
    assert not (await desk(characters).change(place(), 3, MIRA, adult=False)).adult
    lewd = Character(name="Mira", tags=("nsfw",))
    assert (await desk(characters).change(place(), 3, lewd, adult=False)).adult
