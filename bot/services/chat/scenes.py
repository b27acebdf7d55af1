"""Pictures of a conversation: the text model writes the prompt, then an image is requested."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.catalog import Catalog
from bot.chat.task_prompts import scene_prompt
from bot.chat.token_budget import tokens
from bot.domain.chat.conversations import ChatMessage, Conversation
from bot.domain.records import Origin, Record
from bot.domain.requests import ImageChoices
from bot.domain.requests.chat_turn import ChatTurn, PromptMessage
from bot.domain.results import Phase, Status
from bot.errors import UserError
from bot.i18n import _
from bot.rules.chat_checks import check_join
from bot.rules.request_context import RequestContext
from bot.services.chat.messages import Messages
from bot.services.chat.model_choice import choose_models
from bot.services.chat.prompts import Prompts, budget_of, request_of
from bot.services.guilds import Guilds
from bot.services.submission import Submission
from bot.storage.tables.chat_tables.turns import origin_json, origin_of_json, without_token

log = logging.getLogger(__name__)
LENGTH = 120  # tokens of a prompt for an image
PROMPT_MAX = 1_000  # characters of the image prompt


class Scenes:
    """Illustrates messages of conversations. Every refusal is a UserError.

    `opener` and `refused`: as of Turns.
    """

    def __init__(
        self,
        *,
        catalog: Catalog,
        guilds: Guilds,
        submission: Submission,
        prompts: Prompts,
        messages: Messages,
        opener: Callable[[Record], Awaitable[None]],
        refused: Callable[[Origin, UserError], Awaitable[None]],
    ) -> None:
        self._catalog = catalog
        self._guilds = guilds
        self._submission = submission
        self._prompts = prompts
        self._messages = messages
        self._opener = opener
        self._refused = refused

    async def illustrate(self, context: RequestContext, message_id: int) -> Record:
        """Ask for the prompt of a picture; the picture follows by itself. Raises UserError."""
        check_join(context)
        view = await self._messages.get(message_id)
        path = await self._prompts.path(message_id)
        if not path:
            raise UserError(_("This message has no text that a picture could show."))
        choice = choose_models(self._catalog, context, view.conversation.settings)
        turn = ChatTurn(
            conversation=view.conversation.id,
            parent=message_id,
            action="scene",
            messages=await self._prompt(
                view.conversation, path, budget_of(view.conversation, choice)
            ),
            template=choice.template,
            origin=origin_json(context.origin),
        )
        settings = view.conversation.settings.model_copy(update={"max_length": LENGTH})
        conversation = replace(view.conversation, settings=settings)
        size = sum(tokens(message.text) for message in turn.messages) + 50
        title = _("Picture of the conversation")
        request = request_of(conversation, choice, turn, title, size)
        here = replace(context, origin=without_token(context.origin))
        record = await self._submission.submit(here, request)
        await self._submission.acked(record, 0)
        return record

    async def _prompt(
        self, conversation: Conversation, path: tuple[ChatMessage, ...], budget: int
    ) -> tuple[PromptMessage, ...]:
        cast = await self._prompts.cast(conversation)
        return scene_prompt([each.character for each in cast], path, budget)

    async def use(self, record: Record, outcome: Status) -> None:
        """Request and show the picture of a scene whose prompt was written.

        Repeated after a kill, it makes no second picture: the request has the scene's number.
        """
        turn = record.turn
        if turn is None or turn.action != "scene" or outcome.phase is Phase.CANCELLED:
            return
        pressed = origin_of_json(turn.origin)
        origin = replace(pressed, interaction_id=-record.id)
        try:
            choices = ImageChoices(prompt=await self._picture_prompt(turn, outcome))
            context = await self._guilds.context(origin)
            picture = await self._submission.submit(context, choices)
            if not picture.acked and picture.phase.is_open:
                await self._opener(picture)
        except UserError as error:
            await self._refused(pressed, error)

    async def _picture_prompt(self, turn: ChatTurn, outcome: Status) -> str:
        """The line of the model; without one the message itself."""
        text = next((text.text for text in outcome.texts if text.arrived), "")
        if not text.strip():
            path = await self._prompts.path(turn.parent)
            text = path[-1].text if path else ""
        line = " ".join(text.split()).strip("\"'`* ")[:PROMPT_MAX]
        if not line:
            raise UserError(_("This message has no text that a picture could show."))
        return line
