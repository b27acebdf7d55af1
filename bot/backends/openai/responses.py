"""Answers of the API. Unknown fields are ignored, wrong ones become their default."""

from typing import Annotated

from pydantic import Field

from bot.http.schema import Count, Items, Wire

TEXT_MAX = 1_000_000  # characters of one piece
Short = Annotated[str, Field(max_length=300)]
Piece = Annotated[str, Field(max_length=TEXT_MAX)]


class ErrorFacts(Wire):
    """The object `error` of an answer. `code`: a word, or the HTTP status at some servers."""

    message: Piece = ""
    type: Short = ""
    param: Short = ""
    code: Short = ""


class Delta(Wire):
    """A piece of an answer, or a whole message. Servers have two names for the reasoning."""

    content: Piece = ""
    reasoning_content: Piece = ""
    reasoning: Piece = ""


class ChatChoice(Wire):
    """One choice of an event, or of a whole answer. `text`: of the completions."""

    delta: Delta = Delta()
    message: Delta = Delta()
    text: Piece = ""
    finish_reason: Short = ""


class TokenUsage(Wire):
    """The tokens of a prompt and its answer, which the last event of a stream tells."""

    prompt_tokens: Count = 0
    completion_tokens: Count = 0


class TextEvent(Wire):
    """One event of a stream, or a whole answer of a server that does not stream."""

    model: Short = ""
    choices: Items[ChatChoice] = ()
    usage: TokenUsage = TokenUsage()
    error: ErrorFacts | None = None


class Architecture(Wire):
    """What a model takes and makes, as OpenRouter tells it."""

    output_modalities: Items[Short] = ()


class ListedModel(Wire):
    """A model of the list."""

    id: Short
    architecture: Architecture = Architecture()


class ImageItem(Wire):
    """One image: its address, or base64."""

    url: Annotated[str, Field(max_length=4096)] = ""
    b64_json: str = ""


class ImageAnswer(Wire):
    """The answer of an image request."""

    data: Items[ImageItem] = ()
