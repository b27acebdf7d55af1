"""Who may use the endpoints of moderators and administrators."""

from aiohttp import web

from sandbox.horde.errors import ApiError
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import submit_checks

ADMINISTRATOR = 1  # the id of the only administrator


def require_moderator(horde: HordeState, request: web.Request) -> User:
    """The moderator who calls. Raises ApiError: no key, unknown key, or no moderator."""
    key = submit_checks.require_key_header(request)
    user = submit_checks.require_account(horde, key)
    if not user.moderator:
        raise ApiError(403, "NotModerator", "You're not a mod. BTFO!")
    return user


def require_administrator(user: User) -> None:
    """Raises ApiError unless this is the administrator."""
    if user.id != ADMINISTRATOR:
        raise ApiError(403, "NotAdmin", "You're not an admin. Sod off!")
