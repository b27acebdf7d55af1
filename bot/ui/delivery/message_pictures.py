"""Pictures of the pressed message, which Discord still has when the stored files are deleted."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import discord
from discord.components import Component
from yarl import URL

from bot.cards.results import image_result
from bot.cards.results.shown_pictures import ShownPicture
from bot.domain.requests import Source

_SPOILER = "SPOILER_"


def picture_link(picture: ShownPicture, message: discord.Message | None) -> str:
    """Discord's own link to that picture in the message; "" when the message does not show it.

    Found by the file name: a picture that was shrunk has another ending.
    """
    wanted = PurePosixPath(picture.filename).stem
    return next((url for url in _links(message) if _stem(url) == wanted), "")


def shows(record_id: int, message: discord.Message) -> bool:
    """Whether the message shows pictures of that request."""
    start = image_result.stem(record_id)
    return any(_stem(url).startswith(start) for url in _links(message))


def source_of_url(
    picture: ShownPicture, message: discord.Message | None, *, spoiler: bool = False
) -> Source:
    """That picture as a source: its stored file, and the link for when that is deleted."""
    return Source(
        url=picture_link(picture, message),
        filename=picture.filename,
        file=picture.file,
        width=picture.width,
        height=picture.height,
        spoiler=spoiler,
    )


def _links(message: discord.Message | None) -> Iterator[str]:
    if message is None:
        return
    yield from _shown(message.components)
    for attachment in message.attachments:
        yield attachment.url


def _shown(components: Iterable[Component]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.MediaGalleryComponent):
            for item in component.items:
                yield item.media.url
        elif isinstance(component, discord.Container):
            yield from _shown(component.children)


def _stem(url: str) -> str:
    return PurePosixPath(URL(url).path).stem.removeprefix(_SPOILER)
