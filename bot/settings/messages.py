"""The message about a wrong setting: its name, its place, the allowed values."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from bot.settings.sections import SECTIONS, Settings

_FOUND: dict[type, str] = {
    bool: "true or false",
    int: "a number",
    float: "a number with a decimal point",
    str: "text in quotes",
    list: "a list",
    dict: "a table",
}


def missing_message(loc: Sequence[str], file: str, variable: str) -> str:
    """For a required setting that is not set."""
    return f"{_name(loc)} is missing: set it in {file} or as {variable}. It is {_allowed(loc)}."


def unknown_setting(loc: Sequence[str], place: str) -> str:
    """For an unknown setting; suggests the one that is probably meant."""
    allowed = _allowed(loc[: depth_of(loc[0])])
    guess = nearest(loc)
    meant = f" Did you mean {guess}?" if guess else ""
    return f"{_name(loc)} (from {_shown(place)}) is not a setting.{meant} Allowed: {allowed}."


def refused_value(loc: Sequence[str], place: str, given: type | None = None) -> str:
    """For a value that is not allowed. `given`: its type, if that is wrong."""
    depth = depth_of(loc[0])
    table = "a table of " if len(loc) == depth and list(loc) != ["backends"] else ""
    line = f"{_name(loc)} (from {_shown(place)}) must be {table}{_allowed(loc)}."
    return f"{line} Found: {_FOUND.get(given, 'a date or a time')}." if given else line


def _name(loc: Sequence[str]) -> str:
    keys = [_shown(key) for key in loc]
    depth = depth_of(keys[0])
    return " ".join([f"[{'.'.join(keys[:depth])}]", *keys[depth:]])


def depth_of(section: str) -> int:
    """How many names the path of a setting in that section has."""
    return 2 if section == "backends" else 1  # [backends.NAME]


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)


def _allowed(loc: Sequence[str]) -> str:
    section = SECTIONS.get(loc[0])
    if section is None:
        return ", ".join(f"[{name}]" for name in SECTIONS)
    if list(loc) == ["backends"]:
        return str(Settings.model_fields["backends"].description)
    field = section.model_fields.get(loc[-1]) if len(loc) > depth_of(loc[0]) else None
    return str(field.description) if field else ", ".join(section.model_fields)


def nearest(loc: Sequence[str]) -> str:
    """The setting of that section, the section, or the setting elsewhere with a similar name."""
    *above, last = loc
    section, elsewhere = SECTIONS.get(loc[0]) if above else None, dict(_by_name())
    if section is not None and (found := get_close_matches(last, section.model_fields, n=1)):
        return found[0]
    if last in elsewhere:
        return elsewhere[last]
    if section is None and (found := get_close_matches(loc[0], SECTIONS, n=1)):
        return f"[{found[0]}]"
    return next((elsewhere[name] for name in get_close_matches(last, elsewhere, n=1)), "")


def _by_name() -> Iterator[tuple[str, str]]:
    for section, model in SECTIONS.items():
        name = "backends.NAME" if section == "backends" else section
        yield from ((field, f"[{name}] {field}") for field in model.model_fields)
