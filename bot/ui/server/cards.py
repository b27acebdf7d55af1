"""A server's rules as text: all of them, and changes. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from bot.cards import formatting
from bot.cards.card import Block, Card, Colour, TextBlock
from bot.cards.formatting import DOT, decimal
from bot.cards.markdown import inline_code, units
from bot.domain.kudos.budgets import Budget
from bot.i18n import N_, _, language_of, ngettext
from bot.rules.guild_settings import NO_RULES, GuildSettings, WordRule
from bot.ui.account import kudos_lines

LABELS = {
    "nsfw": N_("NSFW"),
    "spoiler": N_("Images behind a spoiler"),
    "channels_allowed": N_("Allowed channels"),
    "channels_denied": N_("Blocked channels"),
    "roles_allowed": N_("Allowed roles"),
    "roles_denied": N_("Blocked roles"),
    "words": N_("Blocked words"),
    "models_blocked": N_("Blocked models"),
    "styles_blocked": N_("Blocked styles"),
    "loras_blocked": N_("Blocked LoRAs"),
    "press": N_("Result buttons"),
    "press_roles": N_("Additional roles for result buttons"),
    "log_channel": N_("Log channel"),
    "backend": N_("Backend"),
    "most_steps": N_("Maximum steps per image"),
    "most_side": N_("Longest side of an image, in pixels"),
    "most_count": N_("Maximum results per request"),
    "budget": N_("Budget of this server's key"),
    "budgets": N_("Budgets at other backends"),
    "language": N_("Language of the messages that everyone sees"),
    "gift_emoji": N_("Emoji that gives kudos"),
    "gift_amount": N_("Kudos of one such reaction"),
    "gift_daily": N_("Maximum such reactions of a member per day"),
    "chat": N_("Conversations with characters"),
    "chat_channels": N_("Channels of new conversations"),
    "chat_start_roles": N_("Roles that can start conversations"),
    "chat_roles": N_("Roles that can take part in conversations"),
    "chat_models": N_("Models of conversations"),
    "chat_character": N_("Character that answers mentions"),
    "chat_publish": N_("Members can share characters"),
    "chat_webhooks": N_("Names and avatars of characters"),
}
VALUES = {
    "off": N_("nowhere"),
    "age": N_("age-restricted channels"),
    "requester": N_("for the requester only"),
    "anyone": N_("for all members"),
}
NO_NAME = {"backend": N_("the bot's default"), "chat_character": N_("not set")}
HOW = {"plain": N_("anywhere"), "word": N_("whole word"), "regex": N_("regular expression")}
FROM_TO = N_("**{label}**: {before} → {after}")
NAMELESS = N_("(a name that cannot be shown)")

SHOWN = 12  # entries of a list that are named
NAME_MAX = 60
LINE_MAX = 200  # characters of a rule among all: all of them fit on one card
NARROW = 60  # characters of a changed rule among so many that the rest of the card would not fit
CHANGES_MAX = 2_600  # units of all changes; a file's defaults and names come after them
LIST_MAX = 3_000  # characters of a list alone
_CHANNELS = frozenset({"channels_allowed", "channels_denied", "chat_channels"})
_ROLES = frozenset(
    {"roles_allowed", "roles_denied", "press_roles", "chat_start_roles", "chat_roles"}
)


def rules_card(rules: GuildSettings, *more: Block) -> Card:
    """All rules of a server."""
    lines = [
        rule_line(name, value)
        for name, value in rules
        if value != getattr(NO_RULES, name) or name in {"nsfw", "press"}
    ]
    title = TextBlock("### " + _("Rules of this server"))
    none = _("No rules are set: all members can use every command in every channel.")
    text = TextBlock("\n".join(lines) if rules != NO_RULES else none)
    hint = _(
        "`/server setup` sets the most important rules. `/help topic:server` describes all of them."
    )
    return Card(Colour.QUIET, (title, text, *more, TextBlock(f"-# {hint}")))


def some_card(rules: GuildSettings, names: Iterable[str], *more: str) -> Card:
    """The current values of those rules, set or not."""
    lines = [rule_line(name, getattr(rules, name)) for name in names]
    return Card(Colour.QUIET, (TextBlock("\n".join([*lines, *more])),))


def changed_card(before: GuildSettings, after: GuildSettings, note: str = "") -> Card:
    """Summary of the change, for the person who made it."""
    lines = changes(before, after)
    title = _("Rules changed") if lines else _("Nothing was changed.")
    said = [f"### {title}", *lines, *([f"-# {note}"] if note else [])]
    return Card(Colour.DONE if lines else Colour.QUIET, (TextBlock("\n".join(said)),))


def log_card(user_id: int, lines: Sequence[str]) -> Card:
    """Message to the log channel."""
    title = _("{user} changed the settings of this server:").format(user=f"<@{user_id}>")
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
    if isinstance(before, tuple):
        old, new = cast("tuple[object, ...]", before), cast("tuple[object, ...]", after)
        return _changed_list(name, old, new, room // 2)
    shown = rule_text(name, before, room), rule_text(name, after, room)
    return _(FROM_TO).format(label=_(LABELS[name]), before=shown[0], after=shown[1])


def _changed_list(
    name: str, before: tuple[object, ...], after: tuple[object, ...], room: int
) -> str:
    added = tuple(one for one in after if one not in before)
    removed = tuple(one for one in before if one not in after)
    if added and removed:
        text = _("**{label}**: added {added}; removed {removed}")
    else:
        text = _("**{label}**: added {added}") if added else _("**{label}**: removed {removed}")
    return text.format(
        label=_(LABELS[name]),
        added=_entries(name, added, room),
        removed=_entries(name, removed, room),
    )


def rule_list_card(name: str, values: tuple[object, ...]) -> Card:
    """One list alone, as far as it fits."""
    title = _("{label} ({count})").format(label=_(LABELS[name]), count=decimal(len(values)))
    entries = _fitting([_entry(name, value) for value in values], LIST_MAX)
    return Card(Colour.QUIET, (TextBlock(f"### {title}\n{entries}"),))


def rule_text(name: str, value: Any, room: int = LINE_MAX) -> str:
    """A rule's value as text and mentions; a list as far as it fits."""
    found = ""
    match value:
        case bool():
            found = _("yes") if value else _("no")
        case tuple():
            found = _entries(name, cast("tuple[object, ...]", value), room)
        case int() if name == "log_channel":
            found = f"<#{value}>" if value else _("not set")
        case int():
            found = decimal(value) if value else _("not set")
        case str() if name == "language":
            found = language_of(value).name if value else _("the server's language on Discord")
        case str() if name == "gift_emoji":
            found = value or _("not set")
        case str() if name in NO_NAME:
            found = inline_code(value, NAME_MAX) if value else _(NO_NAME[name])
        case str():
            found = _(VALUES[value])
        case Budget() | dict():
            found = _fitting(_budget_parts(cast("Budget | dict[str, Budget]", value)), room)
        case _:
            found = str(value)
    return found


def _budget_parts(found: Budget | Mapping[str, Budget]) -> Iterator[str]:
    """The limits of a budget, or those at each backend."""
    if isinstance(found, Budget):
        yield from kudos_lines.limit_lines(found)
        return
    for name, budget in found.items():
        limits = DOT.join(kudos_lines.limit_lines(budget)) or _("no limits")
        yield f"{inline_code(name, NAME_MAX)}: {limits}"


def rule_line(name: str, value: object) -> str:
    """A rule with its value."""
    return _("**{label}**: {value}").format(label=_(LABELS[name]), value=rule_text(name, value))


def _entries(name: str, values: tuple[object, ...], room: int = LINE_MAX) -> str:
    return _fitting([_entry(name, value) for value in values[:SHOWN]], room, len(values))


def _fitting(entries: Iterable[str], room: int, count: int = 0) -> str:
    """As many of the entries as fit. `count`: the number of all."""
    every, shown = list(entries), list[str]()
    for entry in every:
        room -= units(entry) + 2
        if room < 0:
            break
        shown.append(entry)
    over = max(count, len(every)) - len(shown)
    return counted_names(shown, over) if shown or over else _("not set")


def counted_names(names: Sequence[str], over: int) -> str:
    """The names as a list; `over`: the number of names that are not shown."""
    if not names:
        return ngettext("{count} entry", "{count} entries", over).format(count=decimal(over))
    return formatting.and_more(names, over)


def _entry(name: str, value: object) -> str:
    if name in _CHANNELS:
        return f"<#{value}>"
    if name in _ROLES:
        return f"<@&{value}>"
    if isinstance(value, WordRule):
        return f"{inline_code(value.text, NAME_MAX)} ({_(HOW[value.how])})"
    return inline_code(str(value), NAME_MAX)
