"""The model families: what they can do, their prices and their job times.

`capabilities` is what weights exist for; `RENDERED` is what the workers' releases can render.
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
METADATA: Json = {"schema_version": 1, "revision": 7, "updated_at": 1_790_000_000}


@dataclass(frozen=True, slots=True)
class Baseline:
    """One family; the resolutions are sides in pixels, `ttl` multiplies the job time."""

    resolution: int | None
    controlnet: bool = False
    missing_controls: tuple[str, ...] = ()
    transparent: bool = False
    qr_code: bool = False
    remix: bool = False
    flow: bool = False
    kudos: float = 1.0
    kudos_qr_code: float | None = None
    kudos_hires: float | None = None
    batching: int = 1
    ttl: int = 1
    floor: int = 0

    def as_json(self, name: str) -> Json:
        """The record of the family in the catalogue."""
        return {
            "name": name,
            "display_name": None,
            "alternative_names": [],
            "metadata": {"schema_version": 1, "revision": 1},
            "native_resolution": self.resolution,
            "capabilities": {
                "controlnet": self.controlnet,
                "controlnet_types_unavailable": list(self.missing_controls),
                "transparent": self.transparent,
                "qr_code": self.qr_code,
                "remix": self.remix,
                "flow_matching": self.flow,
            },
            "horde_policy": {
                "kudos": self.kudos,
                "kudos_qr_code": self.kudos_qr_code,
                "kudos_hires": self.kudos_hires,
                "batching": self.batching,
                "ttl": self.ttl,
                "resolution_floor": self.floor,
            },
        }


_NO_SD2 = ("normal", "mlsd", "hough")
_FLUX = Baseline(1024, controlnet=True, flow=True, kudos=8.0, batching=5, ttl=3, floor=1024)
_SMALL = Baseline(1024, kudos=8.0, batching=8, ttl=3, floor=1024)
BASELINES: dict[str, Baseline] = {
    "infer": Baseline(None),
    "stable_diffusion_1": Baseline(512, controlnet=True, transparent=True, qr_code=True),
    "stable_diffusion_2_768": Baseline(768, controlnet=True, missing_controls=_NO_SD2, floor=768),
    "stable_diffusion_2_512": Baseline(512, controlnet=True, missing_controls=_NO_SD2),
    "stable_diffusion_xl": Baseline(
        1024,
        controlnet=True,
        transparent=True,
        qr_code=True,
        kudos=2.0,
        kudos_qr_code=4.0,
        floor=1024,
    ),
    "stable_cascade": Baseline(1024, remix=True, kudos=4.0, kudos_hires=7.0, floor=1024),
    "flux_1": _FLUX,
    "flux_schnell": _FLUX,
    "flux_dev": _FLUX,
    "qwen_image": Baseline(1024, flow=True, kudos=12.0, batching=10, ttl=3, floor=1024),
    "z_image_turbo": _SMALL,
    "krea2_turbo": _SMALL,
    "anima": _SMALL,
}
RENDERED: dict[str, frozenset[str]] = {
    "hires_fix": frozenset(
        {
            "stable_diffusion_1",
            "stable_diffusion_2_768",
            "stable_diffusion_2_512",
            "stable_diffusion_xl",
            "stable_cascade",
        }
    ),
    "control_type": frozenset(
        {"stable_diffusion_1", "stable_diffusion_2_768", "stable_diffusion_2_512"}
    ),
    "transparent": frozenset({"stable_diffusion_1", "stable_diffusion_xl"}),
    "remix": frozenset({"stable_cascade"}),
    "flow_shift": frozenset({"flux_1", "flux_schnell", "flux_dev", "qwen_image"}),
    "qr_code": frozenset({"stable_diffusion_1", "stable_diffusion_xl"}),
}


def price_factor(name: str, params: Json) -> float:
    """The price factor of a family for these parameters; 1 for an unknown one."""
    found = BASELINES.get(name)
    if found is None:
        return 1.0
    if params.get("workflow") == "qr_code" and found.kudos_qr_code is not None:
        return found.kudos_qr_code
    if params.get("hires_fix") and found.kudos_hires is not None:
        return found.kudos_hires
    return found.kudos
