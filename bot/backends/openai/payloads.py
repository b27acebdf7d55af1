"""Converts requests to the payloads of the API."""

from bot.domain.requests import ImageRequest, TextRequest
from bot.http.schema import Sent

TEMPERATURE_MAX = 2.0


class StreamOptions(Sent):
    """What a stream has besides the text."""

    include_usage: bool = True


class Message(Sent):
    """One message of a chat."""

    role: str = "user"
    content: str


class TextInput(Sent):
    """What both ways to write have in common. `max_tokens`: of the answer."""

    model: str
    max_tokens: int
    temperature: float
    stream: bool = True
    stream_options: StreamOptions = StreamOptions()


class ChatInput(TextInput):
    """A chat, to which the server adds the template of the model."""

    messages: tuple[Message, ...]


class CompletionInput(TextInput):
    """A text to continue, without a template."""

    prompt: str


class ImageInput(Sent):
    """An image request. Without a model the server takes its own."""

    prompt: str
    model: str | None
    n: int = 1
    size: str


def chat_input(request: TextRequest, model: str) -> ChatInput:
    """The prompt as the message of a user."""
    return ChatInput(
        model=model,
        messages=(Message(content=request.prompt),),
        max_tokens=request.max_length,
        temperature=_temperature(request),
    )


def completion_input(request: TextRequest, model: str) -> CompletionInput:
    """The prompt as it is, for models without a template."""
    return CompletionInput(
        model=model,
        prompt=request.prompt,
        max_tokens=request.max_length,
        temperature=_temperature(request),
    )


def _temperature(request: TextRequest) -> float:
    return min(request.temperature, TEMPERATURE_MAX)


def image_input(request: ImageRequest, model: str) -> ImageInput:
    """One image. No `response_format`: new models of OpenAI refuse it."""
    size = f"{request.width}x{request.height}"
    return ImageInput(prompt=request.prompt, model=model or None, size=size)
