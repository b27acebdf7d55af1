"""Pictures that somebody uploads with a command, judged by what Discord says about them."""

import discord

from bot.domain.requests import Source
from bot.errors import BadOption
from bot.pictures.sizing import check_ratio
from bot.pictures.uploads import BYTES_MAX

NOT_A_PICTURE = (
    "`{option}`: that file is no picture that can be used. Upload a PNG, JPEG, WebP or GIF."
)
PICTURE_TOO_LARGE = "`{option}`: that file has {size} MB; at most {limit} MB can be used."

TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
MEGABYTE = 1024 * 1024


def source_of_upload(
    attachment: discord.Attachment, *, what: str = "image", painted_on: bool = True
) -> Source:
    """That upload as a source. `what`: the option's name, for the sentence of a BadOption.

    `painted_on`: it is to be painted over, so its sides must not differ too much.
    """
    if kind_of(attachment) not in TYPES:
        raise BadOption(NOT_A_PICTURE.format(option=what))
    if attachment.size > BYTES_MAX:
        size, limit = -(-attachment.size // MEGABYTE), BYTES_MAX // MEGABYTE
        raise BadOption(PICTURE_TOO_LARGE.format(option=what, size=size, limit=limit))
    width, height = attachment.width or 0, attachment.height or 0
    if painted_on and width and height:
        check_ratio(width, height)
    return Source(
        url=attachment.url,
        filename=attachment.filename,
        size=attachment.size,
        width=width,
        height=height,
    )


def kind_of(attachment: discord.Attachment) -> str:
    """Its type, like image/png, as Discord found it; "" when it is unknown."""
    return (attachment.content_type or "").partition(";")[0]
