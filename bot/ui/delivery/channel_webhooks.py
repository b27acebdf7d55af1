"""The webhook of a channel: found, made, and given up where the server does not allow it."""

import logging

import discord

from bot.accounts.encryption.webhook_tokens import WebhookAddress
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.i18n import N_, _, in_language

log = logging.getLogger(__name__)
NAME = "Hordecord"
NO_MORE_WEBHOOKS = 30007  # a channel has at most 15
TOO_MANY = N_(
    "Characters write under the bot's name here: this channel already has the maximum number of "
    "webhooks. Delete one in the settings of the channel."
)


async def webhook_of(bot: HordecordBot, guild_id: int, channel_id: int) -> discord.Webhook | None:
    """The bot's webhook of that channel, which is no thread. None where it cannot have one."""
    tokens = bot.services.webhook_tokens
    if tokens.is_refused(channel_id):
        return None
    address = await tokens.of(channel_id)
    if address is None:
        try:
            address = await _found(bot, channel_id) or await _made(bot, channel_id)
        except discord.HTTPException as error:
            await _give_up(bot, guild_id, channel_id, error)
            return None
        await tokens.put(guild_id, channel_id, address)
    return discord.Webhook.partial(address.id, address.token, client=bot)


async def _found(bot: HordecordBot, channel_id: int) -> WebhookAddress | None:
    """A webhook that the bot made before: Discord tells their tokens to their maker alone."""
    for each in await bot.http.channel_webhooks(channel_id):
        if each.get("application_id") == str(bot.application_id) and (token := each.get("token")):
            return WebhookAddress(int(each["id"]), token)
    return None


async def _made(bot: HordecordBot, channel_id: int) -> WebhookAddress:
    made = await bot.http.create_webhook(channel_id, name=NAME)
    token = made.get("token")
    assert token, "Discord returns the token of a new webhook"
    return WebhookAddress(int(made["id"]), token)


async def _give_up(
    bot: HordecordBot, guild_id: int, channel_id: int, error: discord.HTTPException
) -> None:
    """Use no webhook there for a while. A full channel is told once."""
    tokens = bot.services.webhook_tokens
    tokens.refuse(channel_id)
    log.info("no webhook in channel %d (%d)", channel_id, error.code)
    if error.code != NO_MORE_WEBHOOKS or not tokens.is_news(channel_id):
        return
    rules = await bot.services.guilds.rules(guild_id)
    with in_language(bot.services.languages.of_guild(rules, "")):
        text = f"-# {_(TOO_MANY)}"
    try:
        await bot.get_partial_messageable(channel_id).send(text)
    except TROUBLE as trouble:
        log.info("a note was not posted: %s", trouble or type(trouble).__name__)
