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
from bot.cards.formatting import decimal
from bot.cards.markdown import clean
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.requests import NO_CHOICES, ImageChoices, Kind
from bot.i18n import N_, _
from bot.rules.guild_settings import PLACES_MAX, GuildSettings
from bot.ui.account.presets import flags_of
from bot.ui.server.cards import LABELS, NAMELESS, rules_card

STEPS = (
    N_("Step 1 of 5: key of this server"),
    N_("Step 2 of 5: channels"),
    N_("Step 3 of 5: NSFW"),
    N_("Step 4 of 5: limits"),
    N_("Step 5 of 5: defaults of this server"),
    N_("Setup is complete"),
)
STEP_TEXTS = (
    N_(
        "Every step is optional. Changes apply immediately.\n"
        "Members can use the bot without an account. With a key of this server, members without a "
        "key of their own wait less; `/server key budget` limits what they spend.\n"
        "Your requests here: {payer}."
    ),
    N_(
        "Without a choice, the bot can be used in all channels. A category includes its channels, "
        "a channel its threads. If several entries apply, the nearest one decides."
    ),
    N_(
        "NSFW images are made in channels only that Discord restricts by age. A spoiler hides "
        "every image until it is clicked."
    ),
    N_(
        "The limits apply to every request, whichever key pays. Higher default values are reduced "
        "to them."
    ),
    N_(
        "What `/imagine` uses when an option is left empty. `/defaults set where:this server` has "
        "more options; `where:this channel` sets them for one channel."
    ),
    N_("Press **Make an image** to try it. Only you will see the image."),
)
NO_KEY_STEP = N_(
    "Every step is optional. Changes apply immediately.\n"
    "{backend} is used here and needs no key of this server."
)
NO_TEST_STEP = N_("Members can use `/write` now. `/server show` lists the settings.")
BEST_SERVED = N_("The model with the shortest wait")

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
    """Data of a step besides the rules. `able`: of the backend; `defaults`: of the server."""

    payer: str = ""
    defaults: ImageChoices = NO_CHOICES
    models: Sequence[str] = ()
    able: Capabilities = HORDE


def setup_card(step: int, rules: GuildSettings, data: PanelData, note: str = "") -> Card:
    """A step of setup, from 1. `note`: the error of a change, or ""."""
    said = _(_text_of(step, data.able)).format(payer=data.payer, backend=data.able.title)
    text = f"### {_(STEPS[step - 1])}\n{said}"
    blocks = quiet_card(text).blocks
    if step == LAST:
        blocks += rules_card(rules).blocks
    elif data.defaults:
        blocks += flags_of(data.defaults, FLAGS_MAX)
    rows = [*_buttons_of(step, rules, data.able), _step_buttons(step, data.able)]
    card = _panel("", note, *_menus_of(step, rules, data))
    return replace(card, blocks=(*blocks, *card.blocks), rows=tuple(rows))


def _text_of(step: int, able: Capabilities) -> str:
    if step == 1 and able.keys == "none":
        return NO_KEY_STEP
    if step == LAST and Kind.IMAGE not in able.kinds:
        return NO_TEST_STEP
    return STEP_TEXTS[step - 1]


def channels_card(rules: GuildSettings, note: str = "") -> Card:
    """Channels where the bot answers."""
    title = _("Channels in which the bot can be used")
    return _panel(f"### {title}\n{_(STEP_TEXTS[1])}", note, *_channel_menus(rules, 0))


def roles_card(rules: GuildSettings, note: str = "") -> Card:
    """Roles that can use the bot."""
    title = _("Roles that can use the bot")
    text = _(
        "Without a choice, all members can use the bot. Members who can manage the server always "
        "can."
    )
    menus = (_role_menu(name, rules) for name in ("roles_allowed", "roles_denied"))
    return _panel(f"### {title}\n{text}", note, *menus)


def press_roles_card(rules: GuildSettings, note: str = "") -> Card:
    """Roles that may press the buttons of a result."""
    title = _("Who can use result buttons")
    text = _(
        "**Again**, **Vary**, **Upscale**, **Edit**, **Use as source** and **Describe** start a "
        "new request; the member who presses pays.\n**Cancel**, **Delete**, **Save** and "
        "**Publish** are for the requester only, and so are all buttons of a private result."
    )
    options = (
        Option("requester", _("Only the requester"), chosen=rules.press == "requester"),
        Option("anyone", _("All members"), chosen=rules.press == "anyone"),
    )
    who = Menu(CHOOSE_RULE("press", 0), "", options)
    return _panel(f"### {title}\n{text}", note, who, _role_menu("press_roles", rules))


def with_confirm_button(card: Card) -> Card:
    """The card of an import with the button that applies it."""
    button = Button(CONFIRM_IMPORT(), _("Import the file"), ButtonStyle.DANGER)
    return replace(card, rows=((button,),))


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
            return (_model_menu(data),) if Kind.IMAGE in data.able.kinds else ()
        case _:
            return ()


def _buttons_of(
    step: int, rules: GuildSettings, able: Capabilities
) -> tuple[tuple[Button, ...], ...]:
    if step == 1 and able.keys != "none":
        label = _("Set the key of this server")
        return ((Button(OPEN_SERVER_KEY_MODAL(), label, ButtonStyle.SUCCESS),),)
    if step == 3:
        hide, show = _("Hide images behind a spoiler"), _("Show images without a spoiler")
        return ((Button(TOGGLE_SPOILER(3), show if rules.spoiler else hide),),)
    return ()


def _step_buttons(step: int, able: Capabilities) -> tuple[Button, ...]:
    """Back, next, and at the end a test image."""
    back = (Button(SETUP_STEP(step - 1), _("Back")),) if step > 1 else ()
    if step == LAST:
        test = (Button(MAKE_TEST_PICTURE(), _("Make an image"), _BLUE),)
        makes_images = Kind.IMAGE in able.kinds
        return (*(test if makes_images else ()), *back, Button(SETUP_STEP(1), _("Start again")))
    return (*back, Button(SETUP_STEP(step + 1), _("Next"), _BLUE))


def _channel_menus(rules: GuildSettings, step: int) -> tuple[ChannelMenu, ...]:
    return tuple(
        ChannelMenu(CHOOSE_RULE(name, step), _(LABELS[name]), getattr(rules, name), PLACES_MAX)
        for name in ("channels_allowed", "channels_denied")
    )


def _role_menu(name: str, rules: GuildSettings) -> RoleMenu:
    return RoleMenu(CHOOSE_RULE(name, 0), _(LABELS[name]), getattr(rules, name), PLACES_MAX)


def _nsfw_menu(rules: GuildSettings) -> Menu:
    options = (
        Option("age", _("NSFW in age-restricted channels"), chosen=rules.nsfw == "age"),
        Option("off", _("No NSFW"), chosen=rules.nsfw == "off"),
    )
    return Menu(CHOOSE_RULE("nsfw", 3), "", options)


def _limit_menu(name: str, value: int) -> Menu:
    options = (
        Option(str(each), _limit_label(name, each), chosen=each == value)
        for each in sorted({*LIMITS[name], value})
    )
    return Menu(CHOOSE_RULE(name, 4), "", tuple(options))


def _limit_label(name: str, limit: int) -> str:
    value = decimal(limit) if limit else _("no limit")
    return _("{label}: {value}").format(label=_(LABELS[name]), value=value)


def _model_menu(data: PanelData) -> Menu:
    current = next(iter(data.defaults.models), "")
    names = [name for name in data.models if len(name) <= OPTION_MAX][: PLACES_MAX - 2]
    if current and current not in names and len(current) <= OPTION_MAX:
        names.insert(0, current)
    options = (
        Option("-", _(BEST_SERVED), chosen=not current),
        *(Option(name, _model_label(name), chosen=name == current) for name in names),
    )
    return Menu(CHOOSE_RULE(MODEL, 5), _("Image model"), options)


def _model_label(name: str) -> str:
    """Never empty: workers choose the names of models, and Discord refuses an empty label."""
    return clean(name, OPTION_MAX) or _(NAMELESS)
