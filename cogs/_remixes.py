"""The options of /remix as choices."""

from dataclasses import dataclass

import discord

from bot.domain.requests import ExtraImage, ImageChoices, Source, build
from bot.errors import BadOption
from bot.i18n import N_, _
from bot.parameters.source_defaults import AREAS, WAYS
from cogs._attachments import is_jpeg, source_of_upload

OF_ANOTHER_MODE = {
    "inpainting": N_(
        "`area` and `mask` need the mode inpainting. Change the mode or leave them out."
    ),
    "outpainting": N_(
        "`expand` and `expand_by` need the mode outpainting. Change the mode or leave them out."
    ),
    "remix": N_("Several images need the mode remix. Change the mode or use one image."),
}
EXPAND_BY = 256  # pixels on each side, if none were chosen
AROUND = "all around"  # a key of WAYS


@dataclass(frozen=True, slots=True)
class Start:
    """The options about the source. "" and 0: not chosen."""

    image: discord.Attachment
    mode: str = ""
    area: str = ""
    mask: discord.Attachment | None = None
    expand: str = ""
    expand_by: int = 0
    shape: str | None = None
    others: tuple[discord.Attachment, ...] = ()


def remix_choices(start: Start) -> ImageChoices:
    """The choices about the picture. Raises BadOption for options that contradict each other.

    Without an option that needs a mode it sets none, so that `extra` may name one.
    """
    mode = _mode(start)
    fields: dict[str, object] = {"mode": mode}
    if mode == "inpainting":
        fields |= _area(start)
    if mode == "outpainting":
        if start.shape:
            raise BadOption(_("`shape` is not possible with outpainting. Leave it out."))
        ways, pixels = WAYS[start.expand or AROUND], start.expand_by or EXPAND_BY
        fields["expand"] = tuple(way * pixels for way in ways)
    fields["extra_images"] = tuple(
        ExtraImage(source=_other(each, number)) for number, each in enumerate(start.others, 2)
    )
    return build(ImageChoices, **{name: value for name, value in fields.items() if value})


def _mode(start: Start) -> str:
    """The chosen mode, else the one that the other options need; "" for neither."""
    asked = {
        "inpainting": bool(start.area or start.mask),
        "outpainting": bool(start.expand or start.expand_by),
        "remix": bool(start.others),
    }
    found = [mode for mode, wanted in asked.items() if wanted]
    mode = start.mode or next(iter(found), "")
    if strange := [other for other in found if other != mode]:
        raise BadOption(_(OF_ANOTHER_MODE[strange[0]]))
    return mode


def _area(start: Start) -> dict[str, object]:
    if start.area and start.mask:
        raise BadOption(_("`area` and `mask` exclude each other. Leave one of them out."))
    if start.area:
        return {"parts": AREAS[start.area]}
    if start.mask:
        return {"mask": source_of_upload(start.mask, what="mask", painted_on=False)}
    if is_jpeg(start.image):
        raise BadOption(
            _(
                "Inpainting needs an `area`, a `mask`, or a PNG or WebP image with a "
                "transparent part."
            )
        )
    return {}


def _other(image: discord.Attachment, number: int) -> Source:
    return source_of_upload(image, what=f"image{number}", painted_on=False)
