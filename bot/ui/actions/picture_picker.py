"""Private messages with pictures and a menu: which picture, or which forms of alchemy. Pure.

The message contains everything for later, so it works after a restart: the pictures as links, the
action and whether the result is private in the custom_id.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.cards import labels
from bot.cards.card import (
    OPTIONS_MAX,
    Card,
    Colour,
    Gallery,
    Menu,
    Option,
    Picture,
    Section,
    quiet_card,
)
from bot.cards.custom_ids import ACTION
from bot.cards.markdown import inline_code
from bot.domain.alchemy.alchemy_forms import FORMS, Form, form_of
from bot.domain.requests import Source
from bot.domain.requests.alchemy import IMAGES_MAX
from bot.errors import NotAllowed
from bot.i18n import _
from bot.rules.blocklists import form_allowed
from bot.rules.guild_settings import NO_RULES, GuildSettings

FORMS_ACTION = "forms"
NAME_SHOWN = 60  # characters
FURTHER_MENUS = 3  # of 25 forms each


def picture_question(
    action: str, sources: Sequence[Source], *, private: bool, record_id: int = 0
) -> Card:
    """Asks for one of these pictures; the menu's value is its number.

    `action`: a key of labels.WHICH. `record_id`: of the request that made them, if known.
    """
    options = tuple(
        Option(str(number), _(labels.PICTURE).format(number=number), source.filename)
        for number, source in enumerate(sources, start=1)
    )
    menu = Menu(ACTION(action, int(private), record_id), _(labels.CHOOSE_PICTURE), options)
    gallery = Gallery(tuple(Picture(url=one.url, spoiler=one.spoiler) for one in sources))
    card = quiet_card(f"**{_(labels.WHICH[action])}**")
    return replace(card, blocks=(*card.blocks, gallery), menus=(menu,))


def forms_question(
    source: Source,
    *,
    private: bool,
    rules: GuildSettings = NO_RULES,
    offered: Sequence[str] = (),
    has: Callable[[str], bool] = lambda _form: True,
) -> Card:
    """Asks for one or several forms of alchemy that `rules` allow.

    `offered`: further forms of the server. `has`: whether the backend has a form. Raises NotAllowed
    if no form is allowed.
    """
    known = (form for form in FORMS.values() if has(form.name))
    usual = [form for form in known if form_allowed(form.name, rules)]
    further = [form for form in map(form_of, offered) if form_allowed(form.name, rules)]
    lists = [further[at : at + OPTIONS_MAX] for at in range(0, len(further), OPTIONS_MAX)]
    shown = [each for each in (usual, *lists[:FURTHER_MENUS]) if each]
    if not shown:
        raise NotAllowed(_("This server allows no form of alchemy."))
    menus = tuple(_forms_menu(forms, number, private) for number, forms in enumerate(shown))
    name = inline_code(source.filename, NAME_SHOWN)
    question = _("What do you want to do with {name}?") if name else _("Choose the forms.")
    about = _("Each result appears when it is ready.")
    text = f"**{question.format(name=name)}**\n-# {about}"
    picture = Picture(url=source.url, spoiler=source.spoiler)
    return Card(Colour.QUIET, (Section(text, picture),), menus=menus)


def _forms_menu(forms: Sequence[Form], number: int, private: bool) -> Menu:
    """`number` distinguishes the menus of one message."""
    options = tuple(Option(form.name, _(form.label), _(form.about)) for form in forms)
    further = _("Choose other forms of the Horde …")
    placeholder = further if number else _("Choose one or several forms …")
    most = min(len(options), IMAGES_MAX) if number else len(options)
    return Menu(ACTION(FORMS_ACTION, int(private), number), placeholder, options, most)
