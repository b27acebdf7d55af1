"""Conversations: started, found, changed, forked and ended."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.chat.macros import MacroValues, expand
from bot.domain.chat.characters import StoredCharacter
from bot.domain.chat.conversations import ChatMessage, ChatSettings, Conversation, Side
from bot.domain.records import MessageAccess
from bot.errors import NotAllowed, UserError
from bot.i18n import _
from bot.i18n.formats import number
from bot.rules.chat_checks import check_join, check_start
from bot.rules.request_context import RequestContext
from bot.services.chat.characters import Characters
from bot.services.chat.limits import CAST_MAX, CONVERSATIONS_MAX, PATH_MAX, SUMMARY_MAX
from bot.storage import Store


class Conversations:
    """The conversations of channels. Every refusal is a UserError."""

    def __init__(
        self, store: Store, characters: Characters, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._characters = characters
        self._clock = clock

    async def check_start(self, context: RequestContext, cast: Sequence[int]) -> None:
        """Raises UserError for a conversation that the member may not start there."""
        check_start(context)
        if context.origin.message.reach is MessageAccess.USER_INSTALL:
            raise UserError(_("Add the bot to this server, or write to it in a direct message."))
        if not 1 <= len(cast) <= CAST_MAX:
            text = _("A conversation has 1 to {most} characters.")
            raise UserError(text.format(most=number(CAST_MAX)))
        if await self._store.chat.conversations.count_open(context.user_id) >= CONVERSATIONS_MAX:
            text = _("You have reached the limit of {most} open conversations. End one first.")
            raise UserError(text.format(most=number(CONVERSATIONS_MAX)))

    async def start(
        self,
        context: RequestContext,
        cast: Sequence[int],
        channel_id: int,
        settings: ChatSettings,
        *,
        member: str,
    ) -> Conversation:
        """Start a conversation with the greeting of its first character. Raises UserError.

        `member`: the name of the member there.
        """
        await self.check_start(context, cast)
        found = [await self._characters.get(context, each) for each in dict.fromkeys(cast)]
        new = self._new(context, found, channel_id, settings)
        greetings = self._greetings(found, member)
        table = self._store.chat.conversations
        stored = await table.add(new, greetings, CONVERSATIONS_MAX)
        if stored is None:
            raise _taken()
        return stored

    async def get(self, conversation_id: int) -> Conversation:
        """That open conversation. Raises UserError when it has ended."""
        found = await self._store.chat.conversations.get(conversation_id)
        if found is None or found.closed_at is not None:
            raise UserError(_("This conversation has ended. Start another one with `/chat start`."))
        return found

    async def open_in(self, channel_id: int) -> Conversation | None:
        """The open conversation of that channel."""
        return await self._store.chat.conversations.open_in(channel_id)

    async def here(self, channel_id: int) -> Conversation:
        """The open conversation of that channel. Raises UserError without one."""
        found = await self.open_in(channel_id)
        if found is None:
            raise UserError(
                _("There is no conversation in this channel. Start one with `/chat start`.")
            )
        return found

    async def put_settings(
        self, context: RequestContext, conversation: Conversation, settings: ChatSettings
    ) -> Conversation:
        """Replace the settings. Raises UserError."""
        self.check_owner(context, conversation)
        await self._store.chat.conversations.put_settings(conversation.id, settings)
        return replace(conversation, settings=settings)

    async def put_cast(
        self, context: RequestContext, conversation: Conversation, cast: Sequence[int]
    ) -> Conversation:
        """Replace the characters. Raises UserError."""
        self.check_owner(context, conversation)
        known = set(conversation.cast)
        for each in set(cast) - known:
            await self._characters.get(context, each)
        if not 1 <= len(cast) <= CAST_MAX:
            text = _("A conversation has 1 to {most} characters.")
            raise UserError(text.format(most=number(CAST_MAX)))
        await self._store.chat.conversations.put_cast(conversation.id, cast)
        return replace(conversation, cast=tuple(cast))

    async def put_summary(
        self, context: RequestContext, conversation: Conversation, summary: str
    ) -> None:
        """Replace the summary of what happened so far. Raises UserError."""
        self.check_owner(context, conversation)
        text = summary.strip()[:SUMMARY_MAX]
        await self._store.chat.conversations.put_summary(conversation.id, text)

    async def end(self, context: RequestContext, conversation: Conversation) -> None:
        """End it; its messages stay for an export. Raises UserError."""
        self.check_owner(context, conversation)
        await self._store.chat.conversations.close(conversation.id, self._clock())

    async def end_of_place(self, channel_id: int) -> None:
        """End the conversation of a channel that was deleted."""
        found = await self.open_in(channel_id)
        if found is not None:
            await self._store.chat.conversations.close(found.id, self._clock())

    async def reset(
        self, context: RequestContext, conversation: Conversation, *, member: str
    ) -> Conversation:
        """End it and start another one with the same characters and settings. Raises UserError."""
        self.check_owner(context, conversation)
        cast = await self._characters.cast(conversation.cast)
        if not cast:
            raise UserError(
                _("The characters of this conversation were deleted. Start another one.")
            )
        await self._store.chat.conversations.close(conversation.id, self._clock())
        new = replace(conversation, cast=tuple(each.id for each in cast), created_at=self._clock())
        greetings = self._greetings(cast, member)
        stored = await self._store.chat.conversations.add(new, greetings, CONVERSATIONS_MAX + 1)
        if stored is None:
            raise _taken()
        return stored

    async def fork(
        self, context: RequestContext, message: ChatMessage, channel_id: int
    ) -> Conversation:
        """Start a conversation in another channel that goes on from that message."""
        check_join(context)
        source = await self.get(message.conversation)
        await self.check_start(context, source.cast)
        path = await self._store.chat.messages.path(message.id, PATH_MAX)
        new = replace(
            source, channel_id=channel_id, owner_id=context.user_id, created_at=self._clock()
        )
        copies = [replace(each, record_id=0, discord_id=0) for each in path]
        table = self._store.chat.conversations
        stored = await table.add_copy(new, copies, CONVERSATIONS_MAX)
        if stored is None:
            raise _taken()
        return stored

    async def import_messages(
        self,
        context: RequestContext,
        cast: Sequence[int],
        channel_id: int,
        messages: Sequence[ChatMessage],
    ) -> Conversation:
        """Start a conversation with the messages of a file, each after the one before it."""
        await self.check_start(context, cast)
        found = [await self._characters.get(context, each) for each in cast]
        new = self._new(context, found, channel_id, ChatSettings())
        table = self._store.chat.conversations
        stored = await table.add_copy(new, messages, CONVERSATIONS_MAX)
        if stored is None:
            raise _taken()
        return stored

    async def branch(self, conversation: Conversation) -> tuple[ChatMessage, ...]:
        """The messages that are shown, the oldest first, for an export."""
        if not conversation.leaf:
            return ()
        return await self._store.chat.messages.path(conversation.leaf, PATH_MAX)

    async def every_message(self, conversation: Conversation) -> tuple[ChatMessage, ...]:
        """All messages of a conversation with their swipes, for an export."""
        return await self._store.chat.messages.all_of(conversation.id)

    def check_owner(self, context: RequestContext, conversation: Conversation) -> None:
        """Raises NotAllowed for a member who neither began it nor manages the server."""
        if not (conversation.owner_id == context.user_id or context.origin.manager):
            raise NotAllowed(
                _("Only the member who started this conversation can do that, or a manager.")
            )

    def _new(
        self,
        context: RequestContext,
        cast: Sequence[StoredCharacter],
        channel_id: int,
        settings: ChatSettings,
    ) -> Conversation:
        """A conversation of that member, without messages, that is not stored yet."""
        return Conversation(
            id=0,
            guild_id=context.guild_id or 0,
            channel_id=channel_id,
            owner_id=context.user_id,
            cast=tuple(each.id for each in cast),
            leaf=0,
            settings=settings,
            created_at=self._clock(),
        )

    def _greetings(self, cast: Sequence[StoredCharacter], member: str) -> list[ChatMessage]:
        first, now = cast[0], self._clock()
        character = first.character
        values = MacroValues(char=character.called, user=member)
        several = character.group_greetings if len(cast) > 1 else ()
        texts = [expand(text, values).strip() for text in several or character.greetings]
        return [
            ChatMessage(0, 0, 0, Side.CHARACTER, first.id, character.called, text, now)
            for text in texts
            if text
        ]


def _taken() -> UserError:
    return UserError(
        _("There is a conversation in this channel already. End it with `/chat end` first.")
    )
