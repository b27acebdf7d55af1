"""HORDECORD_SECTION__NAME environment variables, and which of them are not settings.

A variable may come from an env file or a hosting panel: spaces and quotes around its value do not
count, nor does a comment after it, and an empty one is not set.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from bot.errors import SettingsError
from bot.settings.messages import depth_of, nearest, unknown_setting
from bot.settings.sections import DELIMITER, PREFIX, SECTIONS

# Whitespace and zero-width characters that are copied along with text.
_AROUND = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff"
_QUOTED = re.compile(
    r"""(?P<mark>["'`]|\u201c|\u2018)(?P<text>.*?)((?P=mark)|\u201d|\u2019)(\s+#.*)?""", re.DOTALL
)
_COMMENT = re.compile(r"(^|\s+)#.*", re.DOTALL)
_LINE_END = re.compile(r"(\\[rn])+$")
NEAR = 0.85  # how similar two names must be (difflib) to count as a misspelling


def setting_variables(env: Mapping[str, str]) -> dict[str, str]:
    """The variables for the bot, by their names in capitals."""
    ours = {name.upper(): unquoted(text) for name, text in _prefixed(env)}
    return {name: text for name, text in ours.items() if text and not _is_ignored(name)}


def ignored_variables(env: Mapping[str, str]) -> dict[str, str]:
    """Variables with the prefix that are not settings, each with the setting that is probably
    meant.

    Platforms inject some, such as HORDECORD_PORT for a Kubernetes service of that name.
    """
    return {name: _slip_for(name) for name, _ in _prefixed(env) if _is_ignored(name.upper())}


def check_name(variable: str) -> None:
    """Raises SettingsError for a variable that names no setting."""
    *above, last = loc = loc_of(variable)
    section = SECTIONS.get(loc[0])
    if section is None or last not in section.model_fields or len(above) != depth_of(loc[0]):
        raise SettingsError(unknown_setting(loc, variable))


def loc_of(variable: str) -> list[str]:
    """The section and the name of a setting, from the name of its variable."""
    return variable.removeprefix(PREFIX).lower().split(DELIMITER)


def variable_of(*loc: str) -> str:
    """The variable of the setting at that place."""
    return PREFIX + DELIMITER.join(loc).upper()


def _prefixed(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in env.items() if name.upper().startswith(PREFIX))


def unquoted(text: str) -> str:
    """The value without spaces, one pair of quotes and a comment, as env files and panels add them.

    A line end may be written as two characters.
    """
    text = _LINE_END.sub("", text.strip(_AROUND))
    if found := _QUOTED.fullmatch(text):
        return found["text"].strip(_AROUND)
    return _COMMENT.sub("", text).strip(_AROUND)


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
