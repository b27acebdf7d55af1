"""Defaults: choices of a user, a channel or a server that count unless others are made."""

import time
from collections.abc import Callable

from bot.catalog import Catalog
from bot.domain.people import Scope
from bot.domain.records import Origin
from bot.domain.requests import NO_CHOICES, ImageChoices, merged
from bot.errors import BadOption
from bot.i18n import _
from bot.parameters import saved_choices
from bot.parameters.rule_filter import left_standing
from bot.rules.guild_settings import GuildSettings
from bot.storage import Store

MADE_WITH = frozenset({"models", "style"})


class Defaults:
    """Reads and changes defaults. Every refusal is a UserError."""

    def __init__(
        self, store: Store, catalog: Catalog, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock

    async def layers(self, origin: Origin) -> tuple[ImageChoices, ...]:
        """The style of a party in that thread, then the defaults of that user, of that channel and
        of that server.
        """
        style = await self._store.parties.style_in(origin.message.channel_id, self._clock())
        party = ImageChoices(style=style) if style else NO_CHOICES
        return (party, *[await self.get(*each) for each in scopes_of(origin)])

    async def get(self, scope: Scope, scope_id: int | None) -> ImageChoices:
        """The defaults of one scope."""
        text = await self._store.defaults.get(scope, scope_id) if scope_id else ""
        return saved_choices.load_choices(text) if text else NO_CHOICES

    async def save(
        self, scope: Scope, scope_id: int, choices: ImageChoices, *, guild_id: int | None = None
    ) -> ImageChoices:
        """Add choices to the defaults of a scope. Returns all of them.

        `guild_id`: the server of a channel, with which the defaults are deleted.
        """
        together = saved_choices.keepable(merged(choices, await self.get(scope, scope_id)))
        await self._store.defaults.put(scope, scope_id, saved_choices.dump(together), guild_id or 0)
        return together

    async def make_usual(self, user_id: int, choices: ImageChoices) -> None:
        """Make a model or a style the user's default.

        One replaces the other: a style has a model of its own.
        """
        before = await self.get(Scope.USER, user_id)
        await self.replace(Scope.USER, user_id, merged(choices, before.without(MADE_WITH)))

    def check(self, choices: ImageChoices, rules: GuildSettings) -> None:
        """Raises BadOption for defaults of a channel or a server that its rules block."""
        left = left_standing(self._catalog, choices, rules)
        if gone := choices.names - left.names:
            text = _("This server blocks these choices: {options}. Choose others for the defaults.")
            raise BadOption(text.format(options=", ".join(f"`{name}`" for name in sorted(gone))))

    async def replace(
        self, scope: Scope, scope_id: int, choices: ImageChoices, *, guild_id: int | None = None
    ) -> None:
        """Make these choices the only defaults of a scope, in one write."""
        text = saved_choices.dump(choices) if choices else ""
        await self._store.defaults.put(scope, scope_id, text, guild_id or 0)

    async def clear(self, scope: Scope, scope_id: int) -> None:
        """Delete the defaults of a scope."""
        await self._store.defaults.put(scope, scope_id, "")


def scopes_of(origin: Origin) -> tuple[tuple[Scope, int], ...]:
    """The scopes whose defaults count there, strongest first; 0 for none."""
    return (
        (Scope.USER, origin.user_id),
        (Scope.CHANNEL, origin.home or origin.message.channel_id),
        (Scope.GUILD, origin.guild_id or 0),
    )
