"""Private questions (which picture, which forms): each is deleted once it is answered."""

import logging
from collections.abc import Iterable, Iterator

import discord
from discord.components import Component

from bot.cards import labels
from bot.cards.card import Verb
from bot.cards.custom_ids import ACTION, CARD
from bot.client.error_messages import TROUBLE
from bot.ui.actions.picture_picker import FORMS_ACTION
from bot.ui.components.persistent_item import Press

log = logging.getLogger(__name__)
ASKED_VERBS = frozenset({Verb.VARY, Verb.UPSCALE, Verb.USE, Verb.DESCRIBE})
ASKED_ACTIONS = frozenset({*labels.WHICH, FORMS_ACTION})


async def close_question(press: Press) -> None:
    """Delete the pressed message if it is a question that was answered just now.

    A modal that opened is no answer yet: its submission is.
    """
    opened_modal = press.response.type is discord.InteractionResponseType.modal
    if press.message is None or opened_modal or not is_question(press.message):
        return
    try:
        await press.followup.delete_message(press.message.id)
    except TROUBLE as error:
        log.info("an answered question could not be deleted: %s", error or type(error).__name__)


def is_question(message: discord.Message) -> bool:
    """Whether the message is private and asks for a picture or for forms, in its menu."""
    return message.flags.ephemeral and any(map(_asks, _menu_ids(message.components)))


def _menu_ids(components: Iterable[Component]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.ActionRow):
            yield from _menu_ids(component.children)
        elif isinstance(component, discord.SelectMenu):
            yield component.custom_id or ""


def _asks(custom_id: str) -> bool:
    card, action = CARD.parse(custom_id), ACTION.parse(custom_id)
    asks_verb = card is not None and card[0] in ASKED_VERBS
    return asks_verb or (action is not None and action[0] in ASKED_ACTIONS)
