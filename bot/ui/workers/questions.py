"""The question before a change of a worker or a team, and its buttons."""

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import KEEP_UNCHANGED, MAKE_CHANGE
from bot.client.bot import HordecordBot
from bot.errors import UserError
from bot.i18n import _
from bot.services.community.pending_changes import Change
from bot.ui.components.answers import answer_with_card
from bot.ui.components.persistent_item import Press, Route, add_routes
from bot.ui.components.views import layout_of


@dataclass(frozen=True, slots=True)
class Question:
    """A question of markdown. `verb`: the label of its button; `final`: it cannot be undone."""

    title: str
    text: str
    verb: str
    final: bool = False


def question_card(question: Question, number: int) -> Card:
    """`number`: of the pending change."""
    style = ButtonStyle.DANGER if question.final else ButtonStyle.PRIMARY
    yes = Button(MAKE_CHANGE(number), question.verb, style)
    no = Button(KEEP_UNCHANGED(number), _("Cancel"))
    return replace(quiet_card(f"### {question.title}\n{question.text}"), rows=((yes, no),))


async def ask(interaction: discord.Interaction[Any], question: Question, change: Change) -> None:
    """Ask in private; the button makes the change."""
    bot: HordecordBot = interaction.client
    number = bot.services.community.changes.keep(interaction.user.id, change)
    await answer_with_card(interaction, question_card(question, number))


async def make_change(press: Press, number: int) -> None:
    """Make the change and say it in place of the question."""
    await press.response.defer()  # the Horde is called
    said = await press.client.services.community.changes.make(press.user.id, number)
    if said is None:
        raise UserError(_("This question has expired. Use the command again."))
    await press.edit_original_response(view=layout_of(quiet_card(said)))


async def keep_unchanged(press: Press, number: int) -> None:
    """Close the question."""
    press.client.services.community.changes.drop(press.user.id, number)
    await press.response.edit_message(view=layout_of(quiet_card(_("Nothing was changed."))))


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons."""
    add_routes(bot, Route(MAKE_CHANGE, make_change), Route(KEEP_UNCHANGED, keep_unchanged))
