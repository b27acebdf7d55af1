"""What is pressed under the lists of models, styles and LoRAs. They serve whoever presses."""

from typing import cast

from discord import ui

from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.errors import UserError
from bot.rules.guild_settings import GuildSettings
from bot.ui.browse.entries import closeup_of, page_of
from bot.ui.browse.use_modal import ask_modal, choices_of_entry, on_interaction
from bot.ui.browse.view import (
    GONE,
    PREFIX,
    Closeup,
    ListPage,
    Which,
    closeup_view,
    list_page_of,
    list_view,
)
from bot.ui.components.model_names import NO_CATALOG
from bot.ui.components.persistent_item import PersistentItem, Press, chosen
from bot.ui.components.place import Place, here

NO_CIVITAI = (
    "-# Only those that are in styles are known here. Any other works too: give its number on "
    "CivitAI, as in `extra:--lora 123456`."
)
CIVITAI_SILENT = "-# CivitAI did not answer; these are known from before."
CIVITAI_ASK = "-# Give at least three letters as `search` to look on CivitAI."
SEARCH_MIN = 3  # characters, as CivitAI is asked for no fewer
LEFT_OUT = "-# What this server does not allow is left out."
IS_DEFAULT = (
    "**{name}** is what your pictures are made with from now on, unless you choose something else. "
    "`/defaults clear` takes that back."
)

_WHICH = r"(?P<which>image|text|style|lora)"
_PLACE = rf"{_WHICH}:(?P<page>[0-9]{{1,4}}):(?P<typed>.*)"
_ONE = rf"{_WHICH}:(?P<mark>[0-9a-f]{{12}})"


async def list_of(bot: HordecordBot, place: ListPage, where: Place) -> ui.LayoutView:
    """The list as it is now. For LoRAs CivitAI is asked first, if that is on."""
    note = await _civitai(bot, place, nsfw=where.nsfw) if place.which == "lora" else ""
    entries, count = page_of(bot.catalog, place, nsfw=where.nsfw, rules=where.rules)
    blocks = _blocks(where.rules, place.which)
    if not entries and not place.typed and place.which != "lora" and not blocks:
        raise UserError(NO_CATALOG)
    notes = (note, LEFT_OUT if blocks else "")
    return list_view(place, entries, count, note="\n".join(filter(None, notes)))


def _blocks(rules: GuildSettings, which: Which) -> bool:
    """Whether something may be left out of that list: a style brings a model, LoRAs and sizes."""
    if which == "style":
        lists = rules.styles_blocked or rules.models_blocked or rules.loras_blocked
        return bool(lists or rules.most_steps or rules.most_side)
    return bool(rules.loras_blocked if which == "lora" else rules.models_blocked)


async def _civitai(bot: HordecordBot, place: ListPage, *, nsfw: bool) -> str:
    if not bot.settings.reference.civitai:
        return NO_CIVITAI
    if len(place.typed) < SEARCH_MIN:
        return CIVITAI_ASK
    answered = await bot.catalog.search("lora", place.typed, nsfw=nsfw)
    return "" if answered else CIVITAI_SILENT


class _Item(PersistentItem, template="hcb:never"):
    """What the buttons and menus of the lists know."""

    @property
    def which(self) -> Which:
        """Which of the lists."""
        return cast("Which", self.said["which"])

    @property
    def place(self) -> ListPage:
        """Where it stood."""
        return list_page_of(self.which, self.said["typed"], int(self.said["page"]))

    async def closeup(self, press: Press, mark: str) -> Closeup:
        """That one, if it is still there and may be shown here. Raises UserError."""
        where, catalog = await here(press), press.client.catalog
        one = closeup_of(catalog, self.which, mark, nsfw=where.nsfw, rules=where.rules)
        if one is None:
            raise UserError(GONE)
        return one


class BrowsePage(_Item, template=rf"{PREFIX}:list:{_PLACE}"):
    """Another page, or back from a closeup."""

    repeatable = True

    async def act(self, press: Press) -> None:
        """The same message with that page."""
        view = await list_of(press.client, self.place, await here(press))
        await press.response.edit_message(view=view)


class ShowEntry(_Item, template=rf"{PREFIX}:look:{_PLACE}"):
    """One of the list, chosen to be looked at closely."""

    repeatable = True

    async def act(self, press: Press) -> None:
        """The same message with that one."""
        one = await self.closeup(press, chosen(press))
        await press.response.edit_message(view=closeup_view(self.place, one))


class UseEntry(_Item, template=rf"{PREFIX}:use:{_ONE}"):
    """Ask for a prompt, then make something with it."""

    repeatable = True

    async def act(self, press: Press) -> None:
        """The form that asks."""
        mark = self.said["mark"]
        one = await self.closeup(press, mark)
        await press.response.send_modal(ask_modal(self.which, mark, one.name))


class Default(_Item, template=rf"{PREFIX}:default:{_ONE}"):
    """From now on it is what that person's pictures are made with, unless they say otherwise."""

    async def act(self, press: Press) -> None:
        """Keep it, and say how to take that back."""
        bot, mark = press.client, self.said["mark"]
        one = await self.closeup(press, mark)
        if not one.default:
            raise UserError(GONE)
        choices = choices_of_entry(bot.catalog, self.which, mark, (await here(press)).rules)
        await bot.service.make_usual(press.user.id, choices)
        said = IS_DEFAULT.format(name=safe_line(one.name, 80))
        await press.response.send_message(said, ephemeral=True)


def register(bot: HordecordBot) -> None:
    """From now on presses and forms lead here."""
    bot.add_dynamic_items(BrowsePage, ShowEntry, UseEntry, Default)
    bot.add_listener(on_interaction, "on_interaction")
