"""Lines about what a style of the Horde takes from a request. Pure."""

from collections.abc import Iterator

from bot.cards import formatting
from bot.cards.markdown import inline_code, safe_line
from bot.catalog import Style
from bot.i18n import _

FIELDS_SHOWN, DESCRIPTION_SHOWN = 8, 80
ALWAYS = ("prompt", "negative", "n")  # count beside every style


def field_lines(style: Style) -> Iterator[str]:
    """A line for each of the first fields."""
    for field in style.fields[:FIELDS_SHOWN]:
        said = _("**Field** {name}: {description}")
        if field.required:
            said = _("**Required field** {name}: {description}")
        name, description = inline_code(field.name, 40), field.description or field.name
        yield said.format(name=name, description=safe_line(description, DESCRIPTION_SHOWN))


def applied_by_horde(style: Style) -> str:
    """Which options count beside the style."""
    if style.policy is None:
        return _(
            "The Horde applies this style. Of your options, it uses only the prompt, the number of "
            "images and the size."
        )
    if style.policy.override == "all":
        return _(
            "The Horde applies this style. Your options replace its values, but not its model."
        )
    found = [name for name in sorted(style.policy.open_fields) if name not in ALWAYS]
    names = formatting.listed(inline_code(name, 40) for name in (*ALWAYS, *found))
    return _("The Horde applies this style. Of your options, it uses only {names}.").format(
        names=names
    )
