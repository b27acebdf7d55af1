"""Presets and defaults as text: one line, a card, a list."""

from collections.abc import Sequence

from bot.cards.card import Block, Card, Colour, TextBlock
from bot.cards.formatting import DOT
from bot.cards.markdown import clean, code_block, inline_code, safe_line, units
from bot.domain.people import Preset, Scope
from bot.domain.requests import ImageChoices
from bot.i18n import _, ngettext
from bot.parameters import saved_choices
from bot.services.presets import NAME_MAX

LINE_MAX = 90  # characters of a preset's flags in a list
SHOWN_MAX = 2 * NAME_MAX + 8  # units of a name with its marks: an emoji counts as two
FLAGS_MAX = 3_000  # units of flags on a card


def preset_label(preset: Preset) -> str:
    """Its name, marked if it is the server's; fits a choice of an option."""
    return f"{preset.name}{DOT}{_server_preset()}" if _is_shared(preset) else preset.name


def preset_card(preset: Preset) -> Card:
    """The content of a preset, for pasting."""
    heading = _("Preset {name}").format(name=safe_line(preset.name, 80))
    owner = f"{DOT}{_server_preset()}" if _is_shared(preset) else ""
    hint = _(
        "Use it with `/preset use` or the option `preset` of `/imagine`; options that you set "
        "take precedence. The flags above also work in the option `extra`."
    )
    blocks = (
        TextBlock(f"### {heading}{owner}"),
        *flags_of(saved_choices.load_choices(preset.choices)),
    )
    return Card(Colour.QUIET, (*blocks, TextBlock(f"-# {hint}")))


def presets_card(presets: Sequence[Preset]) -> Card:
    """The presets, one a line; those hidden by one of the user's are marked."""
    if not presets:
        return Card(Colour.QUIET, (TextBlock(_none_saved()),))
    lines, room = list[str](), FLAGS_MAX
    mine = {preset.key for preset in presets if not _is_shared(preset)}
    for number, preset in enumerate(presets):
        line = _line(preset)
        if _is_shared(preset) and preset.key in mine:
            hidden = _("Your preset of the same name is used instead.")
            line += f"\n-# {hidden}"
        room -= units(line) + 1
        if room < 0:
            lines.append(_more(len(presets) - number))
            break
        lines.append(line)
    return Card(Colour.QUIET, (TextBlock("### " + _("Presets")), TextBlock("\n".join(lines))))


def flags_of(choices: ImageChoices, longest: int = FLAGS_MAX) -> tuple[Block, ...]:
    """Choices as a block of flags to copy, limited in length."""
    return (TextBlock(code_block(saved_choices.text_of(choices), longest)),)


def _none_saved() -> str:
    return _(
        "There are no presets yet. `/preset save` saves flags, or the parameters of one of your "
        "requests, under a name."
    )


def _more(count: int) -> str:
    said = ngettext(
        "{count} more preset is not listed. Show it with `/preset show`.",
        "{count} more presets are not listed. Show one with `/preset show`.",
        count,
    )
    return said.format(count=count)


def _server_preset() -> str:
    return _("server preset")


def _line(preset: Preset) -> str:
    flags = clean(saved_choices.text_of(saved_choices.load_choices(preset.choices)), LINE_MAX)
    shared = f" ({_server_preset()})" if _is_shared(preset) else ""
    return f"- **{preset_name(preset.name)}**{shared}: {inline_code(flags, LINE_MAX)}"


def preset_name(name: str) -> str:
    """Its whole name inside a sentence."""
    return inline_code(name, SHOWN_MAX)


def _is_shared(preset: Preset) -> bool:
    return preset.owner is Scope.GUILD
