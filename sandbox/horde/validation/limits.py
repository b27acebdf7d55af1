"""Checks of what an account, an address or a client program may send."""

from aiohttp import web

from sandbox.horde.errors import ApiError
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import JobKind

BANNED_AGENT = "My-Project:v0.0.1:My-Contact"


def check_encoding(horde: HordeState, prompt: str) -> None:
    """Refuse unpaired surrogates; the older server accepts them."""
    try:
        prompt.encode()
    except UnicodeEncodeError as error:
        if horde.settings.newer:
            message = "The prompt has characters that cannot be encoded."
            raise ApiError(400, "InvalidPromptEncoding", message) from error


def check_concurrency(
    horde: HordeState, kind: JobKind, user: User, models: list[str], n: int
) -> None:
    """Check the number of waiting jobs of an account."""
    waiting, words = user.waiting[kind], "user limit"
    if user.anonymous:
        waiting = sum(horde.anonymous_waiting.get(model, 0) for model in models or [""])
        words = "anonymous limit"
    if waiting + n > user.concurrency:
        raise ApiError(
            429,
            "TooManyPrompts",
            f"Parallel requests ({waiting + n}) exceeded {words} ({user.concurrency}). "
            "Please try again later or request to increase your concurrency.",
        )


def check_forms(forms: int, most: int) -> None:
    """Check the number of open alchemy forms of an account."""
    if forms > most:
        raise ApiError(
            429,
            "TooManyPrompts",
            f"Parallel requests ({forms}) exceeded user limit ({most}). "
            "Please try again later or request to increase your concurrency.",
        )


def check_address(horde: HordeState, address: str, now: float) -> None:
    """Refuse addresses in timeout."""
    left = horde.address_timeouts.get(address, 0.0) - now
    if left > 0:
        raise ApiError(
            403,
            "TimeoutIP",
            f"Due to abuse prevention, your IP address has been put into timeout for {int(left)} "
            "more seconds. Please try again later, or contact us on discord if you think this "
            "was an error.",
        )


def check_client(request: web.Request) -> None:
    """Refuse the example Client-Agent of the documentation."""
    if request.headers.get("Client-Agent") == BANNED_AGENT:
        message = "This Client-Agent has been banned. Please use one that names your project."
        raise ApiError(403, "BannedClientAgent", message, newer_rc="BadClientAgent")
