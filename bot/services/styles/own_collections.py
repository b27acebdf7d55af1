"""The Horde's collections of styles of a user: created, changed, deleted."""

import logging
import re
import time

from cachetools import TTLCache
from pydantic import ValidationError

from bot.accounts.own_account import NO_HORDE, OwnAccount
from bot.cards.markdown import inline_code
from bot.catalog import Catalog
from bot.errors import BackendError, BadOption, RequestRejected, UserError
from bot.horde.client import HordeClient
from bot.horde.style_editing.style_collections import CollectedStyle, Collection
from bot.horde.style_editing.style_inputs import CollectionInput
from bot.horde.styles import OWNED
from bot.i18n import _

log = logging.getLogger(__name__)
LISTED_FOR = 600.0  # seconds that the list of public collections is kept for autocomplete
KNOWN_FOR = 86_400.0  # seconds that a collection made here is kept for autocomplete
CHANGED_FOR = 40.0  # seconds; the Horde answers with an older copy for 30 s after a change
USERS_MAX = 1_000
STYLES_MAX = 50  # of one collection, a limit of the bot
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class OwnCollections:
    """Use cases of the owner of collections, with the owner's own key.

    The Horde does not say whose a collection is; it refuses changes by others. Every method
    raises UserError without a key, and BackendError.
    """

    def __init__(self, account: OwnAccount, catalog: Catalog) -> None:
        self._account = account
        self._catalog = catalog
        self._made: TTLCache[int, dict[str, str]] = TTLCache(USERS_MAX, KNOWN_FOR, time.monotonic)
        self._listed: TTLCache[str, dict[str, str]] = TTLCache(1, LISTED_FOR, time.monotonic)
        self._changed: TTLCache[str, Collection] = TTLCache(USERS_MAX, CHANGED_FOR, time.monotonic)
        self._deleted: TTLCache[str, bool] = TTLCache(USERS_MAX, CHANGED_FOR, time.monotonic)

    def known(self, user_id: int, typed: str = "") -> dict[str, str]:
        """Names of collections that contain the text, by id; the user's first. From memory."""
        wanted = typed.strip().casefold()
        every = {**self._made.get(user_id, {}), **self._listed.get("", {})}
        return {id_: name for id_, name in every.items() if wanted in name.casefold()}

    async def load_quietly(self) -> None:
        """List the public collections for autocomplete, unless they were listed recently."""
        if "" in self._listed or self._account.client is None:
            return
        try:
            found = await self._account.client.list_collections()
        except BackendError as error:
            log.debug("the collections are unknown: %s", error)
        else:
            self._listed[""] = {each.id: each.name for each in found}

    async def find(self, wanted: str) -> Collection:
        """The collection of that id or name. Raises BadOption when there is none."""
        name = wanted.strip()
        found = self._changed.get(name) or await self._ask(name)
        if found.id in self._deleted:
            raise _none(name)
        return self._changed.get(found.id, found)

    async def _ask(self, name: str) -> Collection:
        client = client_of(self._account)
        ask = client.get_collection if _ID.fullmatch(name) else client.get_collection_by_name
        try:
            return await ask(name)
        except RequestRejected:
            raise _none(name) from None

    async def create(
        self, user_id: int, *, name: str, info: str, styles: str, public: bool | None
    ) -> str:
        """Create a collection of styles, which commas separate. Returns its id."""
        chosen = await self._styles(user_id, styles)
        body = _body(name, info, self._sent(chosen), public=public is not False)
        client, key = await self._own(user_id)
        made = await client.create_collection(body, key=key)
        self._remember(user_id, made.id, body.name)
        return made.id

    async def change(
        self,
        user_id: int,
        before: Collection,
        *,
        name: str = "",
        info: str = "",
        styles: str = "",
        public: bool | None = None,
    ) -> None:
        """Change a collection of the user. Values that are not given stay."""
        chosen = before.styles
        if styles or not chosen:
            chosen = await self._styles(user_id, styles)
        shown = before.public if public is None else public
        body = _body(name or before.name, info or before.info, self._sent(chosen), public=shown)
        client, key = await self._own(user_id)
        await client.update_collection(before.id, body, key=key)
        self._remember(user_id, before.id, body.name)
        update = {"name": body.name, "info": body.info or "", "public": shown, "styles": chosen}
        self._changed[before.id] = before.model_copy(update=update)

    async def delete(self, user_id: int, collection_id: str) -> None:
        """Delete a collection of the user; its styles stay."""
        client, key = await self._own(user_id)
        await client.delete_collection(collection_id, key=key)
        self._made.get(user_id, {}).pop(collection_id, None)
        self._listed.get("", {}).pop(collection_id, None)
        self._changed.pop(collection_id, None)
        self._deleted[collection_id] = True

    async def check_key(self, user_id: int) -> None:
        """Raises UserError without a key of the user's own."""
        await self._own(user_id)

    async def _styles(self, user_id: int, text: str) -> tuple[CollectedStyle, ...]:
        """The styles that commas separate, by names or ids."""
        await self.check_key(user_id)
        wanted = tuple(dict.fromkeys(filter(None, (each.strip() for each in text.split(",")))))
        if not 1 <= len(wanted) <= STYLES_MAX:
            said = _("A collection has 1 to {count} styles. Separate their names with commas.")
            raise BadOption(said.format(count=STYLES_MAX))
        return tuple([await self._style(each) for each in wanted])

    async def _style(self, wanted: str) -> CollectedStyle:
        style = self._catalog.style(wanted)
        if style is not None and style.kind == "horde" and style.id:
            return CollectedStyle(id=style.id, name=f"{style.creator}{OWNED}{style.name}")
        if not _ID.fullmatch(wanted):
            return CollectedStyle(name=wanted)
        if self._by_id:
            return CollectedStyle(id=wanted, name=wanted)
        found = await client_of(self._account).get_image_style(wanted)
        return CollectedStyle(id=wanted, name=f"{found.creator}{OWNED}{found.name}")

    @property
    def _by_id(self) -> bool:
        # At 5.1.5 ids of styles are a 500: docs/horde-api.md#styles.
        return self._catalog.style_contract is not None

    def _sent(self, styles: tuple[CollectedStyle, ...]) -> tuple[str, ...]:
        """What the server takes for the styles: ids, or `owner::name` before 5.1.13."""
        if self._by_id:
            return tuple(each.id or each.name for each in styles)
        return tuple(each.name.replace(OWNED, "::", 1) for each in styles)

    def _remember(self, user_id: int, collection_id: str, name: str) -> None:
        self._made[user_id] = {**self._made.get(user_id, {}), collection_id: name}

    async def _own(self, user_id: int) -> tuple[HordeClient, str]:
        return client_of(self._account), await self._account.key_of(user_id)


def client_of(account: OwnAccount) -> HordeClient:
    """The client of the Horde. Raises UserError where the backend is no Horde."""
    if account.client is None:
        raise UserError(_(NO_HORDE))
    return account.client


def _none(name: str) -> BadOption:
    said = _("There is no collection {name}. Choose one from the list while you type.")
    return BadOption(said.format(name=inline_code(name, 60)))


def _body(name: str, info: str, styles: tuple[str, ...], *, public: bool) -> CollectionInput:
    try:
        return CollectionInput(
            name=name.strip(), info=info.strip() or None, styles=styles, public=public
        )
    except ValidationError:
        raise UserError(_("The name or the description of the collection is too long.")) from None
