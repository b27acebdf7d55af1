"""Values about people and servers: credentials, presets, blocks, reports, personal settings."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.domain.well_formed import well_formed


@dataclass(frozen=True, slots=True)
class Credential:
    """A sealed API key. `owner_id`: the user's or the guild's id, 0 for the bot's own."""

    owner: Payer
    owner_id: int
    backend: str
    sealed: bytes
    username: str = ""
    pays: frozenset[Kind] = frozenset(Kind)
    created_at: float = 0.0

    def __repr__(self) -> str:
        """Without the key, sealed or not."""
        return f"Credential({self.owner}:{self.owner_id}, {self.backend})"


@dataclass(frozen=True, slots=True)
class Report:
    """A moderator's word to those who run the bot. `reported_at` in UTC seconds."""

    record_id: int
    reported_at: float
    reporter_id: int
    guild_id: int
    channel_id: int
    message_id: int

    @property
    def link(self) -> str:
        """Discord's link to the message that was reported."""
        return f"https://discord.com/channels/{self.guild_id}/{self.channel_id}/{self.message_id}"


@dataclass(frozen=True, slots=True)
class UserBan:
    """Somebody who may not use the bot in that server; `guild_id` 0: nowhere.

    `mark` stands for the person (see pseudonyms); `user_id` is None and `blocked_by` 0 once that
    person had everything forgotten. `blocked_at` in UTC seconds.
    """

    guild_id: int
    mark: str
    user_id: int | None
    blocked_by: int
    blocked_at: float
    reason: str = ""


class Scope(StrEnum):
    """Whose settings they are."""

    USER = "user"
    CHANNEL = "channel"
    GUILD = "guild"


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings under a name, of a person or of a server. `choices`: JSON of saved_choices.py.

    `made_by`: the person who saved or shared it. Times in UTC seconds.
    """

    owner: Scope
    owner_id: int
    name: str
    choices: str
    made_by: int
    created_at: float
    used_at: float

    @property
    def key(self) -> str:
        """The name without its case: unique among the presets of one owner."""
        return preset_key(self.name)


def preset_key(name: str) -> str:
    """A preset's name as it is compared."""
    plain = unicodedata.normalize("NFKC", well_formed(name))
    return " ".join(plain.casefold().split())


class Notify(StrEnum):
    """How a person hears that a long wait is over: an edited message makes no sound."""

    OFF = "off"
    MENTION = "mention"
    DM = "dm"


class PersonSettings(BaseModel):
    """A person's own rules; stored as JSON, so a new rule is a new field with a default."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    notify: Notify = Notify.OFF
    nsfw_in_dms: bool = False  # an adult who wants no censor in direct messages with the bot
