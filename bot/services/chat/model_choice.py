"""Which text models write a turn, with which template, and how much they read."""

from dataclasses import dataclass

from bot.backends.values import Model
from bot.catalog import Catalog, is_safe_text
from bot.domain.chat.conversations import ChatSettings
from bot.domain.requests import Kind
from bot.rules.chat_checks import chat_models
from bot.rules.request_context import RequestContext
from bot.services.model_names import resolve_name

CONTEXT_UNKNOWN = 4_096  # tokens, where no worker tells how much it reads
CONTEXT_WANTED = 8_192  # tokens; models with fewer are chosen when no other is served
MODELS_MAX = 5  # of one turn, all with the same template
MODELS_ALL = 5_000


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The models of a turn; () for the usual one of the backend. `context`: tokens they read."""

    models: tuple[str, ...]
    template: str
    context: int


def choose_models(catalog: Catalog, context: RequestContext, settings: ChatSettings) -> ModelChoice:
    """The models of a turn there. Raises UserError when none is allowed and served."""
    rules = context.rules
    if settings.model:
        found = resolve_name(catalog, Kind.TEXT, settings.model, rules)
        chat_models((found.name,), rules, ())
        return _choice(catalog, (found,), settings)
    served = {m.name: m for m in catalog.models(Kind.TEXT, limit=MODELS_ALL, rules=rules)}
    tame = not (context.nsfw or context.capabilities.chosen_models)
    names = tuple(name for name in served if not tame or is_safe_text(name))
    allowed = [served[name] for name in chat_models((), rules, names) or names]
    if not allowed or not context.capabilities.uses("workers"):
        # The submission refuses it, or the backend has a usual model of its own.
        template = catalog.template(allowed[0].name if allowed else "", settings.template)
        named = allowed[:1] if rules.chat_models else []
        read = min((_context(m) for m in allowed[:1]), default=CONTEXT_UNKNOWN)
        return ModelChoice(tuple(m.name for m in named), template, read)
    ranks = {m.name: _rank(catalog, m) for m in allowed}
    best = min(allowed, key=lambda m: ranks[m.name])
    template = catalog.template(best.name)
    alike = [
        m
        for m in allowed
        if ranks[m.name] <= ranks[best.name] and catalog.template(m.name) == template
    ]
    others = [m for m in alike if m is not best and _context(m) >= _context(best)]
    return _choice(catalog, (best, *others[: MODELS_MAX - 1]), settings)


def _choice(catalog: Catalog, models: tuple[Model, ...], settings: ChatSettings) -> ModelChoice:
    template = catalog.template(models[0].name, settings.template)
    read = min(map(_context, models))
    return ModelChoice(tuple(model.name for model in models), template, read)


def _context(model: Model) -> int:
    return model.context or CONTEXT_UNKNOWN


def _rank(catalog: Catalog, model: Model) -> tuple[bool, bool]:
    """Models with a known template and enough context first; the catalog has the served first."""
    return (not catalog.knows_template(model.name), _context(model) < CONTEXT_WANTED)
