"""The Horde's styles of a user: listed, created, changed, deleted, with their examples."""

import logging
import re
import time
from dataclasses import dataclass

from cachetools import TTLCache

from bot.accounts.own_account import OwnAccount
from bot.cards.markdown import inline_code
from bot.catalog import Catalog
from bot.errors import BackendDown, BackendError, BadOption, RequestRejected, UserError
from bot.horde.client import HordeClient
from bot.horde.style_editing.style_changes import StyleChange
from bot.horde.style_editing.style_inputs import ExampleInput, TextStyleInput
from bot.horde.styles import ImageStyle, StyleExample, bare_name
from bot.i18n import _
from bot.services.styles.known_own_styles import USERS_MAX, KnownOwnStyles, OwnStyle
from bot.services.styles.own_collections import OwnCollections, client_of
from bot.services.styles.style_bodies import (
    Style,
    image_body,
    image_style_of,
    kind_of,
    text_body,
    text_style_of,
)
from bot.services.styles.style_values import StyleKind, StyleTexts, StyleValues

log = logging.getLogger(__name__)
ASKED_EVERY = 30.0  # seconds; the Horde itself lists a new style after that time
URL_MAX = 1_000  # characters
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PAGE = re.compile(r"https?://[^\s?#]+/styles/(?:image|text)/([^\s/?#]+)/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ChangedStyle:
    """A style after a change, and the Horde's warnings about its models."""

    style: Style
    warnings: tuple[str, ...] = ()


class OwnStyles:
    """Use cases of the owner of styles, with the owner's own key. `collections`: those of styles.

    Every method raises UserError without a key, and BackendError.
    """

    def __init__(self, account: OwnAccount, catalog: Catalog) -> None:
        self.collections = OwnCollections(account, catalog)
        self._account = account
        self._catalog = catalog
        self._known = KnownOwnStyles()
        self._asked: TTLCache[int, bool] = TTLCache(USERS_MAX, ASKED_EVERY, time.monotonic)

    @property
    def newer(self) -> bool:
        """Whether the server's styles have fields and policies. From memory."""
        return self._catalog.style_contract is not None

    def known(self, user_id: int, typed: str = "") -> list[OwnStyle]:
        """The user's known styles whose name contains the text, by name. From memory."""
        return self._known.named(user_id, typed)

    async def check_key(self, user_id: int) -> None:
        """Raises UserError without a key of the user's own."""
        await self._own(user_id)

    async def load(self, user_id: int) -> None:
        """Ask for the user's styles, private ones too. Twice a minute at most."""
        if user_id in self._asked:
            return
        client, key = await self._own(user_id)
        self._asked[user_id] = True
        for style in (await client.find_user(key=key)).styles:
            kind: StyleKind = "text" if style.type == "text" else "image"
            self._known.add(user_id, OwnStyle(style.id, bare_name(style.name), kind))

    async def load_quietly(self, user_id: int) -> None:
        """As `load`, for autocomplete: nothing is raised."""
        try:
            await self.load(user_id)
        except (UserError, BackendError) as error:
            log.debug("the styles of a user are unknown: %s", error)

    async def find(self, user_id: int, wanted: str) -> Style:
        """The style of that id, address or own name. Raises BadOption when there is none."""
        client, _key = await self._own(user_id)
        name = wanted.strip()
        page = _PAGE.fullmatch(name)
        style_id = page[1] if page else name
        if not _ID.fullmatch(style_id):
            await self.load(user_id)
            own = [each for each in self.known(user_id) if _same(each.name, name)]
            if len(own) != 1:
                raise _none(name, several=bool(own))
            style_id = own[0].id
        found = self._known.read(user_id, style_id) or await self._ask(client, style_id, name)
        return self._known.keep(user_id, found)

    async def of(self, user_id: int, kind: StyleKind, style_id: str) -> Style:
        """The style of that kind and id."""
        client, _key = await self._own(user_id)
        found = self._known.read(user_id, style_id)
        ask = client.get_image_style if kind == "image" else client.get_text_style
        return self._known.keep(user_id, found or await ask(style_id))

    async def create(self, user_id: int, values: StyleValues, texts: StyleTexts) -> ChangedStyle:
        """Create a style. Raises BadOption for a value that no style can have."""
        self._check_offered(values)
        client, key = await self._own(user_id)
        if values.kind == "image":
            image = image_body(values, texts, None)
            made = await client.create_image_style(image, key=key)
            style = image_style_of(image, None, made.id)
            await self._offer(client, made.id)
        else:
            text = text_body(values, texts, None)
            made = await client.create_text_style(text, key=key)
            style = text_style_of(text, None, made.id)
        return self._changed(user_id, style, made)

    async def change(
        self, user_id: int, before: Style, values: StyleValues, texts: StyleTexts
    ) -> ChangedStyle:
        """Change a style of the user. Values that are not given stay."""
        self._check_offered(values)
        client, key = await self._own(user_id)
        if isinstance(before, ImageStyle):
            image = image_body(values, texts, before)
            made = await client.update_image_style(before.id, image, key=key)
            style = image_style_of(image, before, before.id)
            self._catalog.style_changed(style.id, style)
        else:
            text = text_body(values, texts, before)
            made = await self._update_text(client, before.id, text, key)
            style = text_style_of(text, before, before.id)
        return self._changed(user_id, style, made)

    async def _update_text(
        self, client: HordeClient, style_id: str, text: TextStyleInput, key: str
    ) -> StyleChange:
        """Raises UserError before 5.1.13, where this is always a 500: docs/horde-api.md#styles."""
        try:
            return await client.update_text_style(style_id, text, key=key)
        except BackendDown as error:
            if error.status != 500 or self.newer:
                raise
            raise UserError(
                _("This Horde cannot change text styles. Delete the style and create it again.")
            ) from None

    async def delete(self, user_id: int, kind: StyleKind, style_id: str) -> None:
        """Delete a style of the user."""
        client, key = await self._own(user_id)
        if kind == "image":
            await client.delete_image_style(style_id, key=key)
            self._catalog.style_changed(style_id, None)
        else:
            await client.delete_text_style(style_id, key=key)
        self._known.remove(user_id, style_id)

    async def add_example(
        self, user_id: int, style: ImageStyle, url: str, *, primary: bool
    ) -> ImageStyle:
        """Add the image at an https address as an example. The bot does not read it."""
        if not url.startswith("https://") or len(url) > URL_MAX or not url.isprintable():
            raise BadOption(_("An example needs an address that starts with `https://`."))
        client, key = await self._own(user_id)
        # The server makes the first one primary, and before 5.1.13 fails when it is sent so.
        first = not any(each.primary for each in style.examples)
        example = ExampleInput(url=url, primary=primary and (self.newer or not first))
        made = await client.create_style_example(style.id, example, key=key)
        kept = style.examples
        if primary:
            kept = tuple(each.model_copy(update={"primary": False}) for each in kept)
        added = StyleExample(id=made.id, url=url, primary=primary or first)
        return self._with_examples(user_id, style, (*kept, added))

    async def delete_example(self, user_id: int, style: ImageStyle, wanted: str) -> ImageStyle:
        """Delete the example of that number, from 1, or address."""
        numbered = {str(number): each for number, each in enumerate(style.examples, 1)}
        found = numbered.get(wanted) or next((e for e in style.examples if e.url == wanted), None)
        if found is None:
            raise BadOption(_("This style has no such example. Give its number or its address."))
        client, key = await self._own(user_id)
        await client.delete_style_example(style.id, found.id, key=key)
        kept = [each for each in style.examples if each is not found]
        if found.primary and kept:  # the server chooses another one
            kept[0] = kept[0].model_copy(update={"primary": True})
        return self._with_examples(user_id, style, tuple(kept))

    def _with_examples(
        self, user_id: int, style: ImageStyle, examples: tuple[StyleExample, ...]
    ) -> ImageStyle:
        changed = style.model_copy(update={"examples": examples})
        self._known.keep(user_id, changed)
        return changed

    def _changed(self, user_id: int, style: Style, made: StyleChange) -> ChangedStyle:
        self._known.add(user_id, OwnStyle(style.id, style.name, kind_of(style)))
        said = tuple(each.message for each in made.warnings if each.message)
        return ChangedStyle(self._known.keep(user_id, style), said)

    def _check_offered(self, values: StyleValues) -> None:
        if (values.changeable or values.ceilings) and not self.newer:
            raise BadOption(
                _("This Horde has no policies of styles. Leave `changeable` and `ceilings` out.")
            )

    async def _ask(self, client: HordeClient, style_id: str, name: str) -> Style:
        """The style of that id, of either kind."""
        try:
            return await client.get_image_style(style_id)
        except RequestRejected:
            pass  # perhaps a text style
        try:
            return await client.get_text_style(style_id)
        except RequestRejected:
            raise _none(name, several=False) from None

    async def _offer(self, client: HordeClient, style_id: str) -> None:
        """Offer a new style in requests now; the next list of the Horde may be half an hour away.

        It is read once: only the Horde knows the name of its creator.
        """
        try:
            self._catalog.style_changed(style_id, await client.get_image_style(style_id))
        except BackendError as error:
            log.info("a new style is not offered yet: %s", error)

    async def _own(self, user_id: int) -> tuple[HordeClient, str]:
        return client_of(self._account), await self._account.key_of(user_id)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _none(name: str, *, several: bool) -> BadOption:
    said = _("You have no style {name}. Choose one from the list that appears while you type.")
    if several:
        said = _("You have several styles {name}. Choose one from the list while you type.")
    return BadOption(said.format(name=inline_code(name, 60)))
