"""Characters that a server uses: its word rules apply when they are shared and when they change."""

import asyncio
from dataclasses import replace

from bot.domain.chat.characters import Character, StoredCharacter
from bot.errors import NotAllowed
from bot.i18n import _
from bot.rules.character_checks import check_shared, is_adult
from bot.rules.chat_checks import check_publish
from bot.rules.request_context import RequestContext
from bot.services.chat.characters import Characters
from bot.services.guilds import Guilds
from bot.services.word_checks import WordChecks

NSFW_OFF = "off"


class PublishedCharacters:
    """Shares characters with servers, and changes them. Every refusal is a UserError."""

    def __init__(self, characters: Characters, guilds: Guilds) -> None:
        self._characters = characters
        self._guilds = guilds
        self._words = WordChecks()

    async def share(self, context: RequestContext, character_id: int) -> StoredCharacter:
        """Share an own character with the server there. Raises UserError."""
        if context.guild_id is None:
            raise NotAllowed(_("Characters can be shared on servers only. Use the command there."))
        check_publish(context)
        stored = await self._characters.own(context.user_id, character_id)
        await self._check(context, stored.character, adult=stored.adult)
        return await self._characters.share(context, character_id)

    async def change(
        self,
        context: RequestContext,
        character_id: int,
        character: Character,
        adult: bool | None = None,
    ) -> StoredCharacter:
        """Replace the fields of an own character. `adult`: None as before. Raises UserError.

        A character whose tags or texts are for adults stays for adults.
        """
        before = await self._characters.own(context.user_id, character_id)
        wanted = before.adult if adult is None else adult
        found = wanted or await asyncio.to_thread(is_adult, character)
        if before.guild_id:
            rules = await self._guilds.rules(before.guild_id)
            await self._check(replace(context, rules=rules), character, adult=found)
        return await self._characters.change(context.user_id, character_id, character, adult=found)

    async def _check(self, context: RequestContext, character: Character, *, adult: bool) -> None:
        rules = context.rules
        if adult and rules.nsfw == NSFW_OFF:
            raise NotAllowed(
                _("This server does not allow characters for age-restricted channels.")
            )
        await self._words.run(context, lambda spend: check_shared(character, rules.words, spend))
