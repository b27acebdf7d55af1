"""Text requests."""

from typing import Literal

from pydantic import Field

from bot.domain.requests.base import IMAGES_MAX, PROMPT_MAX, BaseRequest, SomeWords
from bot.domain.requests.chat_turn import ChatTurn

LENGTHS = {"short": 80, "medium": 240, "long": 512}  # tokens; a token is about 4 characters

CONTEXT_STEP, BYTES_OF_TOKEN = 1024, 2


class TextRequest(BaseRequest):
    """A text that continues the prompt. Lengths in tokens.

    `written`: so many characters at the end of the prompt are the text to continue, which a model
    wrote before. `chat`: it is a turn of a conversation.
    """

    kind: Literal["text"] = "text"
    prompt: SomeWords
    models: tuple[str, ...] = ()
    max_length: int = Field(default=240, ge=16, le=4096)
    max_context_length: int = Field(default=4096, ge=80, le=1_048_576)
    temperature: float = Field(default=0.8, ge=0, le=5)
    written: int = Field(default=0, ge=0, le=PROMPT_MAX)
    n: int = Field(default=1, ge=1, le=IMAGES_MAX)
    spoiler: bool = True  # the channel is not age-restricted: hide the answer if a word matches
    allow_downgrade: bool = True
    chat: ChatTurn | None = None

    @property
    def context(self) -> int:
        """Tokens of context to ask for: what the prompt and the text need, in steps of 1024.

        A worker that announces less takes no part of the request, so no more is asked for. Rarely
        has a token fewer than two bytes of UTF-8. That of a turn was counted with its prompt.
        """
        if self.chat is not None:
            return max(self.max_length, self.max_context_length)
        needed = len(self.prompt.encode("utf-8", "replace")) // BYTES_OF_TOKEN + self.max_length
        stepped = -(-needed // CONTEXT_STEP) * CONTEXT_STEP
        return max(self.max_length, min(stepped, self.max_context_length))

    @property
    def asked(self) -> str:
        """The prompt as its requester wrote it."""
        before = self.prompt[: len(self.prompt) - self.written].rstrip() if self.written else ""
        return before or self.prompt

    @property
    def so_far(self) -> str:
        """The text to continue; "" for a new one."""
        return self.prompt[len(self.prompt) - self.written :] if self.asked != self.prompt else ""

    @property
    def count(self) -> int:
        """How many results are expected."""
        return self.n
