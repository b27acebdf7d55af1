"""Messages of a conversation: what their cards need, and changes without a request."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.chat.conversations import ChatMessage, Conversation, MessageState, Side
from bot.domain.requests import PROMPT_MAX
from bot.domain.requests.base import printable
from bot.errors import NotAllowed, UserError
from bot.i18n import N_, _
from bot.rules.chat_checks import check_join
from bot.rules.request_context import RequestContext
from bot.services.chat.conversations import Conversations
from bot.services.chat.limits import MESSAGES_MAX
from bot.storage import Store

RUNNING = N_("An answer is being written. Wait for it, or press **Stop** first.")


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message with its place.

    `number` of `count` swipes, from 1; 0 for a failed one. `newest`: the conversation goes on from
    it. `line`: the message before it. `running`: a turn of the conversation runs.
    """

    conversation: Conversation
    message: ChatMessage
    number: int
    count: int
    newest: bool
    line: ChatMessage | None
    running: bool

    @property
    def opening(self) -> bool:
        """Whether it is a first message, which no member asked for."""
        return self.message.parent == 0


class Messages:
    """Shows and changes messages of conversations. Every refusal is a UserError."""

    def __init__(
        self, store: Store, conversations: Conversations, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._clock = clock

    async def view(self, message_id: int) -> MessageView | None:
        """That message; None when it was deleted."""
        message = await self._store.chat.messages.get(message_id)
        return await self._view(message) if message is not None else None

    async def view_on_discord(self, discord_id: int) -> MessageView | None:
        """The message that a message on Discord shows now."""
        message = await self._store.chat.messages.on_discord(discord_id)
        if message is None:
            record = await self._store.requests.of_message(discord_id)
            if record is None:
                return None
            message = await self._store.chat.messages.of_record(record.id)
        return await self._view(message) if message is not None else None

    async def newest(self, conversation: Conversation) -> MessageView | None:
        """The message from which the conversation goes on."""
        return await self.view(conversation.leaf) if conversation.leaf else None

    async def get(self, message_id: int) -> MessageView:
        """That message. Raises UserError when it was deleted, or its conversation has ended."""
        found = await self.view(message_id)
        if found is None:
            raise UserError(_("This message was deleted from the conversation."))
        await self._conversations.get(found.conversation.id)
        return found

    async def put_on_discord(self, message_id: int, discord_id: int) -> None:
        """That message on Discord shows it from now on."""
        await self._store.chat.messages.put_on_discord(message_id, discord_id)

    async def swipe(
        self, context: RequestContext, message_id: int, step: int
    ) -> MessageView | None:
        """Show the swipe before (-1) or after (1) that one; None when there is none on that side.

        Raises UserError while a turn runs.
        """
        check_join(context)
        view = await self.get(message_id)
        swipes = await self._store.chat.messages.swipes(view.message)
        number = view.number - 1 + step
        if not 0 <= number < len(swipes):
            return None
        wanted = swipes[number]
        leaf = await self._store.chat.messages.newest_leaf(wanted)
        await self._put_leaf(view.conversation, leaf)
        if view.message.discord_id and not wanted.discord_id:
            await self.put_on_discord(wanted.id, view.message.discord_id)
        return await self.get(wanted.id)

    async def rewind(self, context: RequestContext, message_id: int) -> MessageView:
        """Go on from that message; what followed stays, and is shown no more. Raises UserError."""
        check_join(context)
        view = await self.get(message_id)
        self._check_change(context, view)
        await self._put_leaf(view.conversation, message_id)
        return await self.get(message_id)

    async def edit(self, context: RequestContext, message_id: int, text: str) -> MessageView:
        """Store another text for a message as a swipe, and go on from it. Raises UserError."""
        check_join(context)
        view = await self.get(message_id)
        self._check_change(context, view)
        plain = str(printable(text))
        if not plain or len(plain) > PROMPT_MAX * 2:
            raise UserError(_("The text is empty or too long."))
        if await self._store.chat.messages.count(view.conversation.id) >= MESSAGES_MAX:
            raise full()
        new = replace(
            view.message,
            text=plain,
            thoughts="",
            state=MessageState.DONE,
            record_id=0,
            created_at=self._clock(),
        )
        swipe = await self._store.chat.messages.add_swipe(new)
        if swipe is None:
            raise UserError(_(RUNNING))
        return await self.get(swipe.id)

    async def following(self, message_id: int) -> bool:
        """Whether other messages would be deleted with that one."""
        message = await self._store.chat.messages.get(message_id)
        return message is not None and await self._store.chat.messages.has_following(message)

    async def delete(self, context: RequestContext, message_id: int) -> MessageView | None:
        """Delete a message and all that follow it. Returns the one that is shown then.

        None when the conversation has no message any more. Raises UserError.
        """
        check_join(context)
        view = await self.get(message_id)
        self._check_change(context, view)
        leaf = await self._store.chat.messages.delete_branch(view.message)
        if leaf is None:
            raise UserError(_(RUNNING))
        return await self.view(leaf) if leaf else None

    def check_change(self, context: RequestContext, view: MessageView) -> None:
        """Raises NotAllowed for a member who may not change that message."""
        self._check_change(context, view)

    def _check_change(self, context: RequestContext, view: MessageView) -> None:
        """The owner of the conversation, managers, and the member whom the message answers."""
        asker = view.message if view.message.side is Side.MEMBER else view.line
        by_member = asker is not None and asker.side is Side.MEMBER
        mine = asker is not None and by_member and asker.author == context.user_id
        owner = view.conversation.owner_id == context.user_id
        if not (mine or owner or context.origin.manager):
            raise NotAllowed(
                _(
                    "Only the member whom this message answers can do that, or the one who started "
                    "this conversation."
                )
            )

    async def _put_leaf(self, conversation: Conversation, leaf: int) -> None:
        if not await self._store.chat.conversations.put_leaf(conversation.id, leaf):
            raise UserError(_(RUNNING))

    async def _view(self, message: ChatMessage) -> MessageView | None:
        chat = self._store.chat
        conversation = await chat.conversations.get(message.conversation)
        if conversation is None:
            return None
        ids = [each.id for each in await chat.messages.swipes(message)]
        return MessageView(
            conversation=conversation,
            message=message,
            number=ids.index(message.id) + 1 if message.id in ids else 0,
            count=len(ids),
            newest=_is_newest(conversation, message, ids),
            line=await chat.messages.get(message.parent) if message.parent else None,
            running=await chat.messages.running(conversation.id) is not None,
        )


def _is_newest(conversation: Conversation, message: ChatMessage, swipes: list[int]) -> bool:
    """The last one, or a failed one beside or after the last one."""
    if conversation.leaf == message.id:
        return True
    beside = conversation.leaf == message.parent or conversation.leaf in swipes
    return message.state is MessageState.FAILED and beside


def full() -> UserError:
    """The refusal of a further message in a conversation that is too long."""
    return UserError(
        _("This conversation is full. Start another one with `/chat reset` or `/chat fork`.")
    )
