"""Pictures that a member uploads with a command, checked by Discord's description of them."""

import discord

from bot.domain.requests import Source
from bot.errors import BadOption
from bot.i18n import _
from bot.pictures.media_types import refusal
from bot.pictures.sizing import check_ratio
from bot.pictures.uploads import BYTES_MAX

MEGABYTE = 1024 * 1024


def source_of_upload(
    attachment: discord.Attachment, *, what: str = "image", painted_on: bool = True
) -> Source:
    """That upload as a source. `what`: the option's name, for the message of a BadOption.

    `painted_on`: it becomes the source of a picture, so its ratio is checked.
    """
    if reason := refusal(attachment.content_type, attachment.filename):
        raise BadOption(f"`{what}`: {reason}")
    if attachment.size > BYTES_MAX:
        size, limit = -(-attachment.size // MEGABYTE), BYTES_MAX // MEGABYTE
        text = _("`{option}`: the file has {size} MB. The limit is {limit} MB.")
        raise BadOption(text.format(option=what, size=size, limit=limit))
    width, height = attachment.width or 0, attachment.height or 0
    if painted_on and width and height:
        check_ratio(width, height)
    return Source(
        url=attachment.url,
        filename=attachment.filename,
        size=attachment.size,
        width=width,
        height=height,
        spoiler=attachment.is_spoiler(),
    )


def is_jpeg(attachment: discord.Attachment) -> bool:
    """Whether Discord reports a JPEG, which has no transparent parts."""
    kind = (attachment.content_type or "").partition(";")[0].strip().lower()
    return kind in {"image/jpeg", "image/jpg"}
