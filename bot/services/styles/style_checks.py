"""Checks of a request against what its style declares, before it is sent.

The Horde checks the same: docs/horde-api.md#samplers-and-styles.
"""

from collections.abc import Collection, Iterable, Sequence

from bot.cards.markdown import inline_code, safe_line
from bot.catalog import Style, StyleCollection
from bot.domain.requests import ImageRequest
from bot.domain.style_declarations import MissingFields, StyleField, accepts, missing
from bot.errors import BadOption
from bot.i18n import _, ngettext
from bot.i18n.formats import list_and, number

WORDS_MAX = 7_500  # of all texts together
NAME_SHOWN = 60  # characters
LIMITED = ("width", "height", "steps", "n")  # parameters that can have a ceiling


def check_declarations(
    request: ImageRequest, found: Style | StyleCollection | None, *, offered: bool
) -> None:
    """Raises BadOption for what the style refuses, MissingFields for texts that it needs.

    `found`: the known style or collection. `offered`: the server has fields of styles.
    """
    _check_texts(request, found, offered=offered)
    if isinstance(found, StyleCollection):
        _check_collection(request, found)
    elif found is not None and request.style:
        _check_style(request, found)


def _check_texts(
    request: ImageRequest, found: Style | StyleCollection | None, *, offered: bool
) -> None:
    texts = request.template_fields
    if texts and not request.style:
        raise BadOption(
            _("Fields need a style of the Horde that has them. Choose one, or remove `--field`.")
        )
    if texts and found is None and not offered:
        raise BadOption(_("This Horde has no fields of styles. Remove `--field`."))
    if sum(len(each.text.split()) for each in texts) > WORDS_MAX:
        said = _("The fields of a style take {count} words together. Shorten them.")
        raise BadOption(said.format(count=number(WORDS_MAX)))


def _check_style(request: ImageRequest, style: Style) -> None:
    sent = [each.name for each in request.template_fields]
    if not accepts(style.fields, sent):
        raise BadOption(_unknown(style, sent))
    if needed := missing(style.fields, sent):
        raise MissingFields(_needs(style, needed), _unsent(style, sent), request.template_fields)
    _check_ceilings(request, style, of_collection="")


def _check_collection(request: ImageRequest, collection: StyleCollection) -> None:
    """The Horde draws among the styles that the texts fit. An unlisted one may fit as well."""
    sent = [each.name for each in request.template_fields]
    able = [style for style in collection.styles if accepts(style.fields, sent)]
    fitting = [style for style in able if not missing(style.fields, sent)]
    if not fitting and not collection.unlisted:
        if not able:
            raise BadOption(_unknown_to_all(collection, sent))
        fields = _shared(able, sent)
        raise MissingFields(_needs_one(collection, able), fields, request.template_fields)
    for style in fitting:
        _check_ceilings(request, style, of_collection=collection.name)


def _check_ceilings(request: ImageRequest, style: Style, *, of_collection: str) -> None:
    policy = style.policy
    if policy is None:
        return
    counting = {"n"} | policy.open_fields & {*(request.style_takes or ())}
    for name in LIMITED:
        most = policy.ceiling(name)
        if name in counting and most is not None and getattr(request, name) > most:
            said = _("The style {style} allows `{name}` up to {most}. You chose {asked}.")
            if of_collection:
                said = _(
                    "A style of the collection {style} allows `{name}` up to {most}. You chose "
                    "{asked}."
                )
            shown = _shown(of_collection or style.name)
            asked, limit = number(getattr(request, name)), number(int(most))
            raise BadOption(said.format(style=shown, name=name, most=limit, asked=asked))


def _unsent(style: Style, sent: Collection[str]) -> list[StyleField]:
    return [field for field in style.fields if field.name not in sent]


def _shared(styles: Sequence[Style], sent: Collection[str]) -> list[StyleField]:
    """The fields of all these styles, first those that one requires.

    Required are those that each style requires.
    """
    found: dict[str, StyleField] = {}
    unsent = [field for style in styles for field in _unsent(style, sent)]
    for field in sorted(unsent, key=lambda field: not field.required):
        found.setdefault(field.name, field)
    always = [{field.name for field in style.fields if field.required} for style in styles]
    return [
        StyleField(name, field.description, all(name in names for names in always))
        for name, field in found.items()
    ]


def _needs(style: Style, needed: Sequence[StyleField]) -> str:
    said = ngettext(
        "The style {style} needs a text for the field {names}. Add it in `extra`, such as "
        "{example}.",
        "The style {style} needs texts for the fields {names}. Add them in `extra`, such as "
        "{example}.",
        len(needed),
    )
    example = inline_code(f'--field {needed[0].name}="…"', NAME_SHOWN)
    names = _names(field.name for field in needed)
    return said.format(style=_shown(style.name), names=names, example=example)


def _needs_one(collection: StyleCollection, styles: Sequence[Style]) -> str:
    said = _(
        "The Horde draws one style of the collection {name}, and each needs texts. Give those of "
        "one style: {fields}."
    )
    return said.format(name=_shown(collection.name), fields=_fields_of_each(styles))


def _unknown(style: Style, sent: Sequence[str]) -> str:
    own = [field.name for field in style.fields]
    strange = _names(name for name in sent if name not in own)
    if not own:
        said = _("The style {style} has no fields. Remove `--field` with {names}.")
        return said.format(style=_shown(style.name), names=strange)
    said = _("The style {style} has no field {names}. Its fields are {fields}.")
    return said.format(style=_shown(style.name), names=strange, fields=_names(own))


def _unknown_to_all(collection: StyleCollection, sent: Sequence[str]) -> str:
    fields = _fields_of_each(collection.styles)
    if not fields:
        said = _("The styles of the collection {name} have no fields. Remove `--field`.")
        return said.format(name=_shown(collection.name))
    said = _(
        "No style of the collection {name} has the fields {names}. The fields of its styles: "
        "{fields}."
    )
    return said.format(name=_shown(collection.name), names=_names(sent), fields=fields)


def _fields_of_each(styles: Sequence[Style]) -> str:
    """The names of the fields, those of each style once."""
    each = (_names(field.name for field in style.fields) for style in styles)
    return "; ".join(dict.fromkeys(filter(None, each)))


def _names(names: Iterable[str]) -> str:
    return list_and(inline_code(name, NAME_SHOWN) for name in names)


def _shown(name: str) -> str:
    return f"**{safe_line(name, NAME_SHOWN)}**"
