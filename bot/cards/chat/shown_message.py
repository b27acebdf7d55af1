"""A message of a conversation as it is shown, with its place among its swipes."""

from dataclasses import dataclass

from bot.domain.chat.conversations import ChatMessage


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message of a character.

    `number` of `count` swipes, from 1. `newest`: the conversation goes on from it, so that it has
    buttons. `opening`: it is the first message, which no member asked for. `line`: the line that it
    answers, None where that has a Discord message of its own. `spoiler`: the channel is not
    age-restricted, so that adult words hide the text. `payer`: who pays for the conversation, for
    the first message. `images`: the backend there makes images. `named`: Discord shows the
    character as its author.
    """

    message: ChatMessage
    number: int = 1
    count: int = 1
    newest: bool = True
    opening: bool = False
    line: ChatMessage | None = None
    spoiler: bool = True
    payer: str = ""
    images: bool = True
    named: bool = False
