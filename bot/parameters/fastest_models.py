"""Models for a request that may use any: the Horde takes an empty list for `stable_diffusion`."""

from bot.catalog import Catalog
from bot.domain.compatibility import check
from bot.domain.requests import ImageRequest, Kind
from bot.domain.sampling_rules import misfits
from bot.errors import BadOption
from bot.i18n import _
from bot.parameters.addon_bases import addon_bases
from bot.rules.guild_settings import GuildSettings

SEARCHED = 500  # models
MOST = 5  # named in a request
_INPAINTING = "inpaint"  # part of the names of inpainting models


def with_fastest_models(
    catalog: Catalog, request: ImageRequest, rules: GuildSettings, *, nsfw: bool
) -> ImageRequest:
    """The request with the models of shortest wait that can do it, if it names none.

    They have the baseline of the default model if possible, because the price and the size depend
    on it; LoRAs and embeddings come before it. Without a list of models, and with a style, nothing
    changes. Raises BadOption when no served model fits.
    """
    served = catalog.models(Kind.IMAGE, limit=SEARCHED, nsfw=nsfw, rules=rules)
    if request.models or request.style or not served:
        return request
    usual = next(iter(catalog.newcomer(rules).models), served[0].name)
    base = catalog.baseline(usual)
    fitting = [each for each in served if _fits(catalog, request, each.name, rules)]
    bases = addon_bases(catalog, request) or {base}
    fitting.sort(key=lambda each: (catalog.baseline(each.name) not in bases, each.wait, each.name))
    if not fitting:
        text = _("No available model fits these options. Change the options or choose a model.")
        raise BadOption(text)
    base = catalog.baseline(fitting[0].name)
    names = [each.name for each in fitting if catalog.baseline(each.name) == base]
    return request.model_copy(update={"models": tuple(names[:MOST])})


def _fits(catalog: Catalog, request: ImageRequest, name: str, rules: GuildSettings) -> bool:
    if _INPAINTING in name.casefold():
        return False
    base = catalog.baseline(name)
    try:
        check(request.model_copy(update={"models": (name,)}), base)
    except BadOption:
        return False
    return not misfits(request, catalog.sampling(rules), frozenset({base}))
