"""The models that the Horde serves, and the alchemy forms that its workers announce."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.backends.values import Model
from bot.domain.alchemy import annotations
from bot.domain.requests import Kind
from bot.domain.requests.alchemy import NAME
from bot.horde.server_info import ActiveModel
from bot.horde.workers import Worker

KINDS_MAX = 100  # forms; the server knows 24, and 33 types of one of them
GROUP = "post-process"  # older workers announce all post-processors by this name

NO_CONTEXTS: Mapping[str, int] = {}


def served_models(
    found: Iterable[ActiveModel], kind: Kind, read: Mapping[str, int] = NO_CONTEXTS
) -> tuple[Model, ...]:
    """The image or text models, most workers first. `read`: tokens of context by model."""
    models = (
        Model(
            name=model.name,
            kind=kind,
            workers=model.count,
            wait=model.eta,
            queued=model.queued,
            performance=model.performance,
            context=read.get(model.name, 0),
        )
        for model in found
    )
    return tuple(sorted(models, key=lambda model: (-model.workers, model.name)))


def contexts(workers: Iterable[Worker]) -> Mapping[str, int]:
    """The tokens that each worker of a text model reads, by its name; unknown ones are left out."""
    found = dict[str, int]()
    for worker in workers:
        for model in worker.models if worker.max_context_length else ():
            least = found.get(model, worker.max_context_length)
            found[model] = min(least, worker.max_context_length)
    return found


def announced_forms(workers: Sequence[Worker]) -> tuple[Model, ...]:
    """The forms, each type of the form `annotation` on its own, most workers first.

    A name that no request can have is left out.
    """
    counts = Counter(name for worker in workers for name in set(_names(worker)))
    usable = [item for item in counts.most_common() if NAME.fullmatch(item[0])]
    return tuple(Model(name, Kind.ALCHEMY, count, 0) for name, count in usable[:KINDS_MAX])


def _names(worker: Worker) -> Iterator[str]:
    yield from (form for form in worker.forms if form not in {annotations.FORM, GROUP})
    if annotations.FORM in worker.forms:
        yield from map(annotations.form_name, worker.annotation_types)
