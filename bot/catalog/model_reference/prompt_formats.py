"""Prompt formats of text models: the text model reference's, and the published guidance."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from bot.catalog.model_reference.reference_parser import entries
from bot.chat.template_choice import (
    known_template,
    template_for,
    template_of_label,
    template_of_markers,
)
from bot.domain.chat.conversations import AUTO
from bot.errors import BadReply
from bot.horde.model_reference.prompt_guidance import GuidanceCatalog, GuidanceProfile
from bot.http.schema import Wire
from bot.i18n import _


class _TextModel(Wire):
    instruct_format: str = ""


@dataclass(frozen=True, slots=True)
class PromptFormats:
    """By the names of models as in `key`. `labels`: of the text model reference; `guidance`: names
    of templates, of the host of the model reference.
    """

    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    guidance: Mapping[str, str] = field(default_factory=dict[str, str])

    def template(self, model: str, chosen: str = AUTO) -> str:
        """The template of a text model; `chosen`: the one that a conversation names."""
        label, guided = self.labels.get(key(model)), self.guidance.get(key(model))
        return template_for(model, label, chosen, guidance=guided)

    def knows(self, model: str) -> bool:
        """Whether the template of that model is known."""
        label, guided = self.labels.get(key(model)), self.guidance.get(key(model))
        return bool(known_template(model, label, guided))


NO_FORMATS = PromptFormats()


def key(model: str) -> str:
    """The name without its backend and author, in small letters: `engine/author/model`."""
    return model.rpartition("/")[2].casefold()


def instruct_formats_of(raw: bytes) -> dict[str, str]:
    """The labels of the text model reference, of the models that have one. Raises BadReply."""
    found = entries(raw, lambda name, value: (name, _TextModel.model_validate(value)))
    return {key(name): model.instruct_format for name, model in found if model.instruct_format}


def guidance_of(raw: bytes) -> dict[str, str]:
    """The templates of the published guidance, where the bot has them. Raises BadReply."""
    try:
        catalogue = GuidanceCatalog.model_validate_json(raw)
    except ValidationError:
        raise BadReply(_("The file could not be read.")) from None
    known = {name: _template(profile) for name, profile in catalogue.profiles.items()}
    assigned = ((key(a.model_name), a.primary_profile_id) for a in catalogue.assignments.values())
    return {model: known[profile] for model, profile in assigned if known.get(profile)}


def _template(profile: GuidanceProfile) -> str:
    """The template of a profile, by its markers or else by its names."""
    names = (profile.profile_id, profile.display_name, *profile.aliases)
    labelled = next((found for name in names if (found := template_of_label(name))), "")
    return template_of_markers(profile.role_markers) or labelled
