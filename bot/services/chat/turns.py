"""Turns: each is a text request whose text becomes a message of the conversation.

A line waits in the database until the request that answers it is stored. One turn of a conversation
runs at a time; the lines that arrive meanwhile are answered by one further turn.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.aio.keyed_locks import KeyedLocks
from bot.domain.chat.conversations import ChatMessage, Conversation, Side
from bot.domain.records import Origin, Record
from bot.domain.requests import TextRequest, build
from bot.domain.requests.chat_turn import TurnAction
from bot.errors import UserError
from bot.i18n import _
from bot.rules.chat_checks import check_character, check_join
from bot.rules.request_context import RequestContext
from bot.services.admission import Admission
from bot.services.chat.characters import Characters
from bot.services.chat.conversations import Conversations
from bot.services.chat.limits import MESSAGES_MAX
from bot.services.chat.messages import RUNNING, Messages, MessageView, full
from bot.services.chat.personas import Personas
from bot.services.chat.prompts import BuiltTurn, Prompts, Wanted
from bot.services.guilds import Guilds
from bot.services.submission import Submission
from bot.storage import Store
from bot.storage.tables.chat_tables.turns import WaitingLine, without_token


class ChatTurns:
    """Starts the turns of conversations. Every refusal is a UserError.

    `on_full`: called with the turns whose prompt is nearly full.
    """

    def __init__(
        self,
        *,
        store: Store,
        guilds: Guilds,
        admission: Admission,
        submission: Submission,
        prompts: Prompts,
        characters: Characters,
        personas: Personas,
        conversations: Conversations,
        messages: Messages,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.on_full: Callable[[RequestContext, Conversation, BuiltTurn, Record], Awaitable[None]]
        self.on_full = _ignored
        self._store = store
        self._guilds = guilds
        self._admission = admission
        self._submission = submission
        self._prompts = prompts
        self._characters = characters
        self._personas = personas
        self._conversations = conversations
        self._messages = messages
        self._clock = clock
        self._locks = KeyedLocks()

    async def say(
        self,
        context: RequestContext,
        conversation: Conversation,
        text: str,
        line_id: int,
        *,
        member: str,
    ) -> Record | None:
        """Store a member's line, and start the turn that answers it.

        `line_id`: the member's message on Discord, 0 where none shows the line; one that is stored
        already changes nothing. `member`: the member's name there. Returns None when the line waits
        for the turn that runs. Raises UserError, and stores nothing then.
        """
        await self._check(context, conversation)
        plain = build(TextRequest, prompt=text).prompt
        await self._admission.check(context, TextRequest(prompt=plain))
        persona = await self._personas.active(context.user_id)
        name = persona.name if persona is not None else member
        line = ChatMessage(
            id=0,
            conversation=conversation.id,
            parent=0,
            side=Side.MEMBER,
            author=context.user_id,
            name=" ".join(name.split()) or "User",
            text=plain,
            created_at=self._clock(),
            discord_id=line_id,
        )
        stored = await self._store.chat.turns.add_line(line, context.origin, MESSAGES_MAX)
        if stored is None:
            return None
        if stored == 0:
            await self._conversations.get(conversation.id)
            raise full()
        return await self.answer_waiting(conversation.id, context)

    async def answer_waiting(
        self, conversation_id: int, context: RequestContext | None = None
    ) -> Record | None:
        """Start a turn for the lines that wait, paid by the member of the newest one.

        `context`: of a line that was just stored. None when no line waits or a turn runs. Raises
        UserError, and takes that line back.
        """
        async with self._locks.hold(conversation_id):
            waiting = await self._store.chat.turns.waiting(conversation_id)
            if waiting is None:
                return None
            try:
                return await self._answer(waiting, context)
            except UserError:
                await self._store.chat.turns.take_back(waiting.message)
                raise

    async def _answer(self, waiting: WaitingLine, context: RequestContext | None) -> Record:
        wanted_id = waiting.origin.interaction_id
        if context is None or context.origin.interaction_id != wanted_id:
            context = await self._guilds.context(waiting.origin)
        conversation = await self._conversations.get(waiting.conversation)
        await self._check(context, conversation)
        wanted = Wanted("answer", parent=waiting.message, before=waiting.message)
        return await self._start(context, conversation, wanted)

    async def regenerate(self, context: RequestContext, message_id: int) -> Record:
        """Write another answer beside that one. Raises UserError, also while a turn runs."""
        view = await self._changeable(context, message_id)
        message = view.message
        if message.side is Side.MEMBER:
            wanted = Wanted("answer", parent=message.id, before=view.conversation.leaf)
        elif view.opening:
            raise UserError(_("The greeting of a character cannot be written again."))
        else:
            before, speaker = view.conversation.leaf, message.author
            wanted = Wanted("swipe", parent=message.parent, before=before, speaker=speaker)
        return await self._turn(context, view.conversation, wanted)

    async def continue_(self, context: RequestContext, message_id: int) -> Record:
        """Go on with the text of that message, as another swipe. Raises UserError."""
        view = await self._changeable(context, message_id)
        message = view.message
        if message.side is Side.MEMBER or not message.text.strip():
            raise UserError(_("This message has no text that a character could go on with."))
        wanted = Wanted(
            action="continue",
            parent=message.parent,
            before=view.conversation.leaf,
            continued=message.text,
            speaker=message.author,
        )
        return await self._turn(context, view.conversation, wanted)

    async def speak(
        self, context: RequestContext, conversation: Conversation, character_id: int = 0
    ) -> Record:
        """Let a character speak without a line of a member. Raises UserError."""
        await self._check(context, conversation)
        leaf = conversation.leaf
        wanted = Wanted("answer", parent=leaf, before=leaf, speaker=character_id)
        return await self._turn(context, conversation, wanted)

    async def stop(self, context: RequestContext, message_id: int) -> Record:
        """Stop the turn that writes that message; what it wrote stays. Raises UserError."""
        view = await self._messages.get(message_id)
        record = await self._store.requests.get(view.message.record_id)
        if record is None or record.is_over:
            raise UserError(_("This request has already ended."))
        if record.user_id != context.user_id:
            self._conversations.check_owner(context, view.conversation)
        return await self._submission.cancel(record.id, record.user_id)

    async def _turn(
        self, context: RequestContext, conversation: Conversation, wanted: Wanted
    ) -> Record:
        async with self._locks.hold(conversation.id):
            if await self._store.chat.messages.running(conversation.id) is not None:
                raise UserError(_(RUNNING))
            if await self._store.chat.messages.count(conversation.id) >= MESSAGES_MAX:
                raise full()
            return await self._start(context, conversation, wanted)

    async def _start(
        self, context: RequestContext, conversation: Conversation, wanted: Wanted
    ) -> Record:
        built = await self._prompts.answer(context, conversation, wanted)
        here = replace(context, origin=_as_posted(context.origin, wanted.action))
        record = await self._submission.submit(here, built.request)
        if built.full:
            await self.on_full(context, conversation, built, record)
        return record

    async def _changeable(self, context: RequestContext, message_id: int) -> MessageView:
        view = await self._messages.get(message_id)
        await self._check(context, view.conversation)
        if view.running:
            raise UserError(_(RUNNING))
        return view

    async def _check(self, context: RequestContext, conversation: Conversation) -> None:
        """Raises UserError where the member may not write in that conversation."""
        check_join(context)
        for each in await self._characters.cast(conversation.cast):
            check_character(context, adult=each.adult)


def _as_posted(origin: Origin, action: TurnAction) -> Origin:
    """The place as the bot reaches it: the card of a turn is a message, no answer of the
    interaction. Another swipe is shown by the message of the first one, which keeps its id.
    """
    plain = without_token(origin)
    if action == "answer":
        return plain
    return replace(plain, message=replace(plain.message, message_id=origin.message.message_id))


async def _ignored(
    context: RequestContext, conversation: Conversation, built: BuiltTurn, record: Record
) -> None:
    del context, conversation, built, record
