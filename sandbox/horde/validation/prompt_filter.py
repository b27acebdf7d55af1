"""The prompt filter, with two invented words instead of the real (secret) lists."""

import time
from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, bad_request
from sandbox.horde.state.horde_state import HordeState

CONTEXT_A, CONTEXT_B = "zorpling", "quibbled"  # a prompt with both is suspicious
ADDED_NEGATIVE = "child, infant, underage, immature, teenager, tween"
LONGEST_REPLACED = 7000


def filter_prompt(
    horde: HordeState, request: web.Request, body: dict[str, Any], prompt: str
) -> str:
    """The prompt; a suspicious one is rewritten.

    Raises ApiError CorruptPrompt when the request turned rewriting off. The address then gets a
    timeout, longer every time.
    """
    positive, _, negative = prompt.partition("###")
    words = positive.casefold()
    if CONTEXT_A not in words or CONTEXT_B not in words:
        return prompt
    if not body.get("replacement_filter", True):
        _time_out_address(horde, horde.client_address(request))
        message = (
            "This prompt appears to violate our terms of service and will be reported. "
            "Please contact us if you think this is an error."
        )
        raise ApiError(400, "CorruptPrompt", message)
    if len(positive) > LONGEST_REPLACED:
        raise bad_request(f"The prompt is too long to be filtered ({LONGEST_REPLACED} characters).")
    return f"{positive.replace(CONTEXT_A, 'grown zorp')}###{ADDED_NEGATIVE}, {negative}"


def _time_out_address(horde: HordeState, address: str) -> None:
    strikes = horde.filter_violations.get(address, 0)
    horde.filter_violations[address] = strikes + 1
    horde.address_timeouts[address] = time.time() + (2 * strikes + 1) * 3 * 60
