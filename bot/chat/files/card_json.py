"""Character cards as objects of JSON: versions 1, 2 and 3, and older names of their fields."""

from dataclasses import dataclass
from typing import Literal, cast

from bot.chat.files.fields import Fields, says_something, whole_number
from bot.chat.files.json_input import Json, compact
from bot.chat.files.limits import check_text_length
from bot.chat.files.lorebook_json import ReadLorebook, lorebook_of
from bot.domain.chat.characters import (
    GREETINGS_MAX,
    NAME_MAX,
    TAGS_MAX,
    TEXT_MAX,
    Character,
    CharacterNote,
)
from bot.errors import CardError
from bot.i18n import _

CardFormat = Literal["V1", "V2", "V3"]

SPECS = {2: ("chara_card_v2", "2.0"), 3: ("chara_card_v3", "3.0")}
TAG_MAX, CREATOR_MAX, VERSION_MAX = 200, 200, 100  # characters
NOTE_DEPTH_MAX = 1_000
# The shell of version 1 around a newer card repeats these, and says nothing besides.
SHELL = frozenset({"spec", "spec_version", "data", "name", "description", "personality"}) | {
    *("scenario", "first_mes", "mes_example", "creatorcomment", "tags"),
}


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A character, and the names of the fields of its card that the bot does not use."""

    character: Character
    unused: tuple[str, ...]
    format: CardFormat


def card_fields(raw: Json) -> ReadCard:
    """The character of a card. Raises CardError."""
    shell, inside = Fields(raw), raw.get("data")
    if not isinstance(inside, dict):
        fields, others = shell, cast("Json", {})
        form: CardFormat = "V1"
    else:
        fields, others = Fields(cast("Json", inside)), _outside(raw)
        form = "V3" if raw.get("spec") == SPECS[3][0] else "V2"
    shell.get("spec", "spec_version")
    name = _name(fields, shell)
    read = _book(fields)
    character = _character(fields, name, read)
    extra = {"data": fields.rest(), "shell": others}
    character = character.model_copy(update={"extra": compact(extra)})
    return ReadCard(character, _unused(fields, others, read), form)


def _outside(raw: Json) -> Json:
    return {name: value for name, value in raw.items() if name not in SHELL}


def _name(fields: Fields, shell: Fields) -> str:
    name = fields.text("name", "char_name", most=10 * TEXT_MAX).strip()
    name = name or shell.text("name", "char_name", most=10 * TEXT_MAX).strip()
    name = " ".join(name.split())
    if not name:
        raise CardError(_("This file is no character card: it names no character."))
    check_text_length("name", name, NAME_MAX)
    return name


def _character(fields: Fields, name: str, read: ReadLorebook | None) -> Character:
    return Character(
        name=name,
        nickname=" ".join(fields.text("nickname", most=NAME_MAX).split()),
        description=fields.text("description", "char_persona", "context", most=TEXT_MAX),
        personality=fields.text("personality", most=TEXT_MAX),
        scenario=fields.text("scenario", "world_scenario", most=TEXT_MAX),
        greetings=_greetings(fields),
        group_greetings=fields.texts("group_only_greetings", count=GREETINGS_MAX, most=TEXT_MAX),
        examples=fields.text("mes_example", "example_dialogue", most=TEXT_MAX),
        system_prompt=fields.text("system_prompt", most=TEXT_MAX),
        closing=fields.text("post_history_instructions", most=TEXT_MAX),
        note=_note(fields),
        creator=fields.text("creator", most=CREATOR_MAX),
        creator_notes=fields.text("creator_notes", "creatorcomment", most=TEXT_MAX),
        version=fields.text("character_version", most=VERSION_MAX),
        tags=fields.texts("tags", count=TAGS_MAX, most=TAG_MAX, separator=_divided(fields)),
        lorebook=read.lorebook if read else None,
    )


def _greetings(fields: Fields) -> tuple[str, ...]:
    first = fields.text("first_mes", "char_greeting", "greeting", most=TEXT_MAX)
    others = fields.texts("alternate_greetings", count=GREETINGS_MAX - 1, most=TEXT_MAX)
    return (first, *others) if first.strip() else others


def _divided(fields: Fields) -> str:
    """Tags in one text are divided at commas."""
    return "," if isinstance(fields.get("tags"), str) else ""


def _note(fields: Fields) -> CharacterNote | None:
    """The note of SillyTavern, which stays in `extensions` for the export."""
    note = Fields(extensions_of(fields)).inside("depth_prompt")
    inside = Fields(note, "extensions.depth_prompt")
    text = inside.text("prompt", most=TEXT_MAX)
    depth = whole_number(inside.get("depth"))
    if not text.strip():
        return None
    return CharacterNote(
        text=text, depth=4 if depth is None else min(max(depth, 0), NOTE_DEPTH_MAX)
    )


def extensions_of(fields: Fields) -> Json:
    """The object `extensions` of a card, which stays among the unread fields."""
    found = fields.rest().get("extensions")
    return cast("Json", found) if isinstance(found, dict) else {}


def _book(fields: Fields) -> ReadLorebook | None:
    raw = fields.inside("character_book")
    return lorebook_of(raw) if raw else None


def _unused(fields: Fields, shell: Json, read: ReadLorebook | None) -> tuple[str, ...]:
    """Names of the fields with a value that the bot does not use."""
    names = [name for name, value in fields.rest().items() if _counts(name, value)]
    names += [name for name, value in shell.items() if _counts(name, value)]
    inside = extensions_of(fields).items()
    used = {"depth_prompt"}
    names += [f"extensions.{n}" for n, value in inside if n not in used and says_something(value)]
    return tuple(dict.fromkeys([*names, *(read.unused if read else ())]))


def _counts(name: str, value: object) -> bool:
    """`extensions` are named one by one, and an asset that is only the image itself is used."""
    if name == "extensions" and isinstance(value, dict):
        return False
    return says_something(value) and not (name == "assets" and _is_only_the_icon(value))


def _is_only_the_icon(assets: object) -> bool:
    found = cast("list[object]", assets) if isinstance(assets, list) else []
    return (
        len(found) == 1
        and isinstance(found[0], dict)
        and cast("Json", found[0]).get("type") == "icon"
    )
