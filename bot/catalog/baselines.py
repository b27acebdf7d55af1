"""Baseline of an image model by its name: the Horde's list of models lacks it."""

import re
from typing import Literal

from bot.domain.requests import Shape

Baseline = Literal[
    "sd15", "sd2", "sdxl", "cascade", "flux", "qwen", "zimage", "krea2", "anima", "other"
]

# Side of the square that a baseline was trained at. Unknown models get one that both SD 1.5 and
# SDXL can draw.
_SIDES: dict[Baseline, int] = {"sd15": 512, "sd2": 768, "other": 768}
_SIDE = 1024

# Multiples of 64 that keep within the square's area: a larger one may need kudos in advance
# (docs/horde-api.md#kudos-in-advance).
_SHAPES: dict[int, dict[Shape, tuple[int, int]]] = {
    512: {
        "square": (512, 512),
        "portrait": (448, 576),
        "landscape": (576, 448),
        "tall": (384, 640),
        "wide": (640, 384),
    },
    768: {
        "square": (768, 768),
        "portrait": (640, 896),
        "landscape": (896, 640),
        "tall": (576, 1024),
        "wide": (1024, 576),
    },
    1024: {
        "square": (1024, 1024),
        "portrait": (832, 1216),
        "landscape": (1216, 832),
        "tall": (768, 1344),
        "wide": (1344, 768),
    },
}

# Names that contain the baseline. The tags in brackets set that of custom models
# (docs/horde-api.md#baselines).
_HINTS: tuple[tuple[Baseline, str], ...] = (
    ("flux", r"\bflux"),
    ("qwen", r"\bqwen"),
    ("zimage", r"\bz-?image|\[zmodel\]"),
    ("krea2", r"\bkrea[ _-]?2"),
    ("anima", r"^anima\b"),
    ("cascade", r"\bcascade\b"),
    ("sdxl", r"xl\b|sdxl|\bpony|pony\b|illustrious|illuxl|\bnoob"),
    ("sd2", r"^stable_diffusion_2|\bsd ?2\.[01]"),
    ("sd15", r"^stable_diffusion(_inpainting)?$|\bsd ?1\.[45]|inpainting|diffusion$"),
)

# Other models that are often served (image model reference of the Horde, 2026-06).
_KNOWN: dict[Baseline, frozenset[str]] = {
    "sdxl": frozenset(
        {
            *("2DN", "BigASP", "Cheyenne", "Fustercluck", "Hidden Canvas", "Mistoon Anime"),
            *("NatViS", "NEW ERA", "PerfectDeliberate", "Ri-Mix", "Ultraspice"),
            "MHXL - Aventis Horizon",
        }
    ),
    "sd15": frozenset(
        {
            *("526Mix-Animated", "AbsoluteReality", "Abyss OrangeMix", "Analog Madness"),
            *("Anything v3", "Anything v5", "Babes", "BB95 Furry Mix", "Cetus-Mix", "Counterfeit"),
            *("Deliberate", "Deliberate 3.0", "Dreamshaper", "DucHaiten", "Edge Of Realism"),
            *("Experience", "GhostMix", "Liberty", "Lyriel", "majicMIX realistic", "MeinaMix"),
            *("NeverEnding Dream", "Pastel Mix", "Perfect World", "Photon", "Realistic Vision"),
            *("Reliberate", "Rev Animated", "RPG", "ToonYou", "URPM", "Yiffy"),
            "ICBINP - I Can't Believe It's Not Photography",
        }
    ),
    "sd2": frozenset({"Illuminati Diffusion", "Realism Engine", "Vector Art", "Future Diffusion"}),
}
_BY_NAME: dict[str, Baseline] = {
    name.casefold(): base for base, names in _KNOWN.items() for name in names
}


def baseline(name: str) -> Baseline:
    """Baseline of the model of that name; "other" where it is unknown."""
    known = _BY_NAME.get(name.casefold())
    if known:
        return known
    for base, hint in _HINTS:
        if re.search(hint, name, re.IGNORECASE):
            return base
    return "other"


def rounded_side(base: Baseline) -> int:
    """Side in pixels of the square that suits the baseline."""
    return _SIDES.get(base, _SIDE)


def size_of_shape(name: Shape, base: Baseline) -> tuple[int, int]:
    """Width and height in pixels of a shape, within the area of the baseline."""
    return _SHAPES[rounded_side(base)][name]
