"""What people keep with the bot: presets, defaults, favourites. And requests composed from it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.catalog import Catalog
from bot.domain.people import Notify, Preset, Scope, preset_key
from bot.domain.records import Origin, Record
from bot.domain.requests import ImageRequest
from bot.errors import BadOption, UserError
from bot.parameters import saved_choices
from bot.parameters.layers import Choices, compose, merged, without_source
from bot.parameters.rule_filter import check_chosen_style, decided_there, left_standing
from bot.parameters.source_defaults import suited
from bot.rules.guild_checks import check_press, lowered
from bot.rules.place_checks import check_owner
from bot.services.guilds import Guilds
from bot.storage import Store

PRESETS_MAX = 50  # of one person, and of one server
NAME_MAX = 32  # characters
MADE_WITH = frozenset({"models", "style"})
FAVOURITES_MAX = 200  # of one person: they stay for good, so they must not become the whole disk

BAD_NAME = f"A preset's name has 1 to {NAME_MAX} characters."
EMPTY = "There is nothing to keep in it: give some flags, or the number of a request of yours."
FULL = f"That would be more than {PRESETS_MAX} presets. `/preset delete` makes room."
FULL_OF_FAVOURITES = (
    f"You have saved {FAVOURITES_MAX} results, which is as many as are kept for one person. "
    "Take one out in `/history` with `favourites:True` to make room."
)
BLOCKED = "This server blocks what you chose ({what}), so it cannot stand here."
NOT_OVER = "It is still under way. Save it when it is there."


class Preferences:
    """The part of the service that remembers what people chose. What it refuses is a UserError."""

    def __init__(
        self, store: Store, catalog: Catalog, clock: Callable[[], float] = time.time
    ) -> None:
        self.catalog = catalog
        self.guilds = Guilds(store)
        self._store = store
        self._clock = clock

    # Composing

    async def compose(self, origin: Origin, *layers: Choices) -> ImageRequest:
        """The request for what somebody chose there, strongest first: options, then flags.

        What they keep, and what stands in that place, fills in the rest. Raises UserError.
        """
        chosen, origin = merged(*layers), await self.guilds.here(origin)
        rules = await self.guilds.rules(origin.guild_id)
        saved, standing = await self._saved(origin, chosen), await self._standing(origin, chosen)
        standing = [left_standing(self.catalog, layer, rules) for layer in standing]
        if chosen.get("source") is None:
            saved, standing = without_source(saved), [without_source(each) for each in standing]
        known = merged(chosen, saved)
        check_chosen_style(self.catalog, known, rules)
        suits = suited(self.catalog, known, merged(*standing), nsfw=origin.nsfw, rules=rules)
        layers = (*layers, saved, suits)
        request = compose(self.catalog, *layers, standing=standing, rules=rules)
        decided = decided_there(self.catalog, request, rules)
        return lowered(request, known.keys() | decided, rules)

    async def choices(self, origin: Origin) -> tuple[Choices, Choices, Choices]:
        """The defaults that stand for that person, in that channel and on that server."""
        user, channel, guild = [await self.defaults(*each) for each in scopes_of(origin)]
        return user, channel, guild

    async def _saved(self, origin: Origin, chosen: Choices) -> Choices:
        """The choices of the preset that was named."""
        name = chosen.get("preset", "")
        if not name or chosen.get("only"):
            return {}
        preset = await self.preset(origin.user_id, origin.guild_id, name)
        await self._store.presets.mark_used(preset, self._clock())
        return saved_choices.load_choices(preset.choices)

    async def _standing(self, origin: Origin, chosen: Choices) -> Sequence[Choices]:
        return () if chosen.get("only") else await self.choices(origin)

    # Presets

    async def presets(self, user_id: int, guild_id: int | None, typed: str = "") -> list[Preset]:
        """What can be used there: that person's, then the server's that are not called the same."""
        mine = await self._store.presets.of(Scope.USER, user_id)
        theirs = await self._store.presets.of(Scope.GUILD, guild_id) if guild_id else ()
        names, wanted = {preset.key for preset in mine}, preset_key(typed)
        found = [*mine, *(preset for preset in theirs if preset.key not in names)]
        return [preset for preset in found if wanted in preset.key]

    async def preset(self, user_id: int, guild_id: int | None, name: str) -> Preset:
        """The preset of that name: that person's, else the server's. Raises BadOption."""
        found = await self.presets(user_id, guild_id)
        wanted = preset_key(name)
        preset = next((each for each in found if each.key == wanted), None)
        if preset is None:
            raise BadOption(saved_choices.no_preset(name, found))
        return preset

    async def save_preset(self, user_id: int, name: str, choices: Choices) -> Preset:
        """Keep choices of that person under a name, instead of older ones. Raises UserError."""
        name, keepable = " ".join(name.split()), saved_choices.keepable(choices)
        if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
            raise BadOption(BAD_NAME)
        if not keepable:
            raise BadOption(EMPTY)
        now = self._clock()
        preset = Preset(Scope.USER, user_id, name, saved_choices.dump(keepable), user_id, now, now)
        return await self._put(preset)

    async def share_preset(self, user_id: int, guild_id: int, name: str) -> Preset:
        """Give a server one of that person's presets. Raises UserError."""
        mine = await self._store.presets.of(Scope.USER, user_id)
        found = next((each for each in mine if each.key == preset_key(name)), None)
        if found is None:
            raise BadOption(saved_choices.no_preset(name, mine))
        return await self._put(replace(found, owner=Scope.GUILD, owner_id=guild_id))

    async def drop_preset(self, owner: Scope, owner_id: int, name: str) -> None:
        """Forget a preset. Raises BadOption when there is none of that name."""
        if not await self._store.presets.delete(owner, owner_id, name):
            raise BadOption(
                saved_choices.no_preset(name, await self._store.presets.of(owner, owner_id))
            )

    async def _put(self, preset: Preset) -> Preset:
        if not await self._store.presets.put(preset, PRESETS_MAX):
            raise UserError(FULL)
        return preset

    # Defaults

    async def defaults(self, scope: Scope, scope_id: int | None) -> Choices:
        """The choices that stand there."""
        text = await self._store.defaults.get(scope, scope_id) if scope_id else ""
        return saved_choices.load_choices(text) if text else {}

    async def save_defaults(
        self, scope: Scope, scope_id: int, choices: Choices, *, guild_id: int | None = None
    ) -> Choices:
        """Let choices stand there from now on, besides those that do already; gives all of them.

        `guild_id`: the server of a channel, whose choices go when the bot has left it for good.
        """
        together = saved_choices.keepable(merged(choices, await self.defaults(scope, scope_id)))
        await self._store.defaults.put(scope, scope_id, saved_choices.dump(together), guild_id or 0)
        return together

    async def make_usual(self, user_id: int, choices: Choices) -> None:
        """Let a model or a style be what that person's pictures are made with.

        One takes the place of the other: a style has a model of its own.
        """
        standing = await self.defaults(Scope.USER, user_id)
        others = {name: value for name, value in standing.items() if name not in MADE_WITH}
        await self.replace_defaults(
            Scope.USER, user_id, saved_choices.keepable(merged(choices, others))
        )

    async def check_standing(self, guild_id: int, choices: Choices) -> None:
        """Raises BadOption for defaults of a place that its server blocks: nobody gets those."""
        left = left_standing(self.catalog, choices, await self.guilds.rules(guild_id))
        if gone := choices.keys() - left.keys():
            raise BadOption(BLOCKED.format(what=", ".join(sorted(gone))))

    async def replace_defaults(
        self, scope: Scope, scope_id: int, choices: Choices, *, guild_id: int | None = None
    ) -> None:
        """Let these choices alone stand there from now on; at no moment do none."""
        text = saved_choices.dump(choices) if choices else ""
        await self._store.defaults.put(scope, scope_id, text, guild_id or 0)

    async def clear_defaults(self, scope: Scope, scope_id: int) -> None:
        """Nothing stands there any more."""
        await self._store.defaults.put(scope, scope_id, "")

    async def notify(self, user_id: int) -> Notify:
        """How that person hears that a long wait is over."""
        return (await self._store.person_settings.get(user_id)).notify

    async def save_notify(self, user_id: int, notify: Notify) -> None:
        """From now on that person hears it so."""
        person = await self._store.person_settings.get(user_id)
        await self._store.person_settings.put(user_id, person.model_copy(update={"notify": notify}))

    async def nsfw_in_dms(self, user_id: int) -> bool:
        """Whether that person wants no censor in direct messages with the bot."""
        return (await self._store.person_settings.get(user_id)).nsfw_in_dms

    async def save_nsfw_in_dms(self, user_id: int, wanted: bool) -> None:
        """From now on that person does, or does not."""
        person = await self._store.person_settings.get(user_id)
        await self._store.person_settings.put(
            user_id, person.model_copy(update={"nsfw_in_dms": wanted})
        )

    # Favourites

    async def favour(self, record_id: int, user_id: int, on: bool) -> Record:
        """Keep one's own result for good, or as long as any other. Raises UserError."""
        record = await self.get(record_id)
        check_owner(record, user_id)
        if not on:
            await self._store.history.remove_favourite(record_id)
        elif not record.is_over:
            raise UserError(NOT_OVER)
        elif not await self._store.history.add_favourite(record, self._clock(), FAVOURITES_MAX):
            raise UserError(FULL_OF_FAVOURITES)
        return record

    async def favoured(self, records: Sequence[Record]) -> set[int]:
        """The numbers of those that their person keeps for good."""
        return await self._store.history.favourites_among([record.id for record in records])

    async def pressable(self, origin: Origin, record_id: int) -> Record:
        """That request, for who may go on from it there: its person, or whom its server lets.

        Raises UserError.
        """
        record = await self.get(record_id)
        check_press(record, origin, await self.guilds.rules(record.guild_id))
        return record

    async def get(self, record_id: int) -> Record:
        """That request. Raises UserError when it is no longer remembered."""
        record = await self._store.requests.get(record_id)
        if record is None:
            raise UserError(GONE)
        return record


GONE = "That request is no longer remembered."


def scopes_of(origin: Origin) -> tuple[tuple[Scope, int], ...]:
    """Whose defaults count there, strongest first; 0 where there is none."""
    return (
        (Scope.USER, origin.user_id),
        (Scope.CHANNEL, origin.home or origin.message.channel_id),
        (Scope.GUILD, origin.guild_id or 0),
    )
