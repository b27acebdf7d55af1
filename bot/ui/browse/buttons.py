"""The buttons and menus under the lists of /horde."""

from typing import Any

import discord

from bot.cards.card import Card
from bot.cards.custom_ids import (
    BROWSE_PAGE,
    ENTRY_MODAL,
    SET_DEFAULT_ENTRY,
    SHOW_ENTRY,
    USE_ENTRY,
    CatalogList,
    ListName,
    in_catalog,
)
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.errors import UserError
from bot.i18n import _
from bot.rules.guild_settings import GuildSettings
from bot.rules.request_context import RequestContext
from bot.services.model_names import NO_CATALOG
from bot.ui.browse.details import details_of
from bot.ui.browse.horde_lists import horde_list
from bot.ui.browse.rows import page_of
from bot.ui.browse.use_modal import (
    choices_of_entry,
    entry_modal,
    fields_of_entry,
    submit_entry,
)
from bot.ui.browse.view import (
    EntryDetails,
    ListPage,
    entry_card,
    entry_gone,
    list_card,
    list_page_of,
)
from bot.ui.components.answers import answer_with_card
from bot.ui.components.modal_router import add_modal
from bot.ui.components.persistent_item import Press, Route, add_routes, chosen, each_time
from bot.ui.components.views import layout_of

SEARCH_MIN = 3  # characters, as CivitAI is asked for no fewer


async def browse_card(bot: HordecordBot, page: ListPage, where: RequestContext) -> Card:
    """A page of a list. For LoRAs, CivitAI is searched first if the setting allows it."""
    if not in_catalog(page.which):
        found = await horde_list(bot.services.community, bot.services.catalog, page.which, where)
        return list_card(page, *found.page(page))
    own = bot.services.catalog.own_addons("lora", where.rules) is not None
    searched = page.which == "lora" and not own
    note = await _civitai(bot, page, nsfw=where.nsfw) if searched else ""
    entries, count = page_of(
        bot.services.catalog,
        page,
        nsfw=where.nsfw,
        rules=where.rules,
        by_workers=where.capabilities.uses("workers"),
    )
    blocks = _blocks(where.rules, page.which)
    if not entries and not page.search and page.which != "lora" and not blocks:
        raise UserError(_(NO_CATALOG))
    hidden = _("Entries that this server does not allow are hidden.") if blocks else ""
    notes = [f"-# {line}" for line in (note, hidden) if line]
    return list_card(page, entries, count, note="\n".join(notes))


def _blocks(rules: GuildSettings, which: CatalogList) -> bool:
    """Whether the rules may hide entries of the list. Styles have a model, LoRAs and sizes."""
    if which == "style":
        lists = rules.styles_blocked or rules.models_blocked or rules.loras_blocked
        return bool(lists or rules.most_steps or rules.most_side)
    return bool(rules.loras_blocked if which == "lora" else rules.models_blocked)


async def _civitai(bot: HordecordBot, page: ListPage, *, nsfw: bool) -> str:
    """Search CivitAI. Returns why the list may be incomplete, or ""."""
    if not bot.settings.reference.civitai:
        return _(
            "The list has only LoRAs that styles use. For any other, give its number on CivitAI, "
            "as in `extra:--lora 123456`."
        )
    if len(page.search) < SEARCH_MIN:
        return _("To search CivitAI, enter at least three letters as `search`.")
    if await bot.services.catalog.search("lora", page.search, nsfw=nsfw):
        return ""
    return _("CivitAI did not answer, so the list has only LoRAs from earlier searches.")


async def _details(press: Press, which: ListName, mark: str) -> EntryDetails:
    """The entry, if it exists and may be shown here. Raises UserError."""
    where, services = await press.client.context(press), press.client.services
    if in_catalog(which):
        by_workers = where.capabilities.uses("workers")
        one = details_of(
            *(services.catalog, which, mark),
            nsfw=where.nsfw,
            rules=where.rules,
            by_workers=by_workers,
        )
    else:
        found = await horde_list(services.community, services.catalog, which, where)
        one = found.details(mark)
    if one is None:
        raise UserError(entry_gone())
    return one


async def show_page(press: Press, which: ListName, number: int, search: str) -> None:
    """Show another page in the same message."""
    page = list_page_of(which, search, number)
    await _prepare(press, which)
    await _show(press, await browse_card(press.client, page, await press.client.context(press)))


async def show_entry(press: Press, which: ListName, number: int, search: str) -> None:
    """Show the chosen entry in the same message."""
    page = list_page_of(which, search, number)
    await _prepare(press, which)
    await _show(press, entry_card(page, await _details(press, which, chosen(press))))


async def _prepare(press: Press, which: ListName) -> None:
    """The lists that the Horde is asked for may take longer than Discord waits."""
    if not in_catalog(which):
        await press.response.defer()


async def _show(press: Press, card: Card) -> None:
    if press.response.is_done():
        await press.edit_original_response(view=layout_of(card))
    else:
        await press.response.edit_message(view=layout_of(card))


async def open_list(interaction: discord.Interaction[Any], which: ListName, search: str) -> None:
    """Answer a command with the first page of a list."""
    bot: HordecordBot = interaction.client
    page, where = list_page_of(which, search), await bot.context(interaction)
    if which == "lora" or not in_catalog(which):  # others are in memory, these may be requested
        await interaction.response.defer(ephemeral=True)
    await answer_with_card(interaction, await browse_card(bot, page, where))


async def use_entry(press: Press, which: CatalogList, mark: str) -> None:
    """Open the modal that asks for a prompt. Raises UserError where the backend cannot use it."""
    one, where = await _details(press, which, mark), await press.client.context(press)
    services, rules = press.client.services, where.rules
    if which != "text":
        chosen = choices_of_entry(services.catalog, which, mark, rules)
        services.composer.check_possible(where, chosen)
    fields = fields_of_entry(services.catalog, which, mark, rules)
    await press.response.send_modal(entry_modal(which, mark, one.name, fields))


async def set_default_entry(press: Press, which: CatalogList, mark: str) -> None:
    """Make the entry the presser's default."""
    bot = press.client
    one = await _details(press, which, mark)
    if not one.default:
        raise UserError(entry_gone())
    rules = (await bot.context(press)).rules
    choices = choices_of_entry(bot.services.catalog, which, mark, rules)
    await bot.services.defaults.make_usual(press.user.id, choices)
    said = _("**{name}** is now your default for images. `/defaults clear` deletes your defaults.")
    said = said.format(name=safe_line(one.name, 80))
    await press.response.send_message(said, ephemeral=True)


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons and of the modal."""
    add_routes(
        bot,
        Route(BROWSE_PAGE, show_page, each_time),
        Route(SHOW_ENTRY, show_entry, each_time),
        Route(USE_ENTRY, use_entry, each_time),
        Route(SET_DEFAULT_ENTRY, set_default_entry),
    )
    add_modal(bot, ENTRY_MODAL, submit_entry)
