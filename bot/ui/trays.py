"""A private message with pictures and a menu: which of them, or what shall be done with one.

All that is needed later stands in the message itself, so it works after a restart: the pictures as
links, what to do and whether the result is private in the custom_id.
"""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.alchemy import FORMS
from bot.requests import Source
from bot.ui import sentences
from bot.ui.card import Colour

FORMS_ACT = "forms"


def which(act: str, sources: Sequence[Source], *, private: bool) -> ui.LayoutView:
    """Which of these pictures? What is chosen is its number."""
    options = [
        discord.SelectOption(
            label=sentences.NUMBERED_PICTURE.format(number=number),
            value=str(number),
            description=source.filename[:100] or None,
        )
        for number, source in enumerate(sources, start=1)
    ]
    menu = ui.Select[Any](custom_id=_custom_id(act, private=private), options=options)
    return _tray(sentences.WHICH_PICTURE, sources, menu)


def what(source: Source, *, private: bool) -> ui.LayoutView:
    """What shall be done with that picture? One form or several."""
    options = [
        discord.SelectOption(label=form.label, value=form.name, description=form.about)
        for form in FORMS.values()
    ]
    menu = ui.Select[Any](
        custom_id=_custom_id(FORMS_ACT, private=private),
        placeholder=sentences.CHOOSE_FORMS_MENU,
        min_values=1,
        max_values=len(options),
        options=options,
    )
    return _tray(sentences.CHOOSE_FORMS, [source], menu)


def _tray(title: str, sources: Sequence[Source], menu: ui.Select[Any]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    gallery = ui.MediaGallery[Any](*(discord.MediaGalleryItem(one.url) for one in sources))
    box = ui.Container(ui.TextDisplay[Any](title), gallery, accent_colour=int(Colour.QUIET))
    view.add_item(box)
    view.add_item(ui.ActionRow(menu))
    view.stop()  # nothing is kept of it; what is chosen is routed by the custom_id
    return view


def _custom_id(act: str, *, private: bool) -> str:
    return f"hct:{act}:{int(private)}"
