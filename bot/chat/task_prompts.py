"""Prompts for texts about a conversation: its summary, and the line for an image model.

They are sent to models, so they are not translated.
"""

from collections.abc import Sequence

from bot.chat.macros import MacroValues, expand
from bot.chat.neutral_text import one_line
from bot.chat.scene import script
from bot.chat.token_budget import cut_end, cut_start, tokens
from bot.domain.chat.characters import Character
from bot.domain.chat.conversations import ChatMessage
from bot.domain.requests.chat_turn import PromptMessage

SUMMARY = (
    "You keep the memory of a long role-play. Write a summary in the past tense and in the language"
    " of the conversation: the persons, the events, their places, the promises and the open"
    " questions. Keep all facts of the earlier summary. Write only the summary."
)
SCENE = (
    "You write prompts for an image model. Describe in English what a picture of the last moment of"
    " this story shows: who is seen, how they look, what they do, where they are, the light and the"
    " mood. Write one line of short phrases with commas and without names. Write only that line."
)
FRAME = 100  # tokens of the marks around the messages of a summary
LOOKS_MAX = 400  # tokens of the descriptions of the characters
STORY_MIN = 200  # tokens
MESSAGES = 4  # newest messages of a scene


def summary_room(budget: int) -> int:
    """Tokens of the messages that a prompt of so many tokens summarizes."""
    return budget - tokens(SUMMARY) - FRAME


def summary_prompt(
    older: Sequence[ChatMessage], before: str, room: int
) -> tuple[PromptMessage, ...]:
    """Asks for a summary of these messages. `before`: the earlier summary, "" for none."""
    known = f"Earlier summary:\n{before}\n\n" if before else ""
    asked = f"{known}Messages:\n{cut_end(script(older), room)}\n\nWrite the new summary."
    return _task(SUMMARY, asked)


def scene_prompt(
    cast: Sequence[Character], path: Sequence[ChatMessage], budget: int
) -> tuple[PromptMessage, ...]:
    """Asks for a prompt of an image model that shows the end of the conversation."""
    looks = "\n\n".join(
        expand(each.description, MacroValues(one_line(each.called), "the visitor")) for each in cast
    )
    story = cut_start(script(path[-MESSAGES:]), max(budget - LOOKS_MAX - STORY_MIN, STORY_MIN))
    return _task(
        SCENE, f"Characters:\n{cut_end(looks, LOOKS_MAX)}\n\nStory:\n{story}\n\nWrite the line."
    )


def _task(instruction: str, asked: str) -> tuple[PromptMessage, ...]:
    return (
        PromptMessage(role="system", text=instruction),
        PromptMessage(role="user", text=asked),
    )
