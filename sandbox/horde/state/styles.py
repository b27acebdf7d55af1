"""Styles (prompt template, models and parameters) and collections of styles."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.horde.errors import ApiError
from sandbox.horde.state.accounts import SharedKey, User
from sandbox.horde.state.models_and_workers import NAMESPACE

Json = dict[str, Any]
StyleKind = Literal["image", "text"]


@dataclass(slots=True, eq=False)
class Style:
    """One style; in `prompt` {p} is the prompt and {np} the negative prompt."""

    kind: StyleKind
    name: str
    owner: User
    info: str
    prompt: str
    params: Json
    models: list[str]
    tags: list[str] = field(default_factory=list[str])
    public: bool = True
    nsfw: bool = False
    use_count: int = 0
    examples: list[Json] = field(default_factory=list[Json])
    shared_key: SharedKey | None = None  # pays for all users of the style
    policy: Json | None = None  # `parameter_policy` of the newer server
    fields: list[Json] | None = None  # its `template_fields`
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def unique_name(self) -> str:
        """The name in accounts and collections."""
        return f"{self.owner.name}::style::{self.name}"

    def as_json(self, *, newer: bool = False, own: bool = False) -> Json:
        """The JSON. The newer server shows the shared key to the owner (`own`) only."""
        body: Json = {"id": self.id, "use_count": self.use_count, "creator": self.owner.name}
        if self.kind == "image":
            body["examples"] = self.examples
        if newer:
            body |= {"parameter_policy": self.policy, "template_fields": self.fields}
            body["shared_key"] = self._key_json() if own else None
        elif self.shared_key is not None:
            body["shared_key"] = self._key_json()
        return body | {
            "name": self.name,
            "info": self.info,
            "prompt": self.prompt,
            "params": self.params,
            "public": self.public,
            "nsfw": self.nsfw,
            "tags": self.tags,
            "models": self.models,
        }

    def _key_json(self) -> Json | None:
        key = self.shared_key
        return None if key is None else {"id": key.id, "name": key.name}


@dataclass(slots=True, eq=False)
class Collection:
    """A named list of styles."""

    kind: StyleKind
    name: str
    owner: User
    info: str
    styles: list[Style]
    public: bool = True
    use_count: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "type": self.kind,
            "info": self.info,
            "public": self.public,
            "styles": [{"name": style.unique_name, "id": style.id} for style in self.styles],
            "use_count": self.use_count,
        }


class StyleStore:
    """All styles and collections."""

    def __init__(self, owner: User) -> None:
        self.styles: dict[str, Style] = {}
        self.collections: dict[str, Collection] = {}
        for style in _initial_styles(owner):
            self.styles[style.id] = style
        pair = [self.find_style("paper cut"), self.find_style("night market")]
        first = Collection("image", "sandbox picks", owner, "Two styles to try first.", pair)
        self.collections[first.id] = first

    def add(self, *styles: Style) -> None:
        """Add styles."""
        self.styles |= {style.id: style for style in styles}

    def remove(self, style: Style) -> None:
        """Remove a style, also from its collections; an empty collection goes, too."""
        del self.styles[style.id]
        for each in list(self.collections.values()):
            each.styles = [kept for kept in each.styles if kept is not style]
            if not each.styles:
                del self.collections[each.id]

    def find_style(self, name: str) -> Style:
        """The style "name", "user#1::name", "style::name" or "style::user#1::name", or KeyError."""
        parts = name.removeprefix("style::").split("::")
        for style in self.styles.values():
            if style.name == parts[-1] and (len(parts) == 1 or style.owner.name in parts[:-1]):
                return style
        # "user#1::style::name", as the API prints it: the user part is ignored.
        for style in self.styles.values():
            if len(parts) == 3 and parts[1] == "style" and style.name == parts[2]:
                return style
        raise KeyError(name)

    def find(self, reference: str) -> Style | Collection:
        """A style or collection by id or name. Raises ApiError StyleNotFound."""
        if reference in self.styles:
            return self.styles[reference]
        bare = reference.removeprefix("collection::")
        for collection in self.collections.values():
            if bare in (collection.id, collection.name):
                return collection
        try:
            return self.find_style(reference)
        except KeyError as error:
            message = f"Style with name '{reference}' not found."
            raise ApiError(404, "StyleNotFound", message) from error


def _initial_styles(owner: User) -> list[Style]:
    image_styles: list[tuple[str, str, str, Json, list[str], list[str]]] = [
        (
            "paper cut",
            "Layered paper landscapes with soft shadows.",
            "paper cut illustration of {p}, layered paper, soft shadows{np}",
            {"steps": 24, "width": 1024, "height": 1024, "cfg_scale": 6.0},
            ["AlbedoBase XL (SDXL)"],
            ["paper", "illustration"],
        ),
        (
            "night market",
            "Rain, neon signs and reflections.",
            "{p}, at a night market, neon signs, rain, reflections{np}",
            {"steps": 25, "width": 896, "height": 1152, "sampler_name": "k_dpmpp_2m"},
            ["Juggernaut XL", "AlbedoBase XL (SDXL)"],
            ["neon", "photo"],
        ),
        (
            "oil painting",
            "Thick strokes on canvas, after the impressionists.",
            "{p}, oil painting, impasto, visible brush strokes{np}",
            {"steps": 20, "sampler_name": "k_euler"},
            ["Deliberate", "stable_diffusion"],
            ["paint"],
        ),
        (
            "flux poster",
            "Flat shapes and bold lettering in four steps.",
            "screen print poster of {p}, flat colours, bold shapes{np}",
            {
                "steps": 4,
                "cfg_scale": 1.0,
                "sampler_name": "k_euler",
                "width": 1024,
                "height": 1024,
            },
            ["Flux.1-Schnell fp8 (Compact)"],
            ["poster", "fast"],
        ),
    ]
    text_styles: list[tuple[str, str, str, Json, list[str], list[str]]] = [
        (
            "bedtime story",
            "A short story for tired people.",
            "### Instruction:\nTell a calm bedtime story about {p}\n### Response:\n",
            {"temperature": 0.8, "min_p": 0.05, "frmttriminc": True},
            ["koboldcpp/L3-8B-Stheno-v3.2"],
            ["story"],
        ),
        (
            "plain answer",
            "A short answer without decoration.",
            "### Instruction:\nAnswer briefly: {p}\n### Response:\n",
            {"temperature": 0.3},
            ["koboldcpp/Mistral-Small-24B", "koboldcpp/L3-8B-Stheno-v3.2"],
            ["chat"],
        ),
    ]
    kinds: tuple[tuple[StyleKind, Any], ...] = (("image", image_styles), ("text", text_styles))
    return [
        Style(
            kind, name, owner, info, prompt, params, models, tags,
            id=str(uuid.uuid5(NAMESPACE, f"style {name}")),
        )
        for kind, rows in kinds
        for name, info, prompt, params, models, tags in rows
    ]  # fmt: skip
