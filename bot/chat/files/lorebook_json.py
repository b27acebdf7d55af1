"""Lorebooks as JSON objects: the `character_book` of cards, which standalone files have too."""

from dataclasses import dataclass
from typing import cast

from bot.chat.files.fields import Fields, listed, plain_field, says_something, whole_number
from bot.chat.files.json_input import Json, compact, stored
from bot.chat.files.limits import check_count, check_text_length
from bot.chat.files.lorebook_fields import EXACT, mapped_fields, unused_fields, write_mapped
from bot.domain.chat.lorebooks import CONTENT_MAX, ENTRIES_MAX, KEYS_MAX, Lorebook, LoreEntry
from bot.errors import CardError
from bot.i18n import _

NAME_MAX, DESCRIPTION_MAX, KEY_MAX = 200, 4_000, 1_000  # characters
SCAN_MAX, BUDGET_MAX = 1_000, 1_000_000  # messages, tokens
_KNOWN = frozenset({*EXACT, "id", "name", "comment", "priority", "position", "case_sensitive"}) | {
    "use_regex",
    "extensions",
}


@dataclass(frozen=True, slots=True)
class ReadLorebook:
    """A lorebook, and the names of its fields that the bot does not use."""

    lorebook: Lorebook
    unused: tuple[str, ...]


def lorebook_of(raw: Json, path: str = "character_book") -> ReadLorebook:
    """The lorebook of an object of JSON. Raises CardError."""
    fields = Fields(raw, path)
    entries = [_object(entry, fields) for entry in _listed(fields)]
    check_count(fields.named("entries"), len(entries), ENTRIES_MAX)
    lorebook = Lorebook(
        name=fields.text("name", most=NAME_MAX),
        description=fields.text("description", most=DESCRIPTION_MAX),
        scan_depth=fields.optional_number("scan_depth", most=SCAN_MAX),
        budget=fields.optional_number("token_budget", most=BUDGET_MAX),
        recursive=fields.flag("recursive_scanning", default=False),
        entries=tuple(_entry(entry, number, path) for number, entry in enumerate(entries)),
        extra=compact(fields.rest()),
    )
    return ReadLorebook(lorebook, _unused(fields, entries))


def lorebook_object(lorebook: Lorebook, *, version: int) -> Json:
    """The lorebook as an object of JSON for cards of version 2 or 3."""
    raw = stored(lorebook.extra)
    raw.setdefault("extensions", {})
    texts = {"name": lorebook.name, "description": lorebook.description}
    numbers = {"scan_depth": lorebook.scan_depth, "token_budget": lorebook.budget}
    raw.update({name: text for name, text in texts.items() if text})
    raw.update({name: value for name, value in numbers.items() if value is not None})
    raw["recursive_scanning"] = lorebook.recursive
    raw["entries"] = [entry_object(entry, version=version) for entry in lorebook.entries]
    return raw


def entry_object(entry: LoreEntry, *, version: int) -> Json:
    """An entry as an object of JSON."""
    raw = stored(entry.extra)
    raw.update(
        keys=list(entry.keys),
        secondary_keys=list(entry.secondary_keys),
        content=entry.content,
        enabled=entry.enabled,
        constant=entry.constant,
        selective=entry.selective,
        insertion_order=entry.order,
    )
    raw.setdefault("id", entry.id)
    write_mapped(raw, entry)
    if version >= 3:
        raw.setdefault("use_regex", entry.regex)
    return raw


def _entry(raw: Json, number: int, path: str) -> LoreEntry:
    fields = Fields(raw, f"{path}.entries")
    content = fields.text("content", most=CONTENT_MAX)
    keys = fields.texts("keys", count=KEYS_MAX, most=KEY_MAX, separator=_separator(raw, "keys"))
    second = fields.texts(
        "secondary_keys",
        count=KEYS_MAX,
        most=KEY_MAX,
        separator=_separator(raw, "secondary_keys"),
    )
    enabled = fields.flag("enabled", default=True)
    constant = fields.flag("constant", default=False)
    selective = fields.flag("selective", default=False)
    order = fields.number("insertion_order", default=100)
    identity = whole_number(fields.get("id"))
    extra = fields.rest() | _kept_id(raw, identity)
    mapped = mapped_fields({**extra, "keys": list(keys)})
    check_text_length(fields.named("name"), plain_field(mapped["name"]), NAME_MAX)
    return LoreEntry.model_validate(
        {
            "id": number if identity is None else min(max(identity, 0), ENTRIES_MAX**2),
            "keys": keys,
            "secondary_keys": second,
            "selective": selective,
            "content": content,
            "enabled": enabled,
            "constant": constant,
            "order": order,
            "extra": compact(extra),
            **mapped,
        }
    )


def _kept_id(raw: Json, identity: int | None) -> Json:
    """An id that is not a number, for the export."""
    return {"id": raw["id"]} if identity is None and raw.get("id") is not None else {}


def _separator(raw: Json, name: str) -> str:
    """Keys in one text are divided at commas."""
    return "," if isinstance(raw.get(name), str) else ""


def _listed(fields: Fields) -> list[object]:
    """The entries: a list, or an object whose values they are."""
    value = fields.get("entries")
    found = [] if value is None else listed(value)
    if found is None:
        text = _("The field `{name}` of the file is not a list of entries. Export it again.")
        raise CardError(text.format(name=fields.named("entries")))
    return [entry for entry in found if entry is not None]


def _object(entry: object, fields: Fields) -> Json:
    if not isinstance(entry, dict):
        text = _("An entry of `{name}` in the file is not an object. Export it again.")
        raise CardError(text.format(name=fields.named("entries")))
    return cast("Json", entry)


def _unused(fields: Fields, entries: list[Json]) -> tuple[str, ...]:
    inside = {name for entry in entries for name in unused_fields(entry, _KNOWN)}
    names = [name for name, value in fields.rest().items() if says_something(value)]
    return (
        *(fields.named(name) for name in names),
        *(fields.named(f"entries.{n}") for n in sorted(inside)),
    )
