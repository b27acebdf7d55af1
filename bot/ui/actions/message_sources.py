"""The pictures of a message in any place and by any author."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import discord
from discord.components import Component
from yarl import URL

from bot.cards.card import GALLERY_MAX
from bot.cards.custom_ids import CARD
from bot.cards.results.shown_pictures import shown_in
from bot.client.bot import HordecordBot
from bot.domain.records import Record
from bot.domain.requests import Source
from bot.http.discord_files import PROXIES, UPLOADS
from bot.pictures.formats.unsupported import told
from bot.pictures.media_types import is_usable, refusal, unusable_name
from bot.ui.actions.picture_actions import is_hidden
from bot.ui.delivery.message_pictures import picture_link, source_of_url

_EMOJI = re.compile(r"<(a?):\w{1,40}:([0-9]{1,20})>")
_LINK = re.compile(r"https?://[^\s<>|]+")

Holder = discord.Message | discord.MessageSnapshot


def pictures_in(message: discord.Message) -> list[Source]:
    """Every picture of that message that Discord stores or proxies, each once, in their order."""
    holders: list[Holder] = [message, *message.message_snapshots]  # includes a forwarded message
    found: dict[str, Source] = {}
    for source in (source for holder in holders for source in _sources(holder)):
        found.setdefault(URL(source.url, encoded=True).path, source)
    return list(found.values())[:GALLERY_MAX]


async def record_of_message(bot: HordecordBot, message: discord.Message) -> Record | None:
    """The request whose result that message shows; None when it is unknown or deleted."""
    if not is_ours(bot, message):
        return None
    record = await bot.services.history.of_message(message.id)
    if record is not None:
        return record
    named = next((number for number in _numbers(message.components)), 0)  # a published copy
    return await bot.services.history.find(named) if named else None


def is_ours(bot: HordecordBot, message: discord.Message) -> bool:
    """Whether the bot wrote it."""
    return bot.user is not None and message.author.id == bot.user.id


def sources_of(message: discord.Message, record: Record | None) -> list[Source]:
    """Its pictures; those of a stored request with their stored files.

    Links may expire before they are used: Discord's after a day.
    """
    shown = shown_in(record, record.status) if record is not None else ()
    spoiler = record is not None and is_hidden(record)
    kept = {
        link: source_of_url(one, message, spoiler=spoiler)
        for one in shown
        if (link := picture_link(one, message))
    }
    return [kept.get(source.url, source) for source in pictures_in(message)]


def unusable_in(message: discord.Message) -> str:
    """Advice for a file of the message whose format cannot be used; "" without one."""
    holders: list[Holder] = [message, *message.message_snapshots]
    for attachment in (one for holder in holders for one in holder.attachments):
        if name := unusable_name(attachment.content_type, attachment.filename):
            return told(name)
    return ""


def _sources(holder: Holder) -> Iterator[Source]:
    for attachment in holder.attachments:
        if _is_picture(attachment):
            yield Source(
                url=attachment.url,
                filename=attachment.filename,
                size=attachment.size,
                width=attachment.width or 0,
                height=attachment.height or 0,
                spoiler=attachment.is_spoiler(),
            )
    yield from _shown(holder.components)
    for embed in holder.embeds:
        for picture in (embed.image, embed.thumbnail):
            url = _fetchable(picture.url, picture.proxy_url)
            if url:
                yield _linked(url, picture.width, picture.height)
    for sticker in holder.stickers:
        # an animation in a vector format
        if sticker.format is not discord.StickerFormatType.lottie:
            yield _linked(sticker.url)
    yield from _written(holder.content)


def _is_picture(attachment: discord.Attachment) -> bool:
    """By its type or its name; without either, by the sides that Discord found."""
    kind, name = attachment.content_type, attachment.filename
    return is_usable(kind, name) or bool(attachment.width and not refusal(kind, name))


def _shown(components: Iterable[Component]) -> Iterator[Source]:
    for component in components:
        match component:
            case discord.MediaGalleryComponent(items=items):
                for item in items:
                    yield from _of_media(item.media, spoiler=item.spoiler)
            case discord.Container(children=children):
                yield from _shown(children)
            case discord.SectionComponent(accessory=accessory):
                yield from _shown([accessory])
            case discord.ThumbnailComponent(media=media, spoiler=spoiler):
                yield from _of_media(media, spoiler=spoiler)
            case discord.FileComponent(media=media, spoiler=spoiler):
                if is_usable(media.content_type, _name(media.url)):
                    yield from _of_media(media, spoiler=spoiler)
            case _:
                continue


def _of_media(media: discord.UnfurledMediaItem, *, spoiler: bool) -> Iterator[Source]:
    url = _fetchable(media.url, media.proxy_url)
    if url and not refusal(media.content_type, _name(media.url)):
        yield _linked(url, media.width, media.height, spoiler=spoiler)


def _written(content: str) -> Iterator[Source]:
    """Links to uploads, and custom emoji if there is nothing else, which Discord shows large."""
    for found in _LINK.finditer(content):
        url = found[0]
        if _on_discord(url) and "attachments/" in url and is_usable(None, _name(url)):
            before, after = content[: found.start()], content[found.end() :]
            yield _linked(url, spoiler=before.endswith("||") and after.startswith("||"))
    if not _EMOJI.sub("", content).strip():
        for moves, number in _EMOJI.findall(content):
            yield _linked(f"{discord.Asset.BASE}/emojis/{number}.{'gif' if moves else 'png'}")


def _fetchable(url: str | None, proxy_url: str | None) -> str:
    """Discord's own address of a picture (its proxy's for others); "" for none."""
    return next((link for link in (url, proxy_url) if link and _on_discord(link)), "")


def _numbers(components: Iterable[Component]) -> Iterator[int]:
    for component in components:
        if found := CARD.parse(getattr(component, "custom_id", None) or ""):
            yield found[1]
        if isinstance(component, discord.ActionRow | discord.Container):
            yield from _numbers(component.children)


def _linked(
    url: str, width: int | None = 0, height: int | None = 0, *, spoiler: bool = False
) -> Source:
    return Source(
        url=url, filename=_name(url), width=width or 0, height=height or 0, spoiler=spoiler
    )


def _name(url: str) -> str:
    return PurePosixPath(URL(url, encoded=True).path).name or "picture"


def _on_discord(url: str) -> bool:
    """On a host that the bot loads from; the library knows that of a look-alike."""
    try:
        return str(URL(url, encoded=True).origin()) in UPLOADS | PROXIES | {discord.Asset.BASE}
    except ValueError:
        return False
