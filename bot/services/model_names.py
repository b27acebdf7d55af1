"""Models and styles by typed names."""

import re
from collections.abc import Iterable

from bot.backends.values import Model
from bot.cards.markdown import inline_code
from bot.catalog import Catalog
from bot.domain.requests import ImageChoices, Kind, merged
from bot.errors import BadOption, UserError
from bot.i18n import N_, _
from bot.i18n.formats import list_or
from bot.rules.guild_settings import NO_RULES, GuildSettings

NO_CATALOG = N_("The list of models is not loaded yet. Try again in a minute.")
ANY = "any"
GUESSES = 3
NAME_MAX = 60
_STYLE_PAGE = re.compile(r"https?://[^\s?#]+/styles/image/([^\s/?#]+)/?", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def resolve_name(catalog: Catalog, kind: Kind, name: str, rules: GuildSettings = NO_RULES) -> Model:
    """The model of that name. Raises UserError, with the nearest names that `rules` allow."""
    found = catalog.find(kind, name, rules)
    if found is not None:
        return found
    if not catalog.models(kind, limit=1, nsfw=True, rules=_backend_of(rules)):
        raise UserError(_(NO_CATALOG))
    near = [
        inline_code(model, NAME_MAX) for model in catalog.nearest(kind, name, rules=rules)[:GUESSES]
    ]
    text = _("There is no model {name}. Choose one from the list that appears while you type.")
    if near:
        text = _("There is no model {name}. Did you mean {names}?")
    raise BadOption(text.format(name=inline_code(name, NAME_MAX), names=_either(near)))


def resolve_names(
    catalog: Catalog, kind: Kind, names: Iterable[str], rules: GuildSettings = NO_RULES
) -> tuple[str, ...]:
    """The models of those names; `any`, where no model has that name, adds none.

    Raises UserError as `resolve_name` does.
    """
    return tuple(
        resolve_name(catalog, kind, name, rules).name
        for name in names
        if name.strip().casefold() != ANY or catalog.find(kind, name, rules)
    )


def styled(catalog: Catalog, name: str, rules: GuildSettings = NO_RULES) -> str:
    """The key of the style or collection of that name. Raises UserError, with the nearest names.

    A Horde id may be that of a private style, which no list contains; its address in the API counts
    as the id.
    """
    page = _STYLE_PAGE.fullmatch(name.strip())
    name = page[1] if page else name
    found = catalog.style(name, rules)
    if found is not None:
        return found.key
    if _ID.fullmatch(name):
        return name
    collection = catalog.collection(name, rules)
    if collection is not None:
        return collection.id
    if not catalog.styles(limit=1, nsfw=True, rules=_backend_of(rules)):
        raise UserError(_("The list of styles is not loaded yet. Try again in a minute."))
    close = catalog.styles(name, GUESSES, rules=rules)
    near = [inline_code(style.name, NAME_MAX) for style in close]
    text = _("There is no style {name}. Choose one from the list that appears while you type.")
    if near:
        text = _("There is no style {name}. Did you mean {names}?")
    raise BadOption(text.format(name=inline_code(name, NAME_MAX), names=_either(near)))


def checked(
    catalog: Catalog, choices: ImageChoices, rules: GuildSettings = NO_RULES
) -> ImageChoices:
    """The choices with the known names of models and of the style. Raises UserError.

    `rules`: of the place, whose backend knows them. Blocked ones are refused later, when they are
    used.
    """
    models = resolve_names(catalog, Kind.IMAGE, choices.models, rules)
    style = styled(catalog, choices.style, rules) if choices.style else ""
    known = ImageChoices(models=models, style=style)
    return merged(known.only_of(choices.names), choices)


def _either(names: list[str]) -> str:
    return list_or(names) if names else ""


def _backend_of(rules: GuildSettings) -> GuildSettings:
    """Rules with the same backend and nothing blocked: to see whether its lists are loaded."""
    return GuildSettings(backend=rules.backend)
