"""What the commands that ask for a picture from words share: their options and the request."""

from typing import Any

from bot.catalog import Catalog, Shape
from bot.composing import compose
from bot.requests import ImageRequest, Kind
from cogs import _models

OPTIONS = {
    "prompt": "What the picture should show",
    "model": "Who paints it; without one, the best served at the moment",
    "shape": "The picture's sides; without one, the model's own",
    "count": "How many pictures",
    "negative": "What the picture should not show",
    "seed": "A number or a word; the same one gives the same picture again",
}


def picture(
    catalog: Catalog,
    *,
    prompt: str,
    model: str,
    shape: Shape | None,
    count: int,
    negative: str,
    seed: str,
    private: bool = False,
) -> ImageRequest:
    """The request for those options, with what suits the model. Raises UserError."""
    chosen: dict[str, Any] = {"prompt": prompt, "n": count, "private": private}
    if model:
        chosen["models"] = (_models.named(catalog, Kind.IMAGE, model).name,)
    given = {"shape": shape, "negative": negative, "seed": seed}
    return compose(catalog, chosen | {name: value for name, value in given.items() if value})
