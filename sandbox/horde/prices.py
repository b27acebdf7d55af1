"""Prices in kudos, fitted to prices of the real Horde."""

import math
import re

BASELINE_FACTOR = {
    "stable_diffusion_xl": 2, "stable_cascade": 4, "flux_1": 8, "z_image_turbo": 8,
    "qwen_image": 12,
}  # fmt: skip
TAX = 3  # 1 for the Horde, 2 for styles, also without a style
NEWER_TAX, STYLE_TAX = 1, 2  # of the newer server; the second for the style of another account


def image_price(width: int, height: int, steps: int, *, control: bool, processors: int) -> float:
    """The price of one image before the model's factor.

    Fitted to recorded prices: 512² with 5, 20, 30, 60 steps 4, 6, 7.6, 12.5; 1024² with
    20 and 30 steps 16 and 20.8; 1536² with 30 steps 57; 512² with 40 steps and a ControlNet 15.
    """
    area = width * height / 512**2
    each_step = 0.10217 + 0.050125 * area + 0.011708 * area**2
    price = 1.533 + 1.1667 * area + steps * each_step
    return price * (1.6 if control else 1) + 1.7 * processors


def text_price(models: list[str], max_length: int, context: int) -> float:
    """The price of one text; the model's name contains its billions of parameters."""
    if not models:
        return 0.45 * max_length
    size = min(_billions(name) for name in models)
    return max_length * size / 128 * max(1.0, context / 1024) ** 0.25


def newer_text_price(models: list[str], known: set[str], max_length: int, context: int) -> float:
    """The price of one text at the newer server, which follows the first model."""
    reach = min(30.0, max(0.1, 1.2 + 2.2 ** math.log2(context / 1024)))
    if models and models[0] not in known:
        return max_length * 0.027 * reach
    size = _billions(models[0]) if models else 13.0
    return max_length * (max(size, 13) / 13) ** 0.2 * size * reach / 100


def form_price(form: str, width: int, height: int) -> int:
    """The price of one alchemy form; post-processors are paid by the 512 x 512 tile."""
    if form in ("caption", "nsfw", "vectorize", "palette", "describe", "aesthetic", "mood"):
        return 1
    return 3 if form == "interrogation" else 3 * tiles(width, height)


def tiles(width: int, height: int) -> int:
    return math.ceil(width / 512) * math.ceil(height / 512)


def _billions(model: str) -> float:
    found = re.search(r"(\d+(?:\.\d+)?)[bB]\b", model)
    return float(found[1]) if found else 13.0
