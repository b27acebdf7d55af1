"""Forms about one image of any message.

The source does not fit into a custom_id, so it is kept with the typed text (form_drafts): for
fifteen minutes, and not across a restart. Afterwards the typed prompt is returned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.cards.custom_ids import ACTION, IdFormat
from bot.cards.markdown import code_block
from bot.client.form_drafts import Fields
from bot.domain.records import Record
from bot.domain.requests import ImageChoices, Source, VideoRequest
from bot.errors import UserError
from bot.i18n import N_, _
from bot.pictures.sizing import check_ratio
from bot.ui.actions.edit_modal import mistake_card
from bot.ui.actions.questions import close_question
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import Press

PICTURE_GONE = N_("The image is no longer available. Open the menu of its message again.")

PROMPT = "prompt"
# kept, not part of the form
SOURCE, TITLE, PRIVATE, PARENT = "source", "title", "private", "parent"
NUMBERS = 10**15  # of forms; an interaction's id has more digits than fit into a form's name
ECHO_MAX = 1_500  # characters of a returned prompt


@dataclass(frozen=True, slots=True)
class About:
    """The image of a form. `record`: the request that made it, if it is known."""

    source: Source
    title: str
    private: bool = False
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class SourceForm:
    """One such form, and the request that is made of its draft.

    `name`: of its drafts; `again`: the action that opens it again after a mistake; `typed`: names
    of its inputs.
    """

    name: str
    modal: IdFormat[int, int]
    again: str
    typed: frozenset[str]
    inputs: Callable[[Fields], Sequence[Input]]
    wanted: Callable[[Fields], ImageChoices | VideoRequest]

    async def open(self, press: Press, about: About, texts: Fields) -> None:
        """Open the form. `texts`: its first texts, and what else it keeps.

        Raises BadOption when the aspect ratio of the image is too extreme.
        """
        source, record = about.source, about.record
        if source.width and source.height:
            check_ratio(source.width, source.height)
        kept = {
            SOURCE: source.model_dump_json(),
            TITLE: about.title,
            PRIVATE: "yes" if about.private else "",
            PARENT: str(record.id) if record is not None else "",
        }
        number = press.id % NUMBERS
        press.client.drafts.keep(self._key(press, number), kept | dict(texts))
        await self._show(press, number, kept | dict(texts))

    async def open_again(self, press: Press, number: int) -> None:
        """Open the form again with the typed text. Raises UserError when that has expired."""
        draft = press.client.drafts.get(self._key(press, number))
        if draft is None:
            raise UserError(_(PICTURE_GONE))
        await self._show(press, number, draft)

    async def submit(self, press: Press, fields: Fields, number: int, _unused: int) -> None:
        """Submit the request; a mistake is explained, with a button that opens the form again."""
        key, drafts = self._key(press, number), press.client.drafts
        draft = drafts.get(key)
        if draft is None:
            typed = code_block(fields.get(PROMPT, ""), ECHO_MAX)
            text = _("The form has expired. Open it again and paste your prompt:")
            raise UserError(f"{text}\n{typed}")
        draft = {**draft, **{name: fields[name] for name in self.typed & fields.keys()}}
        drafts.keep(key, draft)
        try:
            parent = int(draft[PARENT]) if draft[PARENT] else None
            context = await press.client.context(press)
            await press.client.submit(press, context, self.wanted(draft), parent=parent)
        except UserError as error:
            card = mistake_card(str(error), ACTION(self.again, number, 0))
            await press.client.cards.send_private(press, card)
        else:
            drafts.drop(key)
            await close_question(press)

    async def _show(self, press: Press, number: int, draft: Fields) -> None:
        inputs = self.inputs(draft)
        await press.response.send_modal(modal_of(self.modal(number, 0), draft[TITLE], *inputs))

    def _key(self, press: Press, number: int) -> tuple[object, ...]:
        return (press.user.id, self.name, number)
