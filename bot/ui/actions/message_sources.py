"""The pictures of a message that somebody points at: whoever wrote it, wherever it is."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import discord
from discord.components import Component
from yarl import URL

from bot.cards.pictures import shown_in
from bot.client.bot import HordecordBot
from bot.domain.records import Record
from bot.domain.requests import Source
from bot.pictures.uploads import DISCORD
from bot.ui.delivery.message_pictures import link_to, source_of_url

PICTURES_MAX = 10  # of one message; a gallery has no more
ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif"})
TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
_OURS = re.compile(r"hc:[a-z]+:([0-9]{1,18})(?::[0-9]+)?")  # the custom_id of a card's button

Holder = discord.Message | discord.MessageSnapshot


def pictures_in(message: discord.Message) -> list[Source]:
    """Every picture of that message that Discord itself keeps, each once, in the order shown."""
    holders: list[Holder] = [message, *message.message_snapshots]  # what was forwarded, too
    found: dict[str, Source] = {}
    for source in (source for holder in holders for source in _sources(holder)):
        found.setdefault(URL(source.url, encoded=True).path, source)
    return list(found.values())[:PICTURES_MAX]


async def record_of_message(bot: HordecordBot, message: discord.Message) -> Record | None:
    """The request whose result that message shows; None when it is not ours, or forgotten."""
    if not is_ours(bot, message):
        return None
    record = await bot.service.moderation.of_message(message.id)
    if record is not None:
        return record
    named = next((number for number in _numbers(message.components)), 0)  # one that was published
    return await bot.service.moderation.get(named) if named else None


def is_ours(bot: HordecordBot, message: discord.Message) -> bool:
    """Whether this bot wrote it."""
    return bot.user is not None and message.author.id == bot.user.id


def sources_of(message: discord.Message, record: Record | None) -> list[Source]:
    """Its pictures; those of a request of ours with the file that is kept here.

    The links may be dead by the time they are needed: Discord's end after a day.
    """
    shown = shown_in(record, record.status) if record is not None else ()
    kept = {link: source_of_url(one, message) for one in shown if (link := link_to(one, message))}
    return [kept.get(source.url, source) for source in pictures_in(message)]


def _sources(holder: Holder) -> Iterator[Source]:
    for attachment in holder.attachments:
        if _is_picture(attachment.content_type, attachment.filename):
            yield Source(
                url=attachment.url,
                filename=attachment.filename,
                size=attachment.size,
                width=attachment.width or 0,
                height=attachment.height or 0,
            )
    for media in _media(holder.components):
        if _on_discord(media.url) and _is_picture(media.content_type, _name(media.url)):
            yield _linked(media.url, media.width, media.height)
    for embed in holder.embeds:
        for picture in (embed.image, embed.thumbnail):
            if picture.url and _on_discord(picture.url) and _is_picture(None, _name(picture.url)):
                yield _linked(picture.url, picture.width, picture.height)


def _media(components: Iterable[Component]) -> Iterator[discord.UnfurledMediaItem]:
    for component in components:
        match component:
            case discord.MediaGalleryComponent(items=items):
                yield from (item.media for item in items)
            case discord.Container(children=children):
                yield from _media(children)
            case discord.SectionComponent(accessory=accessory):
                yield from _media([accessory])
            case discord.ThumbnailComponent(media=media):
                yield media
            case _:
                continue


def _numbers(components: Iterable[Component]) -> Iterator[int]:
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if isinstance(custom_id, str) and (found := _OURS.fullmatch(custom_id)):
            yield int(found[1])
        if isinstance(component, discord.ActionRow | discord.Container):
            yield from _numbers(component.children)


def _linked(url: str, width: int | None, height: int | None) -> Source:
    return Source(url=url, filename=_name(url), width=width or 0, height=height or 0)


def _name(url: str) -> str:
    return PurePosixPath(URL(url, encoded=True).path).name or "picture"


def _is_picture(content_type: str | None, filename: str) -> bool:
    if content_type:
        return content_type.partition(";")[0].strip() in TYPES
    return PurePosixPath(filename).suffix.lower() in ENDINGS


def _on_discord(url: str) -> bool:
    """On a host that the bot fetches from; the library knows the one of a look-alike."""
    try:
        return str(URL(url, encoded=True).origin()) in DISCORD | {discord.Asset.BASE}
    except ValueError:
        return False
