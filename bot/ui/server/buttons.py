"""What is pressed in the panels of /server. All that it needs stands in the ids, and is stored."""

import re

from discord import ui

from bot.cards import labels
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.client.interaction_context import origin_of
from bot.domain.people import Scope
from bot.domain.requests import Kind
from bot.ui.components.persistent_item import PersistentItem, Press, values_of
from bot.ui.components.views import layout_of
from bot.ui.server import import_export
from bot.ui.server.cards import FROM_TO
from bot.ui.server.changes import managed_guild, set_rules, tell
from bot.ui.server.key_modal import server_key_modal
from bot.ui.server.known_ids import CHANNELS, PRESSERS, ROLES, present
from bot.ui.server.panel import (
    BEST_SERVED,
    LAST,
    LIMITS,
    MODEL,
    PREFIX,
    STEP_OF_CHANNELS,
    PanelData,
    channels_view,
    press_view,
    roles_view,
    setup_view,
)

TEST_PROMPT = "a lighthouse on a cliff at dawn, warm light, calm sea"
MODEL_LABEL = "The model for pictures"

SHOWN, NAME_MAX = 25, 100
_ID = re.compile("[0-9]{1,19}", re.ASCII)
_OWN = {
    "channels_allowed": channels_view,
    "channels_denied": channels_view,
    "roles_allowed": roles_view,
    "roles_denied": roles_view,
    "press": press_view,
    "press_roles": press_view,
}


_RULES = "|".join([*_OWN, "nsfw", MODEL, *LIMITS])


async def step_view(press: Press, step: int, note: str = "") -> ui.LayoutView:
    """A step of setup as things stand now."""
    bot, guild_id = press.client, managed_guild(press)
    rules = await bot.service.guilds.rules(guild_id)
    standing = PanelData()
    if step == 1:
        payer = await bot.service.paying.payer(origin_of(press), Kind.IMAGE)
        standing = PanelData(pays=labels.PAYERS[payer])
    elif step == STEP_OF_CHANNELS:
        rules, gone = present(press, rules, CHANNELS)
        note = note or gone
    elif step == LAST - 1:
        defaults = await bot.service.defaults(Scope.GUILD, guild_id)
        names = [
            model.name for model in bot.catalog.models(Kind.IMAGE, limit=2 * SHOWN, rules=rules)
        ]
        plain = [n for n in names if not (bot.catalog.about(n).inpainting or "inpaint" in n)]
        standing = PanelData(defaults=defaults, models=plain)
    return setup_view(step, rules, standing, note)


class _Item(PersistentItem, template=f"{PREFIX}:never"):
    """Only for who manages the server now."""

    def check(self, press: Press) -> None:
        """The permission, asked again with every press."""
        managed_guild(press)

    @property
    def step(self) -> int:
        """Which page of setup; 0 for a panel of its own."""
        return int(self.said["step"])


class Go(_Item, template=rf"{PREFIX}:go:(?P<step>[1-6])"):
    """Another step."""

    repeatable = True

    async def act(self, press: Press) -> None:
        """The same message with that step."""
        await press.response.edit_message(view=await step_view(press, self.step))


class Key(_Item, template=rf"{PREFIX}:key"):
    """The form for the server's key."""

    repeatable = True

    async def act(self, press: Press) -> None:
        """Open it; what is typed there is nowhere else."""
        await press.response.send_modal(server_key_modal())


class Pick(_Item, template=rf"{PREFIX}:pick:(?P<rule>{_RULES}):(?P<step>[0-5])"):
    """A menu of a panel: what was chosen stands from now on."""

    repeatable = True

    async def act(self, press: Press) -> None:
        """Keep it, and show the panel as it is then."""
        rule, values = self.said["rule"], values_of(press)
        if rule == MODEL:
            note = await _set_model(press, next(iter(values), "-"))
        else:
            note = (await set_rules(press, **{rule: _value(rule, values)})).note
        if self.step:
            view = await step_view(press, self.step, note)
        else:
            rules = await press.client.service.guilds.rules(managed_guild(press))
            lists = next((one for one in (CHANNELS, ROLES) if rule in one), PRESSERS)
            rules, gone = present(press, rules, lists)
            view = _OWN[rule](rules, note or gone)
        await press.response.edit_message(view=view)


class Flip(_Item, template=rf"{PREFIX}:flip:spoiler:(?P<step>[3])"):
    """Spoilers on, or off again."""

    async def act(self, press: Press) -> None:
        """Keep it, and show the step as it is then."""
        rules = await press.client.service.guilds.rules(managed_guild(press))
        note = (await set_rules(press, spoiler=not rules.spoiler)).note
        await press.response.edit_message(view=await step_view(press, self.step, note))


class TryOut(_Item, template=rf"{PREFIX}:test"):
    """A real picture, for whoever set the bot up."""

    async def act(self, press: Press) -> None:
        """Ask for it as anybody here would, in private."""
        bot = press.client
        chosen = {"prompt": TEST_PROMPT, "private": True}
        origin = origin_of(press, private=True)
        await bot.submit(press, await bot.service.compose(origin, chosen))


class TakeOver(_Item, template=rf"{PREFIX}:import"):
    """The file under the question is taken over."""

    async def act(self, press: Press) -> None:
        """Read it again, since nothing is kept of it, and let it stand."""
        file = await import_export.shown(press)
        card = await import_export.take_over(press, file)
        await press.response.edit_message(view=layout_of(card), attachments=[])


def _value(rule: str, values: list[str]) -> object:
    """What was chosen as the rule's value. Discord has checked that it was offered."""
    first = next(iter(values), "")
    if rule in LIMITS:
        return int(first) if _ID.fullmatch(first) else 0
    if rule in {"nsfw", "press"}:
        return first
    return tuple(int(value) for value in values if _ID.fullmatch(value))


async def _set_model(press: Press, name: str) -> str:
    """The model that stands on the server; "-" for none. Gives what went wrong, or ""."""
    service, guild_id = press.client.service, managed_guild(press)
    before = await service.defaults(Scope.GUILD, guild_id)
    after = {key: value for key, value in before.items() if key != "models"}
    if name != "-":
        after["models"] = (name,)
    if after == before:
        return ""
    await service.replace_defaults(Scope.GUILD, guild_id, after, guild_id=guild_id)
    usual = next(iter(before.get("models", ())), BEST_SERVED)
    shown = BEST_SERVED if name == "-" else name
    rules = await service.guilds.rules(guild_id)
    texts = {"before": safe_line(usual, NAME_MAX), "after": safe_line(shown, NAME_MAX)}
    return await tell(press, [FROM_TO.format(label=MODEL_LABEL, **texts)], rules.log_channel)


def register(bot: HordecordBot) -> None:
    """From now on presses lead here."""
    bot.add_dynamic_items(Go, Key, Pick, Flip, TryOut, TakeOver)
