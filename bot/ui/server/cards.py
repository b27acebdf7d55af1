"""A server's rules as text: all of them, and changes. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from bot.cards.card import Block, Card, Colour, TextBlock
from bot.cards.markdown import inline_code, units
from bot.domain.budgets import Budget
from bot.i18n import language_of
from bot.rules.guild_settings import NO_RULES, GuildSettings, WordRule
from bot.ui.account import kudos_lines

LABELS = {
    "nsfw": "NSFW",
    "spoiler": "Pictures behind a spoiler",
    "channels_allowed": "Only in these channels",
    "channels_denied": "Not in these channels",
    "roles_allowed": "Only people with these roles",
    "roles_denied": "Nobody with these roles",
    "words": "Words that no prompt may have",
    "models_blocked": "Blocked models",
    "styles_blocked": "Blocked styles",
    "loras_blocked": "Blocked LoRAs",
    "press": "Who may press the buttons of a result",
    "press_roles": "And people with these roles",
    "log_channel": "Log channel",
    "backend": "Backend",
    "most_steps": "Most steps",
    "most_side": "Longest side",
    "most_count": "Most results at once",
    "budget": "Budget of this server's key",
    "language": "Language of messages that everyone sees",
}
VALUES = {
    "off": "nowhere",
    "age": "in age-restricted channels",
    "requester": "the person who asked",
    "anyone": "anybody here",
}
HOW = {"plain": "anywhere", "word": "as a word", "regex": "as a pattern"}
NONE, YES, NO, USUAL = "none", "yes", "no", "the usual one"
FROM_DISCORD = "that of this server on Discord"
MORE = "and {count} more"
TITLE = "Rules of this server"
NO_RULES_TEXT = "Nothing was changed yet: everybody may use every command in every channel."
HINT = "-# `/server setup` walks through the most important ones; `/help topic:server` has all."
CHANGED, UNCHANGED = "Changed", "Nothing was changed"
LOGGED = "{user} changed the rules of this server"
FROM_TO = "**{label}**: {before} → {after}"
ADDED, REMOVED = "added {names}", "removed {names}"
NAMELESS = "(a name that cannot be shown)"

SHOWN = 12  # entries of a list that are named
NAME_MAX = 60
LINE_MAX = 240  # characters of a rule among all: all of them fit on one card
NARROW = 160  # characters of a changed rule among so many that the rest of the card would not fit
CHANGES_MAX = 2_600  # units of all changes; a file's defaults and names come after them
LIST_MAX = 3_000  # characters of a list alone
_CHANNELS = frozenset({"channels_allowed", "channels_denied"})
_ROLES = frozenset({"roles_allowed", "roles_denied", "press_roles"})


def rules_card(rules: GuildSettings, *more: Block) -> Card:
    """All rules of a server."""
    lines = [
        f"**{LABELS[name]}**: {rule_text(name, value)}"
        for name, value in rules
        if value != getattr(NO_RULES, name) or name in {"nsfw", "press"}
    ]
    text = "\n".join(lines) if rules != NO_RULES else NO_RULES_TEXT
    return Card(Colour.QUIET, (TextBlock(f"### {TITLE}"), TextBlock(text), *more, TextBlock(HINT)))


def some_card(rules: GuildSettings, names: Iterable[str], *more: str) -> Card:
    """The current values of those rules, set or not."""
    lines = [f"**{LABELS[name]}**: {rule_text(name, getattr(rules, name))}" for name in names]
    return Card(Colour.QUIET, (TextBlock("\n".join([*lines, *more])),))


def changed_card(before: GuildSettings, after: GuildSettings, note: str = "") -> Card:
    """Summary of the change, for the person who made it."""
    lines = changes(before, after)
    title = CHANGED if lines else UNCHANGED
    said = [f"### {title}", *lines, *([f"-# {note}"] if note else [])]
    return Card(Colour.DONE if lines else Colour.QUIET, (TextBlock("\n".join(said)),))


def log_card(user_id: int, lines: Sequence[str]) -> Card:
    """Message to the log channel."""
    title = LOGGED.format(user=f"<@{user_id}>")
    return Card(Colour.QUIET, (TextBlock("\n".join([title, *lines])),))


def changes(before: GuildSettings, after: GuildSettings) -> list[str]:
    """One line for each changed rule, with the old and the new value. It never contains a key."""
    lines = _changes(before, after, LINE_MAX)
    fits = units("\n".join(lines)) <= CHANGES_MAX
    return lines if fits else _changes(before, after, NARROW)


def _changes(before: GuildSettings, after: GuildSettings, room: int) -> list[str]:
    return [
        _changed(name, value, getattr(after, name), room)
        for name, value in before
        if value != getattr(after, name)
    ]


def _changed(name: str, before: Any, after: Any, room: int) -> str:
    label = LABELS[name]
    if isinstance(before, tuple):
        old, new = cast("tuple[object, ...]", before), cast("tuple[object, ...]", after)
        added = tuple(one for one in new if one not in old)
        removed = tuple(one for one in old if one not in new)
        said = [
            ADDED.format(names=_listed(name, added, room // 2)) if added else "",
            REMOVED.format(names=_listed(name, removed, room // 2)) if removed else "",
        ]
        return f"**{label}**: {'; '.join(filter(None, said))}"
    shown = rule_text(name, before, room), rule_text(name, after, room)
    return FROM_TO.format(label=label, before=shown[0], after=shown[1])


def list_card(name: str, values: tuple[object, ...]) -> Card:
    """One list alone, as far as it fits."""
    listed = _fitting([_entry(name, value) for value in values], LIST_MAX)
    text = f"### {LABELS[name]} ({len(values)})\n{listed}"
    return Card(Colour.QUIET, (TextBlock(text),))


def rule_text(name: str, value: Any, room: int = LINE_MAX) -> str:
    """A rule's value as text and mentions; a list as far as it fits."""
    found = ""
    match value:
        case bool():
            found = YES if value else NO
        case tuple():
            found = _listed(name, cast("tuple[object, ...]", value), room)
        case int() if name == "log_channel":
            found = f"<#{value}>" if value else NONE
        case int() | float():
            found = f"{value:,g}" if value else NONE
        case str() if name == "language":
            found = language_of(value).name if value else FROM_DISCORD
        case str() if name == "backend":
            found = inline_code(value, NAME_MAX) if value else USUAL
        case str():
            found = VALUES.get(value, value)
        case Budget():
            found = _fitting(kudos_lines.limit_lines(value), room)
        case _:
            found = str(value)
    return found


def _listed(name: str, values: tuple[object, ...], room: int = LINE_MAX) -> str:
    return _fitting([_entry(name, value) for value in values[:SHOWN]], room, len(values))


def _fitting(entries: Iterable[str], room: int, count: int = 0) -> str:
    """As many of the entries as fit. `count`: the number of all."""
    every, shown = list(entries), list[str]()
    for entry in every:
        room -= units(entry) + 2
        if room < 0:
            break
        shown.append(entry)
    if over := max(count, len(every)) - len(shown):
        shown.append(MORE.format(count=over))
    return ", ".join(shown) or NONE


def _entry(name: str, value: object) -> str:
    if name in _CHANNELS:
        return f"<#{value}>"
    if name in _ROLES:
        return f"<@&{value}>"
    if isinstance(value, WordRule):
        return f"{inline_code(value.text, NAME_MAX)} ({HOW[value.how]})"
    return inline_code(str(value), NAME_MAX)
