"""All use cases of conversations with characters."""

import time
from collections.abc import Callable, Sequence

from bot.catalog import Catalog
from bot.domain.chat.conversations import ChatMessage, ChatSettings, Conversation
from bot.domain.records import Record
from bot.rules.request_context import RequestContext
from bot.services.admission import Admission
from bot.services.chat.characters import Characters
from bot.services.chat.conversations import Conversations
from bot.services.chat.lorebooks import Lorebooks
from bot.services.chat.messages import Messages, MessageView
from bot.services.chat.personas import Personas
from bot.services.chat.prompts import Prompts
from bot.services.chat.turns import Turns
from bot.services.guilds import Guilds
from bot.services.submission import Submission
from bot.storage import Store


class Chats:
    """The use cases of the chat. Every refusal is a UserError."""

    def __init__(
        self,
        *,
        store: Store,
        catalog: Catalog,
        guilds: Guilds,
        admission: Admission,
        submission: Submission,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.characters = Characters(store, clock)
        self.personas = Personas(store)
        self.lorebooks = Lorebooks(store, clock)
        self.conversations = Conversations(store, self.characters, clock)
        self.messages = Messages(store, self.conversations, clock)
        self.prompts = Prompts(store, catalog, self.characters, clock)
        self.turns = Turns(
            store=store,
            guilds=guilds,
            admission=admission,
            submission=submission,
            prompts=self.prompts,
            characters=self.characters,
            personas=self.personas,
            conversations=self.conversations,
            messages=self.messages,
            clock=clock,
        )

    async def start(
        self,
        context: RequestContext,
        cast: Sequence[int],
        channel_id: int,
        settings: ChatSettings,
        *,
        member: str,
    ) -> Conversation:
        """Start a conversation there; its greetings are the first messages. `member`: the name of
        the member.
        """
        return await self.conversations.start(context, cast, channel_id, settings, member=member)

    async def say(
        self,
        context: RequestContext,
        conversation: Conversation,
        text: str,
        line_id: int,
        *,
        member: str,
    ) -> Record | None:
        """Answer a member's line; None when it waits for the turn that runs, or is known.

        `line_id`: the member's message on Discord, 0 where none shows the line. The record may be
        that of another member's line, which is answered with this one: its `interaction_id` is the
        id of that line's interaction or message.
        """
        return await self.turns.say(context, conversation, text, line_id, member=member)

    async def regenerate(self, context: RequestContext, message_id: int) -> Record:
        """Write another answer beside that message."""
        return await self.turns.regenerate(context, message_id)

    async def continue_(self, context: RequestContext, message_id: int) -> Record:
        """Go on with the text of that message."""
        return await self.turns.continue_(context, message_id)

    async def stop(self, context: RequestContext, message_id: int) -> Record:
        """Stop the turn that writes that message."""
        return await self.turns.stop(context, message_id)

    async def swipe(
        self, context: RequestContext, message_id: int, step: int
    ) -> MessageView | None:
        """Show the swipe before (-1) or after (1) that one; None when there is none there."""
        return await self.messages.swipe(context, message_id, step)

    async def edit(self, context: RequestContext, message_id: int, text: str) -> MessageView:
        """Store another text as a swipe of that message."""
        return await self.messages.edit(context, message_id, text)

    async def delete(self, context: RequestContext, message_id: int) -> MessageView | None:
        """Delete that message and all that follow it. Returns the one that is shown then."""
        return await self.messages.delete(context, message_id)

    async def rewind(self, context: RequestContext, message_id: int) -> MessageView:
        """Go on from that message."""
        return await self.messages.rewind(context, message_id)

    async def reset(
        self, context: RequestContext, conversation: Conversation, *, member: str
    ) -> Conversation:
        """Begin it again with the same characters and settings."""
        return await self.conversations.reset(context, conversation, member=member)

    async def fork(
        self, context: RequestContext, message: ChatMessage, channel_id: int
    ) -> Conversation:
        """Go on from that message in another channel."""
        return await self.conversations.fork(context, message, channel_id)

    async def view(self, message_id: int) -> MessageView | None:
        """What the card of a message needs; None when the message was deleted."""
        return await self.messages.view(message_id)
