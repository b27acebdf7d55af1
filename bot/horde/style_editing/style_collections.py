"""Collections of styles. A request with a collection gets one of its styles by chance."""

from typing import Literal

from bot.horde.accounts import Message
from bot.horde.style_editing.style_changes import StyleChange
from bot.horde.style_editing.style_inputs import CollectionInput
from bot.horde.styles import PAGE, Sort
from bot.horde.transport import Calls
from bot.http.schema import Count, Items, Wire


class CollectedStyle(Wire):
    """A style of a collection."""

    id: str = ""
    name: str = ""


class Collection(Wire):
    """A collection. `type`: image or text."""

    id: str
    name: str = ""
    type: str = ""
    info: str = ""
    public: bool = True
    styles: Items[CollectedStyle] = ()
    use_count: Count = 0


class CollectionCalls(Calls):
    """Changes need the key of the owner; deleting also that of a moderator.

    At 5.1.5 a request with a collection is a 500; it works from 5.1.13.
    """

    async def list_collections(
        self,
        *,
        sort: Sort = "popular",
        page: int = 1,
        kind: Literal["all", "image", "text"] = "all",
    ) -> tuple[Collection, ...]:
        """25 collections; `page` counts from 1."""
        # The server takes the page for an entry: docs/horde-api.md#styles.
        query: dict[str, object] = {"sort": sort, "page": (page - 1) * PAGE + 1, "type": kind}
        return await self._many(Collection, "GET", "/collections", query=query)

    async def get_collection(self, collection_id: str) -> Collection:
        """The collection of that id."""
        route, path = "/collections/{collection_id}", {"collection_id": collection_id}
        return await self._one(Collection, "GET", route, path=path)

    async def get_collection_by_name(self, collection_name: str) -> Collection:
        """The collection of that name."""
        route, path = "/collection_by_name/{collection_name}", {"collection_name": collection_name}
        return await self._one(Collection, "GET", route, path=path)

    async def create_collection(self, wanted: CollectionInput, *, key: str) -> StyleChange:
        """A new collection. At 5.1.5 the styles have to be named: ids are a 500."""
        return await self._one(StyleChange, "POST", "/collections", body=wanted, key=key)

    async def update_collection(
        self, collection_id: str, wanted: CollectionInput, *, key: str
    ) -> StyleChange:
        """Replace a collection: `wanted` has to be whole."""
        route, path = "/collections/{collection_id}", {"collection_id": collection_id}
        return await self._one(StyleChange, "PATCH", route, path=path, body=wanted, key=key)

    async def delete_collection(self, collection_id: str, *, key: str) -> Message:
        """Delete a collection; its styles stay."""
        route, path = "/collections/{collection_id}", {"collection_id": collection_id}
        return await self._one(Message, "DELETE", route, path=path, key=key)
