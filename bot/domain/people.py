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
    """A moderator's report to the operator. `reported_at` in UTC seconds."""

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
    """A user who is blocked in that server; `guild_id` 0: in every server.

    `mark`: the user's pseudonym (see pseudonyms). `user_id` is None and `blocked_by` 0 after the
    user erased their data. `blocked_at` in UTC seconds.
    """

    guild_id: int
    mark: str
    user_id: int | None
    blocked_by: int
    blocked_at: float
    reason: str = ""


class Scope(StrEnum):
    """Owner of settings: a user, a channel or a server."""

    USER = "user"
    CHANNEL = "channel"
    GUILD = "guild"


@dataclass(frozen=True, slots=True)
class Preset:
    """Named settings of a user or a server. `choices`: JSON of saved_choices.py.

    `made_by`: the user who saved or shared it. Times in UTC seconds.
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
    """How the requester is notified of the end of a long wait: an edited message does
    not notify.
    """

    OFF = "off"
    MENTION = "mention"
    DM = "dm"


class PersonSettings(BaseModel):
    """Settings of a user; stored as JSON, so a new one is a new field with a default."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    notify: Notify = Notify.OFF
    language: str = ""  # code of one of bot.i18n.LANGUAGES; "": that of the Discord client
    nsfw_in_dms: bool = False  # an adult who turned the censor off in direct messages with the bot
