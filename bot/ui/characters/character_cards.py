"""The cards of characters: one with its texts, a page of several, the questions. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.cards.card import (
    Block,
    Button,
    ButtonStyle,
    Card,
    Colour,
    Menu,
    Option,
    Picture,
    Section,
    TextBlock,
    quiet_card,
)
from bot.cards.custom_ids import CHARACTER
from bot.cards.formatting import DOT, and_more, decimal
from bot.cards.markdown import clean, inline_code, safe, safe_line
from bot.domain.chat.characters import Character, StoredCharacter
from bot.i18n import _, ngettext

SHOWN = 5  # characters of a page: a section with its image takes three of 40 components
NAME_SHOWN, LINE_SHOWN = 80, 120  # units
DESCRIPTION_SHOWN, TEXT_SHOWN, GREETING_SHOWN, NOTES_SHOWN = 700, 400, 500, 300  # units
TAGS_SHOWN, FIELDS_SHOWN, FIELD_SHOWN = 8, 8, 40


@dataclass(frozen=True, slots=True)
class View:
    """What a card shows besides the character. `mine`: the member owns it.

    `guild_id`: of the server there, 0 for none; `manager`: the member manages it. `file`: name of
    the attached image, "" for none; `said`: a sentence above it; `unused`: names of fields of the
    imported card that the bot does not use.
    """

    mine: bool = True
    guild_id: int = 0
    manager: bool = False
    file: str = ""
    said: str = ""
    unused: Sequence[str] = ()


def character_card(stored: StoredCharacter, view: View) -> Card:
    """A character with its texts, and the buttons that change it."""
    blocks: list[Block] = [TextBlock(view.said)] if view.said else []
    head = f"### {safe_line(stored.character.name, NAME_SHOWN)}\n{_facts(stored)}"
    blocks.append(_with_image(head, view.file))
    blocks += [TextBlock(text) for text in _texts(stored.character)]
    if view.unused:
        blocks.append(TextBlock(f"-# {_unused_line(view.unused)}"))
    return Card(Colour.QUIET, tuple(blocks), _rows(stored, view))


def characters_card(
    shown: Sequence[StoredCharacter], page: int, pages: int, user_id: int, files: Mapping[int, str]
) -> Card:
    """A page of characters, from 0. `files`: names of the attached images, by character."""
    if not shown:
        text = _(
            "You have no characters yet. Make one with `/character create`, or import a card with "
            "`/character import`."
        )
        return quiet_card(text)
    blocks: list[Block] = [TextBlock("### " + _("Characters"))]
    blocks += [_with_image(_entry(one, user_id), files.get(one.id, "")) for one in shown]
    options = tuple(_option(one) for one in shown)
    menu = Menu(CHARACTER("pick", page), _("Show a character …"), options)
    moves = [_move(_("Previous page"), page - 1)] if page else []
    moves += [_move(_("Next page"), page + 1)] if page + 1 < pages else []
    return Card(Colour.QUIET, tuple(blocks), (tuple(moves),), (menu,))


def delete_character_question(stored: StoredCharacter) -> Card:
    """Asks before a character is deleted."""
    title = _("Delete {name}?").format(name=safe_line(stored.character.name, NAME_SHOWN))
    text = _("Its conversations stay, but it answers in them no longer. This cannot be undone.")
    yes = Button(
        CHARACTER("erase", stored.id), _("Delete permanently"), ButtonStyle.DANGER, emoji="🗑️"
    )
    no = Button(CHARACTER("look", stored.id), _("Keep it"))
    return replace(quiet_card(f"### {title}", text), rows=((yes, no),))


def image_name(stored: StoredCharacter) -> str:
    """The name of the attached image of a character."""
    return f"character-{stored.id}.webp"


def _with_image(text: str, file: str) -> Block:
    return Section(text, Picture(filename=file)) if file else TextBlock(text)


def _entry(stored: StoredCharacter, user_id: int) -> str:
    name = safe_line(stored.character.name, NAME_SHOWN)
    about = safe_line(stored.character.description, LINE_SHOWN)
    whose = "" if stored.owner_id == user_id else _("of this server")
    facts = DOT.join(filter(None, [whose, _adult(stored), _shared(stored) if not whose else ""]))
    return "\n".join(filter(None, [f"**{name}**", about, f"-# {facts}" if facts else ""]))


def _option(stored: StoredCharacter) -> Option:
    name = clean(stored.character.name, NAME_SHOWN) or "?"
    return Option(str(stored.id), name)


def _facts(stored: StoredCharacter) -> str:
    one = stored.character
    greetings, entries = len(one.greetings), len(one.lorebook.entries) if one.lorebook else 0
    first = ngettext("{count} first message", "{count} first messages", greetings)
    lore = ngettext("lorebook of {count} entry", "lorebook of {count} entries", entries)
    by = safe_line(one.creator, 60)
    facts = [
        first.format(count=decimal(greetings)) if greetings else "",
        lore.format(count=decimal(entries)) if entries else "",
        _adult(stored),
        _shared(stored),
        _("by {creator}").format(creator=by) if by else "",
        safe_line(one.version, 30),
    ]
    return DOT.join(filter(None, facts))


def _adult(stored: StoredCharacter) -> str:
    return _("for age-restricted channels") if stored.adult else ""


def _shared(stored: StoredCharacter) -> str:
    return _("shared with a server") if stored.guild_id else ""


def _texts(one: Character) -> Iterator[str]:
    """The texts that are there, each with its label and shortened."""
    texts = (
        (_("Description"), one.description, DESCRIPTION_SHOWN),
        (_("Personality"), one.personality, TEXT_SHOWN),
        (_("Scenario"), one.scenario, TEXT_SHOWN),
        (_("First message"), one.greetings[0] if one.greetings else "", GREETING_SHOWN),
        (_("Instructions"), one.system_prompt, TEXT_SHOWN),
        (_("Notes of the creator"), one.creator_notes, NOTES_SHOWN),
    )
    yield from (f"**{label}**\n{safe(text, most)}" for label, text, most in texts if text.strip())
    if one.tags:
        names = [safe_line(tag, FIELD_SHOWN) for tag in one.tags[:TAGS_SHOWN]]
        label = _("Tags")
        yield f"**{label}** {and_more(names, len(one.tags) - len(names))}"


def _unused_line(names: Sequence[str]) -> str:
    shown = [inline_code(name, FIELD_SHOWN) for name in names[:FIELDS_SHOWN]]
    text = _("Not used, but kept for an export: {names}.")
    return text.format(names=and_more(shown, len(names) - len(shown)))


def _rows(stored: StoredCharacter, view: View) -> tuple[tuple[Button, ...], ...]:
    here = bool(view.guild_id) and stored.guild_id == view.guild_id
    if not view.mine:
        back = _button("unshare", stored, _("Remove from this server"))
        return ((back,),) if here and view.manager else ()
    texts = (
        _button("edit", stored, _("Edit"), "✏️"),
        _button("instructions", stored, _("Instructions"), "📋"),
        _button("more", stored, _("More texts"), "📝"),
    )
    share = _button("share", stored, _("Share with this server"), "🤝")
    unshare = _button("unshare", stored, _("Stop sharing"))
    sharing = (unshare,) if stored.guild_id else ((share,) if view.guild_id else ())
    delete = replace(_button("delete", stored, _("Delete …"), "🗑️"), style=ButtonStyle.DANGER)
    return (texts, (*sharing, delete))


def _button(verb: str, stored: StoredCharacter, label: str, emoji: str = "") -> Button:
    return Button(CHARACTER(verb, stored.id), label, emoji=emoji)


def _move(label: str, page: int) -> Button:
    return Button(CHARACTER("page", page), label)
