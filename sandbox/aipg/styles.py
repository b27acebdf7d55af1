"""The styles: a template for the prompt and parameters; locked ones replace those of a request."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.aipg.bodies import MediaBody
from sandbox.aipg.errors import ApiError
from sandbox.optional.jobs import Json


@dataclass(frozen=True, slots=True)
class Style:
    id: str
    name: str
    description: str
    model: str
    prompt: str
    negative_prompt: str
    parameters: Mapping[str, int | float | str]
    locked: tuple[str, ...]
    aspect: str = "3:4"

    def listed(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "model": self.model,
            "job_type": "image",
            "aspect": self.aspect,
            "locked": list(self.locked),
        }


STYLES: Mapping[str, Style] = {
    style.id: style
    for style in (
        Style(
            "photoreal", "Photorealistic", "Natural light and fine detail.", "FLUX.2 Klein 4B FP8",
            "{prompt}, photograph, natural light", "drawing, blurry",
            {"steps": 4, "cfg_scale": 1.0, "sampler": "euler"}, ("steps", "cfg_scale"),
        ),
        Style(
            "anime", "Anime", "Clean lines and flat colours.", "z-image-turbo",
            "{prompt}, anime, clean lines", "photograph",
            {"steps": 8, "sampler": "euler"}, ("steps",),
        ),
        Style(
            "watercolor", "Watercolor", "Soft paint on paper.", "Krea 2 Turbo",
            "{prompt}, watercolor on paper", "photograph",
            {"steps": 8}, ("steps",), "1:1",
        ),
    )
}  # fmt: skip


def apply_style(body: MediaBody) -> MediaBody:
    """The body with its style applied. Raises ApiError 404 for an unknown one."""
    if not body.style:
        return body
    style = STYLES.get(body.style.lower())
    if style is None:
        raise ApiError(404, f"Unknown style '{body.style}'.")
    own = {name: value for name, value in body if value is not None}
    kept = {name: value for name, value in style.parameters.items() if name not in own}
    locked = {name: style.parameters[name] for name in style.locked}
    negative = ", ".join(filter(None, (style.negative_prompt, str(body.negative_prompt or ""))))
    prompt = style.prompt.replace("{prompt}", body.prompt.strip())
    changes = {"prompt": prompt, "negative_prompt": negative, "model": body.model or style.model}
    return body.model_copy(update=changes | kept | locked)
