"""Models by the names that people type."""

from bot.backends.base import Model
from bot.catalog import Catalog
from bot.errors import BadOption, UserError
from bot.requests import Kind
from bot.ui import sentences, words
from bot.ui.markdown import inline_code

GUESSES = 3
NAME_MAX = 60


def named(catalog: Catalog, kind: Kind, name: str) -> Model:
    """The model of that name. Raises UserError, with the nearest names if there are any."""
    found = catalog.find(kind, name)
    if found is not None:
        return found
    if not catalog.models(kind, limit=1):
        raise UserError(words.NO_CATALOG)
    near = [inline_code(model, NAME_MAX) for model in catalog.nearest(kind, name)[:GUESSES]]
    guess = sentences.DID_YOU_MEAN.format(names=words.listed(near)) if near else ""
    shown = inline_code(name, NAME_MAX)
    raise BadOption(sentences.UNKNOWN_MODEL.format(name=shown, guess=guess))
