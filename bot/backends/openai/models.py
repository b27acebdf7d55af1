"""The models that a server lists."""

from bot.backends.inline_results import plain_answer
from bot.backends.openai.responses import ListedModel
from bot.backends.values import Model
from bot.domain.requests import Kind

MODELS_MAX = 2_000
WORKERS = 1  # the server itself


def listed_models(found: tuple[ListedModel, ...], kind: Kind) -> tuple[Model, ...]:
    """The models of that kind, in the order of the server.

    Most servers do not tell the kind of a model; then each is listed for every kind.
    """
    named = {plain_answer(model.id, 200).strip(): model for model in found[:MODELS_MAX]}
    return tuple(
        Model(name, kind, WORKERS, 0) for name, each in named.items() if name and _makes(each, kind)
    )


def _makes(model: ListedModel, kind: Kind) -> bool:
    made = model.architecture.output_modalities
    return not made or kind.value in made
