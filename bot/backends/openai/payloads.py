"""Converts requests to the payloads of the API."""

from dataclasses import dataclass
from typing import Any

from bot.chat.request_texts import prompt_text, stops_of
from bot.chat.templates import alternating
from bot.domain.requests import ChatTurn, ImageRequest, TextRequest
from bot.http.schema import Sent
from bot.text_output.stop_strings import OPENAI_MAX

TEMPERATURE_MAX = 2.0
# Sent to the model, so it is not translated.
GO_ON = (
    "Continue your text exactly where it ends, even within a sentence. Write only the continuation."
)


class StreamOptions(Sent):
    """What a stream has besides the text."""

    include_usage: bool = True


class OpenAIMessage(Sent):
    """One message of a chat."""

    role: str = "user"
    content: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a model does not take of the usual fields. `usage`: ask for the tokens at the end."""

    refused: frozenset[str] = frozenset()
    usage: bool = False

    def without(self, field: str) -> "Dialect":
        """The same for a model that refuses this field, too."""
        return Dialect(self.refused | {field}, self.usage)


class WritingInput(Sent):
    """What both ways to write have in common. `max_tokens`: of the answer.

    `max_completion_tokens` is its name for models that refuse the other one.
    """

    model: str
    max_tokens: int | None
    max_completion_tokens: int | None = None
    temperature: float | None
    stop: tuple[str, ...] | None
    stream: bool = True
    stream_options: StreamOptions | None = None


class ChatInput(WritingInput):
    """A chat, to which the server adds the template of the model."""

    messages: tuple[OpenAIMessage, ...]


class CompletionInput(WritingInput):
    """A text to continue, without a template."""

    prompt: str


class OpenAIImageInput(Sent):
    """An image request. Without a model the server takes its own."""

    prompt: str
    model: str | None
    n: int = 1
    size: str


def chat_input(request: TextRequest, model: str, dialect: Dialect) -> ChatInput:
    """The prompt as the message of a user, or the messages of a conversation.

    A text to continue is the answer to it, since most models would answer a text that breaks off.
    """
    if request.chat is not None and request.chat.messages:
        return ChatInput(messages=_turn(request.chat), **_shared(request, model, dialect))
    messages = [OpenAIMessage(content=request.asked)]
    if request.so_far:
        messages += [
            OpenAIMessage(role="assistant", content=request.so_far),
            OpenAIMessage(content=GO_ON),
        ]
    return ChatInput(messages=tuple(messages), **_shared(request, model, dialect))


def _turn(turn: ChatTurn) -> tuple[OpenAIMessage, ...]:
    sent = [OpenAIMessage(role=m.role, content=m.text) for m in alternating(turn.messages)]
    if turn.continued and sent[-1].role == "assistant":
        sent.append(OpenAIMessage(content=GO_ON))
    return tuple(sent)


def completion_input(request: TextRequest, model: str, dialect: Dialect) -> CompletionInput:
    """The prompt as it is, for models without a template."""
    return CompletionInput(prompt=prompt_text(request), **_shared(request, model, dialect))


def _shared(request: TextRequest, model: str, dialect: Dialect) -> dict[str, Any]:
    refused, length = dialect.refused, request.max_length
    renamed = "max_tokens" in refused and "max_completion_tokens" not in refused
    temperature = min(request.temperature, TEMPERATURE_MAX)
    return {
        "model": model,
        "max_tokens": None if "max_tokens" in refused else length,
        "max_completion_tokens": length if renamed else None,
        "temperature": None if "temperature" in refused else temperature,
        "stop": None if "stop" in refused else stops_of(request, OPENAI_MAX),
        "stream_options": StreamOptions() if dialect.usage else None,
    }


def openai_image_input(request: ImageRequest, model: str) -> OpenAIImageInput:
    """One image. No `response_format`: new models of OpenAI refuse it."""
    size = f"{request.width}x{request.height}"
    return OpenAIImageInput(prompt=request.prompt, model=model or None, size=size)
