"""What a request can be found by in its person's history."""

import unicodedata

from bot.requests import AlchemyRequest, ImageRequest, Request


def searchable(request: Request) -> str:
    """Its prompt, its models and style, its forms; folded."""
    match request:
        case ImageRequest():
            parts = (request.prompt, request.style, *request.models)
        case AlchemyRequest():
            parts = (request.source.filename, *request.forms)
        case _:
            parts = (request.prompt, *request.models)
    return folded(" ".join(parts))


def folded(text: str) -> str:
    """The text as it is compared: without case, and with one form of each character."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
