"""The private pages of /history: requests with thumbnails, and one request in detail. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.cards import formatting, labels
from bot.cards.buttons import possible_verbs, verb_button
from bot.cards.card import (
    Block,
    Button,
    Card,
    Colour,
    Gallery,
    Menu,
    Picture,
    Section,
    TextBlock,
    Verb,
)
from bot.cards.card_lines import worker_names
from bot.cards.custom_ids import HISTORY
from bot.cards.formatting import DOT
from bot.cards.markdown import inline_code, safe_line, shortened
from bot.cards.prompt import prompt_quote
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.records import Record
from bot.domain.requests import ImageRequest, Kind
from bot.i18n import N_, _
from bot.rules.guild_checks import is_tame
from bot.ui.actions.delete_question import delete_question
from bot.ui.history.queue_view import (
    entry,
    menu_option,
    prompt_line,
    show_button,
)

KIND_LABELS = {  # in a heading
    Kind.IMAGE: N_("images only"),
    Kind.TEXT: N_("texts only"),
    Kind.ALCHEMY: N_("alchemy only"),
    Kind.VIDEO: N_("videos only"),
}
SHOWN = 5  # entries of a page: a section with its thumbnail takes three of 40 components
SEARCH_MAX = 40  # characters; a button has them in its id, which has 100
KINDS = {"i": Kind.IMAGE, "t": Kind.TEXT, "a": Kind.ALCHEMY, "v": Kind.VIDEO}
_LETTERS = {kind: letter for letter, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which requests a page lists. `before`: only smaller numbers; 0: from the newest."""

    search: str = ""
    kind: Kind | None = None
    favourites: bool = False
    before: int = 0

    def id_for(self, verb: str, record_id: int = 0) -> str:
        """The id of a button that keeps this filter."""
        letter = _LETTERS[self.kind] if self.kind else "-"
        letters = f"{letter}{'s' if self.favourites else '-'}"
        return HISTORY(verb, record_id, self.before, letters, self.search)

    @property
    def said(self) -> str:
        """The filter as text; "" for everything."""
        parts = [
            _(KIND_LABELS[self.kind]) if self.kind else "",
            _("saved results only") if self.favourites else "",
            _("with {words}").format(words=inline_code(self.search, 80)) if self.search else "",
        ]
        return DOT.join(filter(None, parts))


def filter_of(before: int, letters: str, search: str) -> Filter:
    """The filter in the id of a button."""
    kind, favourites = letters
    return Filter(search, KINDS.get(kind), favourites == "s", before)


def searched(text: str) -> str:
    """The search text, short enough for a custom_id."""
    return shortened(text, SEARCH_MAX)


def page_card(
    page: Sequence[Record], which: Filter, saved: Collection[int], files: Mapping[int, str]
) -> Card:
    """One page, newest first; `page` holds one more when there are older ones.

    `saved`: numbers of favourites. `files`: names of attached thumbnails, by number.
    """
    shown = page[:SHOWN]
    blocks: list[Block] = [TextBlock("### " + _("Your history"))]
    blocks += [TextBlock(f"-# {which.said}")] if which.said else []
    blocks += [_section(one, one.id in saved, files.get(one.id, "")) for one in shown]
    if not shown:
        blocks.append(TextBlock(_nothing(which)))
    moves: list[Button] = []
    if which.before:
        moves.append(_move(_("Newest"), replace(which, before=0)))
    if len(page) > SHOWN:
        moves.append(_move(_("Older"), replace(which, before=shown[-1].id)))
    menu = Menu(which.id_for("pick"), _("Show a request …"), tuple(map(menu_option, shown)))
    return Card(Colour.QUIET, tuple(blocks), (tuple(moves),), (menu,))


def detail_card(
    record: Record,
    which: Filter,
    *,
    saved: bool,
    file: str = "",
    note: str = "",
    here: Capabilities = HORDE,
) -> Card:
    """One request with its buttons. `file`: the name of its attached thumbnail.

    `here`: of the backend of its place; Again is shown only where it can repeat the request.
    """
    blocks: list[Block] = [TextBlock(note), TextBlock(f"{_head(record, saved)}\n{_whole(record)}")]
    if file:
        blocks.append(Gallery((_thumbnail(record, file),)))
    save = replace(verb_button(Verb.SAVE, record.id), id=which.id_for("save", record.id))
    again = possible_verbs([Verb.AGAIN], record, here)
    buttons = (
        *(verb_button(verb, record.id) for verb in again),
        show_button(record),
        verb_button(Verb.DETAILS, record.id),
        replace(save, label=_("Unsave")) if saved else save,
        replace(verb_button(Verb.DELETE, record.id), id=which.id_for("delete", record.id)),
    )
    return Card(Colour.QUIET, tuple(blocks), (buttons, (_move(_("Back"), which),)))


def deletion_card(record: Record, which: Filter) -> Card:
    """Asks before a request is deleted, on the page that showed it."""
    asked = delete_question(record)
    yes, no = asked.rows[0]
    erase = replace(yes, id=which.id_for("erase", record.id))
    return replace(asked, rows=((erase, replace(no, id=which.id_for("look", record.id))),))


def thumbnail_name(record: Record) -> str:
    """The name of a request's attached thumbnail."""
    return f"thumbnail-{record.id}.webp"


def _section(record: Record, saved: bool, file: str) -> Section:
    text = f"{_head(record, saved)}\n> {prompt_line(record)}"
    return Section(text, _thumbnail(record, file) if file else show_button(record))


def _head(record: Record, saved: bool) -> str:
    return entry(record, _(labels.PHASES[record.phase]), "⭐ " + _("saved") if saved else "")


def _whole(record: Record) -> str:
    request = record.request
    if not isinstance(request, ImageRequest):
        return f"> {prompt_line(record)}"
    facts = [
        worker_names(request.models) or _(labels.ANY_MODEL),
        formatting.size(request.width, request.height),
        formatting.count(request.n, record.kind),
        safe_line(request.style_name or request.style, 60),
    ]
    return f"{prompt_quote(request.prompt)}\n-# {DOT.join(filter(None, facts))}"


def _thumbnail(record: Record, file: str) -> Picture:
    """A spoiler when made for an age-restricted place: the page is opened anywhere."""
    return Picture(filename=file, spoiler=not is_tame(record.request))


def _nothing(which: Filter) -> str:
    if which.before:
        return _("No older request is stored.")
    if which == Filter(favourites=True):
        return _("You have no saved results. **Save** under a result keeps it permanently.")
    if which.said:
        return _("No request matches. `/history` without options shows all of them.")
    return _("You have no results yet. `/imagine` creates an image.")


def _move(label: str, which: Filter) -> Button:
    return Button(which.id_for("page"), label)
