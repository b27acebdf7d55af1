"""HORDECORD_SECTION__NAME environment variables, and which of them are not settings.

A variable is text and may come from an env file or a hosting panel: spaces and quotes around its
value do not count, and an empty one is not set.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.errors import SettingsError
from bot.settings.messages import depth_of, nearest, unknown
from bot.settings.sections import SECTIONS

PREFIX, DELIMITER = "HORDECORD_", "__"
NEAR = 0.85  # how alike two names must be (difflib) for one to be a slip for the other


def setting_variables(env: Mapping[str, str]) -> dict[str, str]:
    """The variables that are meant for the bot, by their names in capitals."""
    ours = {name.upper(): _unquoted(text) for name, text in _prefixed(env)}
    return {name: text for name, text in ours.items() if text and not _is_ignored(name)}


def ignored_variables(env: Mapping[str, str]) -> dict[str, str]:
    """Variables with our prefix that are not settings, each with the one it may be a slip for.

    Platforms inject some, such as HORDECORD_PORT for a Kubernetes service of that name.
    """
    return {name: _slip_for(name) for name, _ in _prefixed(env) if _is_ignored(name.upper())}


def put(values: dict[str, Any], variable: str, text: str) -> None:
    """Set one variable in the tables of a settings file. Raises SettingsError for an unknown one.

    What the file has instead of a table stays, so that this mistake is reported.
    """
    *above, last = loc = loc_of(variable)
    section = SECTIONS.get(loc[0])
    if section is None or last not in section.model_fields or len(above) != depth_of(loc[0]):
        raise SettingsError(unknown(loc, variable))
    _put(values, loc, _typed(section, last, text))


def _put(table: dict[str, Any], loc: Sequence[str], value: object) -> None:
    name, *rest = loc
    if not rest:
        table[name] = value
    elif isinstance(inner := table.setdefault(name, {}), dict):
        _put(cast("dict[str, Any]", inner), rest, value)


def loc_of(variable: str) -> list[str]:
    """The section and the name of a setting, from the name of its variable."""
    return variable.removeprefix(PREFIX).lower().split(DELIMITER)


def variable_of(*loc: str) -> str:
    """The variable of the setting at that place."""
    return PREFIX + DELIMITER.join(loc).upper()


def _typed(section: type[BaseModel], name: str, text: str) -> object:
    """The value as the type of its setting; a list is separated by commas.

    Text that cannot be read so stays text, and the setting refuses it.
    """
    annotation = section.model_fields[name].annotation or str
    listed = [_unquoted(item) for item in text.strip("[] ").split(",") if item.strip()]
    given = listed if getattr(annotation, "__origin__", None) is tuple else text
    try:
        return TypeAdapter[Any](annotation).validate_python(given, strict=False)
    except ValidationError:
        return given


def _prefixed(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in env.items() if name.upper().startswith(PREFIX))


def _unquoted(text: str) -> str:
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1].strip() if quoted else text


def _is_ignored(variable: str) -> bool:
    loc = loc_of(variable)
    return len(loc) == 1 or (loc[0] not in SECTIONS and not nearest(loc))


def _slip_for(variable: str) -> str:
    """The variable that is probably meant, "" for none."""
    written = "_".join(loc_of(variable.upper()))
    names: dict[str, str] = {}
    for section, model in SECTIONS.items():
        above = (section, "horde") if section == "backends" else (section,)
        for field in model.model_fields:
            full = variable_of(*above, field)
            names[full.removeprefix(PREFIX).replace(DELIMITER, "_").lower()] = full
            names.setdefault(field, full)
    return next((names[name] for name in get_close_matches(written, names, 1, NEAR)), "")
