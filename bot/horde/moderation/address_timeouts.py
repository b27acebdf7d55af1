"""Timeouts of IP addresses; moderators only."""

from pydantic import Field

from bot.horde.accounts import Message
from bot.horde.transport import Calls
from bot.http.schema import Count, Sent, Wire


class AddressTimeout(Wire):
    """An address, or a network, and the seconds that are left."""

    ipaddr: str = ""
    seconds: Count = 0


class _Timeout(Sent):
    ipaddr: str = Field(min_length=7, max_length=40)
    hours: int = Field(ge=1, le=720)


class _Address(Sent):
    ipaddr: str = Field(min_length=7, max_length=40)


class _WorkerBlock(Sent):
    days: int = Field(ge=1, le=30)


class AddressTimeoutCalls(Calls):
    """With the key of a moderator; another one is refused with rc NotModerator."""

    async def list_ip_timeouts(self, *, key: str) -> tuple[AddressTimeout, ...]:
        """All timeouts."""
        return await self._many(AddressTimeout, "GET", "/operations/ipaddr", key=key)

    async def get_ip_timeout(self, ipaddr: str, *, key: str) -> tuple[AddressTimeout, ...]:
        """The timeouts that concern an address."""
        route, path = "/operations/ipaddr/{ipaddr}", {"ipaddr": ipaddr}
        return await self._many(AddressTimeout, "GET", route, path=path, key=key)

    async def create_ip_timeout(self, ipaddr: str, hours: int, *, key: str) -> Message:
        """Refuse requests from an address for 1 to 720 hours."""
        body = _Timeout(ipaddr=ipaddr, hours=hours)
        return await self._one(Message, "POST", "/operations/ipaddr", body=body, key=key)

    async def delete_ip_timeout(self, ipaddr: str, *, key: str) -> Message:
        """End a timeout."""
        body = _Address(ipaddr=ipaddr)
        return await self._one(Message, "DELETE", "/operations/ipaddr", body=body, key=key)

    async def block_worker_ip(self, worker_id: str, days: int, *, key: str) -> Message:
        """Refuse the address of a worker for 1 to 30 days."""
        route, path = "/operations/block_worker_ipaddr/{worker_id}", {"worker_id": worker_id}
        body = _WorkerBlock(days=days)
        return await self._one(Message, "PUT", route, path=path, body=body, key=key)

    async def unblock_worker_ip(self, worker_id: str, *, key: str) -> Message:
        """Accept the address of a worker again."""
        route, path = "/operations/block_worker_ipaddr/{worker_id}", {"worker_id": worker_id}
        return await self._one(Message, "DELETE", route, path=path, key=key)
