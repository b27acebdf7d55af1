"""Characters: made, found, changed and shared by members."""

import time
from collections.abc import Callable, Sequence

from bot.cards.markdown import inline_code
from bot.domain.chat.characters import ASSISTANT, Character, CharacterLabel, StoredCharacter
from bot.errors import BadOption, NotAllowed, UserError
from bot.i18n import _
from bot.i18n.formats import number
from bot.rules.chat_checks import check_character, check_publish
from bot.rules.request_context import RequestContext
from bot.services.chat.limits import CHARACTERS_MAX, SHARED_MAX
from bot.storage import Store

NAME_SHOWN = 60
ASSISTANT_PROMPT = (
    "You are {{char}}, a friendly and helpful assistant on Discord. Answer {{user}} clearly and "
    "briefly."
)


class Characters:
    """The characters of members. Every refusal is a UserError."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.assistant_name = "Assistant"  # the name of the bot once it is known
        self._store = store
        self._clock = clock

    @property
    def assistant(self) -> StoredCharacter:
        """The bot itself, with which a conversation needs no character card."""
        character = Character(
            name=self.assistant_name,
            greetings=(_("Hello! What would you like to talk about?"),),
            system_prompt=ASSISTANT_PROMPT,
        )
        return StoredCharacter(ASSISTANT, 0, 0, character, "", adult=False, created_at=0.0)

    async def usable(self, user_id: int, guild_id: int | None) -> tuple[CharacterLabel, ...]:
        """The characters that the member has, then those that the server shares."""
        return await self._store.chat.characters.labels(user_id, guild_id or 0)

    async def find(self, user_id: int, guild_id: int | None, name: str) -> StoredCharacter:
        """The usable character of that name, or with the number in it. Raises BadOption."""
        usable, wanted = await self.usable(user_id, guild_id), _folded(name)
        for each in usable:
            fits = wanted in {_folded(each.name), f"#{each.id}", str(each.id)}
            if fits and (found := await self._store.chat.characters.get(each.id)):
                return found
        text = _("There is no character {name}. Choose one from the list that appears.")
        raise BadOption(text.format(name=inline_code(name, NAME_SHOWN)))

    async def get(self, context: RequestContext, character_id: int) -> StoredCharacter:
        """That character, if the member may use it there. Raises UserError."""
        if character_id == ASSISTANT:
            return self.assistant
        found = await self._store.chat.characters.get(character_id)
        if found is None or not _may_use(context, found):
            raise _gone()
        check_character(context, adult=found.adult)
        return found

    async def cast(self, ids: Sequence[int]) -> tuple[StoredCharacter, ...]:
        """Those of the characters that still exist, in that order."""
        found = [await self._known(each) for each in ids]
        return tuple(each for each in found if each is not None)

    async def _known(self, character_id: int) -> StoredCharacter | None:
        if character_id == ASSISTANT:
            return self.assistant
        return await self._store.chat.characters.get(character_id)

    async def create(
        self, user_id: int, character: Character, *, avatar: str = "", adult: bool = False
    ) -> StoredCharacter:
        """Store a character of that member. Raises UserError at the limit."""
        stored = await self._store.chat.characters.add(
            *(user_id, character, self._clock(), CHARACTERS_MAX), avatar=avatar, adult=adult
        )
        if stored is None:
            text = _("You have reached the limit of {most} characters. Delete one first.")
            raise UserError(text.format(most=number(CHARACTERS_MAX)))
        return stored

    async def change(
        self, user_id: int, character_id: int, character: Character, *, adult: bool
    ) -> StoredCharacter:
        """Replace the fields of an own character. Raises UserError."""
        stored = await self.own(user_id, character_id)
        await self._store.chat.characters.put(stored.id, character, adult=adult)
        return await self.own(user_id, character_id)

    async def put_avatar(self, user_id: int, character_id: int, avatar: str) -> None:
        """Name the file of the avatar of an own character. Raises UserError."""
        await self.own(user_id, character_id)
        await self._store.chat.characters.put_avatar(character_id, avatar)

    async def own(self, user_id: int, character_id: int) -> StoredCharacter:
        """That character of the member. Raises UserError for another one's."""
        found = await self._store.chat.characters.get(character_id)
        if found is None:
            raise _gone()
        if found.owner_id != user_id:
            raise NotAllowed(_("Only the member who made this character can do that."))
        return found

    async def share(self, context: RequestContext, character_id: int) -> StoredCharacter:
        """Share an own character with the server there. Raises UserError."""
        check_publish(context)
        await self.own(context.user_id, character_id)
        assert context.guild_id is not None
        table = self._store.chat.characters
        if not await table.share(character_id, context.guild_id, SHARED_MAX):
            text = _("This server has reached the limit of {most} shared characters.")
            raise UserError(text.format(most=number(SHARED_MAX)))
        return await self.own(context.user_id, character_id)

    async def unshare(self, context: RequestContext, character_id: int) -> None:
        """Take a character back from a server: its owner, or a manager of that server."""
        found = await self._store.chat.characters.get(character_id)
        if found is None:
            raise _gone()
        manages = context.origin.manager and found.guild_id == context.guild_id
        if found.owner_id != context.user_id and not manages:
            raise NotAllowed(_("Only the member who made this character can do that."))
        await self._store.chat.characters.share(character_id, 0, SHARED_MAX)

    async def delete(self, user_id: int, character_id: int) -> StoredCharacter:
        """Delete an own character; the caller deletes the file of its avatar. Raises UserError.

        Its conversations stay; it answers no longer.
        """
        await self.own(user_id, character_id)
        gone = await self._store.chat.characters.delete(character_id)
        if gone is None:
            raise _gone()
        return gone


def _may_use(context: RequestContext, found: StoredCharacter) -> bool:
    shared = bool(found.guild_id) and found.guild_id == context.guild_id
    return shared or found.owner_id == context.user_id


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _gone() -> UserError:
    return UserError(_("This character was deleted, or you may not use it."))
