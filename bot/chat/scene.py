"""What a prompt is made of, and the prompt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.macros import MacroValues
from bot.chat.neutral_text import neutral, neutral_line, one_line
from bot.domain.chat.characters import Character
from bot.domain.chat.conversations import ChatMessage, ChatSettings, MessageState, Side
from bot.domain.chat.lorebooks import Lorebook
from bot.domain.requests.chat_turn import PromptMessage


@dataclass(frozen=True)
class Scene:
    """All that a prompt is made of.

    `character`: who speaks. `cast`: all characters. `path`: the branch from its first message to
    the newest one, without the pending one. `member`: the name of the member that is answered, or
    of the persona that is used; `persona`: its description. `personas`: descriptions of other
    members by their names. `summary`: what happened up to the message `summarized`.
    """

    character: Character
    path: Sequence[ChatMessage]
    member: str
    cast: tuple[Character, ...] = ()
    persona: str = ""
    personas: Mapping[str, str] = field(default_factory=dict[str, str])
    settings: ChatSettings = field(default_factory=ChatSettings)
    lorebooks: tuple[Lorebook, ...] = ()
    summary: str = ""
    summarized: int = 0
    now: datetime | None = None

    @property
    def own_names(self) -> frozenset[str]:
        """Names of the character that speaks, in small letters."""
        names = (self.character.name, self.character.called)
        return frozenset(one_line(name).casefold() for name in names)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that ends where the character speaks.

    `stops`: strings that end the answer, besides those of the template. `others`: names of the
    other sides. `tokens`: at most so many has the text of any template. `left_out`: messages that
    did not fit.
    """

    messages: tuple[PromptMessage, ...]
    stops: tuple[str, ...]
    others: tuple[str, ...]
    tokens: int
    left_out: int


def spoken(scene: Scene) -> list[ChatMessage]:
    """The messages that join the prompt, the newest first: those after the summary, with a text."""
    found: list[ChatMessage] = []
    for message in reversed(scene.path):
        if scene.summary and message.id == scene.summarized:
            break
        if message.state is MessageState.DONE and message.text.strip():
            found.append(message)
    return found


def script(messages: Sequence[ChatMessage]) -> str:
    """The messages as lines with names, of which no text adds a line of another side."""
    names = tuple(dict.fromkeys(one_line(message.name) for message in messages))
    return "\n".join(
        neutral(f"{one_line(message.name)}: {neutral_line(message.text.strip(), names)}")
        for message in messages
    )


def other_names(scene: Scene) -> tuple[str, ...]:
    """The names of all other sides, those that spoke last first."""
    spoke = dict.fromkeys(message.name for message in reversed(scene.path))
    cast = (name for each in scene.cast for name in (each.called, each.name))
    names = (one_line(name) for name in (scene.member, *spoke, *cast, *scene.personas))
    own = scene.own_names
    return tuple(dict.fromkeys(name for name in names if name and name.casefold() not in own))


def macro_values(scene: Scene, original: str = "") -> MacroValues:
    """What macros become in this scene: the same for a repeat of the same turn."""
    last = scene.path[-1] if scene.path else None
    conversation = last.conversation if last else 0
    return MacroValues(
        char=one_line(scene.character.called),
        user=one_line(scene.member),
        now=scene.now,
        original=original,
        turn=f"{conversation}/{last.id if last else 0}",
        lasting=str(conversation),
    )


def is_own(scene: Scene, message: ChatMessage) -> bool:
    """Whether the character that speaks wrote it."""
    own = scene.own_names
    return message.side is Side.CHARACTER and one_line(message.name).casefold() in own
