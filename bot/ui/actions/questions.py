"""Private questions (which picture, which forms, delete?): each is deleted once it is answered."""

import logging
from collections.abc import Iterable, Iterator

import discord
from discord.components import Component

from bot.cards import labels
from bot.cards.card import Verb
from bot.cards.custom_ids import ACTION, CARD
from bot.client.error_messages import TROUBLE
from bot.ui.actions.delete_question import DELETE_ACTION, KEEP_ACTION
from bot.ui.actions.picture_picker import FORMS_ACTION
from bot.ui.components.persistent_item import Press

log = logging.getLogger(__name__)
ASKED_VERBS = frozenset({Verb.VARY, Verb.UPSCALE, Verb.USE, Verb.DESCRIBE, Verb.ANIMATE})
ASKED_ACTIONS = frozenset({*labels.WHICH, FORMS_ACTION})
ANSWERS = frozenset({DELETE_ACTION, KEEP_ACTION})  # buttons of a question


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
    """Whether the message is private and asks for a picture or forms, or whether to delete."""
    return message.flags.ephemeral and any(map(_asks, _items_of(message.components)))


def _items_of(components: Iterable[Component]) -> Iterator[Component]:
    for component in components:
        if isinstance(component, discord.ActionRow):
            yield from component.children
        else:
            yield component


def _asks(item: Component) -> bool:
    if isinstance(item, discord.Button):  # a card's own buttons ask nothing
        action = ACTION.parse(item.custom_id or "")
        return action is not None and action[0] in ANSWERS
    if not isinstance(item, discord.SelectMenu):
        return False
    card, action = CARD.parse(item.custom_id), ACTION.parse(item.custom_id)
    asks_verb = card is not None and card[0] in ASKED_VERBS
    return asks_verb or (action is not None and action[0] in ASKED_ACTIONS)
