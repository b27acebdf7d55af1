"""Common names of samplers, shapes and other values, besides the Horde's own names."""

import re

from bot.catalog import size_of_shape
from bot.domain.compatibility import POST_PROCESSORS
from bot.domain.requests import SHAPES
from bot.i18n import N_
from bot.parameters.flags.limits import field_limits
from bot.parameters.flags.value_types import Choice, choice

_SAMPLERS = {
    "euler a": "k_euler_a",
    "euler ancestral": "k_euler_a",
    "euler": "k_euler",
    "lms": "k_lms",
    "heun": "k_heun",
    "dpm2": "k_dpm_2",
    "dpm2 a": "k_dpm_2_a",
    "dpm fast": "k_dpm_fast",
    "dpm adaptive": "k_dpm_adaptive",
    "dpm++ 2s a": "k_dpmpp_2s_a",
    "dpm++ 2m": "k_dpmpp_2m",
    "dpm++ sde": "k_dpmpp_sde",
    "dpm++ 2m sde": "dpmpp_2m_sde",
    "dpm++ 3m sde": "dpmpp_3m_sde",
    "unipc": "uni_pc",
}
# Karras is the default
_KARRAS = {f"{name} karras": sampler for name, sampler in _SAMPLERS.items()}
_RATIO = re.compile(r"([1-9][0-9]{0,3})[:/]([1-9][0-9]{0,3})")


def of_ratio(text: str) -> str:
    """The shape whose ratio is nearest to a ratio such as 16:9; "" for other text."""
    found = _RATIO.fullmatch(text)
    if found is None:
        return ""
    ratio = int(found[1]) / int(found[2])
    sides = {name: size_of_shape(name, "sdxl") for name in SHAPES}
    return min(sides, key=lambda name: abs(sides[name][0] / sides[name][1] - ratio))


SAMPLER = Choice(field_limits("sampler").allowed, N_("a sampler"), _SAMPLERS | _KARRAS)
SHAPE = Choice(SHAPES, N_("an aspect ratio"), guess=of_ratio)
SCHEDULER = choice(N_("a scheduler"), "scheduler")
SOLVER = choice(N_("a solver type"), "sampler_solver_type")
MODE = choice(N_("a mode"), "mode", inpaint="inpainting", outpaint="outpainting", image="img2img")
CONTROL = choice(N_("a control type"), "control", pose="openpose", segmentation="seg")
FILE_FORMAT = choice(N_("a file format"), "file_format")
WORKFLOW = choice(N_("a workflow"), "workflow")
POST = Choice(POST_PROCESSORS, N_("a post-processor"))
PART = choice(N_("a part of the image"), "parts", center="middle", centre="middle")
