"""The choices of a request beside a style that the Horde applies: docs/horde-api.md#styles.

`own`: chosen for this request. `every`: all layers, the strongest first.
"""

from collections.abc import Iterable, Sequence

from bot.catalog import Catalog, Style, StyleCollection
from bot.domain.compatibility import ALWAYS_STYLED, DECIDED, STYLED
from bot.domain.requests import ImageChoices, TemplateText, merged
from bot.domain.requests.image_choices import SIZES
from bot.domain.style_declarations import PARAMETERS, StylePolicy

SHAPE, SIDES = "shape", ("width", "height")
STYLE_NAME_MAX = 100  # characters


def with_style(style: Style, own: ImageChoices, every: Sequence[ImageChoices]) -> ImageChoices:
    """All choices. Without a policy the style decides all that it can."""
    named = ImageChoices(style_name=style.name[:STYLE_NAME_MAX])
    if style.policy is not None:
        return merged(named, _under_policy(style, style.policy, own, every))
    replaced = ImageChoices(style_replaces=_replaced(style, own))
    return merged(named, replaced, style.choices, *every)


def with_unlisted(
    catalog: Catalog, name: str, own: ImageChoices, every: Sequence[ImageChoices]
) -> ImageChoices:
    """All choices with a style that is in no list: a private one, or a new one."""
    found = merged(ImageChoices(style=name), *every)
    if not name:
        return found
    replaced = ImageChoices(style_replaces=_in_order(DECIDED & own.names))
    if catalog.style_contract is None:  # the server has no policies
        return merged(replaced, found)
    # The sizes count where a style has neither a policy nor sizes.
    takes = ImageChoices(style_takes=_sent({*own.names, *SIDES}))
    return merged(replaced, takes, found)


def with_collection(
    collection: StyleCollection, own: ImageChoices, every: Sequence[ImageChoices]
) -> ImageChoices:
    """All choices with a collection. Only chosen values are sent, since any style may come."""
    needs_sizes = any(
        style.policy is None and not SIZES & style.choices.names for style in collection.styles
    )
    ignored = {
        name for style in collection.styles for name in own.names & DECIDED - _counting(style, own)
    }
    if collection.unlisted:
        ignored = set(own.names & DECIDED)
    mine = ImageChoices(
        style=collection.id,
        collection=collection.name[:STYLE_NAME_MAX],
        style_replaces=_in_order(ignored),
        style_takes=_sent({*own.names, *(SIDES if needs_sizes else ())}),
    )
    return merged(mine, *every)


def texts_of_fields(
    every: Sequence[ImageChoices], where: int, known: Style | StyleCollection | None
) -> tuple[TemplateText, ...]:
    """The texts for fields of the style.

    Those of a layer below the one that names the style may be meant for another style: unknown
    ones are left out. `where`: the number of the layer with the style, -1 for none.
    """
    at = next((n for n, layer in enumerate(every) if "template_fields" in layer.names), -1)
    texts = every[at].template_fields if at >= 0 else ()
    insists = at <= max(where, 0)
    if insists or (where >= 0 and every[where].style and known is None):
        return texts
    names = field_names(known)
    return tuple(each for each in texts if each.name in names)


def field_names(known: Style | StyleCollection | None) -> frozenset[str]:
    """The names of the fields; of a collection, those of all its styles."""
    if known is None:
        return frozenset()
    styles = known.styles if isinstance(known, StyleCollection) else (known,)
    return frozenset(field.name for style in styles for field in style.fields)


def _under_policy(
    style: Style, policy: StylePolicy, own: ImageChoices, every: Sequence[ImageChoices]
) -> ImageChoices:
    taken = own.only_of(_counting(style, own))
    replaced = {
        name
        for name in own.names & DECIDED - taken.names
        if getattr(own, name) != getattr(style.choices, name)
    }
    left = style.choices.without(
        {*taken.names, *(SIZES if SHAPE in taken.names else ())}
        | ({"karras"} if "scheduler" in taken.names else set())
    )
    decided = ImageChoices.model_construct(**left.values() | taken.values())
    said = ImageChoices(style_replaces=_in_order(replaced), style_takes=_sent(taken.names))
    rest = merged(*every).without(DECIDED)
    most = policy.ceiling("n")
    if most is not None and "n" not in own.names:  # a default is lowered, a choice is refused
        rest = merged(ImageChoices(n=max(1, min(rest.n, int(most)))), rest)
    return merged(said, decided, rest)


def _counting(style: Style, own: ImageChoices) -> frozenset[str]:
    """The chosen fields that count beside the style."""
    if style.policy is None:
        sides = frozenset[str]() if SIZES & style.choices.names else SIZES
        return own.names & sides
    found = own.names & style.policy.open_fields
    if {SHAPE} & own.names and {*SIDES} <= style.policy.open_fields:
        found |= {SHAPE}
    if "scheduler" in style.choices.names and "scheduler" not in found:  # it wins over `karras`
        found -= {"karras"}
    return frozenset(found)


def _replaced(style: Style, own: ImageChoices) -> tuple[str, ...]:
    """The fields chosen for this request for which the Horde takes other values of the style."""
    sizes = SIZES if SIZES & style.choices.names else frozenset[str]()
    replaced = own.names & {*STYLED, *ALWAYS_STYLED, *sizes}
    return _in_order(
        name for name in replaced if getattr(own, name) != getattr(style.choices, name)
    )


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    wanted = {*names}
    return tuple(name for name in ImageChoices.model_fields if name in wanted)


def _sent(names: Iterable[str]) -> tuple[str, ...]:
    """The fields of a request that these choices set, for the payload."""
    found = {*names}
    return _in_order((found | {*SIDES} if SHAPE in found else found) & PARAMETERS.keys())
