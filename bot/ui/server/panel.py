"""The panels of /server: the five steps of setup, and lists of channels and roles. Pure.

Each menu's id names its rule and its step; step 0 is the panel of that rule alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cards.card import (
    OPTION_MAX,
    AnyMenu,
    Button,
    ButtonStyle,
    Card,
    ChannelMenu,
    Menu,
    Option,
    RoleMenu,
    quiet_card,
)
from bot.cards.custom_ids import (
    CHOOSE_RULE,
    CONFIRM_IMPORT,
    MAKE_TEST_PICTURE,
    OPEN_SERVER_KEY_MODAL,
    SETUP_STEP,
    TOGGLE_SPOILER,
)
from bot.cards.markdown import clean
from bot.domain.requests import NO_CHOICES, ImageChoices
from bot.rules.guild_settings import PLACES_MAX, GuildSettings
from bot.ui.account.presets import flags_of
from bot.ui.server.cards import LABELS, NAMELESS, VALUES, rules_card

# The panel
STEPS = (
    "1 of 5: whose key pays",
    "2 of 5: where",
    "3 of 5: NSFW",
    "4 of 5: how much at once",
    "5 of 5: defaults for this server",
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
CHOOSE_PRESS_ROLES = "Also people with …"
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
    "for the person who asked, and private results are never for others."
)
PRESS = {"requester": "Only the person who asked", "anyone": "Anybody here"}
IMPORT = "Take it over"

STEP_OF_CHANNELS = 2
LAST = len(STEPS)  # the page after the five steps
FLAGS_MAX = 600
# The options of each limit; 0 is none.
LIMITS = {
    "most_steps": (0, 15, 20, 30, 40, 50, 75, 100),
    "most_side": (0, 512, 768, 1024, 1280, 1536, 2048),
    "most_count": (0, 1, 2, 3, 4, 6, 8, 10),
}
MODEL = "model"  # not a rule, but one of the server's defaults
_BLUE = ButtonStyle.PRIMARY


@dataclass(frozen=True, slots=True)
class PanelData:
    """Data of a step besides the rules: payer, the server's defaults, available models."""

    pays: str = ""
    defaults: ImageChoices = NO_CHOICES
    models: Sequence[str] = ()


def setup_card(step: int, rules: GuildSettings, data: PanelData, note: str = "") -> Card:
    """A step of setup, from 1. `note`: the error of a change, or ""."""
    text = f"### {STEPS[step - 1]}\n{STEP_TEXTS[step - 1].format(pays=data.pays)}"
    blocks = quiet_card(text).blocks
    if step == LAST:
        blocks += rules_card(rules).blocks
    elif data.defaults:
        blocks += flags_of(data.defaults, FLAGS_MAX)
    rows = [*_buttons_of(step, rules), _step_buttons(step)]
    card = _panel("", note, *_menus_of(step, rules, data))
    return replace(card, blocks=(*blocks, *card.blocks), rows=tuple(rows))


def channels_card(rules: GuildSettings, note: str = "") -> Card:
    """Channels where the bot answers."""
    return _panel(CHANNELS_TEXT, note, *_channel_menus(rules, 0))


def roles_card(rules: GuildSettings, note: str = "") -> Card:
    """Roles that the bot answers."""
    allowed = _role_menu("roles_allowed", rules, CHOOSE_ROLES_ALLOWED)
    return _panel(ROLES_TEXT, note, allowed, _role_menu("roles_denied", rules, CHOOSE_ROLES_DENIED))


def press_card(rules: GuildSettings, note: str = "") -> Card:
    """Roles that may press the buttons of a result."""
    options = (Option(value, label, chosen=rules.press == value) for value, label in PRESS.items())
    who = Menu(CHOOSE_RULE("press", 0), "", tuple(options))
    return _panel(BUTTONS_TEXT, note, who, _role_menu("press_roles", rules, CHOOSE_PRESS_ROLES))


def with_confirm_button(card: Card) -> Card:
    """The card of an import with the button that applies it."""
    return replace(card, rows=((Button(CONFIRM_IMPORT(), IMPORT, ButtonStyle.DANGER),),))


def _panel(text: str, note: str, *menus: AnyMenu) -> Card:
    return replace(quiet_card(text, f"-# {note}" if note else ""), menus=menus)


def _menus_of(step: int, rules: GuildSettings, data: PanelData) -> tuple[AnyMenu, ...]:
    match step:
        case 2:
            return _channel_menus(rules, STEP_OF_CHANNELS)
        case 3:
            return (_nsfw_menu(rules),)
        case 4:
            return tuple(_limit_menu(name, getattr(rules, name)) for name in LIMITS)
        case 5:
            return (_model_menu(data),)
        case _:
            return ()


def _buttons_of(step: int, rules: GuildSettings) -> tuple[tuple[Button, ...], ...]:
    if step == 1:
        return ((Button(OPEN_SERVER_KEY_MODAL(), KEY, ButtonStyle.SUCCESS),),)
    if step == 3:
        label = SPOILER_OFF if rules.spoiler else SPOILER_ON
        return ((Button(TOGGLE_SPOILER(3), label),),)
    return ()


def _step_buttons(step: int) -> tuple[Button, ...]:
    """Back, next, and at the end a test picture."""
    if step == LAST:
        test = Button(MAKE_TEST_PICTURE(), TEST, _BLUE)
        return (test, Button(SETUP_STEP(LAST - 1), BACK), Button(SETUP_STEP(1), AGAIN))
    back = (Button(SETUP_STEP(step - 1), BACK),) if step > 1 else ()
    return (*back, Button(SETUP_STEP(step + 1), NEXT, _BLUE))


def _channel_menus(rules: GuildSettings, step: int) -> tuple[ChannelMenu, ...]:
    named = (("channels_allowed", CHOOSE_ALLOWED), ("channels_denied", CHOOSE_DENIED))
    return tuple(
        ChannelMenu(CHOOSE_RULE(name, step), hint, getattr(rules, name), PLACES_MAX)
        for name, hint in named
    )


def _role_menu(name: str, rules: GuildSettings, hint: str) -> RoleMenu:
    return RoleMenu(CHOOSE_RULE(name, 0), hint, getattr(rules, name), PLACES_MAX)


def _nsfw_menu(rules: GuildSettings) -> Menu:
    options = (
        Option(value, f"{LABELS['nsfw']} {VALUES[value]}", chosen=rules.nsfw == value)
        for value in ("age", "off")
    )
    return Menu(CHOOSE_RULE("nsfw", 3), "", tuple(options))


def _limit_menu(name: str, value: int) -> Menu:
    label, shown = LIMIT_LABELS[name]
    options = (
        Option(
            str(each),
            f"{label}: {shown.format(each) if each else NO_LIMIT.lower()}",
            chosen=each == value,
        )
        for each in sorted({*LIMITS[name], value})
    )
    return Menu(CHOOSE_RULE(name, 4), "", tuple(options))


def _model_menu(data: PanelData) -> Menu:
    current = next(iter(data.defaults.models), "")
    names = [name for name in data.models if len(name) <= OPTION_MAX][: PLACES_MAX - 2]
    if current and current not in names and len(current) <= OPTION_MAX:
        names.insert(0, current)
    options = (
        Option("-", BEST_SERVED, chosen=not current),
        *(Option(name, _model_label(name), chosen=name == current) for name in names),
    )
    return Menu(CHOOSE_RULE(MODEL, 5), CHOOSE_MODEL, options)


def _model_label(name: str) -> str:
    """Never empty: workers choose the names of models, and Discord refuses an empty label."""
    return clean(name, OPTION_MAX) or NAMELESS
