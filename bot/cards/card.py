"""A Card: what a message shows, as plain values. ui/cards.py makes them, ui/delivery.py posts them.

It knows Discord's limits (Components V2, docs of 2026-08) and nothing of discord.py.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

TEXT_MAX = 4_000  # characters of all text displays of one message
COMPONENTS_MAX = 40  # components of one message, nested ones counted
GALLERY_MAX = 10
OPTIONS_MAX = 25  # of a menu
FILES_MAX = 10  # files of one message, pictures and attachments together
ALT_MAX = 1_024  # characters of a picture's description


class Colour(IntEnum):
    """The accent says the state before anybody reads a word."""

    WAITING = 0x5865F2
    WORKING = 0xF0A020
    DONE = 0x3BA55C
    PARTIAL = 0xD8B400
    FAILED = 0xD83C3E
    QUIET = 0x4E5058


class Verb(StrEnum):
    """What a button does. Its custom_id is `hc:VERB:RECORD_ID`, for one of several pictures
    `hc:VERB:RECORD_ID:NUMBER`, and nothing else. A menu has the same, and what was chosen comes
    with the press.
    """

    CANCEL = "cancel"
    AGAIN = "again"
    DETAILS = "details"
    DELETE = "delete"
    PUBLISH = "publish"
    VARY = "vary"
    UPSCALE = "upscale"
    UPSCALER = "upscaler"  # a menu: the same picture with another upscaler
    EDIT = "edit"
    USE = "use"  # as the source of another
    DESCRIBE = "describe"
    JSON = "json"  # what alchemy found, as a file for programs
    SAVE = "save"  # for good, or no longer
    PICK = "pick"  # a menu: show that picture alone


class ButtonStyle(IntEnum):
    """Discord's button styles."""

    PRIMARY = 1
    SECONDARY = 2
    SUCCESS = 3
    DANGER = 4


@dataclass(frozen=True, slots=True)
class Button:
    """One button about one request, or about one of its pictures (1-based `number`)."""

    verb: Verb
    label: str
    record_id: int
    look: ButtonStyle = ButtonStyle.SECONDARY
    emoji: str = ""
    disabled: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu."""

    value: str
    label: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A select: one of its options is chosen. At most 25 of them."""

    verb: Verb
    record_id: int
    placeholder: str
    options: tuple[Option, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Markdown. Whatever a person or a worker wrote was escaped before it got here."""

    content: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A line, or a gap when not visible."""

    visible: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of the spool shown as `filename`, or with `url` one that is on Discord already."""

    file: str
    filename: str
    alt: str = ""
    spoiler: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    """One to ten pictures."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download: bytes made here, or a file of the spool."""

    filename: str
    data: bytes = b""
    file: str = ""
    spoiler: bool = False


Block = TextBlock | Divider | Gallery | Attachment


@dataclass(frozen=True, slots=True)
class Card:
    """One message: a coloured container of blocks, a menu, and rows of at most five buttons."""

    colour: Colour
    blocks: tuple[Block, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    menu: Menu | None = None
