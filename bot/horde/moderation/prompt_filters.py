"""Filters of prompts; moderators only."""

from typing import Any, cast

from pydantic import Field

from bot.horde.accounts import Message
from bot.horde.transport import Calls
from bot.http.schema import Items, Sent, Wire, read_as


class PromptFilter(Wire):
    """A regular expression that suspicious prompts match. `filter_type`: 10 to 29."""

    id: str = ""
    regex: str = ""
    filter_type: int = 0
    description: str = ""
    replacement: str = ""
    user: str = ""


class FilterRegex(Wire):
    """All expressions of a type as one."""

    filter_type: int = 0
    regex: str = ""


class Suspicion(Wire):
    """How suspicious a prompt is, and what matched."""

    suspicion: str = ""
    matches: Items[str] = ()


class FilterInput(Sent):
    """A filter to create."""

    regex: str
    filter_type: int = Field(ge=10, le=29)
    description: str | None = None
    replacement: str | None = None


class FilterUpdate(Sent):
    """Changes of a filter; None is unchanged."""

    regex: str | None = None
    filter_type: int | None = Field(default=None, ge=10, le=29)
    description: str | None = None
    replacement: str | None = None


class _Checked(Sent):
    prompt: str
    filter_type: int | None = None


class PromptFilterCalls(Calls):
    """With the key of a moderator; another one is refused with rc NotModerator."""

    async def list_filters(
        self, *, key: str, filter_type: int | None = None, contains: str | None = None
    ) -> tuple[PromptFilter, ...]:
        """The filters of a type, or those that contain a text."""
        query = {"filter_type": filter_type, "contains": contains}
        return await self._many(PromptFilter, "GET", "/filters", query=query, key=key)

    async def create_filter(self, wanted: FilterInput, *, key: str) -> PromptFilter:
        """A new filter."""
        return await self._one(PromptFilter, "PUT", "/filters", body=wanted, key=key)

    async def check_filter(
        self, prompt: str, *, key: str, filter_type: int | None = None
    ) -> Suspicion:
        """What the filters find in a prompt."""
        body = _Checked(prompt=prompt, filter_type=filter_type)
        return await self._one(Suspicion, "POST", "/filters", body=body, key=key)

    async def get_filter_regex(
        self, *, key: str, filter_type: int | None = None
    ) -> tuple[FilterRegex, ...]:
        """The expressions as the server uses them."""
        query = {"filter_type": filter_type}
        return await self._many(FilterRegex, "GET", "/filters/regex", query=query, key=key)

    async def get_filter(self, filter_id: str, *, key: str) -> PromptFilter:
        """That filter."""
        route, path = "/filters/{filter_id}", {"filter_id": filter_id}
        body: Any = (await self._request("GET", route, path=path, key=key)).body
        # The API description promises a list of one.
        items = cast("list[Any]", body) if isinstance(body, list) else [body]
        return read_as(PromptFilter, next(iter(items), None))

    async def update_filter(
        self, filter_id: str, change: FilterUpdate, *, key: str
    ) -> PromptFilter:
        """Change a filter."""
        route, path = "/filters/{filter_id}", {"filter_id": filter_id}
        return await self._one(PromptFilter, "PATCH", route, path=path, body=change, key=key)

    async def delete_filter(self, filter_id: str, *, key: str) -> Message:
        """Delete a filter."""
        route, path = "/filters/{filter_id}", {"filter_id": filter_id}
        return await self._one(Message, "DELETE", route, path=path, key=key)
