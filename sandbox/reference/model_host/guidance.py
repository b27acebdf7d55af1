"""The catalogue of prompt guidance for text models."""

from typing import Any

Json = dict[str, Any]
REVISION = 3
METADATA: Json = {"schema_version": 1, "revision": REVISION, "updated_at": 1_790_000_000}


def _profile(name: str, title: str, markers: Json, stops: list[str], *, old: bool = False) -> Json:
    return {
        "profile_id": name,
        "kind": "prompt_contract",
        "display_name": title,
        "summary": f"Prompts in the format {title}.",
        "aliases": [],
        "deprecated": old,
        "interaction_modes": ["instruction", "chat"],
        "accepted_roles": ["system", "user", "assistant"],
        "role_markers": markers,
        "stop_sequences": stops,
        "templates": [],
        "recommended_settings": {"temperature": 0.8},
        "examples": [],
    }


PROFILES: dict[str, Json] = {
    each["profile_id"]: each
    for each in (
        _profile(
            "llama-3",
            "Llama 3",
            {
                "system": "<|start_header_id|>system<|end_header_id|>\n\n",
                "user": "<|start_header_id|>user<|end_header_id|>\n\n",
                "assistant": "<|start_header_id|>assistant<|end_header_id|>\n\n",
            },
            ["<|eot_id|>"],
        ),
        _profile(
            "mistral",
            "Mistral",
            {"system": "[SYSTEM_PROMPT]", "user": "[INST]", "assistant": "[/INST]"},
            ["</s>"],
        ),
        _profile("plain", "Plain", {"user": "User: ", "assistant": "Bot: "}, ["User:"], old=True),
    )
}
ASSIGNMENTS = {"L3-8B-Stheno-v3.2": "llama-3", "Mistral-Small-24B": "mistral"}


def profile_list(*, deprecated: bool) -> Json:
    shown = [each for each in PROFILES.values() if deprecated or not each["deprecated"]]
    fields = ("profile_id", "kind", "display_name", "summary", "aliases", "deprecated")
    counts = list(ASSIGNMENTS.values())
    items = [
        {name: each[name] for name in fields}
        | {"assigned_model_count": counts.count(each["profile_id"])}
        for each in shown
    ]
    return {"items": items, "total": len(items), "metadata": METADATA}


def assignment_list(model: str | None, profile: str | None) -> Json:
    items: list[Json] = [
        {
            "model_name": name,
            "primary_profile_id": assigned,
            "supplemental_profile_ids": [],
            "metadata": {},
        }
        for name, assigned in ASSIGNMENTS.items()
        if model in (None, name) and profile in (None, assigned)
    ]
    return {"items": items, "total": len(items), "metadata": METADATA}


def model_guidance(name: str, instruct_format: str | None) -> Json:
    """The guidance of a known model: of its profile, else of the old instruct format."""
    assigned = ASSIGNMENTS.get(name)
    status = "published" if assigned else "legacy_label" if instruct_format else "undocumented"
    return {
        "model_name": name,
        "summary": {
            "status": status,
            "primary_profile_id": assigned,
            "supplemental_profile_ids": [],
        },
        "primary_profile": PROFILES[assigned] if assigned else None,
        "supplemental_profiles": [],
        "legacy_instruct_format": instruct_format,
        "catalog_metadata": METADATA,
    }


def export() -> Json:
    return {
        "metadata": METADATA,
        "profiles": PROFILES,
        "assignments": {each["model_name"]: each for each in assignment_list(None, None)["items"]},
    }
