"""Lorebooks that members import: their list, one of them, and the buttons of the question."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import LOREBOOK
from bot.cards.formatting import DOT, and_more, decimal
from bot.cards.markdown import inline_code, safe, safe_line
from bot.client.bot import HordecordBot
from bot.domain.chat.characters import StoredLorebook
from bot.domain.chat.lorebooks import Lorebook, LoreEntry
from bot.errors import BadOption
from bot.i18n import _, ngettext
from bot.ui.characters.deletion import answer_question
from bot.ui.components.persistent_item import Press, Route, add_routes

NAME_SHOWN, TEXT_SHOWN, ENTRIES_SHOWN, KEYS_SHOWN = 80, 400, 12, 3
FIELD_SHOWN, FIELDS_SHOWN, BOOKS_SHOWN = 40, 8, 20


def lorebook_card(stored: StoredLorebook, said: str = "", unused: Sequence[str] = ()) -> Card:
    """A lorebook with its first entries. `unused`: fields of its file that the bot does not use."""
    book = stored.lorebook
    head = f"### {_name(book)}\n{_facts(book)}"
    lines = [_entry(entry) for entry in book.entries[:ENTRIES_SHOWN]]
    if more := len(book.entries) - len(lines):
        text = ngettext("and {count} more entry", "and {count} more entries", more)
        lines.append(f"-# {text.format(count=decimal(more))}")
    about = safe(book.description, TEXT_SHOWN)
    return quiet_card(said, head, about, "\n".join(lines), _unused_line(unused))


def lorebooks_card(found: Sequence[StoredLorebook], used: Sequence[int]) -> Card:
    """The lorebooks of a member. `used`: ids of those in the conversation there."""
    if not found:
        return quiet_card(_("You have no lorebooks yet. Import one with `/lorebook import`."))
    lines = [
        f"- **{_name(one.lorebook)}**{DOT}{_facts(one.lorebook)}{_used(one.id in used)}"
        for one in found[:BOOKS_SHOWN]
    ]
    hint = "-# " + _("`/lorebook use` adds one to the conversation of a channel, or removes it.")
    return quiet_card("### " + _("Lorebooks"), "\n".join(lines), hint)


def delete_lorebook_question(stored: StoredLorebook) -> Card:
    """Asks before a lorebook is deleted."""
    title = _("Delete {name}?").format(name=_name(stored.lorebook))
    yes = Button(
        LOREBOOK("erase", stored.id), _("Delete permanently"), ButtonStyle.DANGER, emoji="🗑️"
    )
    no = Button(LOREBOOK("keep", stored.id), _("Keep it"))
    return replace(quiet_card(f"### {title}"), rows=((yes, no),))


async def find_lorebook(bot: HordecordBot, user_id: int, name: str) -> StoredLorebook:
    """The lorebook of that name. Raises BadOption."""
    found, wanted = await bot.services.chat.lorebooks.of(user_id), name.casefold().strip()
    for each in found:
        if wanted in {each.lorebook.name.casefold().strip(), f"#{each.id}"}:
            return each
    raise BadOption(_("You have no lorebook of that name. Choose one from the list that appears."))


async def press_lorebook(press: Press, verb: str, lorebook_id: int) -> None:
    """Delete a lorebook, or keep it."""
    delete = press.client.services.chat.lorebooks.delete
    await answer_question(press, verb, lorebook_id, delete, _("The lorebook is deleted."))


def register(bot: HordecordBot) -> None:
    """Add the route of these buttons."""
    add_routes(bot, Route(LOREBOOK, press_lorebook))


def _name(book: Lorebook) -> str:
    return safe_line(book.name, NAME_SHOWN) or _("Lorebook without a name")


def _facts(book: Lorebook) -> str:
    count = len(book.entries)
    text = ngettext("{count} entry", "{count} entries", count)
    return text.format(count=decimal(count))


def _used(used: bool) -> str:
    return DOT + _("used in the conversation here") if used else ""


def _entry(entry: LoreEntry) -> str:
    keys = ", ".join(
        filter(None, (inline_code(key, FIELD_SHOWN) for key in entry.keys[:KEYS_SHOWN]))
    )
    facts = DOT.join(_notes(entry))
    name = safe_line(entry.name, FIELD_SHOWN)
    return "- " + DOT.join(filter(None, [f"**{name}**" if name else "", keys, facts]))


def _notes(entry: LoreEntry) -> Iterator[str]:
    if entry.constant:
        yield _("always active")
    if not entry.enabled:
        yield _("turned off")
    if not entry.keys and not entry.constant:
        yield _("without keys")


def _unused_line(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = [inline_code(name, FIELD_SHOWN) for name in names[:FIELDS_SHOWN]]
    text = _("Not used, but kept for an export: {names}.")
    return "-# " + text.format(names=and_more(shown, len(names) - len(shown)))
