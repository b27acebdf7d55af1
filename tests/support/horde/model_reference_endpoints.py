"""Calls of the host of the model reference."""

from bot.horde.model_reference.client import ModelReferenceClient
from bot.horde.model_reference.model_search import ModelFilter
from tests.support.horde.endpoint import Endpoint

PRINTS = ModelFilter(tags_any=("print", "ink"), nsfw=False, limit=5, sort_by="name")
PRINTS_SENT = (
    ("nsfw", "false"),
    ("tags_any", "print"),
    ("tags_any", "ink"),
    ("sort_by", "name"),
    ("limit", "5"),
    ("offset", "0"),
)
GUIDANCE = "/text_generation/guidance"

MODEL_REFERENCE_ENDPOINTS: list[Endpoint[ModelReferenceClient]] = [
    Endpoint("list_records", "GET", "/image_generation", "model_records",
       lambda c: c.list_records("image_generation"),
       lambda r: (list(r), r["Deliberate"].requirements) == (["Deliberate"], {"max_steps": 40})),
    Endpoint("get_record", "GET", "/text_generation/model/{model_name}", "text_model_record",
       lambda c: c.get_record("text_generation", "model_name"),
       lambda r: (r.parameters, r.context_window.maximum_tokens, r.guidance.status) ==
                 (8_000_000_000, 32768, "legacy_label")),
    Endpoint("list_pending_records", "GET", "/image_generation/pending", "model_records",
       lambda c: c.list_pending_records("image_generation"), lambda r: len(r) == 1),
    Endpoint("get_last_updated", "GET", "/metadata/last_updated", "last_updated",
       lambda c: c.get_last_updated(), lambda r: r.last_updated == 1_790_000_000),
    Endpoint("search_models", "GET", "/image_generation/search", "found_models",
       lambda c: c.search_models(PRINTS, "image_generation"),
       lambda r: (r.total, r.results[0].baseline) == (12, "stable_diffusion_1"),
       query=PRINTS_SENT),
    Endpoint("list_popular_models", "GET", "/image_generation/popular", "popular_models",
       lambda c: c.list_popular_models("image_generation", limit=3, sort_by="usage_day"),
       lambda r: (r[0].stats.usage_stats.day, r[0].record.name) == (40, "Deliberate"),
       query=(("limit", "3"), ("sort_by", "usage_day"))),
    Endpoint("list_baselines", "GET", "/image_generation/baselines/", "baselines",
       lambda c: c.list_baselines(), lambda r: r.items[0].horde_policy.ttl == 3),
    Endpoint("export_baselines", "GET", "/image_generation/baselines/export",
       "baseline_catalog", lambda c: c.export_baselines(),
       lambda r: (r.baselines["flux_1"].capabilities.flow_matching, r.metadata.revision) ==
                 (True, 4)),
    Endpoint("get_baseline", "GET", "/image_generation/baselines/{baseline_name}", "baseline",
       lambda c: c.get_baseline("baseline_name"), lambda r: r.native_resolution == 1024),
    Endpoint("get_model_guidance", "GET", f"{GUIDANCE}/model", "model_guidance",
       lambda c: c.get_model_guidance("koboldcpp/Fable-8B"),
       lambda r: r.primary_profile.role_markers["user"] == "### You:",
       query=(("name", "Fable-8B"),)),
    Endpoint("list_guidance_profiles", "GET", f"{GUIDANCE}/profiles", "guidance_profiles",
       lambda c: c.list_guidance_profiles(), lambda r: r.items[0].assigned_model_count == 2,
       query=(("include_deprecated", "false"),)),
    Endpoint("get_guidance_profile", "GET", f"{GUIDANCE}/profiles/{{profile_id}}",
       "guidance_profile", lambda c: c.get_guidance_profile("profile_id"),
       lambda r: (r.stop_sequences, r.templates[0].syntax) == (("### You:",), "jinja2")),
    Endpoint("list_guidance_assignments", "GET", f"{GUIDANCE}/assignments",
       "guidance_assignments", lambda c: c.list_guidance_assignments(profile_id="tales"),
       lambda r: r.items[0].model_name == "Fable-8B", query=(("profile_id", "tales"),)),
    Endpoint("export_guidance", "GET", f"{GUIDANCE}/export", "guidance_catalog",
       lambda c: c.export_guidance(),
       lambda r: r.assignments["Fable-8B"].primary_profile_id == "tales"),
]  # fmt: skip
