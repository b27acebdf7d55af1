"""Messages of conversations under the name and avatar of the character, by a webhook.

Where that is not possible, the callers post an ordinary message of the bot.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.aio.retry import until_stored
from bot.cards.card import Card
from bot.client.bot import HordecordBot
from bot.domain.chat.characters import ASSISTANT
from bot.errors import Undeliverable
from bot.i18n import N_, _
from bot.ui.components.views import layout_of
from bot.ui.delivery.channel_webhooks import webhook_of
from bot.ui.delivery.character_names import webhook_name

log = logging.getLogger(__name__)
WEBHOOK_GONE = frozenset({10015, 50027})  # unknown webhook, invalid token
NO_WEBHOOK = N_("The webhook of this channel was deleted.")
# Without it an edit of a reply would mention the member who is answered.
NO_MENTIONS = discord.AllowedMentions.none()
NOT_THE_AUTHOR = 50005  # a message of another user, here of a webhook, cannot be edited


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks. `avatar`: its address, "" for none."""

    name: str
    avatar: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel with webhooks, and the thread in it, 0 for none."""

    channel_id: int
    thread_id: int = 0


async def speaker_of(bot: HordecordBot, guild_id: int | None, character: int) -> Speaker | None:
    """The name and avatar of that character, where the server wants them."""
    services = bot.services
    if guild_id is None or character == ASSISTANT:
        return None
    if not (await services.guilds.rules(guild_id)).chat_webhooks:
        return None
    found = await services.chat.characters.cast((character,))
    if not found:
        return None
    return Speaker(
        webhook_name(found[0].character.called), await services.character_avatars.url_of(found[0])
    )


async def post_as(
    bot: HordecordBot,
    guild_id: int,
    channel_id: int,
    speaker: Speaker,
    card: Card,
    files: Sequence[discord.File] = (),
) -> int | None:
    """Post a card under that name. Returns the message's id; None where the bot must post it.

    Raises Discord's errors that may pass.
    """
    place = await _place_of(bot, channel_id)
    if place is None:
        return None
    for _attempt in range(2):  # the second one for a webhook that was deleted
        hook = await webhook_of(bot, guild_id, place.channel_id)
        if hook is None:
            return None
        try:
            sent = await _send(hook, place, speaker, card, files)
        except discord.HTTPException as error:
            if error.status >= 500 or error.status == 429:
                raise
            log.info("a webhook was refused in channel %d (%d)", channel_id, error.code)
            if error.code not in WEBHOOK_GONE:
                return None
            await _forget(bot, place)
            _rewind(files)
        else:
            bot.services.webhook_tokens.note_posted(sent)
            return sent
    return None


async def edit_message(
    bot: HordecordBot,
    channel_id: int,
    message_id: int,
    card: Card,
    files: Sequence[discord.File] = (),
) -> None:
    """Edit a message of the bot or of its webhook. Raises Discord's errors and Undeliverable."""
    tokens = bot.services.webhook_tokens
    if not tokens.has_posted(message_id):
        message = bot.get_partial_messageable(channel_id).get_partial_message(message_id)
        try:
            await message.edit(
                view=layout_of(card), attachments=files, allowed_mentions=NO_MENTIONS
            )
        except discord.HTTPException as error:
            if error.code != NOT_THE_AUTHOR:
                raise
            _rewind(files)
        else:
            return
    await _edit_by_webhook(bot, channel_id, message_id, card, files)


async def _edit_by_webhook(
    bot: HordecordBot,
    channel_id: int,
    message_id: int,
    card: Card,
    files: Sequence[discord.File] = (),
) -> None:
    """Edit a message that the webhook of the channel posted. Raises Discord's errors and
    Undeliverable.
    """
    hook, place = await _own_hook(bot, channel_id)
    await hook.edit_message(
        message_id, view=layout_of(card), attachments=files, thread=_thread(place)
    )
    bot.services.webhook_tokens.note_posted(message_id)


async def delete_shown_message(bot: HordecordBot, channel_id: int, message_id: int) -> None:
    """Delete a message of the bot or of its webhook. Raises Discord's errors and Undeliverable."""
    if bot.services.webhook_tokens.has_posted(message_id):
        return await _delete_by_webhook(bot, channel_id, message_id)
    message = bot.get_partial_messageable(channel_id).get_partial_message(message_id)
    try:
        await message.delete()
    except discord.Forbidden as error:
        try:
            await _delete_by_webhook(bot, channel_id, message_id)
        except Undeliverable:
            raise error from None


async def whole_message(bot: HordecordBot, message: discord.Message) -> discord.Message | None:
    """A message of the channel's history with its components; None if the bot did not post it.

    Without the message content intent, Discord leaves them out of messages of webhooks.
    """
    if bot.user is not None and message.author.id == bot.user.id:
        return message
    if message.webhook_id is None:
        return None
    place = await _place_of(bot, message.channel.id)
    address = await bot.services.webhook_tokens.of(place.channel_id) if place else None
    if place is None or address is None or address.id != message.webhook_id:
        return None
    hook = discord.Webhook.partial(address.id, address.token, client=bot)
    bot.services.webhook_tokens.note_posted(message.id)
    return await hook.fetch_message(message.id, thread=_thread(place))


async def _delete_by_webhook(bot: HordecordBot, channel_id: int, message_id: int) -> None:
    """Delete a message that the webhook of the channel posted. Raises Discord's errors and
    Undeliverable.
    """
    hook, place = await _own_hook(bot, channel_id)
    await hook.delete_message(message_id, thread=_thread(place))


async def _send(
    hook: discord.Webhook,
    place: Place,
    speaker: Speaker,
    card: Card,
    files: Sequence[discord.File],
) -> int:
    sent = await hook.send(
        view=layout_of(card),
        files=files or discord.utils.MISSING,
        username=speaker.name,
        avatar_url=speaker.avatar or discord.utils.MISSING,
        thread=_thread(place),
        wait=True,
    )
    return sent.id


def _thread(place: Place) -> discord.abc.Snowflake:
    return discord.Object(place.thread_id) if place.thread_id else discord.utils.MISSING


async def _own_hook(bot: HordecordBot, channel_id: int) -> tuple[discord.Webhook, Place]:
    """The stored webhook of that channel. Raises Undeliverable without one."""
    place = await _place_of(bot, channel_id) or Place(channel_id)
    address = await bot.services.webhook_tokens.of(place.channel_id)
    if address is None:
        raise Undeliverable(_(NO_WEBHOOK), shut=True)
    return discord.Webhook.partial(address.id, address.token, client=bot), place


async def _place_of(bot: HordecordBot, channel_id: int) -> Place | None:
    """Where the webhook of that channel or thread is; None in direct messages."""
    channel = bot.get_channel(channel_id) or await bot.fetch_channel(channel_id)
    if isinstance(channel, discord.Thread):
        return Place(channel.parent_id, channel.id)
    return Place(channel.id) if isinstance(channel, discord.abc.GuildChannel) else None


def _rewind(files: Sequence[discord.File]) -> None:
    """Let the files be read again: the refused call read them."""
    for file in files:
        file.reset(seek=True)


async def _forget(bot: HordecordBot, place: Place) -> None:
    await until_stored(lambda: bot.services.webhook_tokens.forget(place.channel_id))
