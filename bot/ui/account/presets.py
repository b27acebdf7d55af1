"""Presets and defaults as text: one line, a card, a list."""

from collections.abc import Sequence

from bot.cards.card import Block, Card, Colour, TextBlock
from bot.cards.formatting import DOT
from bot.cards.markdown import clean, code_block, inline_code, safe_line, units
from bot.domain.people import Preset, Scope
from bot.domain.requests import ImageChoices
from bot.parameters import saved_choices
from bot.services.presets import NAME_MAX

HIDDEN = "Yours of the same name is used instead of it."
OF_THE_SERVER = "this server's"
PRESET_TITLE, PRESETS_TITLE = "Preset {name}", "Presets"
PRESET_HINT = (
    "-# `/preset use` or the option `preset` of `/imagine` uses it; what you choose besides wins. "
    "The line above does the same in `extra`, for anybody who pastes it."
)
NO_PRESETS = (
    "There are none yet. `/preset save` keeps flags, or how one of your requests was made, "
    "under a name."
)
MORE_PRESETS = "and {count} more; `/preset show` finds them"

LINE_MAX = 90  # characters of a preset's flags in a list
SHOWN_MAX = 2 * NAME_MAX + 8  # units of a name with its marks: an emoji counts as two
FLAGS_MAX = 3_000  # units of flags on a card


def preset_label(preset: Preset) -> str:
    """Its name, marked if it is the server's; fits a choice of an option."""
    return f"{preset.name}{DOT}{OF_THE_SERVER}" if _is_shared(preset) else preset.name


def preset_card(preset: Preset) -> Card:
    """The content of a preset, for pasting."""
    heading = PRESET_TITLE.format(name=safe_line(preset.name, 80))
    owner = f"{DOT}{OF_THE_SERVER}" if _is_shared(preset) else ""
    blocks = (
        TextBlock(f"### {heading}{owner}"),
        *flags_of(saved_choices.load_choices(preset.choices)),
    )
    return Card(Colour.QUIET, (*blocks, TextBlock(PRESET_HINT)))


def presets_card(presets: Sequence[Preset]) -> Card:
    """The presets, one a line; those hidden by one of the user's are marked."""
    if not presets:
        return Card(Colour.QUIET, (TextBlock(NO_PRESETS),))
    lines, room = list[str](), FLAGS_MAX
    mine = {preset.key for preset in presets if not _is_shared(preset)}
    for number, preset in enumerate(presets):
        line = _line(preset)
        if _is_shared(preset) and preset.key in mine:
            line += f"\n-# {HIDDEN}"
        room -= units(line) + 1
        if room < 0:
            lines.append(MORE_PRESETS.format(count=len(presets) - number))
            break
        lines.append(line)
    return Card(Colour.QUIET, (TextBlock(f"### {PRESETS_TITLE}"), TextBlock("\n".join(lines))))


def flags_of(choices: ImageChoices, longest: int = FLAGS_MAX) -> tuple[Block, ...]:
    """Choices as a block of flags to copy, limited in length."""
    return (TextBlock(code_block(saved_choices.text_of(choices), longest)),)


def _line(preset: Preset) -> str:
    flags = clean(saved_choices.text_of(saved_choices.load_choices(preset.choices)), LINE_MAX)
    shared = f" ({OF_THE_SERVER})" if _is_shared(preset) else ""
    return f"- **{preset_name(preset.name)}**{shared}: {inline_code(flags, LINE_MAX)}"


def preset_name(name: str) -> str:
    """Its whole name inside a sentence."""
    return inline_code(name, SHOWN_MAX)


def _is_shared(preset: Preset) -> bool:
    return preset.owner is Scope.GUILD
