"""The prompt filter, with two invented words instead of the real (secret) lists."""

import time
from collections import deque
from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, bad_request
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import IMAGE_MODELS
from sandbox.horde.validation.style_use import Styled

CONTEXT_A, CONTEXT_B = "zorpling", "quibbled"  # a prompt with both is suspicious
ADDED_NEGATIVE = "child, infant, underage, immature, teenager, tween"
LONGEST_REPLACED = 7000
REJECTION_SECONDS = 3600.0
MOST_REJECTIONS = 5  # in an hour; in raid mode the first one is too many
VIOLATION = (
    "This prompt appears to violate our terms of service and will be reported. "
    "Please contact us if you think this is an error."
)


def filter_prompt(
    horde: HordeState, request: web.Request, body: dict[str, Any], styled: Styled, user: User
) -> str:
    """The prompt; a suspicious one is rewritten.

    Raises ApiError CorruptPrompt when the request turned rewriting off, or when nothing is left of
    the prompt for a model that is marked NSFW. In the first case the address gets a timeout, longer
    every time; in the second the newer server counts the rejections.
    """
    prompt = styled.prompt
    positive, _, negative = prompt.partition("###")
    words, address = positive.casefold(), horde.client_address(request)
    if CONTEXT_A not in words:
        return prompt
    if CONTEXT_B not in words:
        if not any(name in IMAGE_MODELS and IMAGE_MODELS[name].nsfw for name in styled.models):
            return prompt
        return _clean_for_model(horde, address, user, prompt)
    if not body.get("replacement_filter", True):
        time_out_address(horde, address)
        raise ApiError(400, "CorruptPrompt", VIOLATION)
    if len(positive) > LONGEST_REPLACED:
        _count_rejection(horde, address, user)
        raise bad_request(f"The prompt is too long to be filtered ({LONGEST_REPLACED} characters).")
    return f"{positive.replace(CONTEXT_A, 'grown zorp')}###{ADDED_NEGATIVE}, {negative}"


def _clean_for_model(horde: HordeState, address: str, user: User, prompt: str) -> str:
    """The prompt without the first context, for a model that is marked NSFW."""
    positive, _, negative = prompt.partition("###")
    kept = " ".join(word for word in positive.split() if CONTEXT_A not in word.casefold())
    if not kept:
        _count_rejection(horde, address, user)
        raise ApiError(400, "CorruptPrompt", VIOLATION)
    return f"{kept}###{ADDED_NEGATIVE}, {negative}"


def _count_rejection(horde: HordeState, address: str, user: User) -> None:
    """Count a rejection; the newer server gives the address a timeout after too many."""
    if not horde.settings.newer or user.moderator:
        return
    now = time.time()
    recent = horde.rejections.setdefault(address, deque[float]())
    recent.append(now)
    while recent[0] < now - REJECTION_SECONDS:
        recent.popleft()
    if horde.settings.raid_mode or len(recent) > MOST_REJECTIONS:
        time_out_address(horde, address)


def time_out_address(horde: HordeState, address: str) -> None:
    """Refuse an address for 3 minutes, then 9, 15 and so on."""
    strikes = horde.filter_violations.get(address, 0)
    horde.filter_violations[address] = strikes + 1
    horde.address_timeouts[address] = time.time() + (2 * strikes + 1) * 3 * 60
