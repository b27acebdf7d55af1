"""The question of /account forget, and its buttons."""

from dataclasses import replace

from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import FORGET_EVERYTHING, KEEP_EVERYTHING
from bot.client.bot import HordecordBot
from bot.ui.components.persistent_item import Press, Route, add_routes
from bot.ui.components.views import layout_of

FORGET_TITLE = "Forget everything about you?"
FORGET_TEXT = (
    "This erases your requests with their results and pictures, your presets, defaults and saved "
    "results, your API key, and reports about what you made. What is under way is cancelled. It "
    "cannot be taken back; `/account export` gives you all of it first.\n\n"
    "What was posted on Discord stays there: press **Delete** under it before, or delete it "
    "yourself. A preset that you shared with a server stays that server's, without your name. "
    "A block stays until it is lifted, and what you spent today of a server's key until midnight "
    "(UTC), both without your name."
)
FORGET_LABEL, KEEP_LABEL = "Forget everything", "Keep it"
KEPT = "Nothing was changed."
FORGETTING = "Stopping what is under way, then forgetting everything …"
FORGOTTEN = "Everything about you is forgotten: {requests}, and all settings."
FORGOTTEN_BUT = (
    "All that is over is forgotten: {requests}, and all settings. {open} of yours could not be "
    "stopped yet; use `/account forget` again when `/queue` is empty."
)
TRACES = " The last traces leave the file of the database within a day."


def forget_question() -> Card:
    """Asks before a person's data is erased."""
    yes = Button(FORGET_EVERYTHING(), FORGET_LABEL, ButtonStyle.DANGER)
    card = quiet_card(f"### {FORGET_TITLE}\n{FORGET_TEXT}")
    return replace(card, rows=((yes, Button(KEEP_EVERYTHING(), KEEP_LABEL)),))


async def keep_everything(press: Press) -> None:
    """Close the question."""
    await press.response.edit_message(view=layout_of(quiet_card(KEPT)))


async def forget_everything(press: Press) -> None:
    """Erase all data of the presser and confirm it."""
    await press.response.edit_message(view=layout_of(quiet_card(FORGETTING)))
    done = await press.client.services.privacy.forget(press.user.id)
    press.client.services.thumbnails.forget_all(done.gone)
    press.client.drafts.forget(press.user.id)
    count = f"{len(done.gone):,} request{'' if len(done.gone) == 1 else 's'}"
    said = FORGOTTEN_BUT if done.still_open else FORGOTTEN
    text = said.format(requests=count, open=done.still_open) + ("" if done.scrubbed else TRACES)
    card = quiet_card(text)
    await press.edit_original_response(view=layout_of(card))


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons. Blocked people may erase their data, too."""
    add_routes(
        bot,
        Route(FORGET_EVERYTHING, forget_everything, for_blocked=True),
        Route(KEEP_EVERYTHING, keep_everything, for_blocked=True),
    )
