"""Presets and defaults as people see them: one line, a card, a list."""

from collections.abc import Sequence

from bot import kept
from bot.composing import Choices
from bot.memory import NAME_MAX
from bot.records import Preset, Scope
from bot.ui import preset_words as words
from bot.ui.card import Block, Card, Colour, Text
from bot.ui.markdown import clean, code_block, inline_code, safe_line, units
from bot.ui.scene import DOT

LINE_MAX = 90  # characters of a preset's flags in a list
SHOWN_MAX = 2 * NAME_MAX + 8  # units of a name with its marks: an emoji counts as two
FLAGS_MAX = 3_000  # units of flags on a card


def preset_label(preset: Preset) -> str:
    """Its name, and that it is the server's; fits a choice of an option."""
    return f"{preset.name}{DOT}{words.OF_THE_SERVER}" if _is_shared(preset) else preset.name


def preset_card(preset: Preset) -> Card:
    """What is in it, to be pasted by others."""
    heading = words.PRESET_TITLE.format(name=safe_line(preset.name, 80))
    owner = f"{DOT}{words.OF_THE_SERVER}" if _is_shared(preset) else ""
    blocks = (Text(f"### {heading}{owner}"), *flags_of(kept.load(preset.choices)))
    return Card(Colour.QUIET, (*blocks, Text(words.PRESET_HINT)))


def presets_card(presets: Sequence[Preset]) -> Card:
    """Those that can be used, one a line."""
    if not presets:
        return Card(Colour.QUIET, (Text(words.NO_PRESETS),))
    lines, room = list[str](), FLAGS_MAX
    for number, preset in enumerate(presets):
        line = _line(preset)
        room -= units(line) + 1
        if room < 0:
            lines.append(words.MORE_PRESETS.format(count=len(presets) - number))
            break
        lines.append(line)
    return Card(Colour.QUIET, (Text(f"### {words.PRESETS_TITLE}"), Text("\n".join(lines))))


def flags_of(choices: Choices, longest: int = FLAGS_MAX) -> tuple[Block, ...]:
    """Choices as a block of flags to copy, of at most so many characters."""
    return (Text(code_block(kept.text_of(choices), longest)),)


def _line(preset: Preset) -> str:
    flags = clean(kept.text_of(kept.load(preset.choices)), LINE_MAX)
    shared = f" ({words.OF_THE_SERVER})" if _is_shared(preset) else ""
    return f"- **{preset_name(preset.name)}**{shared}: {inline_code(flags, LINE_MAX)}"


def preset_name(name: str) -> str:
    """It, whole, inside a sentence."""
    return inline_code(name, SHOWN_MAX)


def _is_shared(preset: Preset) -> bool:
    return preset.owner is Scope.GUILD
