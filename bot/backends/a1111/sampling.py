"""The names of samplers, schedulers and upscalers in the web UI."""

from collections.abc import Iterable, Mapping

from bot.domain.requests import ImageRequest
from bot.errors import RequestRejected
from bot.i18n import N_, _

NO_UPSCALER, LATENT = "None", "Latent"  # upscalers that every web UI has
NO_SAMPLER = N_("{backend} does not have the sampler {name}. Choose another one.")
NO_SCHEDULER = N_("{backend} does not have the scheduler {name}. Choose another one.")

SAMPLERS = {
    "k_lms": "LMS",
    "k_heun": "Heun",
    "k_euler": "Euler",
    "k_euler_a": "Euler a",
    "k_dpm_2": "DPM2",
    "k_dpm_2_a": "DPM2 a",
    "k_dpm_fast": "DPM fast",
    "k_dpm_adaptive": "DPM adaptive",
    "k_dpmpp_2s_a": "DPM++ 2S a",
    "k_dpmpp_2m": "DPM++ 2M",
    "k_dpmpp_sde": "DPM++ SDE",
    "dpmpp_2m_sde": "DPM++ 2M SDE",
    "dpmpp_2m_sde_heun": "DPM++ 2M SDE Heun",
    "dpmpp_3m_sde": "DPM++ 3M SDE",
    "uni_pc": "UniPC",
    "DDIM": "DDIM",
    "lcm": "LCM",
    # Of Forge alone; others refuse them.
    "ddpm": "DDPM",
    "deis": "DEIS",
    "ipndm": "IPNDM",
    "ipndm_v": "IPNDM_V",
    "heunpp2": "HeunPP2",
}
SCHEDULERS = {
    "normal": "Normal",
    "karras": "Karras",
    "simple": "Simple",
    "sgm_uniform": "SGM Uniform",
    "exponential": "Exponential",
    "ddim_uniform": "DDIM",
    "beta": "Beta",
    "kl_optimal": "KL Optimal",
    "align_your_steps": "Align Your Steps",
}


def offered(known: Mapping[str, str], listed: Iterable[str]) -> tuple[str, ...] | None:
    """The names of requests whose names in the web UI are listed; None when it lists none."""
    found = {name.casefold() for name in listed}
    fitting = tuple(name for name, there in known.items() if there.casefold() in found)
    return fitting or None


def sampler_of(request: ImageRequest, title: str) -> str:
    """The web UI's name of the sampler. Raises RequestRejected when it has none."""
    name = SAMPLERS.get(request.sampler)
    if name is None:
        raise RequestRejected(_(NO_SAMPLER).format(backend=title, name=f"`{request.sampler}`"))
    return name


def scheduler_of(request: ImageRequest, title: str) -> str:
    """The web UI's name of the scheduler. Raises RequestRejected when it has none."""
    if request.scheduler is None:
        return "Karras" if request.karras else "Automatic"
    name = SCHEDULERS.get(request.scheduler)
    if name is None:
        text = _(NO_SCHEDULER).format(backend=title, name=f"`{request.scheduler}`")
        raise RequestRejected(text)
    return name
