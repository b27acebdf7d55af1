"""The forms of a character: its texts are typed into three of them, five fields each.

A text that is longer than a form is kept when the member does not change what the form shows.
"""

from discord import ui

from bot.cards.card import INPUT_MAX
from bot.cards.custom_ids import CHARACTER_MODAL
from bot.domain.chat.characters import (
    GREETINGS_MAX,
    NAME_MAX,
    TAGS_MAX,
    Character,
    CharacterNote,
)
from bot.domain.well_formed import well_formed
from bot.errors import BadOption
from bot.i18n import _
from bot.ui.components.modal_router import Fields
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import number_of

CREATE, MAIN, INSTRUCTIONS, MORE = "create", "edit", "instructions", "more"
BETWEEN = "\n---\n"  # greetings in one field
NOTE_DEPTH_MAX = 1_000
TAG_MAX, TAGS_LENGTH, DEPTH_LENGTH = 200, 1_000, 4  # characters
NEW = Character(name="?")


def create_form(*, adult: bool) -> ui.Modal:
    """The form for a new character. `adult`: it is for age-restricted channels only."""
    form_id = CHARACTER_MODAL(CREATE, int(adult))
    return _main_form(form_id, _("New character"), NEW.model_copy(update={"name": ""}))


def edit_form(which: str, character_id: int, character: Character) -> ui.Modal:
    """One of the three forms for a character."""
    form_id = CHARACTER_MODAL(which, character_id)
    match which:
        case "instructions":
            return _instructions_form(form_id, character)
        case "more":
            return _more_form(form_id, character)
        case _:
            return _main_form(form_id, _("Edit the character"), character)


def _main_form(form_id: str, title: str, character: Character) -> ui.Modal:
    hint = _("Who the character is. {user} is the member, {char} the character.")
    marks = {"user": "{{user}}", "char": "{{char}}"}
    first = character.greetings[0] if character.greetings else ""
    return modal_of(
        form_id,
        title,
        Input("name", _("Name"), text=character.name, most=NAME_MAX, least=1),
        Input(
            "description",
            _("Description"),
            hint.format(**marks),
            character.description,
            long=True,
        ),
        Input("personality", _("Personality"), text=character.personality, long=True),
        Input("scenario", _("Scenario"), text=character.scenario, long=True),
        Input("greeting", _("First message"), text=first, long=True),
    )


def _instructions_form(form_id: str, character: Character) -> ui.Modal:
    note = character.note or CharacterNote()
    system = _("Replaces the usual instructions at the beginning of a prompt.")
    closing = _("Instructions after the newest message.")
    examples = _("Examples of messages. Each begins with <START>.")
    depth = _("How many messages before the end it is put")
    return modal_of(
        form_id,
        _("Instructions of the character"),
        Input("system", _("Instructions"), system, character.system_prompt, long=True),
        Input("closing", _("Closing instructions"), closing, character.closing, long=True),
        Input("examples", _("Examples"), examples, character.examples, long=True),
        Input("note", _("Note"), text=note.text, long=True),
        Input("depth", _("Depth of the note"), depth, str(note.depth), most=DEPTH_LENGTH),
    )


def _more_form(form_id: str, character: Character) -> ui.Modal:
    between = _("With a line of --- between two of them.")
    called = _("How others call the character. Default: the name")
    return modal_of(
        form_id,
        _("More about the character"),
        Input("nickname", _("Nickname"), called, character.nickname, most=NAME_MAX),
        Input("others", _("Other first messages"), between, _others(character), long=True),
        Input("group", _("First messages in groups"), between, _group(character), long=True),
        Input("tags", _("Tags, separated by commas"), text=_tags(character), most=TAGS_LENGTH),
        Input("notes", _("Notes of the creator"), text=character.creator_notes, long=True),
    )


def changed_character(which: str, before: Character, fields: Fields) -> Character:
    """The character with the texts of a submitted form. Raises BadOption without a name."""
    match which:
        case "instructions":
            update = _instructions(before, fields)
        case "more":
            update = _more(before, fields)
        case _:
            update = _main(before, fields)
    return before.model_copy(update=update)


def _main(before: Character, fields: Fields) -> dict[str, object]:
    name = " ".join(_plain(fields.get("name", "")).split())[:NAME_MAX]
    if not name:
        raise BadOption(_("A character needs a name."))
    first = before.greetings[0] if before.greetings else ""
    greeting = _kept(first, fields.get("greeting", ""))
    others = before.greetings[1:]
    return {
        "name": name,
        "description": _kept(before.description, fields.get("description", "")),
        "personality": _kept(before.personality, fields.get("personality", "")),
        "scenario": _kept(before.scenario, fields.get("scenario", "")),
        "greetings": (greeting, *others) if greeting else others,
    }


def _instructions(before: Character, fields: Fields) -> dict[str, object]:
    note = before.note or CharacterNote()
    text = _kept(note.text, fields.get("note", ""))
    depth = fields.get("depth", "").strip()
    found = min(number_of(depth), NOTE_DEPTH_MAX) if depth.isdecimal() else note.depth
    return {
        "system_prompt": _kept(before.system_prompt, fields.get("system", "")),
        "closing": _kept(before.closing, fields.get("closing", "")),
        "examples": _kept(before.examples, fields.get("examples", "")),
        "note": CharacterNote(text=text, depth=found) if text else None,
    }


def _more(before: Character, fields: Fields) -> dict[str, object]:
    first = before.greetings[:1]
    others = before.greetings[1:]
    if not _is_same(_others(before), typed := fields.get("others", "")):
        others = _divided(typed, GREETINGS_MAX - 1)
    group = before.group_greetings
    if not _is_same(_group(before), typed := fields.get("group", "")):
        group = _divided(typed, GREETINGS_MAX)
    tags = before.tags
    if not _is_same(_tags(before), typed := fields.get("tags", ""), TAGS_LENGTH):
        words = (word.strip()[:TAG_MAX] for word in _plain(typed).split(","))
        tags = tuple(filter(None, words))[:TAGS_MAX]
    return {
        "nickname": " ".join(_plain(fields.get("nickname", "")).split())[:NAME_MAX],
        "greetings": (*first, *others),
        "group_greetings": group,
        "tags": tags,
        "creator_notes": _kept(before.creator_notes, fields.get("notes", "")),
    }


def _others(character: Character) -> str:
    return BETWEEN.join(character.greetings[1:])


def _group(character: Character) -> str:
    return BETWEEN.join(character.group_greetings)


def _tags(character: Character) -> str:
    return ", ".join(character.tags)


def _divided(text: str, most: int) -> tuple[str, ...]:
    found = (each.strip() for each in f"\n{_plain(text)}\n".split(BETWEEN))
    return tuple(filter(None, found))[:most]


def _kept(before: str, typed: str) -> str:
    """The typed text; the stored one when the form shows its unchanged beginning."""
    return before if _is_same(before, typed) else _plain(typed).strip()


def _is_same(before: str, typed: str, most: int = INPUT_MAX) -> bool:
    """Whether a form that shows at most `most` characters was not changed. Discord strips texts."""
    return _plain(typed).strip() == before[:most].strip()


def _plain(text: str) -> str:
    return well_formed(text).replace("\r\n", "\n").replace("\0", "")
