"""What the commands that ask for a picture from words share: their options and the request."""

from bot.catalog import Catalog, Shape
from bot.requests import ImageRequest, Kind, build
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
    if model:
        defaults = catalog.defaults_for(_models.named(catalog, Kind.IMAGE, model).name)
    else:
        defaults = catalog.newcomer()
    width, height = defaults.width, defaults.height
    if shape:
        width, height = catalog.shape(shape, catalog.baseline(next(iter(defaults.models), "")))
    return build(
        ImageRequest,
        prompt=prompt,
        negative=negative,
        models=defaults.models,
        width=width,
        height=height,
        steps=defaults.steps,
        cfg_scale=defaults.cfg_scale,
        sampler=defaults.sampler,
        karras=defaults.karras,
        n=count,
        seed=seed,
        private=private,
    )
