"""Fits a request that was made for another backend into the ranges of one model. Pure."""

from typing import Any

from bot.backends.aipg.parameter_rules import ParameterRules
from bot.backends.aipg.payloads import SAMPLERS
from bot.backends.inline_results import plain_answer
from bot.domain.requests import ImageRequest
from bot.i18n import N_, _

CHANGED = N_("{option} is {value}, the nearest to your {wanted} that {model} takes.")
NOT_TAKEN = N_("{model} sets {option} itself, since it does not take your {wanted}.")
NUMBERS, OPTIONS = ("steps", "cfg_scale"), ("sampler", "scheduler")


def fitted_image(
    request: ImageRequest, model: str, rules: ParameterRules
) -> tuple[ImageRequest, tuple[str, ...]]:
    """The request with chosen values that the model takes, and what changed, for the card.

    A request that was made for this backend stays as it is: wrong values of it are refused.
    """
    if not request.fit:
        return request, ()
    changes, said = dict[str, Any](), list[str]()
    name = plain_answer(model, 60)
    for option in request.sampling_chosen:
        value, wanted = _fitted(option, request, rules), getattr(request, option)
        if value == wanted:
            continue
        changes[option] = value
        message = CHANGED if option in NUMBERS and rules.has(option) else NOT_TAKEN
        facts = {"option": option, "value": value, "wanted": wanted, "model": name}
        said.append(_(message).format(**facts))
    return request.model_copy(update=changes), tuple(said)


def _fitted(option: str, request: ImageRequest, rules: ParameterRules) -> Any:
    """The nearest value that the model takes; the usual one when it takes none like it."""
    wanted, usual = getattr(request, option), ImageRequest.model_fields[option].default
    if option in NUMBERS:
        return rules.nearest(option, wanted) if rules.has(option) else usual
    if option not in OPTIONS or wanted is None:
        return wanted
    return wanted if rules.takes(option, SAMPLERS.get(wanted, str(wanted))) else usual
