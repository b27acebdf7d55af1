"""What happens to a picture that somebody pointed at: the acts of menus, trays and buttons."""

from collections.abc import Awaitable, Callable, Hashable, Sequence

from bot.client.bot import HordecordBot
from bot.client.interaction_context import is_nsfw
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, Source, build
from bot.errors import NotAllowed, UserError
from bot.parameters.derived_requests import DESCRIBING
from bot.pictures.formats.inspect import USABLE
from bot.ui.actions import moderation, picture_picker, remix_modal
from bot.ui.actions.message_sources import pictures_in
from bot.ui.actions.picture_actions import is_seen
from bot.ui.actions.remix_modal import PICTURE_GONE, REMIX_TITLE
from bot.ui.components.persistent_item import (
    OTHER_VERSION,
    PersistentItem,
    Press,
    number_of,
    values_of,
)
from bot.ui.components.place import here, upscaler

# Context menus
NO_PICTURE_THERE = (
    f"There is no picture in that message that can be used: a {USABLE} that was uploaded to "
    "Discord or is shown there."
)

DESCRIBE, UPSCALE, REMIX = "describe", "upscale", "remix"
AGAIN = "again"
FORMS = frozenset({REMIX, AGAIN})  # opening one again asks for nothing
SNOWFLAKES = 1 << 63  # Discord's ids, and all numbers of the database, are below
Act = Callable[[Press, int, int], Awaitable[None]]  # the press, the two numbers of its custom_id


async def begin(
    press: Press,
    act: str,
    sources: Sequence[Source],
    *,
    private: bool,
    record: Record | None = None,
) -> None:
    """Do it with the only picture, or ask which. Raises UserError without one.

    `record`: the request that made them, where it is one of ours.
    """
    if not sources:
        raise UserError(NO_PICTURE_THERE)
    if len(sources) > 1:
        linked = [source for source in sources if source.url]
        made_by = record.id if record is not None else 0
        view = picture_picker.which(act, linked, private=private, record_id=made_by)
        await press.response.send_message(view=view, ephemeral=True)
        return
    await do(press, act, sources[0], private=private, record=record)


async def do(
    press: Press, act: str, source: Source, *, private: bool, record: Record | None = None
) -> None:
    """Describe it, make it larger, or ask what shall become of it."""
    if act == REMIX:
        title = REMIX_TITLE
        await remix_modal.ask(press, source, title=title, private=private, record=record)
    else:
        parent = record.id if record is not None else None
        larger = act == UPSCALE
        forms = (upscaler((await here(press)).rules),) if larger else DESCRIBING
        await transform(press, source, forms, private=private, parent=parent)


async def transform(
    press: Press,
    source: Source,
    forms: Sequence[str],
    *,
    private: bool,
    parent: int | None = None,
) -> None:
    """Ask for those forms of alchemy."""
    request = build(
        AlchemyRequest,
        source=source,
        forms=tuple(forms),
        withhold=not is_nsfw(press),
        private=private,
    )
    await press.client.submit(press, request, parent=parent)


async def _pick(press: Press, act: str, private: int, record_id: int) -> None:
    number = number_of(_values(press)[0])
    pictures = pictures_in(press.message) if press.message else []
    if not 1 <= number <= len(pictures):
        raise UserError(PICTURE_GONE)
    record = await _made_by(press, record_id)
    await do(press, act, pictures[number - 1], private=bool(private), record=record)


async def _made_by(press: Press, record_id: int) -> Record | None:
    """The request of that number, None where its words are not for who presses.

    A number alone opens nothing: it stands in an id that a client sends.
    """
    record = await press.client.service.moderation.get(record_id) if record_id else None
    return record if record is not None and is_seen(press, record) else None


async def _choose_forms(press: Press, private: int, _second: int) -> None:
    pictures = pictures_in(press.message) if press.message else []
    if not pictures:
        raise UserError(PICTURE_GONE)
    await transform(press, pictures[0], _values(press), private=bool(private))


async def _ask_again(press: Press, number: int, _second: int) -> None:
    await remix_modal.ask_again(press, number)


def _picker(act: str) -> Act:
    async def picked(press: Press, private: int, record_id: int) -> None:
        await _pick(press, act, private, record_id)

    return picked


ACTS: dict[str, Act] = {
    **{act: _picker(act) for act in (REMIX, DESCRIBE, UPSCALE)},
    picture_picker.FORMS_ACT: _choose_forms,
    AGAIN: _ask_again,
    moderation.REMOVE: moderation.remove,
    moderation.REPORT: moderation.report,
}


def _values(press: Press) -> list[str]:
    """What was chosen in a menu. Raises UserError for nothing, which no client of Discord sends."""
    chosen = values_of(press)
    if not chosen:
        raise UserError(PICTURE_GONE)
    return chosen


class TrayItem(
    PersistentItem,
    template=r"hct:(?P<act>[a-z]+):(?P<first>[0-9]{1,18})(:(?P<second>[0-9]{1,19}))?",
):
    """A menu of a tray or a button of an information, from this run or an earlier one."""

    def same(self, press: Press) -> Hashable:
        """A form that was closed at once may be opened at once."""
        return None if self.said["act"] in FORMS else super().same(press)

    async def act(self, press: Press) -> None:
        """What its id says."""
        act, numbers = self.said["act"], (int(self.said["first"]), int(self.said["second"] or 0))
        if act not in ACTS or max(numbers) >= SNOWFLAKES:
            raise NotAllowed(OTHER_VERSION)
        await ACTS[act](press, *numbers)


def register_menus(bot: HordecordBot) -> None:
    """From now on what is pressed and chosen leads here."""
    bot.add_dynamic_items(TrayItem)
