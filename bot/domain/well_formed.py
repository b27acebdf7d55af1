"""Text as the database takes it."""


def well_formed(text: str) -> str:
    """The text with a question mark for each half of a character, which is no valid UTF-8."""
    return text.encode("utf-8", "replace").decode()
