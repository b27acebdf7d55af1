"""The lists of /horde, and the details of one entry. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.cards import formatting
from bot.cards.card import (
    OPTION_MAX,
    Block,
    Button,
    ButtonStyle,
    Card,
    Colour,
    Gallery,
    Menu,
    Option,
    Picture,
    Section,
    TextBlock,
)
from bot.cards.custom_ids import (
    BROWSE_PAGE,
    SET_DEFAULT_ENTRY,
    SHOW_ENTRY,
    USE_ENTRY,
    ListName,
    in_catalog,
)
from bot.cards.markdown import clean, safe_line, shortened
from bot.i18n import N_, _

TITLES: Mapping[ListName, str] = {
    "image": N_("Models for `/imagine`"),
    "text": N_("Models for `/write`"),
    "style": N_("Styles"),
    "lora": N_("LoRAs"),
    "worker": N_("Workers"),
    "team": N_("Teams"),
    "leader": N_("Accounts with the most kudos"),
    "sponsor": N_("Sponsors"),
    "own_worker": N_("Your workers"),
    "own_team": N_("Your teams"),
}
NO_MATCH: Mapping[ListName, str] = {
    "image": N_("No model matches the search. Leave `search` empty to see all models."),
    "text": N_("No model matches the search. Leave `search` empty to see all models."),
    "style": N_("No style matches the search. Leave `search` empty to see all styles."),
    "lora": N_("No known LoRA matches the search."),
    "worker": N_("No online worker matches the search."),
    "team": N_("No team matches the search."),
    "leader": N_("None of the 100 accounts with the most kudos matches the search."),
    "sponsor": N_("No sponsor matches the search."),
    "own_worker": N_("Your account has no workers at the Horde."),
    "own_team": N_("Your account has no team. Create one with `/team create`."),
}

SHOWN = 8  # a section with its picture takes three of a message's 40 components
SEARCH_MAX = 60  # characters of a search that fit into a custom_id
NAME_SHOWN = 80  # characters


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `line` is markdown; `picture` a link that Discord may fetch, or ""."""

    mark: str
    name: str
    line: str
    hint: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """One entry. `facts` are lines of markdown; `default`: it can be a user's default.

    `usable`: it can be used in a request.
    """

    mark: str
    name: str
    facts: Sequence[str]
    pictures: Sequence[str] = field(default_factory=tuple[str, ...])
    default: bool = False
    usable: bool = True


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page (from 0) of a list, and its search: the values of a button."""

    which: ListName
    page: int
    search: str

    def id_of(self, page: int) -> str:
        """The id of a button that shows another page."""
        return BROWSE_PAGE(self.which, page, self.search)


def list_page_of(which: ListName, search: str = "", page: int = 0) -> ListPage:
    """The page, with the search shortened to fit into an id."""
    return ListPage(which, max(0, page), shortened(search, SEARCH_MAX))


def list_card(page: ListPage, entries: Sequence[Entry], count: int, *, note: str = "") -> Card:
    """One page. `count`: of all entries that match; `note`: markdown under them."""
    first = page.page * SHOWN
    counted = _("{first} to {last} of {count}").format(
        first=first + 1, last=first + len(entries), count=formatting.decimal(count)
    )
    foot = "\n".join(filter(None, [f"-# {counted}" if count > SHOWN else "", note]))
    rows = [_row(entry) for entry in entries] or [TextBlock(_(NO_MATCH[page.which]))]
    menu_id = SHOW_ENTRY(page.which, page.page, page.search)
    menu = Menu(menu_id, _("Show details of …"), tuple(map(_option, entries)))
    return Card(
        Colour.QUIET,
        (TextBlock(f"### {_title(page)}"), *rows, TextBlock(foot)),
        (_moves(page, count),),
        (menu,),
    )


def entry_card(page: ListPage, one: EntryDetails) -> Card:
    """One entry with its facts, pictures and buttons. `page`: the page to return to."""
    title = f"### {safe_line(one.name, NAME_SHOWN)}"
    alt = _example(one.name)
    pictures = tuple(Picture(url=url, alt=alt) for url in one.pictures)
    text = TextBlock("\n".join([title, *filter(None, one.facts)]))
    buttons: list[Button] = []
    if one.usable and in_catalog(page.which):
        use = USE_ENTRY(page.which, one.mark)
        buttons.append(Button(use, _("Use"), ButtonStyle.PRIMARY))
    if one.default and in_catalog(page.which):
        set_default = SET_DEFAULT_ENTRY(page.which, one.mark)
        buttons.append(Button(set_default, _("Set as my default")))
    buttons.append(Button(page.id_of(page.page), _("Back to the list")))
    return Card(Colour.QUIET, (text, Gallery(pictures)), (tuple(buttons),))


def entry_gone() -> str:
    """The error about an entry that no longer exists, or that the server's rules block."""
    return _("This entry is not on the list any more. Open the list again.")


def _example(name: str) -> str:
    return _("Example of {name}").format(name=clean(name, NAME_SHOWN))


def _title(page: ListPage) -> str:
    title = _(TITLES[page.which])
    return f"{title}: \u201c{safe_line(page.search, SEARCH_MAX)}\u201d" if page.search else title


def _row(entry: Entry) -> Block:
    text = "\n".join(filter(None, [f"**{safe_line(entry.name, NAME_SHOWN)}**", entry.line]))
    if not entry.picture:
        return TextBlock(text)
    return Section(text, Picture(url=entry.picture, alt=_example(entry.name)))


def _option(entry: Entry) -> Option:
    label = clean(entry.name, OPTION_MAX) or entry.mark
    return Option(entry.mark, label, clean(entry.hint, OPTION_MAX))


def _moves(page: ListPage, count: int) -> tuple[Button, ...]:
    previous = Button(page.id_of(page.page - 1), _("Previous page"))
    following = Button(page.id_of(page.page + 1), _("Next page"))
    is_last = (page.page + 1) * SHOWN >= count
    return (*((previous,) if page.page > 0 else ()), *(() if is_last else (following,)))
