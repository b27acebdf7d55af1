"""The request of a turn: its prompt within what its models read."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.catalog import Catalog
from bot.chat.prompt_builder import Prompt, Scene, build_prompt
from bot.chat.speaker_choice import next_speaker
from bot.domain.chat.characters import StoredCharacter
from bot.domain.chat.conversations import ChatMessage, Conversation, Side
from bot.domain.requests import PROMPT_MAX, TextRequest
from bot.domain.requests.chat_turn import ChatTurn, TurnAction
from bot.domain.requests.text import CONTEXT_STEP
from bot.errors import UserError
from bot.i18n import _
from bot.rules.request_context import RequestContext
from bot.services.chat.characters import Characters
from bot.services.chat.limits import PATH_MAX
from bot.services.chat.model_choice import ModelChoice, choose_models
from bot.storage import Store

SHARE = 0.94  # of the context that a prompt fills: tokens are estimated


@dataclass(frozen=True, slots=True)
class Wanted:
    """A turn to make. `parent`: the message that the answer follows; `before`: the one that is the
    last one now; `continued`: the text to go on with; `speaker`: who speaks, 0 for any.
    """

    action: TurnAction
    parent: int
    before: int
    continued: str = ""
    speaker: int = 0


@dataclass(frozen=True, slots=True)
class BuiltTurn:
    """The request of a turn.

    `path`: what it was made of; `full`: the prompt is nearly full. `budget`, `context`: tokens of a
    prompt, and of all that the models read.
    """

    request: TextRequest
    path: tuple[ChatMessage, ...]
    full: bool
    budget: int
    context: int


class Prompts:
    """Builds the requests of turns."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        characters: Characters,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._characters = characters
        self._clock = clock

    async def answer(
        self, context: RequestContext, conversation: Conversation, wanted: Wanted
    ) -> BuiltTurn:
        """The request of a turn. Raises UserError when no character or model is left."""
        cast = await self.cast(conversation)
        path = await self.path(wanted.parent)
        speaker = _speaker(conversation, cast, path, wanted.speaker)
        choice = choose_models(self._catalog, context, conversation.settings)
        room = budget_of(conversation, choice)
        scene = await self._scene(conversation, speaker, cast, path)
        prompt = await asyncio.to_thread(
            build_prompt, scene, budget=room, continued=wanted.continued, template=choice.template
        )
        turn = ChatTurn(
            conversation=conversation.id,
            parent=wanted.parent,
            before=wanted.before,
            character=speaker.id,
            name=speaker.character.called,
            action=wanted.action,
            messages=prompt.messages,
            continued=wanted.continued,
            template=choice.template,
            stops=prompt.stops,
            others=prompt.others,
            whole_sentences=conversation.settings.whole_sentences,
        )
        request = request_of(conversation, choice, turn, asked_line(path), prompt.tokens)
        return BuiltTurn(request, path, _is_full(prompt, room), room, choice.context)

    async def path(self, leaf: int) -> tuple[ChatMessage, ...]:
        """The newest written messages that lead to that one."""
        return await self._store.chat.messages.path(leaf, PATH_MAX) if leaf else ()

    async def cast(self, conversation: Conversation) -> tuple[StoredCharacter, ...]:
        """The characters of the conversation. Raises UserError when all were deleted."""
        cast = await self._characters.cast(conversation.cast)
        if not cast:
            raise UserError(
                _("The characters of this conversation were deleted. Start another one.")
            )
        return cast

    async def _scene(
        self,
        conversation: Conversation,
        speaker: StoredCharacter,
        cast: Sequence[StoredCharacter],
        path: tuple[ChatMessage, ...],
    ) -> Scene:
        personas = await self._personas(path)
        member = next((each.name for each in reversed(path) if each.side is Side.MEMBER), "")
        books = await self._store.chat.lorebooks.some(conversation.settings.lorebooks)
        return Scene(
            character=speaker.character,
            cast=tuple(each.character for each in cast),
            path=path,
            member=member or "User",
            persona=personas.get(member, ""),
            personas={name: text for name, text in personas.items() if name != member},
            settings=conversation.settings,
            lorebooks=tuple(each.lorebook for each in books),
            summary=conversation.summary,
            summarized=conversation.summarized,
            now=datetime.fromtimestamp(self._clock(), UTC),
        )

    async def _personas(self, path: Sequence[ChatMessage]) -> Mapping[str, str]:
        """Descriptions of the personas that members use now, by the names in their messages."""
        found = dict[str, str]()
        named = {each.author: each.name for each in path if each.side is Side.MEMBER}
        for author, name in named.items():
            persona = await self._store.chat.personas.active(author)
            if persona is not None and persona.name == name:
                found[name] = persona.description
        return found


def budget_of(conversation: Conversation, choice: ModelChoice) -> int:
    """Tokens of a prompt, without those of the answer."""
    memory = conversation.settings.memory or choice.context
    whole = int(min(memory, choice.context) * SHARE)
    return whole - conversation.settings.max_length


def request_of(
    conversation: Conversation, choice: ModelChoice, turn: ChatTurn, line: str, tokens: int
) -> TextRequest:
    """The text request of a turn."""
    length = min(conversation.settings.max_length, choice.context // 2)
    needed = int((tokens + length) / SHARE)
    stepped = -(-needed // CONTEXT_STEP) * CONTEXT_STEP
    return TextRequest(
        prompt=line,
        models=choice.models,
        max_length=length,
        max_context_length=max(CONTEXT_STEP, min(stepped, choice.context)),
        temperature=conversation.settings.temperature,
        private=not turn.is_message,
        chat=turn,
    )


def asked_line(path: Sequence[ChatMessage]) -> str:
    """The lines that the answer answers, as one prompt for people and word rules."""
    lines = list[str]()
    for message in reversed(path):
        if message.side is not Side.MEMBER:
            break
        lines.append(message.text)
    text = "\n".join(reversed(lines)).strip() or (path[-1].text.strip() if path else "")
    return text[-PROMPT_MAX:] or "…"


def _speaker(
    conversation: Conversation,
    cast: Sequence[StoredCharacter],
    path: Sequence[ChatMessage],
    wanted: int,
) -> StoredCharacter:
    by_id = {each.id: each for each in cast}
    if wanted in by_id:
        return by_id[wanted]
    names = {each.id: (each.character.called, each.character.name) for each in cast}
    last = next((m.author for m in reversed(path) if m.side is Side.CHARACTER), 0)
    found = next_speaker(
        tuple(by_id), names, asked_line(path), last, conversation.settings.answering
    )
    return by_id[found]


def _is_full(prompt: Prompt, room: int) -> bool:
    return prompt.left_out > 0 or prompt.tokens > room * 0.85
