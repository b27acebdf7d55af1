"""All use cases of conversations with characters."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.aio.retry import until_stored
from bot.catalog import Catalog
from bot.domain.records import Origin, Record
from bot.errors import UserError
from bot.i18n import in_language
from bot.services.admission import Admission
from bot.services.chat.characters import Characters
from bot.services.chat.conversations import Conversations
from bot.services.chat.lorebooks import Lorebooks
from bot.services.chat.memory import Memory
from bot.services.chat.messages import Messages
from bot.services.chat.personas import Personas
from bot.services.chat.prompts import Prompts
from bot.services.chat.scenes import Scenes
from bot.services.chat.turns import ChatTurns
from bot.services.guilds import Guilds
from bot.services.submission import Submission
from bot.storage import Store

log = logging.getLogger(__name__)


class Chats:
    """The use cases of the chat, by subject, and the lines that wait. A refusal is a UserError.

    `opener` posts the first card of a request that answers no interaction, and then calls
    `Submission.acked`, or cancels it where Discord refuses the card. `refused` tells a member why a
    line or a picture gets no answer.
    """

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
        self.opener: Callable[[Record], Awaitable[None]] = _no_opener
        self.refused: Callable[[Origin, UserError], Awaitable[None]] = _not_told
        self._store = store
        self._submission = submission
        self._ended: asyncio.Queue[int] = asyncio.Queue()
        self.characters = Characters(store, clock)
        self.personas = Personas(store)
        self.lorebooks = Lorebooks(store, clock)
        self.conversations = Conversations(store, self.characters, clock)
        self.messages = Messages(store, self.conversations, clock)
        self.prompts = Prompts(store, catalog, self.characters, clock)
        self.turns = ChatTurns(
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
        self.memory = Memory(submission)
        self.turns.on_full = self.memory.summarize
        self.scenes = Scenes(
            catalog=catalog,
            guilds=guilds,
            submission=submission,
            prompts=self.prompts,
            messages=self.messages,
            opener=self.open,
            refused=self._tell,
        )

    async def open(self, record: Record) -> None:
        """Show a request that answers no interaction, and let it be submitted."""
        if record.is_shown:
            await self.opener(record)
        else:
            await self._submission.acked(record, 0)

    def closed(self, record: Record) -> None:
        """A request has ended: the lines that waited for it are answered."""
        turn = record.turn
        if turn is None:
            return
        if turn.action == "summary":
            self.memory.ended(turn.conversation)
        elif turn.is_message:
            self._ended.put_nowait(turn.conversation)

    async def run(self) -> None:
        """Answer the lines that wait, those of earlier runs first. Runs until cancelled."""
        waiting = await until_stored(self._store.chat.turns.all_waiting)
        async with asyncio.TaskGroup() as tasks:
            for conversation_id in waiting:
                tasks.create_task(self._answer_waiting(conversation_id))
            while True:
                tasks.create_task(self._answer_waiting(await self._ended.get()))

    async def _answer_waiting(self, conversation_id: int) -> None:
        """Start the turn for the lines of a conversation, and show it. Raises nothing."""
        try:
            waiting = await until_stored(lambda: self._store.chat.turns.waiting(conversation_id))
            if waiting is None:
                return
            try:
                record = await until_stored(lambda: self.turns.answer_waiting(conversation_id))
                if record is not None:
                    with in_language(record.language):
                        await self.open(record)
            except UserError as error:
                await self._tell(waiting.origin, error)
        except Exception:  # one conversation must not end the answers of all others
            log.exception("the lines of conversation %d were not answered", conversation_id)

    async def _tell(self, origin: Origin, error: UserError) -> None:
        await self.refused(origin, error)


async def _no_opener(record: Record) -> None:
    log.error("#%d: nothing shows the request", record.id)


async def _not_told(origin: Origin, error: UserError) -> None:
    log.info("%d: a line of a conversation gets no answer: %s", origin.interaction_id, error)
