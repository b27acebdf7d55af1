"""The question before everything about a person is forgotten, and what its buttons do."""

from typing import Any

import discord
from discord import ui

from bot.ui.components.persistent_item import PersistentItem, Press
from bot.ui.components.views import view_of

FORGET_TITLE = "Forget everything about you?"
FORGET_TEXT = (
    "This erases your requests with their results and pictures, your presets, defaults and saved "
    "results, your API key, and reports about what you made. What is under way is cancelled. It "
    "cannot be taken back; `/account export` gives you all of it first.\n\n"
    "What was posted on Discord stays there: press **Delete** under it before, or delete it "
    "yourself. A preset that you shared with a server stays that server's, without your name. "
    "A block stays until it is lifted and what you spent today of a server's key until midnight "
    "(UTC), both under a keyed hash and without your name."
)
FORGET_LABEL, KEEP_LABEL = "Forget everything", "Keep it"
KEPT = "Nothing was changed."
FORGETTING = "Stopping what is under way, then forgetting everything …"
FORGOTTEN = "Everything about you is forgotten: {requests}, and all settings."
FORGOTTEN_BUT = (
    "All that is over is forgotten: {requests}, and all settings. {open} of yours could not be "
    "stopped yet; use `/account forget` again when `/queue` is empty."
)

FORGET, KEEP = "hcf:forget", "hcf:keep"


def forget_question() -> ui.LayoutView:
    """What would go, what would stay, and two buttons."""
    text = ui.TextDisplay[Any](f"### {FORGET_TITLE}\n{FORGET_TEXT}")
    danger = discord.ButtonStyle.danger
    yes = ui.Button[Any](label=FORGET_LABEL, custom_id=FORGET, style=danger)
    no = ui.Button[Any](label=KEEP_LABEL, custom_id=KEEP)
    return view_of([text], ui.ActionRow(yes, no))


class Keep(PersistentItem, template=KEEP):
    """Leaves all as it is."""

    for_all = True

    async def act(self, press: Press) -> None:
        """Nothing but a word."""
        await press.response.edit_message(view=_only(KEPT))


class Forget(PersistentItem, template=FORGET):
    """Erases all about whoever presses."""

    for_all = True

    async def act(self, press: Press) -> None:
        """Do it, and say what came of it."""
        await press.response.edit_message(view=_only(FORGETTING))
        done = await press.client.privacy.forget(press.user.id)
        press.client.thumbnails.forget_all(done.gone)
        press.client.drafts.forget(press.user.id)
        count = f"{len(done.gone):,} request{'' if len(done.gone) == 1 else 's'}"
        said = FORGOTTEN_BUT if done.still_open else FORGOTTEN
        view = _only(said.format(requests=count, open=done.still_open))
        await press.edit_original_response(view=view)


def _only(text: str) -> ui.LayoutView:
    return view_of([ui.TextDisplay[Any](text)])
