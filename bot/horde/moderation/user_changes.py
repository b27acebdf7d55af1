"""Changes of accounts."""

from pydantic import Field

from bot.horde.accounts import Message
from bot.horde.transport import Calls
from bot.http.schema import Sent, Wire


class UserUpdate(Sent):
    """Changes of one's own account; None is unchanged.

    `generate_proxy_passkey`: service accounts only; `undelete`: ends a deletion that was begun.
    """

    username: str | None = Field(default=None, min_length=3, max_length=100)
    contact: str | None = Field(default=None, min_length=5, max_length=500)
    public_workers: bool | None = None
    generate_proxy_passkey: bool | None = None
    undelete: bool | None = None


class UserModeration(UserUpdate):
    """Changes by a moderator; `kudos`, `monthly_kudos`, `usage_multiplier` and `moderator` by an
    admin.
    """

    concurrency: int | None = Field(default=None, ge=0, le=500)
    worker_invited: int | None = None
    trusted: bool | None = None
    flagged: bool | None = None
    filtered: bool | None = None
    customizer: bool | None = None
    vpn: bool | None = None
    service: bool | None = None
    education: bool | None = None
    special: bool | None = None
    reset_suspicion: bool | None = None
    admin_comment: str | None = Field(default=None, min_length=5, max_length=500)
    kudos: float | None = None
    monthly_kudos: int | None = None
    usage_multiplier: float | None = Field(default=None, ge=0.1, le=10)
    moderator: bool | None = None


class UserChange(Wire):
    """The changed fields; None is unchanged. `proxy_passkey` is a secret."""

    username: str | None = None
    contact: str | None = None
    public_workers: bool | None = None
    proxy_passkey: str | None = Field(default=None, repr=False)
    undeleted: bool | None = None
    concurrency: int | None = None
    worker_invited: int | None = None
    trusted: bool | None = None
    flagged: bool | None = None
    customizer: bool | None = None
    vpn: bool | None = None
    service: bool | None = None
    education: bool | None = None
    special: bool | None = None
    new_suspicion: int | None = None
    admin_comment: str | None = None
    new_kudos: float | None = None
    monthly_kudos: int | None = None
    usage_multiplier: float | None = None
    moderator: bool | None = None


class UserChangeCalls(Calls):
    """With the account's own key, or that of a moderator."""

    async def update_user(self, user_id: int, change: UserUpdate, *, key: str) -> UserChange:
        """Change an account."""
        route, path = "/users/{user_id}", {"user_id": str(user_id)}
        return await self._one(UserChange, "PUT", route, path=path, body=change, key=key)

    async def delete_user(self, user_id: int, *, key: str) -> Message:
        """Mark an account as deleted. A second call, 30 days after its last use, removes it."""
        route, path = "/users/{user_id}", {"user_id": str(user_id)}
        return await self._one(Message, "DELETE", route, path=path, key=key)
