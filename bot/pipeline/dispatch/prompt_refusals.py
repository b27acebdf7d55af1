"""Prompts that the filter of the Horde refused, and members who are paused because of them.

The Horde counts them by the address of the bot, and stops all requests from an address with too
many: docs/horde-api.md#error-codes. In memory only: a restart forgets them, and so does the Horde
within an hour.
"""

import hashlib
import time
from collections.abc import Callable

from cachetools import TTLCache

from bot.chat.request_texts import prompt_text
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Request, TextRequest
from bot.errors import BotError, RequestRejected
from bot.i18n import _
from bot.pipeline.tracking.settlement import Settlement

PAUSE = 3600.0  # seconds for which the Horde counts a refusal
PROMPT_KEPT = 24 * 3600.0  # seconds in which a refused prompt is not sent again
KEPT_MAX = 10_000
MOST = 2  # refusals of one member within PAUSE; after that the member is paused
# Refusals of all within PAUSE, of the five that the Horde allows; from then on one is too many.
MOST_OF_ALL = 4
REFUSED = "CorruptPrompt"


class PromptRefusals:
    """Counts refused prompts by member. `clock`: UTC seconds."""

    def __init__(self, settlement: Settlement, clock: Callable[[], float] = time.time) -> None:
        self._settlement = settlement
        self._clock = clock
        self._prompts: TTLCache[bytes, None] = TTLCache(KEPT_MAX, PROMPT_KEPT, clock)
        self._refused: list[tuple[float, int]] = []  # time and user

    async def count(self, record: Record, error: BotError) -> None:
        """Count it if the filter refused the prompt, and tell the requester what follows."""
        if not isinstance(error, RequestRejected) or error.rc != REFUSED:
            return
        self._refused = [*self._recent()[-KEPT_MAX:], (self._clock(), record.user_id)]
        self._prompts[_mark(record.request)] = None
        until = self.paused_until(record.user_id)
        await self._settlement.tell(record, _warning() if until is None else _pause(until))

    def paused_until(self, user_id: int) -> float | None:
        """UTC seconds at which requests of that user are sent again; None: now."""
        recent = self._recent()
        times = [at for at, user in recent if user == user_id]
        most = 1 if len(recent) >= MOST_OF_ALL else MOST
        return times[-most] + PAUSE if len(times) >= most else None

    def reason_of(self, user_id: int, request: Request) -> str:
        """Why the request is not sent: a paused user, or a prompt that was refused before.

        "" when it is sent.
        """
        if isinstance(request, AlchemyRequest):  # has no prompt
            return ""
        until = self.paused_until(user_id)
        if until is not None:
            return _pause(until)
        if _mark(request) in self._prompts:
            return _("The filter of the Horde refused this prompt before. Change the prompt.")
        return ""

    def _recent(self) -> list[tuple[float, int]]:
        since = self._clock() - PAUSE
        return [each for each in self._refused if each[0] > since]


def _pause(until: float) -> str:
    """Why requests of a user are not sent. `until`: UTC seconds."""
    text = _(
        "The filter of the Horde refused several prompts. The bot sends no images and texts for "
        "you until <t:{at}:t>."
    )
    return text.format(at=int(until))


def _warning() -> str:
    """What follows the first refusal."""
    return _(
        "The filter of the Horde refused your prompt. After another refusal within an hour, the "
        "bot sends none of your requests for an hour."
    )


def _prompt(request: Request) -> str:
    """The prompt as it is sent: a conversation has others for the same line."""
    if isinstance(request, TextRequest):
        return prompt_text(request)
    return "" if isinstance(request, AlchemyRequest) else request.prompt


def _mark(request: Request) -> bytes:
    """The filter judges the prompt together with the models."""
    words: list[str] = []
    if not isinstance(request, AlchemyRequest):
        words = [request.kind, _prompt(request).casefold(), *sorted(request.models)]
    if isinstance(request, ImageRequest):
        words += [request.style, request.negative.casefold()]
        words += [each.text.casefold() for each in request.template_fields]
    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).digest()
