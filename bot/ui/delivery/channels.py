"""The routes to a message, and the meaning of Discord's refusals."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

import discord
from discord.webhook.async_ import async_context
from tenacity import RetryCallState

from bot.aio.retry import doubling, retry
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE, UNREADABLE
from bot.domain.records import MessageAccess, MessageRef, Record
from bot.errors import Undeliverable
from bot.i18n import _
from bot.ui.components.views import files_of_card, layout_of
from bot.ui.delivery.attachments import PackedCard
from bot.ui.delivery.character_messages import delete_shown_message, edit_message

log = logging.getLogger(__name__)
T = TypeVar("T")

LIMIT = 20.0  # seconds that one edit may take, with its retries
SMALL_LIMIT = 10.0  # seconds for calls that may be dropped
PAUSE_FIRST, PAUSE_MAX = 0.5, 4.0  # seconds between attempts inside it
DM_LIMIT = 10 * 1024 * 1024  # bytes of a file in a DM, whatever the limit of the server is


class DeliveryRoute(StrEnum):
    """Routes of a card, in the order in which they are tried."""

    TOKEN = "token"  # noqa: S105 - edit through the interaction, no permission needed
    CHANNEL = "channel"  # edit as the bot, or as the webhook that posted it
    REOPEN = "reopen"  # edit as the bot after unarchiving the thread
    FOLLOW = "follow"  # a new message under the answer, without a nonce
    POST = "post"  # a new message in the channel
    DM = "dm"  # a new message to the requester alone


class RouteError(StrEnum):
    """Consequence of a failed call for the next one."""

    LATER = "later"  # the same call may work soon
    SHUT = "shut"  # this route is closed for good, another one may work
    GONE = "gone"  # the message or the place does not exist any more
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"  # Discord refuses the content of the message


# Codes of docs of 2026-08.
NO_MORE = frozenset({10003, 10004, 10008})  # the channel, the server, the message
_GONE = {10003, 10004, 10008, 50001, 50013}  # channel, server, message; no access, no permission
_SHUT = {10013, 10015, 10062, 30046, 40094, 50007, 50027, 50083, 50278}
# where a token needs no access: the thread is locked, the bot is not in it
_NO_ACCESS = {50001, 50013}
ARCHIVED = 50083  # also for a locked thread
_TOO_LARGE = {40005}


def verdict_of(error: BaseException, route: DeliveryRoute = DeliveryRoute.CHANNEL) -> RouteError:
    """Classifies a failed call. Everything except a clear refusal may be retried."""
    if not isinstance(error, discord.HTTPException):
        return RouteError.LATER
    by_code = (
        (route is DeliveryRoute.TOKEN and error.code in _NO_ACCESS, RouteError.SHUT),
        (error.code in _GONE, RouteError.GONE),
        (error.code in _SHUT or error.status == 401, RouteError.SHUT),
        (error.code in _TOO_LARGE or error.status == 413, RouteError.TOO_LARGE),
        (error.status >= 500 or error.status == 429, RouteError.LATER),
        (error.status in {403, 404}, RouteError.SHUT),
    )
    return next((verdict for holds, verdict in by_code if holds), RouteError.MALFORMED)


def routes_of(record: Record, *, is_open: bool, now: float) -> list[DeliveryRoute]:
    """The routes to try, in order. A private card never gets a route into a channel.

    For an open request a message is edited, but none is posted.
    """
    ref = record.messages[-1]
    routes = [DeliveryRoute.TOKEN] if ref.token and now < ref.token_expires_at else []
    routes += [] if record.token_only else [DeliveryRoute.CHANNEL]
    if not is_open:
        routes.append(DeliveryRoute.DM if record.token_only else DeliveryRoute.POST)
    return routes


async def with_retries(call: Callable[[], Awaitable[T]], limit: float = LIMIT) -> T:
    """The result of the call, retried while that may help.

    Raises Undeliverable after `limit` seconds, and the error itself when it is a clear refusal.
    """
    pauses = doubling(PAUSE_FIRST, PAUSE_MAX)
    try:
        async with asyncio.timeout(limit):
            return await retry(call, pauses, when=_may_pass, report=_log_failure)
    except TimeoutError:
        raise Undeliverable(_("Discord cannot be reached.")) from None


async def optional_call(record: Record, call: Callable[[], Awaitable[None]]) -> bool:
    """Make a call on which nothing else depends, with retries. False when it was dropped."""
    try:
        await with_retries(call, SMALL_LIMIT)
    except (Undeliverable, *TROUBLE) as error:
        log.info("#%d: a call to Discord was dropped: %s", record.id, error or type(error).__name__)
        return False
    return True


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, TROUBLE) and verdict_of(error) is RouteError.LATER


def _log_failure(error: BaseException, _state: RetryCallState) -> None:
    odd = error if isinstance(error, UNREADABLE) else None
    log.info("a call to Discord failed: %r", error, exc_info=odd)


class MessageRoutes:
    """Makes the calls, each with a new view and new files: the library uses them up."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    async def send(
        self, route: DeliveryRoute, record: Record, ref: MessageRef, packed: PackedCard
    ) -> MessageRef | None:
        """Send through that route once. Returns the new message if it made one."""
        await self._bot.online.wait()
        view, files = layout_of(packed.card), files_of_card(packed.uploads)
        match route:
            case DeliveryRoute.TOKEN:
                await self._hook(ref.token).edit_message(
                    ref.message_id, view=view, attachments=files
                )
                return None
            case DeliveryRoute.CHANNEL | DeliveryRoute.REOPEN:
                if route is DeliveryRoute.REOPEN:
                    await self._reopen(ref.channel_id)
                await edit_message(self._bot, ref.channel_id, ref.message_id, packed.card, files)
                return None
            case DeliveryRoute.FOLLOW:
                hook = self._hook(ref.token)
                said = await hook.send(view=view, files=files, ephemeral=ref.ephemeral, wait=True)
                return replace(ref, message_id=said.id)
            case DeliveryRoute.POST:
                place = self._bot.get_partial_messageable(ref.channel_id)
                reach = ref.reach
            case DeliveryRoute.DM:
                place = await self._bot.create_dm(discord.Object(record.user_id))
                reach = MessageAccess.DM
        sent = await place.send(view=view, files=files, nonce=_nonce(record, ref))
        return MessageRef(
            channel_id=place.id,
            message_id=sent.id,
            reach=reach,
            upload_limit=min(ref.upload_limit, DM_LIMIT)
            if reach is MessageAccess.DM
            else ref.upload_limit,
            part=ref.part,
        )

    async def _reopen(self, channel_id: int) -> None:
        thread = await self._bot.fetch_channel(channel_id)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)

    async def delete(self, ref: MessageRef) -> None:
        """Delete a message: through its token while that is valid, else as the bot."""
        if ref.token and time.time() < ref.token_expires_at:
            try:
                await self._hook(ref.token).delete_message(ref.message_id)
            except discord.HTTPException as error:
                if error.code in NO_MORE or ref.ephemeral or verdict_of(error) is RouteError.LATER:
                    raise
            else:
                return
        if not ref.ephemeral:
            await delete_shown_message(self._bot, ref.channel_id, ref.message_id)

    async def send_private(self, ref: MessageRef, text: str) -> None:
        """A private follow-up, while the interaction's token is valid."""
        await self._bot.online.wait()
        await self._hook(ref.token).send(text, ephemeral=True)

    async def mention(self, ref: MessageRef, user_id: int, text: str, *, private: bool) -> None:
        """A new message at the same place, which notifies that user alone."""
        await self._bot.online.wait()
        person = discord.Object(user_id)
        text = f"<@{user_id}> {text}"
        only = discord.AllowedMentions(everyone=False, roles=False, users=[person])
        if ref.token and time.time() < ref.token_expires_at:
            hook = self._hook(ref.token)
            await hook.send(text, ephemeral=private, allowed_mentions=only)
        else:
            channel = self._bot.get_partial_messageable(ref.channel_id)
            await channel.send(text, allowed_mentions=only)

    async def write(self, user_id: int, text: str) -> None:
        """Send a direct message."""
        await self._bot.online.wait()
        channel = await self._bot.create_dm(discord.Object(user_id))
        await channel.send(text)

    async def first_answer(self, ref: MessageRef) -> int:
        """The id of the first answer to the interaction of that token."""
        await self._bot.online.wait()
        hook = self._hook(ref.token)
        found = await async_context.get().get_original_interaction_response(
            hook.id, ref.token, session=hook.session
        )
        return int(found["id"])

    def _hook(self, token: str) -> discord.Webhook:
        """An interaction's follow-up webhook, without a call."""
        assert self._bot.application_id is not None  # set by the login
        hook = discord.Webhook.partial(self._bot.application_id, token, client=self._bot)
        hook.type = discord.WebhookType.application  # only this type may send in private
        return hook


def _nonce(record: Record, ref: MessageRef) -> str:
    """Nonce: Discord makes one message of two posts with the same one."""
    return f"{record.id}-{ref.part}" if ref.part else f"{record.id}"
