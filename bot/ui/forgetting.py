"""The question before everything about a person is forgotten, and what its buttons do."""

from typing import Any

import discord
from discord import ui

from bot.ui import people_words as words
from bot.ui.lists import view_of
from bot.ui.presses import Press, Pressed

FORGET, KEEP = "hcf:forget", "hcf:keep"


def question() -> ui.LayoutView:
    """What would go, what would stay, and two buttons."""
    text = ui.TextDisplay[Any](f"### {words.FORGET_TITLE}\n{words.FORGET_TEXT}")
    danger = discord.ButtonStyle.danger
    yes = ui.Button[Any](label=words.FORGET, custom_id=FORGET, style=danger)
    no = ui.Button[Any](label=words.KEEP, custom_id=KEEP)
    return view_of([text], ui.ActionRow(yes, no))


class Keep(Pressed, template=KEEP):
    """Leaves all as it is."""

    for_all = True

    async def act(self, press: Press) -> None:
        """Nothing but a word."""
        await press.response.edit_message(view=_only(words.KEPT))


class Forget(Pressed, template=FORGET):
    """Erases all about whoever presses."""

    for_all = True

    async def act(self, press: Press) -> None:
        """Do it, and say what came of it."""
        await press.response.edit_message(view=_only(words.FORGETTING))
        done = await press.client.privacy.forget(press.user.id)
        press.client.thumbnails.forget_all(done.gone)
        press.client.drafts.forget(press.user.id)
        count = f"{len(done.gone):,} request{'' if len(done.gone) == 1 else 's'}"
        said = words.FORGOTTEN_BUT if done.still_open else words.FORGOTTEN
        view = _only(said.format(requests=count, open=done.still_open))
        await press.edit_original_response(view=view)


def _only(text: str) -> ui.LayoutView:
    return view_of([ui.TextDisplay[Any](text)])
