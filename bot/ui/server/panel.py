"""The panels of /server: the five steps of setup, and lists of channels and roles. Pure.

What they show is stored, and what they lead to stands in their custom_ids, so that they outlive
restarts: `hcs:go:STEP`, `hcs:pick:RULE:STEP` for menus, `hcs:flip:RULE:STEP`. Step 0 is no step of
setup, but the panel of that rule alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.cards.card import Block, Colour, TextBlock
from bot.cards.markdown import clean
from bot.parameters.layers import Choices
from bot.rules.guild_settings import PLACES_MAX, GuildSettings
from bot.ui.account.presets import flags_of
from bot.ui.components.views import OPTION_MAX
from bot.ui.server.cards import LABELS, NAMELESS, VALUES, rules_card

# The panel
STEPS = (
    "1 of 5: whose key pays",
    "2 of 5: where",
    "3 of 5: NSFW",
    "4 of 5: how much at once",
    "5 of 5: what stands if nobody says otherwise",
    "Done",
)
STEP_TEXTS = (
    (
        "Each step can be left as it is; what you choose holds at once.\n"
        "Everybody here may use me without an account. With a key of this server people wait less: "
        "its kudos pay for whoever has no key of their own. `/server key budget` "
        "says how much of it may be spent.\nAs it stands, a picture of yours here is: {pays}."
    ),
    (
        "Without a choice I answer everywhere. A category counts for its channels, a channel for "
        "its threads; where both lists name something, the nearer one decides."
    ),
    (
        "Pictures with NSFW are only ever made in channels that Discord restricts by age. A "
        "spoiler hides every picture until somebody clicks on it."
    ),
    "For everybody, whoever pays. What people do not choose themselves is brought down to this.",
    (
        "What `/imagine` does when nothing is said. More of it with "
        "`/defaults set where:this server`, or for one channel with `where:this channel`."
    ),
    "That is all. Press the button to see for yourself; only you will see the picture.",
)
CHOOSE_ALLOWED, CHOOSE_DENIED = "Only in these …", "Not in these …"
CHOOSE_ROLES_ALLOWED, CHOOSE_ROLES_DENIED = "Only people with …", "Nobody with …"
CHOOSE_PRESS_ROLES = "Besides, people with …"
CHOOSE_MODEL = "The model for pictures …"
BEST_SERVED = "The best served one at the moment"
NO_LIMIT = "No limit"
LIMIT_LABELS = {
    "most_steps": ("Most steps", "{} steps"),
    "most_side": ("Longest side", "{} pixels"),
    "most_count": ("Most results at once", "{} at once"),
}
KEY = "Give this server a key"
BACK, NEXT, AGAIN, TEST = "Back", "Next", "From the beginning", "Make a picture"
SPOILER_ON, SPOILER_OFF = "Hide pictures behind a spoiler", "Show pictures without a spoiler"
CHANNELS_TEXT = "### Where I answer\n" + STEP_TEXTS[1]
ROLES_TEXT = (
    "### Who may use me\nWithout a choice, everybody. People who manage the server always may."
)
BUTTONS_TEXT = (
    "### Who may press the buttons of a result\n"
    "**Again**, **Vary**, **Upscale**, **Edit**, **Use as source** and **Describe** make something "
    "new; whoever presses them pays. **Cancel**, **Delete**, **Save** and **Publish** are always "
    "for its own person, and private results are never for others."
)
PRESS = {"requester": "Only its own person", "anyone": "Anybody here"}
IMPORT = "Take it over"

PREFIX = "hcs"
STEP_OF_CHANNELS = 2
LAST = len(STEPS)  # the page after the five
FLAGS_MAX = 600
CHANNEL_TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
    discord.ChannelType.category,
]
# What can be chosen of each limit; 0 is none.
LIMITS = {
    "most_steps": (0, 15, 20, 30, 40, 50, 75, 100),
    "most_side": (0, 512, 768, 1024, 1280, 1536, 2048),
    "most_count": (0, 1, 2, 3, 4, 6, 8, 10),
}
MODEL = "model"  # is no rule but one of the server's defaults
Menu = ui.Select[Any] | ui.ChannelSelect[Any] | ui.RoleSelect[Any]
Items = list[ui.Item[Any]]


@dataclass(frozen=True, slots=True)
class PanelData:
    """What a panel shows besides the rules: who pays, the server's defaults, models to choose."""

    pays: str = ""
    defaults: Choices | None = None
    models: Sequence[str] = ()


def setup_view(
    step: int, rules: GuildSettings, standing: PanelData, note: str = ""
) -> ui.LayoutView:
    """That step of the panel, from 1. `note`: what went wrong with a change, or ""."""
    title = f"### {STEPS[step - 1]}\n"
    text = STEP_TEXTS[step - 1].format(pays=standing.pays)
    blocks: tuple[Block, ...] = (TextBlock(title + text),)
    if step == LAST:
        blocks += rules_card(rules).blocks
    elif standing.defaults:
        blocks += flags_of(standing.defaults, FLAGS_MAX)
    shown: Items = [ui.TextDisplay(each.content) for each in blocks if isinstance(each, TextBlock)]
    if note:
        shown.append(ui.TextDisplay(f"-# {note}"))
    return _view(shown, [*_rows_of(step, rules, standing), _ways(step)])


def channels_view(rules: GuildSettings, note: str = "") -> ui.LayoutView:
    """Where the bot answers."""
    return _alone(CHANNELS_TEXT, note, _channel_rows(rules, 0))


def roles_view(rules: GuildSettings, note: str = "") -> ui.LayoutView:
    """Whom the bot answers."""
    menus = (
        _roles("roles_allowed", rules, 0, CHOOSE_ROLES_ALLOWED),
        _roles("roles_denied", rules, 0, CHOOSE_ROLES_DENIED),
    )
    return _alone(ROLES_TEXT, note, [ui.ActionRow(menu) for menu in menus])


def press_view(rules: GuildSettings, note: str = "") -> ui.LayoutView:
    """Who may press the buttons of a result."""
    options = [
        discord.SelectOption(label=label, value=value, default=rules.press == value)
        for value, label in PRESS.items()
    ]
    who = ui.Select[Any](custom_id=_id("pick", "press", 0), options=options)
    roles = _roles("press_roles", rules, 0, CHOOSE_PRESS_ROLES)
    return _alone(BUTTONS_TEXT, note, [ui.ActionRow(who), ui.ActionRow(roles)])


def panel_button(label: str, custom_id: str, style: discord.ButtonStyle) -> ui.Button[Any]:
    """One button of /server."""
    return ui.Button(label=label, custom_id=f"{PREFIX}:{custom_id}", style=style)


def _rows_of(step: int, rules: GuildSettings, standing: PanelData) -> list[ui.ActionRow[Any]]:
    """The menus and buttons of a step."""
    rows: dict[int, list[ui.ActionRow[Any]]] = {
        1: [ui.ActionRow(panel_button(KEY, "key", discord.ButtonStyle.success))],
        STEP_OF_CHANNELS: _channel_rows(rules, STEP_OF_CHANNELS),
        3: [ui.ActionRow(_nsfw(rules)), ui.ActionRow(_spoiler(rules))],
        4: [ui.ActionRow(_limit(name, getattr(rules, name))) for name in LIMITS],
        5: [ui.ActionRow(_models(standing))],
    }
    return rows.get(step, [])


def _ways(step: int) -> ui.ActionRow[Any]:
    """Back, on, and at the end a picture."""
    blue, grey = discord.ButtonStyle.primary, discord.ButtonStyle.secondary
    if step == LAST:
        return ui.ActionRow(
            panel_button(TEST, "test", blue),
            panel_button(BACK, f"go:{LAST - 1}", grey),
            panel_button(AGAIN, "go:1", grey),
        )
    back = [panel_button(BACK, f"go:{step - 1}", grey)] if step > 1 else []
    return ui.ActionRow(*back, panel_button(NEXT, f"go:{step + 1}", blue))


def _channel_rows(rules: GuildSettings, step: int) -> list[ui.ActionRow[Any]]:
    named = (("channels_allowed", CHOOSE_ALLOWED), ("channels_denied", CHOOSE_DENIED))
    return [ui.ActionRow(_channels(name, rules, step, hint)) for name, hint in named]


def _channels(name: str, rules: GuildSettings, step: int, hint: str) -> ui.ChannelSelect[Any]:
    kind = discord.SelectDefaultValueType.channel
    return ui.ChannelSelect(
        custom_id=_id("pick", name, step),
        channel_types=CHANNEL_TYPES,
        placeholder=hint,
        min_values=0,
        max_values=PLACES_MAX,
        default_values=[
            discord.SelectDefaultValue(id=one, type=kind) for one in getattr(rules, name)
        ],
    )


def _roles(name: str, rules: GuildSettings, step: int, hint: str) -> ui.RoleSelect[Any]:
    kind = discord.SelectDefaultValueType.role
    return ui.RoleSelect(
        custom_id=_id("pick", name, step),
        placeholder=hint,
        min_values=0,
        max_values=PLACES_MAX,
        default_values=[
            discord.SelectDefaultValue(id=one, type=kind) for one in getattr(rules, name)
        ],
    )


def _nsfw(rules: GuildSettings) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=f"{LABELS['nsfw']} {VALUES[value]}",
            value=value,
            default=rules.nsfw == value,
        )
        for value in ("age", "off")
    ]
    return ui.Select(custom_id=_id("pick", "nsfw", 3), options=options)


def _spoiler(rules: GuildSettings) -> ui.Button[Any]:
    label = SPOILER_OFF if rules.spoiler else SPOILER_ON
    return panel_button(label, "flip:spoiler:3", discord.ButtonStyle.secondary)


def _limit(name: str, value: int) -> ui.Select[Any]:
    label, shown = LIMIT_LABELS[name]
    options = [
        discord.SelectOption(
            label=f"{label}: {shown.format(each) if each else NO_LIMIT.lower()}",
            value=str(each),
            default=each == value,
        )
        for each in sorted({*LIMITS[name], value})
    ]
    return ui.Select(custom_id=_id("pick", name, 4), options=options)


def _models(standing: PanelData) -> ui.Select[Any]:
    models = (standing.defaults or {}).get("models", ())
    usual = next(iter(models), "")
    names = [name for name in standing.models if len(name) <= OPTION_MAX][: PLACES_MAX - 2]
    if usual and usual not in names and len(usual) <= OPTION_MAX:
        names.insert(0, usual)
    options = [
        discord.SelectOption(label=BEST_SERVED, value="-", default=not usual),
        *(discord.SelectOption(label=_label(n), value=n, default=n == usual) for n in names),
    ]
    custom_id = _id("pick", MODEL, 5)
    return ui.Select(custom_id=custom_id, placeholder=CHOOSE_MODEL, options=options)


def _label(name: str) -> str:
    """A model's name as an option shows it: workers choose names, and an empty label is refused."""
    return clean(name, OPTION_MAX) or NAMELESS


def _id(verb: str, name: str, step: int) -> str:
    return f"{PREFIX}:{verb}:{name}:{step}"


def _alone(text: str, note: str, rows: list[ui.ActionRow[Any]]) -> ui.LayoutView:
    texts = [text, f"-# {note}" if note else ""]
    return _view([ui.TextDisplay(one) for one in texts if one], rows)


def _view(shown: Items, rows: list[ui.ActionRow[Any]]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*shown, accent_colour=int(Colour.QUIET)))
    for row in rows:
        view.add_item(row)
    view.stop()  # nothing is kept of it; a press is routed by its custom_id
    return view


def confirm_row() -> ui.ActionRow[Any]:
    """The button under the question whether a file shall be taken over."""
    return ui.ActionRow(panel_button(IMPORT, "import", discord.ButtonStyle.danger))
