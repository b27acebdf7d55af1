"""The memory of a conversation: a summary of the messages that no longer fit into the prompt."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.chat.task_prompts import summary_prompt, summary_room
from bot.chat.token_budget import tokens
from bot.domain.chat.conversations import ChatMessage, Conversation
from bot.domain.records import Record
from bot.domain.requests import TextRequest
from bot.domain.requests.chat_turn import ChatTurn
from bot.errors import BotError
from bot.i18n import _
from bot.rules.request_context import RequestContext
from bot.services.chat.model_choice import ModelChoice
from bot.services.chat.prompts import SHARE, BuiltTurn, request_of
from bot.services.submission import Submission
from bot.storage.tables.chat_tables.turns import without_token

log = logging.getLogger(__name__)
LENGTH = 400  # tokens of a summary
KEPT_SHARE = 2  # half of a prompt stays for the newest messages, which are not summarized
ROOM_MAX = 6_000  # tokens
LEAST = 4  # messages that are worth a summary


class Memory:
    """Asks for summaries, as private requests that are paid as the turns are."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._running: set[int] = set()  # conversations

    async def summarize(
        self, context: RequestContext, conversation: Conversation, built: BuiltTurn, record: Record
    ) -> None:
        """After the turn of `record`, whose prompt was nearly full: ask for a summary.

        A refusal is only logged: the turn itself goes on.
        """
        older = self._older(conversation, built)
        if conversation.id in self._running or len(older) < LEAST:
            return
        self._running.add(conversation.id)
        origin = without_token(replace(context.origin, interaction_id=-record.id))
        request = _request(conversation, built, older)
        try:
            stored = await self._submission.submit(replace(context, origin=origin), request)
            await self._submission.acked(stored, 0)
        except BotError as error:
            self._running.discard(conversation.id)
            log.info("conversation %d has no summary: %s", conversation.id, error)

    def ended(self, conversation_id: int) -> None:
        """The summary of that conversation has ended."""
        self._running.discard(conversation_id)

    def _older(self, conversation: Conversation, built: BuiltTurn) -> list[ChatMessage]:
        """The oldest messages that no summary has, as many as one prompt takes."""
        room = built.budget // KEPT_SHARE
        path = list(built.path)
        while path and room > 0:
            room -= tokens(path.pop().text)
        ids = [message.id for message in path]
        begin = ids.index(conversation.summarized) + 1 if conversation.summarized in ids else 0
        left = _room(built) - tokens(conversation.summary)
        found = list[ChatMessage]()
        for message in path[begin:]:
            left -= tokens(message.text) + tokens(message.name)
            if left < 0 and found:
                break
            found.append(message)
        return found


def _room(built: BuiltTurn) -> int:
    """Tokens of the messages that one request summarizes."""
    return min(summary_room(int(built.context * SHARE) - LENGTH), ROOM_MAX)


def _request(
    conversation: Conversation, built: BuiltTurn, older: Sequence[ChatMessage]
) -> TextRequest:
    turn = built.request.chat
    assert turn is not None
    messages = summary_prompt(older, conversation.summary, _room(built))
    summary = ChatTurn(
        conversation=conversation.id,
        parent=older[-1].id,
        action="summary",
        messages=messages,
        template=turn.template,
    )
    settings = conversation.settings.model_copy(update={"max_length": LENGTH, "temperature": 0.3})
    choice = ModelChoice(built.request.models, turn.template, built.context)
    size = sum(tokens(message.text) for message in messages) + 50
    title = _("Summary of the conversation")
    return request_of(replace(conversation, settings=settings), choice, summary, title, size)
