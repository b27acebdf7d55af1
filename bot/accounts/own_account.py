"""A user's own key, for calls that a shared key cannot make."""

from bot.accounts.credentials import Credentials
from bot.backends.base import Backend
from bot.domain.records import Payer
from bot.errors import UserError
from bot.i18n import _


async def own_key(credentials: Credentials, backend: Backend, user_id: int) -> str:
    """The plain key of the user's account. Raises UserError without one, and for a shared key."""
    key = await credentials.key_of_owner(Payer.USER, user_id, backend.name)
    if key is None:
        raise UserError(
            _(
                "This needs your own key. Get one for free at aihorde.net/register and add it "
                "with `/account login`."
            )
        )
    if backend.is_shared_key(key):
        raise UserError(
            _(
                "Your key is a shared key, which can only pay for requests. Use your "
                "account's own key with `/account login`."
            )
        )
    return key
