"""The lists of /horde models, styles and loras, and the details of one entry. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
from bot.cards.custom_ids import BROWSE_PAGE, SET_DEFAULT_ENTRY, SHOW_ENTRY, USE_ENTRY, ListName
from bot.cards.markdown import clean, safe_line, shortened

# Lists
TITLES = {
    "image": "Models for `/imagine`",
    "text": "Models for `/write`",
    "style": "Styles",
    "lora": "LoRAs",
}
SEARCHED_FOR = "that fit {typed}"
COUNT = "-# {first} to {last} of {count}"
NOTHING = {
    "image": "No model fits that. Leave `search` away to see them all.",
    "text": "No model fits that. Leave `search` away to see them all.",
    "style": "No style fits that. Leave `search` away to see them all.",
    "lora": "No LoRA that is known here fits that.",
}
LOOK = "Details of …"
EARLIER, LATER, BACK = "Earlier", "More", "Back to the list"
USE, DEFAULT = "Use", "Set as my default"
GONE = "That is not on the list any more. Open the list again."
ALT = "An example of {name}"

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
    """One entry. `facts` are lines of markdown; `default`: it can be a person's default."""

    mark: str
    name: str
    facts: Sequence[str]
    pictures: Sequence[str] = field(default_factory=tuple[str, ...])
    default: bool = False


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
    counted = COUNT.format(first=first + 1, last=first + len(entries), count=count)
    foot = "\n".join(filter(None, [counted if count > SHOWN else "", note]))
    rows = [_row(entry) for entry in entries] or [TextBlock(NOTHING[page.which])]
    menu = Menu(SHOW_ENTRY(page.which, page.page, page.search), LOOK, tuple(map(_option, entries)))
    return Card(
        Colour.QUIET,
        (TextBlock(f"### {_title(page)}"), *rows, TextBlock(foot)),
        (_moves(page, count),),
        (menu,),
    )


def entry_card(page: ListPage, one: EntryDetails) -> Card:
    """One entry with its facts, pictures and buttons. `page`: the page to return to."""
    title = f"### {safe_line(one.name, NAME_SHOWN)}"
    alt = ALT.format(name=clean(one.name, NAME_SHOWN))
    pictures = tuple(Picture(url=url, alt=alt) for url in one.pictures)
    text = TextBlock("\n".join([title, *filter(None, one.facts)]))
    buttons = [Button(USE_ENTRY(page.which, one.mark), USE, ButtonStyle.PRIMARY)]
    if one.default:
        buttons.append(Button(SET_DEFAULT_ENTRY(page.which, one.mark), DEFAULT))
    buttons.append(Button(page.id_of(page.page), BACK))
    return Card(Colour.QUIET, (text, Gallery(pictures)), (tuple(buttons),))


def _title(page: ListPage) -> str:
    fit = SEARCHED_FOR.format(typed=f"\u201c{safe_line(page.search, SEARCH_MAX)}\u201d")
    return f"{TITLES[page.which]} {fit if page.search else ''}".strip()


def _row(entry: Entry) -> Block:
    text = f"**{safe_line(entry.name, NAME_SHOWN)}**\n{entry.line}"
    if not entry.picture:
        return TextBlock(text)
    alt = ALT.format(name=clean(entry.name, NAME_SHOWN))
    return Section(text, Picture(url=entry.picture, alt=alt))


def _option(entry: Entry) -> Option:
    label = clean(entry.name, OPTION_MAX) or entry.mark
    return Option(entry.mark, label, clean(entry.hint, OPTION_MAX))


def _moves(page: ListPage, count: int) -> tuple[Button, ...]:
    earlier = Button(page.id_of(page.page - 1), EARLIER)
    later = Button(page.id_of(page.page + 1), LATER)
    is_last = (page.page + 1) * SHOWN >= count
    return (*((earlier,) if page.page > 0 else ()), *(() if is_last else (later,)))
