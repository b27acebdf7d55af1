"""Records of models, by category and name."""

from typing import Any, Literal

from pydantic import Field

from bot.errors import RequestGone
from bot.horde.missing_features import Feature
from bot.horde.transport import Calls
from bot.http.schema import Count, Items, Wire
from bot.i18n import _

Category = Literal[
    "image_generation",
    "text_generation",
    "controlnet",
    "controlnet_annotator",
    "esrgan",
    "gfpgan",
    "codeformer",
    "blip",
    "clip",
    "safety_checker",
    "lora",
    "ti",
    "miscellaneous",
    "video_generation",
    "audio_generation",
]
RECORDS = Feature.MODEL_RECORDS


class ContextWindow(Wire):
    """The longest context of a text model, by its publisher."""

    maximum_tokens: Count = 0


class GuidanceSummary(Wire):
    """Whether there is prompt guidance for a text model: published, legacy_label, undocumented."""

    status: str = "undocumented"
    primary_profile_id: str | None = None
    supplemental_profile_ids: Items[str] = ()


class ModelRecord(Wire):
    """One model of any category; a category fills some of the fields.

    Images: from `baseline` to `requirements`. Texts: from `parameters` on.
    """

    name: str = ""
    description: str = ""
    version: str = ""
    nsfw: bool = False
    tags: Items[str] = ()
    baseline: str = ""
    style: str = ""
    inpainting: bool = False
    trigger: Items[str] = ()
    showcases: Items[str] = ()
    homepage: str = ""
    size_on_disk_bytes: int | None = None
    requirements: dict[str, Any] = Field(default_factory=dict[str, Any])
    parameters: int | None = None
    display_name: str = ""
    url: str = ""
    instruct_format: str = ""
    settings: dict[str, Any] = Field(default_factory=dict[str, Any])
    context_window: ContextWindow = Field(default_factory=ContextWindow)
    interaction_modes: Items[str] = ()
    guidance: GuidanceSummary = Field(default_factory=GuidanceSummary)


class LastUpdated(Wire):
    """The time of the last change, seconds since 1970; None when there is none."""

    last_updated: int | None = None


class ModelRecordCalls(Calls):
    """Records, and how fresh they are."""

    async def list_records(self, category: Category) -> dict[str, ModelRecord]:
        """All models of a category, by their names. Some MB: ask for the last update first."""
        path = {"category": category}
        return await self._named(ModelRecord, "GET", "/{category}", path=path, feature=RECORDS)

    async def get_record(self, category: Category, model_name: str) -> ModelRecord:
        """That model. A name with a slash is looked up in the whole category."""
        if "/" in model_name:  # no route of the host leads to such a name
            return _of(await self.list_records(category), model_name)
        route, path = "/{category}/model/{model_name}", {"category": category}
        path["model_name"] = model_name
        return await self._one(ModelRecord, "GET", route, path=path, feature=RECORDS)

    async def list_pending_records(self, category: Category) -> dict[str, ModelRecord]:
        """Models that wait for approval, by their names. The Horde accepts them already."""
        route, path = "/{category}/pending", {"category": category}
        return await self._named(ModelRecord, "GET", route, path=path, feature=RECORDS)

    async def get_last_updated(self, category: Category | None = None) -> LastUpdated:
        """The time of the last change, of all categories or of one."""
        route = "/metadata/{category}/last_updated" if category else "/metadata/last_updated"
        path = {"category": category or ""}
        return await self._one(LastUpdated, "GET", route, path=path, feature=Feature.LAST_UPDATED)


def _of(records: dict[str, ModelRecord], model_name: str) -> ModelRecord:
    if model_name not in records:
        text = _("The list of models has no entry of this name. Choose another name.")
        raise RequestGone(text, status=404)
    return records[model_name]
