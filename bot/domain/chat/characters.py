"""Characters: the fields of a character card, and who owns one."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.domain.chat.lorebooks import Lorebook

ASSISTANT = 0  # id of the bot itself in the cast of a conversation, which has no card
NAME_MAX = 80  # characters; as long as the name of a webhook message
TEXT_MAX = 40_000  # characters of one field
GREETINGS_MAX = 100
TAGS_MAX = 100
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NAME_MAX)]


class CharacterNote(BaseModel):
    """A text that is repeated so many messages before the end of each prompt."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(default="", max_length=TEXT_MAX)
    depth: int = Field(default=4, ge=0, le=1_000)


class Character(BaseModel):
    """The fields of a character card, versions 1 to 3, under one name each.

    `greetings`: the first message and its alternates, at least one for a conversation to begin
    with it. `closing`: instructions after the conversation ("post history instructions").
    `source`: the name of the file format. `extra`: fields that the bot does not use, as JSON, so
    that an export contains them again.
    """

    model_config = ConfigDict(frozen=True)

    name: Annotated[Name, Field(min_length=1)]
    nickname: Name = ""
    description: str = Field(default="", max_length=TEXT_MAX)
    personality: str = Field(default="", max_length=TEXT_MAX)
    scenario: str = Field(default="", max_length=TEXT_MAX)
    greetings: tuple[str, ...] = Field(default=(), max_length=GREETINGS_MAX)
    group_greetings: tuple[str, ...] = Field(default=(), max_length=GREETINGS_MAX)
    examples: str = Field(default="", max_length=TEXT_MAX)
    system_prompt: str = Field(default="", max_length=TEXT_MAX)
    closing: str = Field(default="", max_length=TEXT_MAX)
    note: CharacterNote | None = None
    creator: str = Field(default="", max_length=200)
    creator_notes: str = Field(default="", max_length=TEXT_MAX)
    version: str = Field(default="", max_length=100)
    tags: tuple[str, ...] = Field(default=(), max_length=TAGS_MAX)
    lorebook: Lorebook | None = None
    extra: str = "{}"

    @property
    def called(self) -> str:
        """The name by which others call the character: `{{char}}` in its texts."""
        return self.nickname or self.name


@dataclass(frozen=True, slots=True)
class StoredCharacter:
    """A character in the database. `guild_id`: the server that may use it, 0: its owner alone.

    `avatar`: name of its file, "" for none. `adult`: only for age-restricted channels.
    """

    id: int
    owner_id: int
    guild_id: int
    character: Character
    avatar: str
    adult: bool
    created_at: float


@dataclass(frozen=True, slots=True)
class CharacterLabel:
    """What lists show of a stored character, without its texts, which may have megabytes."""

    id: int
    owner_id: int
    guild_id: int
    name: str
    adult: bool


@dataclass(frozen=True, slots=True)
class Persona:
    """How characters see a member. `active`: the one that is used in new messages."""

    id: int
    user_id: int
    name: str
    description: str
    active: bool


@dataclass(frozen=True, slots=True)
class StoredLorebook:
    """A lorebook that was imported by itself. `guild_id`: as of StoredCharacter."""

    id: int
    owner_id: int
    guild_id: int
    lorebook: Lorebook
    created_at: float
