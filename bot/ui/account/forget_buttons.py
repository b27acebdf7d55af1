"""The question of /account forget, and its buttons."""

from collections.abc import Iterator
from dataclasses import replace

from bot.cards import formatting
from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import FORGET_EVERYTHING, KEEP_EVERYTHING
from bot.client.bot import HordecordBot
from bot.i18n import _, ngettext
from bot.services.personal_data.privacy import Forgotten
from bot.ui.components.persistent_item import Press, Route, add_routes
from bot.ui.components.views import layout_of


def forget_question() -> Card:
    """Asks before the data about a user is erased."""
    title = _("Erase all data about you?")
    text = _(
        "This erases your requests with their results and images, your presets, defaults, saved "
        "results and API key, and the reports about your results. Open requests are cancelled. "
        "This cannot be undone; `/account export` gives you a copy first.\n\n"
        "Messages on Discord stay: press **Delete** under them first, or delete them yourself. "
        "A preset that you shared with a server stays there. A block stays until it is lifted, "
        "and the kudos that you spent today of a server's key until midnight (UTC). All three "
        "are kept without your name."
    )
    yes = Button(FORGET_EVERYTHING(), _("Erase everything"), ButtonStyle.DANGER)
    no = Button(KEEP_EVERYTHING(), _("Keep everything"))
    return replace(quiet_card(f"### {title}\n{text}"), rows=((yes, no),))


async def keep_everything(press: Press) -> None:
    """Close the question."""
    await press.response.edit_message(view=layout_of(quiet_card(_("Nothing was changed."))))


async def forget_everything(press: Press) -> None:
    """Erase all data of the presser and confirm it."""
    begun = quiet_card(_("Cancelling open requests, then erasing everything …"))
    await press.response.edit_message(view=layout_of(begun))
    done = await press.client.services.privacy.forget(press.user.id)
    press.client.services.thumbnails.forget_all(done.gone)
    press.client.drafts.forget(press.user.id)
    card = quiet_card("\n".join(_erased(done)))
    await press.edit_original_response(view=layout_of(card))


def _erased(done: Forgotten) -> Iterator[str]:
    """The erased data, and the data that is erased later."""
    requests = len(done.gone)
    said = ngettext(
        "{count} request and all settings are erased.",
        "{count} requests and all settings are erased.",
        requests,
    )
    yield said.format(count=formatting.decimal(requests))
    if open_ := done.still_open:
        said = ngettext(
            "{count} request could not be cancelled yet. Use `/account forget` again when "
            "`/queue` is empty.",
            "{count} requests could not be cancelled yet. Use `/account forget` again when "
            "`/queue` is empty.",
            open_,
        )
        yield said.format(count=formatting.decimal(open_))
    if not done.scrubbed:
        yield _("The last traces are removed from the database file within a day.")


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons. Blocked users may erase their data, too."""
    add_routes(
        bot,
        Route(FORGET_EVERYTHING, forget_everything, for_blocked=True),
        Route(KEEP_EVERYTHING, keep_everything, for_blocked=True),
    )
