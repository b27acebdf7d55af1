"""Accounts, shared keys and transfers of kudos."""

from typing import Literal

from pydantic import Field

from bot.horde.transport import Calls
from bot.http.schema import Amount, Count, Items, Sent, Wire


class ActiveGenerations(Wire):
    """Ids of requests the Horde still knows. The server never fills `alchemy`."""

    image: Items[str] = ()
    text: Items[str] = ()
    alchemy: Items[str] = ()


class KudosDetails(Wire):
    """Sources and uses of an account's kudos."""

    accumulated: Amount = 0.0
    gifted: Amount = 0.0
    donated: Amount = 0.0
    admin: Amount = 0.0
    received: Amount = 0.0
    recurring: Amount = 0.0
    awarded: Amount = 0.0
    styled: Amount = 0.0


class ThingRecord(Wire):
    """An amount of work."""

    megapixelsteps: Amount = 0.0
    tokens: Amount = 0.0


class AmountRecord(Wire):
    """A number of results."""

    image: Count = 0
    text: Count = 0
    interrogation: Count = 0


class Records(Wire):
    """Requests of an account and results of its workers."""

    usage: ThingRecord = Field(default_factory=ThingRecord)
    contribution: ThingRecord = Field(default_factory=ThingRecord)
    fulfillment: AmountRecord = Field(default_factory=AmountRecord)
    request: AmountRecord = Field(default_factory=AmountRecord)
    style: AmountRecord = Field(default_factory=AmountRecord)


class UserStyle(Wire):
    """A style of an account. `type`: image or text."""

    id: str = ""
    name: str = ""
    type: str = "image"


class User(Wire):
    """An account. `username` is alias#id, with a shared key "alias#id (Shared Key: name)".

    `kudos` is never below the account's floor; `account_age` in seconds. The ids and `contact` are
    only there with the account's own key.
    """

    username: str
    id: int = 0
    kudos: Amount = 0.0
    kudos_details: KudosDetails = Field(default_factory=KudosDetails)
    concurrency: Count = 30
    trusted: bool = False
    flagged: bool = False
    moderator: bool = False
    pseudonymous: bool = False
    service: bool = False
    education: bool = False
    customizer: bool = False
    special: bool = False
    deleted: bool = False
    worker_invited: Count = 0
    worker_count: Count = 0
    worker_ids: Items[str] = ()
    sharedkey_ids: Items[str] = ()
    styles: Items[UserStyle] = ()
    active_generations: ActiveGenerations = Field(default_factory=ActiveGenerations)
    account_age: Count = 0
    contact: str = ""
    records: Records = Field(default_factory=Records)

    @property
    def anonymous(self) -> bool:
        """The account shared by all users without a key."""
        return self.username.startswith("Anonymous#") and self.id == 0

    @property
    def shared_key(self) -> bool:
        """The account was read with a shared key, which pays images and texts but no alchemy."""
        return "(Shared Key: " in self.username


class KindUsage(Wire):
    """Open requests of one kind that a shared key submitted.

    `requests` have queued or processing work; the next three count their results;
    `oldest_queued_age` in seconds.
    """

    requests: Count = 0
    queued: Count = 0
    processing: Count = 0
    finished: Count = 0
    oldest_queued_age: Count = 0


class ActiveUsage(Wire):
    """Open requests that a shared key submitted."""

    image: KindUsage = Field(default_factory=KindUsage)
    text: KindUsage = Field(default_factory=KindUsage)


class SharedKey(Wire):
    """A shared key. -1 in a limit means none; `expiry` is an RFC 822 date, "" for never.

    `active_usage` is only there since 5.1.12 and for the owner's own key.
    """

    id: str
    username: str = ""
    name: str = ""
    kudos: int = -1
    expiry: str = ""
    utilized: Count = 0
    max_image_pixels: int = -1
    max_image_steps: int = -1
    max_text_tokens: int = -1
    active_usage: ActiveUsage | None = None


class SharedKeyInput(Sent):
    """Limits of a shared key; `expiry` in days from now. -1: no limit."""

    name: str | None = Field(default=None, min_length=3, max_length=255)
    kudos: int | None = Field(default=None, ge=-1, le=50_000_000)
    expiry: int | None = Field(default=None, ge=-1)
    max_image_pixels: int | None = Field(default=None, ge=-1, le=4_194_304)
    max_image_steps: int | None = Field(default=None, ge=-1, le=500)
    max_text_tokens: int | None = Field(default=None, ge=-1, le=500)


class _Gift(Sent):
    username: str
    amount: int


class Transferred(Wire):
    """The transferred kudos."""

    transferred: Amount


class Message(Wire):
    """The server's confirmation."""

    message: str = ""


class AccountCalls(Calls):
    """Accounts, their shared keys and their kudos."""

    async def find_user(self, *, key: str) -> User:
        """The account of that key; cached for 30 s. An unknown key is RequestRejected (private)."""
        return await self._one(User, "GET", "/find_user", key=key)

    async def get_user(self, user_id: int, *, key: str = "") -> User:
        """The account of that number; with its own key more of it."""
        path = {"user_id": str(user_id)}
        return await self._one(User, "GET", "/users/{user_id}", path=path, key=key)

    async def list_users(
        self, *, page: int = 1, sort: Literal["kudos", "age"] = "kudos"
    ) -> tuple[User, ...]:
        """25 accounts, by kudos or by age; `page` counts from 1."""
        query: dict[str, object] = {"page": page, "sort": sort}
        return await self._many(User, "GET", "/users", query=query)

    async def transfer_kudos(
        self, username: str, amount: int, *, key: str, idempotency_key: str
    ) -> Transferred:
        """Transfer kudos to `alias#id`. The same idempotency key (ASCII) transfers only once."""
        return await self._one(
            Transferred,
            "POST",
            "/kudos/transfer",
            body=_Gift(username=username, amount=amount),
            key=key,
            headers={"Idempotency-Key": idempotency_key},
        )

    async def create_shared_key(self, wanted: SharedKeyInput, *, key: str) -> SharedKey:
        """A new shared key; its id is the key itself. 5 such calls a minute."""
        return await self._one(SharedKey, "PUT", "/sharedkeys", body=wanted, key=key)

    async def get_shared_key(self, sharedkey_id: str, *, key: str = "") -> SharedKey:
        """Limits of that shared key; cached for a minute. An unknown one is InvalidAPIKey.

        With its owner's key also what it has open, not cached.
        """
        path = {"sharedkey_id": sharedkey_id}
        return await self._one(SharedKey, "GET", "/sharedkeys/{sharedkey_id}", path=path, key=key)

    async def update_shared_key(
        self, sharedkey_id: str, wanted: SharedKeyInput, *, key: str
    ) -> SharedKey:
        """Change its limits; only for its owner."""
        route, path = "/sharedkeys/{sharedkey_id}", {"sharedkey_id": sharedkey_id}
        return await self._one(SharedKey, "PATCH", route, path=path, body=wanted, key=key)

    async def delete_shared_key(self, sharedkey_id: str, *, key: str) -> Message:
        """Delete it; only for its owner."""
        route, path = "/sharedkeys/{sharedkey_id}", {"sharedkey_id": sharedkey_id}
        return await self._one(Message, "DELETE", route, path=path, key=key)
