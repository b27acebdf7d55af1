"""Builds the bodies that create or change a style at the Horde."""

from typing import Any, TypeVar

from pydantic import ValidationError

from bot.backends.horde.payloads import embedding_input, lora_input
from bot.domain.requests import ImageChoices
from bot.errors import BadOption
from bot.horde.style_editing.style_inputs import (
    ImageStyleInput,
    ImageStyleParamsInput,
    TextStyleInput,
    TextStyleParamsInput,
)
from bot.horde.styles import ImageStyle, TextStyle
from bot.i18n import _
from bot.i18n.formats import list_and
from bot.services.styles.style_values import (
    INFO_MIN,
    MODELS_MAX,
    StyleKind,
    StyleTexts,
    StyleValues,
    declared_fields,
    policy_of,
    tags_of,
)

Style = ImageStyle | TextStyle
Body = TypeVar("Body", ImageStyleInput, TextStyleInput)
# Fields of choices, and the parameters of a style that have the same value.
PARAMS = {
    "steps": "steps",
    "cfg_scale": "cfg_scale",
    "sampler": "sampler_name",
    "width": "width",
    "height": "height",
    "karras": "karras",
    "tiling": "tiling",
    "hires_fix": "hires_fix",
    "hires_strength": "hires_fix_denoising_strength",
    "strength": "denoising_strength",
    "clip_skip": "clip_skip",
    "face_strength": "facefixer_strength",
    "post": "post_processing",
    "workflow": "workflow",
    "transparent": "transparent",
}
ADDONS = frozenset({"loras", "embeddings"})
ELSEWHERE = frozenset({"models"})  # no parameters, but taken from the flags too


def image_body(
    values: StyleValues, texts: StyleTexts, before: ImageStyle | None
) -> ImageStyleInput:
    """The image style of these values and texts. Raises BadOption."""
    _check_places(texts, "{p}", "{np}")
    params = _image_params(values.choices)
    return _built(ImageStyleInput, {**_common(values, texts, before), "params": params})


def text_body(values: StyleValues, texts: StyleTexts, before: TextStyle | None) -> TextStyleInput:
    """The text style of these values and texts. Raises BadOption."""
    _check_places(texts, "{p}")
    params = None
    if values.temperature is not None:
        params = TextStyleParamsInput(temperature=values.temperature)
    return _built(TextStyleInput, {**_common(values, texts, before), "params": params})


def image_style_of(body: ImageStyleInput, before: ImageStyle | None, style_id: str) -> ImageStyle:
    """The style that the Horde has after this body was accepted."""
    return ImageStyle.model_validate({**_known(before), **_sent(body), "id": style_id})


def text_style_of(body: TextStyleInput, before: TextStyle | None, style_id: str) -> TextStyle:
    """The style that the Horde has after this body was accepted."""
    return TextStyle.model_validate({**_known(before), **_sent(body), "id": style_id})


def kind_of(style: Style) -> StyleKind:
    """Whether it is for images or for texts."""
    return "text" if isinstance(style, TextStyle) else "image"


def _known(before: Style | None) -> dict[str, Any]:
    return before.model_dump() if before is not None else {}


def _sent(body: ImageStyleInput | TextStyleInput) -> dict[str, Any]:
    return body.model_dump(exclude_none=True)


def style_texts(style: Style, *, newer: bool) -> StyleTexts:
    """The texts of a style, to fill a form. `newer`: the server has fields."""
    lines = (
        f"{each.name}{'*' if each.required else ''}: {each.description}"
        for each in style.template_fields
    )
    return StyleTexts(
        name=style.name,
        info=style.info,
        prompt=style.prompt,
        tags=", ".join(style.tags),
        fields="\n".join(lines) if newer else None,
    )


def _common(values: StyleValues, texts: StyleTexts, before: Style | None) -> dict[str, Any]:
    """The fields of both kinds, whole: a server before 5.1.13 resets missing ones."""
    models = values.models or values.choices.models or (before.models if before else ())
    _check(texts, models)
    public = values.public if values.public is not None else (before.public if before else True)
    nsfw = values.nsfw if values.nsfw is not None else (before.nsfw if before else False)
    fields = declared_fields(texts.fields) if texts.fields is not None else ()
    if texts.fields is not None and before is not None and before.template_fields and not fields:
        raise BadOption(
            _("The Horde cannot remove all fields of a style. Keep one, or create a new style.")
        )
    return {
        "name": texts.name.strip(),
        "info": texts.info.strip() or None,
        "prompt": texts.prompt.strip(),
        "tags": tags_of(texts.tags),
        "models": models,
        "public": public,
        "nsfw": nsfw,
        "parameter_policy": policy_of(values.changeable, values.ceilings),
        "template_fields": fields or None,
    }


def _check_places(texts: StyleTexts, *places: str) -> None:
    # Said here too: at 5.1.5 the Horde refuses it without a reason.
    if any(place not in texts.prompt for place in places):
        raise BadOption(_("The prompt of a style must contain `{p}`, for images `{np}` too."))


def _check(texts: StyleTexts, models: tuple[str, ...]) -> None:
    if not models:
        raise BadOption(_("A style needs a model. Add one with the option `model`."))
    if len(models) > MODELS_MAX:
        said = _("A style can have {count} models. Remove some.")
        raise BadOption(said.format(count=MODELS_MAX))
    if texts.info.strip() and len(texts.info.strip()) < INFO_MIN:
        said = _("The description needs at least {count} characters. Write more.")
        raise BadOption(said.format(count=INFO_MIN))


def _image_params(choices: ImageChoices) -> ImageStyleParamsInput | None:
    """The parameters of the flags; None without any."""
    strange = choices.names - PARAMS.keys() - ADDONS - ELSEWHERE
    if strange:
        said = _("A style cannot set {names}. Remove it from `extra`.")
        raise BadOption(said.format(names=list_and(f"`{name}`" for name in sorted(strange))))
    found = {PARAMS[name]: value for name, value in choices.values().items() if name in PARAMS}
    found = {name: value for name, value in found.items() if value is not None}
    if "loras" in choices.names:
        found["loras"] = tuple(map(lora_input, choices.loras))
    if "embeddings" in choices.names:
        found["tis"] = tuple(map(embedding_input, choices.embeddings))
    return ImageStyleParamsInput.model_validate(found) if found else None


def _built(body: type[Body], fields: dict[str, Any]) -> Body:
    try:
        return body.model_validate(fields)
    except ValidationError as error:
        name = ".".join(map(str, error.errors()[0]["loc"]))
        said = _("The Horde does not accept this value of `{field}` for a style.")
        raise BadOption(said.format(field=name)) from None
