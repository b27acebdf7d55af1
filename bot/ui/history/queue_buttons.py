"""What the buttons under /queue do, and Show of /history: the lists are of whoever presses."""

import time

from bot.client.bot import HordecordBot
from bot.client.interaction_context import origin_of
from bot.domain.results import Phase
from bot.errors import UserError
from bot.rules.place_checks import check_owner
from bot.ui.components.persistent_item import PersistentItem, Press
from bot.ui.history import queue_view

CANCELLED_ALL = "Stopped: {count}. What a worker had begun may still arrive."

_ID = r"(?P<record>[0-9]{1,18})"


class _Item(PersistentItem, template="hcq:never"):
    """What the buttons and menus of the lists know."""

    @property
    def record_id(self) -> int:
        """The request that it is about, 0 for none."""
        return int(self.said.get("record") or 0)


class CancelOne(_Item, template=rf"hcq:cancel:{_ID}"):
    """Stops one request and shows the list as it is then."""

    async def act(self, press: Press) -> None:
        """Stop it. One that has just ended is simply gone from the list."""
        note = ""
        try:
            await press.client.service.cancel(self.record_id, press.user.id)
        except UserError as error:
            note = str(error)
        await _show_queue(press, note)


class CancelAll(_Item, template=r"hcq:all"):
    """Stops everything of the person who presses."""

    async def act(self, press: Press) -> None:
        """Stop them and say how many."""
        count = await press.client.service.cancel_all(press.user.id)
        await _show_queue(press, CANCELLED_ALL.format(count=count))


class Refresh(_Item, template=r"hcq:refresh"):
    """Shows the list as it is now."""

    async def act(self, press: Press) -> None:
        """The same message, new."""
        await _show_queue(press)


class Show(_Item, template=rf"hcq:show:{_ID}"):
    """Shows one request to its person, wherever its own message is now."""

    async def act(self, press: Press) -> None:
        """Its card, in private; a result that was held for its person is delivered by that."""
        record = await press.client.service.get(self.record_id)
        check_owner(record, press.user.id)
        await press.response.defer(ephemeral=True, thinking=True)  # files take a while
        shown = await press.client.service.as_seen(origin_of(press), record)
        await press.client.cards.offer(press, shown)
        if record.phase is Phase.HELD:
            await press.client.service.seen(record)


async def _show_queue(press: Press, note: str = "") -> None:
    records = await press.client.service.open_of(press.user.id)
    view = queue_view.queue_view(records, note, now=time.time())
    await press.response.edit_message(view=view)


def register(bot: HordecordBot) -> None:
    """From now on presses lead here."""
    bot.add_dynamic_items(CancelOne, CancelAll, Refresh, Show)
