"""Prompt guidance: how prompts of text models are written."""

from typing import Any

from pydantic import Field

from bot.horde.missing_features import Feature
from bot.horde.model_reference.baselines import CatalogVersion
from bot.horde.model_reference.model_records import GuidanceSummary
from bot.horde.transport import Calls
from bot.http.schema import Count, Items, Named, Wire

FEATURE = Feature.PROMPT_GUIDANCE
ROUTE = "/text_generation/guidance"
PREFIXES = ("koboldcpp/", "aphrodite/")


class PromptTemplate(Wire):
    """A template as text; it is never executed. `syntax`: jinja2, handlebars, literal, ..."""

    template_id: str = ""
    name: str = ""
    syntax: str = "other"
    template: str = ""


class GuidanceProfile(Wire):
    """A profile. `kind`: prompt_contract (how a prompt is built) or usage_recipe (for a scenario).

    From `interaction_modes` to `templates` for contracts, the last two for recipes.
    """

    profile_id: str
    kind: str = ""
    display_name: str = ""
    summary: str = ""
    aliases: Items[str] = ()
    deprecated: bool = False
    recommended_settings: dict[str, Any] = Field(default_factory=dict[str, Any])
    interaction_modes: Items[str] = ()
    accepted_roles: Items[str] = ()
    role_markers: Named[str] = Field(default_factory=dict[str, str])
    stop_sequences: Items[str] = ()
    templates: Items[PromptTemplate] = ()
    capability: str | None = None
    scenario: str | None = None


class ProfileSummary(Wire):
    """A profile in a list."""

    profile_id: str
    kind: str = ""
    display_name: str = ""
    summary: str = ""
    aliases: Items[str] = ()
    deprecated: bool = False
    assigned_model_count: Count = 0


class ProfileList(Wire):
    """All profiles."""

    items: Items[ProfileSummary]
    total: Count = 0
    metadata: CatalogVersion = Field(default_factory=CatalogVersion)


class Assignment(Wire):
    """The profiles of a model."""

    model_name: str
    primary_profile_id: str = ""
    supplemental_profile_ids: Items[str] = ()


class AssignmentList(Wire):
    """Profiles by model."""

    items: Items[Assignment]
    total: Count = 0
    metadata: CatalogVersion = Field(default_factory=CatalogVersion)


class ModelGuidance(Wire):
    """Everything that is known about the prompts of a model."""

    model_name: str
    summary: GuidanceSummary = Field(default_factory=GuidanceSummary)
    primary_profile: GuidanceProfile | None = None
    supplemental_profiles: Items[GuidanceProfile] = ()
    legacy_instruct_format: str | None = None
    catalog_metadata: CatalogVersion = Field(default_factory=CatalogVersion)


class GuidanceCatalog(Wire):
    """All profiles by id, and the profiles of models by name."""

    profiles: Named[GuidanceProfile] = Field(default_factory=dict[str, GuidanceProfile])
    assignments: Named[Assignment] = Field(default_factory=dict[str, Assignment])
    metadata: CatalogVersion = Field(default_factory=CatalogVersion)


class PromptGuidanceCalls(Calls):
    """The catalogue of prompt guidance."""

    async def get_model_guidance(self, model_name: str) -> ModelGuidance:
        """Guidance for a model, by the name that the Horde uses."""
        query = {"name": _canonical(model_name)}
        return await self._one(ModelGuidance, "GET", f"{ROUTE}/model", query=query, feature=FEATURE)

    async def list_guidance_profiles(self, *, include_deprecated: bool = False) -> ProfileList:
        """All profiles, in short."""
        route, query = f"{ROUTE}/profiles", {"include_deprecated": include_deprecated}
        return await self._one(ProfileList, "GET", route, query=query, feature=FEATURE)

    async def get_guidance_profile(self, profile_id: str) -> GuidanceProfile:
        """That profile."""
        route, path = f"{ROUTE}/profiles/{{profile_id}}", {"profile_id": profile_id}
        return await self._one(GuidanceProfile, "GET", route, path=path, feature=FEATURE)

    async def list_guidance_assignments(
        self, *, model_name: str | None = None, profile_id: str | None = None
    ) -> AssignmentList:
        """Profiles of all models, of one model, or models of one profile."""
        query = {"model_name": _canonical(model_name) if model_name else None}
        query["profile_id"] = profile_id
        route = f"{ROUTE}/assignments"
        return await self._one(AssignmentList, "GET", route, query=query, feature=FEATURE)

    async def export_guidance(self) -> GuidanceCatalog:
        """The whole catalogue."""
        return await self._one(GuidanceCatalog, "GET", f"{ROUTE}/export", feature=FEATURE)


def _canonical(model_name: str) -> str:
    """The name without the backend of its workers: the catalogue has names of models only."""
    prefix = next((each for each in PREFIXES if model_name.startswith(each)), "")
    return model_name.removeprefix(prefix)
