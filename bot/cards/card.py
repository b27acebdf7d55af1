"""A Card: the content of a message as plain values. No discord.py here.

The limits are Discord's (Components V2, documentation of 2026-08).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

TEXT_MAX = 4_000  # characters of all text displays of one message
COMPONENTS_MAX = 40  # components of one message, nested ones counted
GALLERY_MAX = 10  # pictures of a gallery
OPTIONS_MAX = 25  # of a menu, and choices of a command option
OPTION_MAX = 100  # characters of an option's label, value, description, of a placeholder, a choice
FILES_MAX = 10  # files of one message, pictures and attachments together
FILENAME_MAX = 100
ALT_MAX = 1_024  # characters of a picture's description
LABEL_MAX = 80  # characters on a button
ROW_MAX = 5  # buttons of a row
MODAL_TITLE_MAX, INPUT_LABEL_MAX, INPUT_HINT_MAX = 45, 45, 100  # characters
INPUT_MAX = 4_000  # characters of a text input


class Colour(IntEnum):
    """The accent colour of a card shows the state of its request."""

    WAITING = 0x5865F2
    WORKING = 0xF0A020
    DONE = 0x3BA55C
    PARTIAL = 0xD8B400
    FAILED = 0xD83C3E
    QUIET = 0x4E5058


class Verb(StrEnum):
    """Action of a button or menu of a request's card; part of its CARD."""

    CANCEL = "cancel"
    MOVE = "move"  # let another backend, which has a price, make a request that waits
    AGAIN = "again"
    DETAILS = "details"
    DELETE = "delete"
    PUBLISH = "publish"
    VARY = "vary"
    UPSCALE = "upscale"
    UPSCALER = "upscaler"  # menu: the same picture with another upscaler
    EDIT = "edit"
    USE = "use"  # as the source of another request
    DESCRIBE = "describe"
    ANIMATE = "animate"  # a video that begins with the picture
    CONTINUE = "continue"  # continue a text
    JSON = "json"  # alchemy results as a file
    SAVE = "save"  # toggle
    PICK = "pick"  # menu: show that picture alone


class ButtonStyle(IntEnum):
    """Discord's button styles."""

    PRIMARY = 1
    SECONDARY = 2
    SUCCESS = 3
    DANGER = 4


@dataclass(frozen=True, slots=True)
class Button:
    """One button. `id`: see custom_ids."""

    id: str
    label: str
    style: ButtonStyle = ButtonStyle.SECONDARY
    emoji: str = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu. `chosen`: preselected."""

    value: str
    label: str
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A select of at most 25 options, of which one to `most` are chosen."""

    id: str
    placeholder: str
    options: tuple[Option, ...]
    most: int = 1


@dataclass(frozen=True, slots=True)
class ChannelMenu:
    """A select of up to `most` channels and categories. `chosen`: ids that are preselected."""

    id: str
    placeholder: str
    chosen: tuple[int, ...] = ()
    most: int = OPTIONS_MAX


@dataclass(frozen=True, slots=True)
class RoleMenu:
    """A select of up to `most` roles. `chosen`: ids that are preselected."""

    id: str
    placeholder: str
    chosen: tuple[int, ...] = ()
    most: int = OPTIONS_MAX


AnyMenu = Menu | ChannelMenu | RoleMenu


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Markdown. Text of users and workers is escaped already."""

    content: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A line, or a gap when not visible."""

    visible: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored result file shown as `filename`, or with `url` a picture from the web.

    `as_png`: the file is converted to PNG if that is small enough. `instead`: of a file that cannot
    be made smaller, the markdown where it is too large.
    """

    file: str = ""
    filename: str = ""
    alt: str = ""
    spoiler: bool = False
    url: str = ""
    as_png: bool = False
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    """One to ten pictures."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Markdown with a button or a thumbnail beside it."""

    content: str
    accessory: Button | Picture


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download: `data`, or a stored result file."""

    filename: str
    data: bytes = b""
    file: str = ""
    spoiler: bool = False


Block = TextBlock | Divider | Gallery | Section | Attachment


@dataclass(frozen=True, slots=True)
class Card:
    """One message: a coloured container of blocks, menus, and rows of at most five buttons."""

    colour: Colour
    blocks: tuple[Block, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    menus: tuple[AnyMenu, ...] = ()


def quiet_card(*texts: str) -> Card:
    """A grey card of those texts; empty ones are left out."""
    return Card(Colour.QUIET, tuple(TextBlock(text) for text in texts if text))
