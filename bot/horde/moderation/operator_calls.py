"""Calls of the operators of a server: awards of kudos, and modes."""

from bot.horde.server_info import Modes
from bot.horde.transport import Calls
from bot.http.schema import Amount, Sent, Wire


class Awarded(Wire):
    """The awarded kudos."""

    awarded: Amount


class ModesInput(Sent):
    """The modes to change; None is unchanged. `raid_mode` and the others need a moderator."""

    maintenance_mode: bool | None = None
    invite_only_mode: bool | None = None
    raid_mode: bool | None = None


class _Award(Sent):
    username: str
    amount: int


class OperatorCalls(Calls):
    """For the operators of the server."""

    async def award_kudos(self, username: str, amount: int, *, key: str) -> Awarded:
        """Award kudos to `alias#id`. Only the account with the number 1 may."""
        body = _Award(username=username, amount=amount)
        return await self._one(Awarded, "POST", "/kudos/award", body=body, key=key)

    async def update_modes(self, change: ModesInput, *, key: str) -> Modes:
        """Begin or end a mode of the server."""
        return await self._one(Modes, "PUT", "/status/modes", body=change, key=key)
