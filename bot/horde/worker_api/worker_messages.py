"""Messages to workers, which they get with their next job."""

from typing import Literal

from pydantic import Field

from bot.horde.accounts import Message
from bot.horde.transport import Calls
from bot.http.schema import Sent, Wire

Validity = Literal["active", "expired", "all"]


class WorkerMessage(Wire):
    """A message. `expiry` is a time as text, or a number of hours."""

    id: str = ""
    worker_id: str = ""
    message: str = ""
    origin: str = ""
    expiry: str = ""


class WorkerMessageInput(Sent):
    """A message to one worker, or to all of them (moderators only); `expiry` in hours."""

    message: str = Field(min_length=1, max_length=10_240)
    worker_id: str | None = None
    origin: str | None = Field(default=None, min_length=1, max_length=255)
    expiry: int | None = Field(default=None, ge=1, le=720)


class WorkerMessageCalls(Calls):
    """For the owner of the worker, or a moderator."""

    async def list_worker_messages(
        self,
        *,
        key: str,
        user_id: str | None = None,
        worker_id: str | None = None,
        validity: Validity = "active",
        page: int = 1,
    ) -> tuple[WorkerMessage, ...]:
        """Messages to the account's workers, or to one of them; `page` counts from 1."""
        query: dict[str, object] = {"user_id": user_id, "worker_id": worker_id}
        query |= {"validity": validity, "page": page}
        return await self._many(WorkerMessage, "GET", "/workers/messages", query=query, key=key)

    async def create_worker_message(self, wanted: WorkerMessageInput, *, key: str) -> WorkerMessage:
        """Send a message to a worker."""
        return await self._one(WorkerMessage, "POST", "/workers/messages", body=wanted, key=key)

    async def get_worker_message(self, message_id: str) -> WorkerMessage:
        """That message; without a key."""
        route, path = "/workers/messages/{message_id}", {"message_id": message_id}
        return await self._one(WorkerMessage, "GET", route, path=path)

    async def delete_worker_message(self, message_id: str, *, key: str) -> Message:
        """Delete a message; for its author or a moderator."""
        route, path = "/workers/messages/{message_id}", {"message_id": message_id}
        return await self._one(Message, "DELETE", route, path=path, key=key)
