"""A private message with pictures and a menu: which of them, or what shall be done with one.

All that is needed later stands in the message itself, so it works after a restart: the pictures as
links, what to do and whether the result is private in the custom_id.
"""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.cards import labels
from bot.cards.card import Colour
from bot.cards.markdown import inline_code
from bot.domain.alchemy_forms import FORMS
from bot.domain.requests import Source
from bot.errors import NotAllowed
from bot.rules.blocklists import form_allowed
from bot.rules.guild_settings import NO_RULES, GuildSettings

NO_FORM = "This server allows no form of alchemy."
CHOOSE_FORMS = "**What shall be done with {name}?**\n-# Each result is shown as it ends."
A_PICTURE = "this picture"
CHOOSE_FORMS_MENU = "Choose one or several …"
NUMBERED_PICTURE = "Picture {number}"

FORMS_ACT = "forms"
NAME_MAX = 60


def which(
    act: str, sources: Sequence[Source], *, private: bool, record_id: int = 0
) -> ui.LayoutView:
    """Which of these pictures? What is chosen is its number. `record_id`: what made them, if known.

    `act` is a key of words.WHICH.
    """
    options = [
        discord.SelectOption(
            label=NUMBERED_PICTURE.format(number=number),
            value=str(number),
            description=source.filename[:100] or None,
        )
        for number, source in enumerate(sources, start=1)
    ]
    menu = ui.Select[Any](
        custom_id=_custom_id(act, private=private, record_id=record_id),
        placeholder=labels.CHOOSE_PICTURE,
        options=options,
    )
    gallery = ui.MediaGallery[Any](
        *(discord.MediaGalleryItem(one.url, spoiler=one.spoiler) for one in sources)
    )
    return _tray(menu, ui.TextDisplay[Any](f"**{labels.WHICH[act]}**"), gallery)


def what(source: Source, *, private: bool, rules: GuildSettings = NO_RULES) -> ui.LayoutView:
    """What shall be done with that picture? One form or several, of those that `rules` leave.

    Raises NotAllowed where they leave none.
    """
    options = [
        discord.SelectOption(label=form.label, value=form.name, description=form.about)
        for form in FORMS.values()
        if form_allowed(form.name, rules)
    ]
    if not options:
        raise NotAllowed(NO_FORM)
    menu = ui.Select[Any](
        custom_id=_custom_id(FORMS_ACT, private=private),
        placeholder=CHOOSE_FORMS_MENU,
        min_values=1,
        max_values=len(options),
        options=options,
    )
    name = inline_code(source.filename, NAME_MAX)
    said = CHOOSE_FORMS.format(name=name or A_PICTURE)
    shown = ui.Thumbnail[Any](source.url, spoiler=source.spoiler)
    return _tray(menu, ui.Section[Any](said, accessory=shown))


def _tray(menu: ui.Select[Any], *items: ui.Item[Any]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*items, accent_colour=int(Colour.QUIET)))
    view.add_item(ui.ActionRow(menu))
    view.stop()  # nothing is kept of it; what is chosen is routed by the custom_id
    return view


def _custom_id(act: str, *, private: bool, record_id: int = 0) -> str:
    name = f"hct:{act}:{int(private)}"
    return f"{name}:{record_id}" if record_id else name
