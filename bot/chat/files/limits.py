"""Limits of files from outside."""

from bot.errors import CardError
from bot.i18n import _
from bot.i18n.formats import number

MEGABYTE = 1024 * 1024
CARD_BYTES = 10 * MEGABYTE  # of a card with its image
LOREBOOK_BYTES = 5 * MEGABYTE
CHAT_BYTES = 10 * MEGABYTE
TEXT_BYTES = 5 * MEGABYTE  # of the JSON in a card, decompressed
NUMBER_MAX = 1_000_000_000  # greater numbers of a file become this one


def check_file_size(data: bytes, most: int) -> None:
    """Raise CardError for a file of more than `most` bytes."""
    if len(data) > most:
        text = _("The file is larger than {limit} MB. Choose a smaller one.")
        raise CardError(text.format(limit=number(most // MEGABYTE)))


def check_count(name: str, count: int, most: int) -> None:
    """Raise CardError for a list with more than `most` entries. `name`: its field in the file."""
    if count > most:
        text = _("The list `{name}` of the file has {count} entries. The limit is {limit}.")
        raise CardError(text.format(name=name, count=number(count), limit=number(most)))


def check_text_length(name: str, text: str, most: int) -> None:
    """Raise CardError for a text of more than `most` characters. `name`: its field in the file."""
    if len(text) > most:
        said = _("The field `{name}` of the file has {count} characters. The limit is {limit}.")
        raise CardError(said.format(name=name, count=number(len(text)), limit=number(most)))
