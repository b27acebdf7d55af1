"""Conversations and their messages, which form a tree: swipes are answers with one parent."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

NOTE_MAX = 4_000  # characters
LOREBOOKS_MAX = 10  # imported ones of a conversation
STOPS_MAX, STOP_MAX = 10, 40  # stop strings of a conversation, and characters of one
AUTO = "auto"  # the template of the model


class Side(StrEnum):
    """Who wrote a message of a conversation."""

    MEMBER = "member"
    CHARACTER = "character"


class MessageState(StrEnum):
    """State of a message."""

    PENDING = "pending"  # a turn writes it
    DONE = "done"
    FAILED = "failed"  # its turn ended without a text


class Answering(StrEnum):
    """Which character of several answers."""

    MENTIONED = "mentioned"  # the one that the line names, else the one that spoke last
    IN_TURN = "in_turn"
    CHOSEN = "chosen"  # the first of the cast


class Opening(StrEnum):
    """Where a conversation takes place."""

    CHANNEL = "channel"
    THREAD = "thread"
    DM = "dm"


class ChatSettings(BaseModel):
    """Settings of a conversation. Lengths in tokens.

    `model`: "" for any that fits. `memory`: most tokens of the prompt, 0 for what the model takes.
    `template`: AUTO or the name of one. `note`: a text that is repeated `note_depth` messages
    before the end. `stops`: further stop strings. `whole_sentences`: drop an unfinished last
    sentence. `every_message`: each message of its thread counts, which needs the message-content
    intent. `lorebooks`: ids of imported ones.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str = ""
    temperature: float = Field(default=0.8, ge=0, le=5)
    max_length: int = Field(default=240, ge=16, le=1024)
    memory: int = Field(default=0, ge=0, le=131_072)
    template: str = AUTO
    note: str = Field(default="", max_length=NOTE_MAX)
    note_depth: int = Field(default=4, ge=0, le=100)
    stops: tuple[str, ...] = Field(default=(), max_length=STOPS_MAX)
    answering: Answering = Answering.MENTIONED
    whole_sentences: bool = False
    every_message: bool = False
    lorebooks: tuple[int, ...] = Field(default=(), max_length=LOREBOOKS_MAX)


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message of a conversation.

    `parent`: the message before it, 0 for a first one. `author`: the id of the member or of the
    character. `record_id`: the request that writes it, 0 for none. `discord_id`: the message that
    shows it on Discord, 0 for none. `thoughts`: reasoning, which never joins a prompt.
    """

    id: int
    conversation: int
    parent: int
    side: Side
    author: int
    name: str
    text: str
    created_at: float
    state: MessageState = MessageState.DONE
    record_id: int = 0
    discord_id: int = 0
    thoughts: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in a channel, thread or direct message; one place has at most one open one.

    `cast`: ids of its characters. `leaf`: the newest message of the branch that is shown, 0 for
    none. `summary`: what happened up to the message `summarized`, 0 for none.
    """

    id: int
    guild_id: int  # 0 in direct messages
    channel_id: int
    owner_id: int
    cast: tuple[int, ...]
    leaf: int
    settings: ChatSettings
    created_at: float
    closed_at: float | None = None
    summary: str = ""
    summarized: int = 0
