"""The part of a text request that makes it a turn of a conversation."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Role = Literal["system", "user", "assistant"]
TurnAction = Literal["answer", "swipe", "continue", "summary", "scene"]


class PromptMessage(BaseModel):
    """A part of a prompt, before the template of the model joins them."""

    model_config = ConfigDict(frozen=True)

    role: Role
    text: str


class ChatTurn(BaseModel):
    """A turn. The prompt of its request is the line that it answers, for people and word rules.

    `conversation`, `answer`: ids of the conversation and of the stored message that the text
    becomes, so that a turn that ends twice gives one answer. `parent`: the message that the answer
    follows, or the newest one in a summary. `before`: the message that was the last one before the
    turn, and is so again when it fails. `character`, `name`: who speaks.
    `messages`: the prompt, which ends where the character speaks; it is removed from the stored
    request once the turn ended. `continued`: the text that a "continue" goes on with, which is the
    end of the last message. `template`: how a server without roles gets the messages. `stops`:
    strings that end the answer; `others`: names of the other sides, whose turns are cut from it.
    `summary` and `scene` are texts about the conversation, not messages of it: no card shows them.
    `origin`: of a scene, as JSON without its token, for the picture that is made of it.
    """

    model_config = ConfigDict(frozen=True)

    conversation: int
    answer: int = 0
    parent: int = 0
    before: int = 0
    character: int = 0
    name: str = ""
    action: TurnAction = "answer"
    messages: tuple[PromptMessage, ...] = ()
    continued: str = ""
    template: str = ""
    stops: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    whole_sentences: bool = False
    origin: str = ""

    @property
    def is_message(self) -> bool:
        """Whether its text becomes a message of the conversation."""
        return self.action not in {"summary", "scene"}
