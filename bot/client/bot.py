"""The bot on Discord: identity, first answers, and the place where errors become messages."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

import discord
from cachetools import LRUCache, TTLCache
from discord import app_commands
from discord.ext import commands

from bot.cards.custom_ids import IdFormat
from bot.client.commands.command_sync import sync_commands
from bot.client.commands.command_tree import CommandTree
from bot.client.commands.guild_command_sync import sync_guild_commands
from bot.client.error_messages import TROUBLE, say, sentence
from bot.client.first_response import CardDelivery, acknowledge
from bot.client.form_drafts import FormDrafts
from bot.client.gateway import hush, intents_of, stay
from bot.client.interaction_context import origin_of
from bot.client.interaction_queue import InteractionLimiter
from bot.client.recent_events import RecentEvents
from bot.client.services import Services
from bot.domain.records import Record
from bot.domain.requests import ImageChoices, Request
from bot.domain.style_declarations import MissingFields
from bot.errors import BotError, NotAllowed
from bot.http.proxies import proxy_for
from bot.i18n import set_language
from bot.monitoring.discord_tracing import DiscordTracing
from bot.rules.request_context import RequestContext
from bot.settings import Settings
from bot.storage.tables.notes import NoteRepository

log = logging.getLogger(__name__)

HELD_AT_ONCE = 3  # a user-installed app has five follow-ups in all (docs of 2026-08)
# discord.py waits this long (2 s by default) after the last server before it reports ready; nothing
# here needs the servers to be known.
DISCORD = "https://discord.com"  # for the choice of a proxy
GUILDS_WAIT = 0.1
CHOICES_KEPT = 4_096  # newest choices of pictures in menus
DELETES_KEPT = 1_000  # presses of Delete whose question is open
TOKEN_LIFE = 840.0  # s; the token of an interaction lives 15 minutes


FieldAsker = Callable[
    [discord.Interaction[Any], ImageChoices | Request, MissingFields, int | None], Awaitable[None]
]


class HordecordBot(commands.AutoShardedBot):
    """The client: without prefix commands and without caches of members and messages."""

    services: Services
    cards: CardDelivery

    def __init__(self, settings: Settings, tracing: DiscordTracing | None = None) -> None:
        # No warnings about missing voice support.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=CommandTree,
            intents=intents_of(settings),
            owner_ids=set(settings.discord.owner_ids),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=GUILDS_WAIT,
            proxy=proxy_for(settings.discord.api or DISCORD),
        )
        hush()
        self.settings = settings
        self.repeats = RecentEvents()
        self.drafts = FormDrafts()
        # By user and request: the picture that the buttons of its messages concern.
        self.chosen_pictures: LRUCache[tuple[int, int], int] = LRUCache(CHOICES_KEPT)
        # By person and request: the press of Delete, whose token deletes a private message.
        self.delete_presses: TTLCache[tuple[int, int], discord.Interaction[Any]] = TTLCache(
            DELETES_KEPT, TOKEN_LIFE, time.monotonic
        )
        self.modal_handlers: dict[IdFormat[*tuple[Any, ...]], Callable[..., Awaitable[None]]] = {}
        self.ask_fields: FieldAsker = _refused
        self.entrance = InteractionLimiter()
        self.online = asyncio.Event()  # logged in: calls can be made
        self._tracing = tracing
        if tracing is not None:
            tracing.on_answered = self.entrance.leave
            self.http.http_trace = tracing.trace()
        self._notes: NoteRepository | None = None
        self._modules: tuple[str, ...] = ()
        self._chores: set[asyncio.Task[None]] = set()

    def attach(
        self,
        *,
        services: Services,
        cards: CardDelivery,
        notes: NoteRepository,
        extensions: Iterable[str],
    ) -> None:
        """Attach the parts that need the bot to exist first. `extensions`: modules with
        a `setup`.
        """
        self.services = services
        self.cards = cards
        self._notes = notes
        self._modules = tuple(extensions)

    # Answering

    async def context(self, interaction: discord.Interaction[Any]) -> RequestContext:
        """The context of that interaction: built once and passed down."""
        return await self.services.guilds.context(origin_of(interaction))

    async def submit(
        self,
        interaction: discord.Interaction[Any],
        context: RequestContext,
        wanted: ImageChoices | Request,
        *,
        parent: int | None = None,
    ) -> None:
        """Submit the request and answer with its first card; then it may be sent.

        Texts that its style needs are asked for first. Raises UserError when it is refused; nothing
        was shown then.
        """
        try:
            record = await self.services.submission.submit(context, wanted, parent=parent)
        except MissingFields as missing:
            await self.ask_fields(interaction, wanted, missing, parent)
        else:
            await self.answer(interaction, record)

    async def answer(self, interaction: discord.Interaction[Any], record: Record) -> None:
        """Answer an interaction with the first card of the new record."""
        await acknowledge(self.cards, self.services.submission, interaction, record)

    async def on_app_command_completion(
        self,
        interaction: discord.Interaction[Any],
        command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu,
    ) -> None:
        """Show this user's held results; after the answer, never earlier."""
        del command
        if interaction.response.type is discord.InteractionResponseType.modal:
            return
        try:
            history = self.services.history
            for record in (await history.held_of(interaction.user.id))[:HELD_AT_ONCE]:
                shown = history.as_seen(await self.context(interaction), record)
                await self.cards.offer(interaction, shown)
                await history.seen(record)
        except (BotError, *TROUBLE) as error:
            log.info("a held result stays held: %s", error or type(error).__name__)

    async def admits(self, interaction: discord.Interaction[Any], *, always: bool = False) -> bool:
        """Whether to run the command or press: False for a repeated delivery.

        From then on the interaction's task uses the language of the member. Raises NotAllowed for a
        user who is blocked there, unless `always`.
        """
        languages = self.services.languages
        set_language(await languages.of_member(interaction.user.id, interaction.locale.value))
        is_new = self.repeats.is_new(interaction.id)  # a resumed gateway may deliver one twice
        if is_new and not always:
            refusal = self.services.bans.refusal(interaction.user.id, interaction.guild_id)
            if refusal:
                raise NotAllowed(refusal)
        return is_new

    async def report(self, interaction: discord.Interaction[Any], error: BaseException) -> None:
        """Send an error as a private message to the user of that interaction.

        The only place where an error becomes a message.
        """
        await say(interaction, sentence(error))

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Called by the library for each event, at once; it starts tasks for the rest."""
        if event_name == "interaction" and self._tracing is not None:
            self._tracing.arrived(args[0].id, args[0].type.name)
        super().dispatch(event_name, *args, **kwargs)

    # Connection

    async def run_forever(self, token: str) -> None:
        """Stay connected until cancelled or closed; temporary failures are retried.

        Raises SettingsError for a token or an intent that Discord refuses.
        """
        async with self:
            await stay(self, token, self.online)

    async def setup_hook(self) -> None:
        """After the login: load the commands, and register them if they are new."""
        assert self._notes is not None, "attach() comes before run_forever()"
        for name in self._modules:
            if name not in self.extensions:
                await self.load_extension(name)
        self.online.set()
        key = f"commands {self.settings.discord.api} {self.application_id}"
        self._spawn(sync_commands(self, self.tree, self._notes, key))
        guilds = self.settings.discord.operator_guild_ids
        self._spawn(sync_guild_commands(self, self.tree, self._notes, f"{key} guilds", guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Ignore messages: there are no prefix commands."""

    async def close(self) -> None:
        """Disconnect. Tasks that wait to show something are ended by their owners."""
        self.online.clear()
        for chore in self._chores:
            chore.cancel()
        await super().close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._chores.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._chores.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a background task ended", exc_info=error)


async def _refused(
    interaction: discord.Interaction[Any],
    wanted: ImageChoices | Request,
    missing: MissingFields,
    parent: int | None,
) -> None:
    """Without the form of bot/ui, missing texts are only named."""
    del interaction, wanted, parent
    raise missing
