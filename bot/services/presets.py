"""Presets: choices under a name, of a user or of a server."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.people import Preset, Scope, preset_key
from bot.domain.requests import ImageChoices
from bot.errors import BadOption, UserError
from bot.i18n import _
from bot.i18n.formats import number
from bot.parameters import saved_choices
from bot.storage import Store

PRESETS_MAX = 50  # of one user, and of one server
NAME_MAX = 32  # characters


class Presets:
    """Finds, saves, shares and deletes presets. Every refusal is a UserError."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    async def list(self, user_id: int, guild_id: int | None, typed: str = "") -> list[Preset]:
        """The user's presets, then those of the server with other names.

        `typed`: a part of the name.
        """
        found, wanted = await self.every(user_id, guild_id), preset_key(typed)
        names = {preset.key for preset in found if preset.owner is Scope.USER}
        usable = (one for one in found if one.owner is Scope.USER or one.key not in names)
        return [preset for preset in usable if wanted in preset.key]

    async def every(self, user_id: int, guild_id: int | None) -> Sequence[Preset]:
        """The user's presets, then all of the server's."""
        mine = await self._store.presets.of(Scope.USER, user_id)
        theirs = await self._store.presets.of(Scope.GUILD, guild_id) if guild_id else ()
        return [*mine, *theirs]

    async def get(self, user_id: int, guild_id: int | None, name: str) -> Preset:
        """The preset of that name: the user's, else the server's. Raises BadOption."""
        found = await self.list(user_id, guild_id)
        wanted = preset_key(name)
        preset = next((each for each in found if each.key == wanted), None)
        if preset is None:
            raise BadOption(saved_choices.no_preset(name, found))
        return preset

    async def use(self, user_id: int, guild_id: int | None, name: str) -> ImageChoices:
        """The choices of the preset of that name, which counts as used now. Raises BadOption."""
        preset = await self.get(user_id, guild_id, name)
        await self._store.presets.mark_used(preset, self._clock())
        return saved_choices.load_choices(preset.choices)

    async def save(self, user_id: int, name: str, choices: ImageChoices) -> Preset:
        """Store choices of that user under a name, replacing older ones. Raises UserError."""
        name, keepable = " ".join(name.split()), saved_choices.keepable(choices)
        if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
            text = _("The name of a preset has 1 to {most} characters, all of them visible.")
            raise BadOption(text.format(most=number(NAME_MAX)))
        if not keepable:
            raise BadOption(
                _("This preset would be empty. Enter flags or the number of one of your requests.")
            )
        now = self._clock()
        preset = Preset(Scope.USER, user_id, name, saved_choices.dump(keepable), user_id, now, now)
        return await self._put(preset)

    async def share(self, user_id: int, guild_id: int, name: str) -> Preset:
        """Copy one of that user's presets to a server. Raises UserError."""
        mine = await self._store.presets.of(Scope.USER, user_id)
        found = next((each for each in mine if each.key == preset_key(name)), None)
        if found is None:
            raise BadOption(saved_choices.no_preset(name, mine))
        return await self._put(replace(found, owner=Scope.GUILD, owner_id=guild_id))

    async def drop(self, owner: Scope, owner_id: int, name: str) -> None:
        """Delete a preset. Raises BadOption when there is none of that name."""
        if not await self._store.presets.delete(owner, owner_id, name):
            known = await self._store.presets.of(owner, owner_id)
            raise BadOption(saved_choices.no_preset(name, known))

    async def _put(self, preset: Preset) -> Preset:
        if not await self._store.presets.put(preset, PRESETS_MAX):
            text = _(
                "You have reached the limit of {most} presets. Delete one with `/preset delete`."
            )
            if preset.owner is Scope.GUILD:
                text = _(
                    "This server has reached its limit of {most} presets. Delete one with "
                    "`/preset delete`."
                )
            raise UserError(text.format(most=number(PRESETS_MAX)))
        return preset
