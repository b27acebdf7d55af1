"""A user's own key, for calls that a shared key cannot make."""

from collections.abc import Mapping

from bot.accounts.credentials import Credentials
from bot.backends.base import Backend
from bot.domain.records import Payer
from bot.errors import UserError
from bot.horde.client import HordeClient
from bot.i18n import N_, _

NO_HORDE = N_("This is about the AI Horde, which this bot does not use.")


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


class OwnAccount:
    """Finds the client and the key for calls in the name of a user.

    `backend`: the first Horde; `client`: of the same backend, None where no backend is a Horde.
    """

    def __init__(
        self,
        credentials: Credentials,
        backends: Mapping[str, Backend],
        hordes: Mapping[str, HordeClient],
    ) -> None:
        name = next(iter(hordes), next(iter(backends)))
        self.backend, self.client = backends[name], hordes.get(name)
        self._credentials = credentials

    async def key_of(self, user_id: int) -> str:
        """The plain key of the user's account, as `own_key`."""
        return await own_key(self._credentials, self.backend, user_id)
