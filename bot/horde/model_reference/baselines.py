"""Baselines of image models: their capabilities and the Horde's rules for them."""

from pydantic import Field

from bot.horde.missing_features import Feature
from bot.horde.transport import Calls
from bot.http.schema import Amount, Count, Items, Named, Wire

FEATURE = Feature.BASELINES
ROUTE = "/image_generation/baselines"


class BaselineCapabilities(Wire):
    """Functions that models of a baseline can have."""

    controlnet: bool = False
    controlnet_types_unavailable: Items[str] = ()
    transparent: bool = False
    qr_code: bool = False
    remix: bool = False
    flow_matching: bool = False


class HordePolicy(Wire):
    """The Horde's factors. `ttl`: of the time limit of a job; `kudos_qr_code` and `kudos_hires`
    replace `kudos`; `resolution_floor`: side in pixels that never needs kudos in advance.
    """

    kudos: Amount = 1.0
    kudos_qr_code: float | None = None
    kudos_hires: float | None = None
    batching: Count = 1
    ttl: Count = 1
    resolution_floor: Count = 0


class Baseline(Wire):
    """One baseline. `native_resolution`: side in pixels."""

    name: str
    display_name: str = ""
    native_resolution: int | None = None
    alternative_names: Items[str] = ()
    capabilities: BaselineCapabilities = Field(default_factory=BaselineCapabilities)
    horde_policy: HordePolicy = Field(default_factory=HordePolicy)


class CatalogVersion(Wire):
    """Version of a catalogue: a larger `revision` is newer; `updated_at` in seconds since 1970."""

    schema_version: int = 1
    revision: int = 1
    updated_at: int | None = None


class BaselineList(Wire):
    """All baselines."""

    items: Items[Baseline]
    total: Count = 0
    metadata: CatalogVersion = Field(default_factory=CatalogVersion)


class BaselineCatalog(Wire):
    """All baselines by their names."""

    baselines: Named[Baseline] = Field(default_factory=dict[str, Baseline])
    metadata: CatalogVersion = Field(default_factory=CatalogVersion)


class BaselineCalls(Calls):
    """The catalogue of baselines."""

    async def list_baselines(self) -> BaselineList:
        """All baselines as a list."""
        return await self._one(BaselineList, "GET", f"{ROUTE}/", feature=FEATURE)

    async def export_baselines(self) -> BaselineCatalog:
        """All baselines by their names."""
        return await self._one(BaselineCatalog, "GET", f"{ROUTE}/export", feature=FEATURE)

    async def get_baseline(self, baseline_name: str) -> Baseline:
        """That baseline."""
        route, path = f"{ROUTE}/{{baseline_name}}", {"baseline_name": baseline_name}
        return await self._one(Baseline, "GET", route, path=path, feature=FEATURE)
