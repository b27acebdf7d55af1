"""Messages that name the backend."""


def said(message: str) -> str:
    """The message in English, about the AI Horde."""
    return message.format(backend="AI Horde")
