"""The values of single fields of an image request: the Horde's words, and ranges of numbers."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

Sampler = Literal[
    "k_lms",
    "k_heun",
    "k_euler",
    "k_euler_a",
    "k_dpm_2",
    "k_dpm_2_a",
    "k_dpm_fast",
    "k_dpm_adaptive",
    "k_dpmpp_2s_a",
    "k_dpmpp_2m",
    "dpmsolver",
    "k_dpmpp_sde",
    "DDIM",
    "lcm",
    # Since 5.1.8: docs/horde-api.md#samplers-and-styles.
    "uni_pc",
    "uni_pc_bh2",
    "dpmpp_2m_sde",
    "dpmpp_3m_sde",
    "ddpm",
    "deis",
    "ipndm",
    "res_multistep",
    "gradient_estimation",
    "heunpp2",
    "er_sde",
    "sa_solver",
    "euler_cfg_pp",
    "euler_ancestral_cfg_pp",
    "exp_heun_2_x0",
    "exp_heun_2_x0_sde",
    "dpmpp_2s_ancestral_cfg_pp",
    "dpmpp_2m_cfg_pp",
    "dpmpp_2m_sde_heun",
    "ipndm_v",
    "res_multistep_cfg_pp",
    "res_multistep_ancestral",
    "res_multistep_ancestral_cfg_pp",
    "gradient_estimation_cfg_pp",
    "seeds_2",
    "seeds_3",
    "sa_solver_pece",
]
Scheduler = Literal[
    "normal", "karras", "simple", "sgm_uniform", "exponential", "ddim_uniform", "beta",
    "linear_quadratic", "kl_optimal", "align_your_steps", "gits",
]  # fmt: skip
SolverType = Literal["midpoint", "heun", "phi_1", "phi_2"]
Mode = Literal["img2img", "inpainting", "outpainting", "remix"]
Control = Literal[
    "canny", "hed", "depth", "normal", "openpose", "seg", "scribble", "fakescribbles", "hough",
    # Since 5.1.6; "mlsd" is another name of "hough".
    "mlsd", "binary", "standard_lineart", "lineart", "lineart_anime", "lineart_anime_denoise",
    "pidinet", "scribble_xdog", "scribble_pidinet", "teed", "pyracanny", "midas_depth",
    "zoe_depth", "depth_anything", "depth_anything_v2", "normal_bae", "oneformer_ade20k",
    "oneformer_coco", "color", "shuffle", "recolor_luminance", "recolor_intensity", "tile",
    "tile_ttplanet_guided", "tile_ttplanet_simple",
]  # fmt: skip
Part = Literal[
    "top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom",
    "bottom right",
]  # fmt: skip
Shape = Literal["square", "portrait", "landscape", "tall", "wide"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
Share = Annotated[float, Field(ge=0.01, le=1)]
Weight = Annotated[float, Field(ge=-5, le=5)]
# Of a setting of samplers; each sampler has ranges of its own: bot/domain/sampling_rules.py.
Setting = Annotated[float, Field(ge=0, le=100)]

# What people and other programs write for a new seed, also with the dashes of phones.
NEW_SEED = frozenset({"-1", "any", "auto", "none", "rand", "random"})
_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def _seed(typed: str) -> str:
    seed = typed.strip()
    return "" if seed.casefold().translate(_MINUS) in NEW_SEED else seed


Seed = Annotated[str, Field(max_length=100), AfterValidator(_seed)]
