"""The buttons and menus in the panels of /server. Every press checks the permission."""

from dataclasses import replace

from bot.cards import labels
from bot.cards.card import OPTIONS_MAX, Card
from bot.cards.custom_ids import (
    CHOOSE_RULE,
    CONFIRM_IMPORT,
    KEEP_SERVER_KEY,
    MAKE_TEST_PICTURE,
    OPEN_SERVER_KEY_MODAL,
    REMOVE_SERVER_KEY,
    SERVER_KEY_MODAL,
    SETUP_STEP,
    TOGGLE_CHAT_RULE,
    TOGGLE_SPOILER,
)
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.domain.people import Scope
from bot.domain.requests import ImageChoices, Kind, merged
from bot.errors import NotAllowed
from bot.i18n import _
from bot.ui.account.key_texts import check_takes_keys
from bot.ui.components.modal_router import add_modal
from bot.ui.components.persistent_item import (
    OTHER_VERSION,
    Press,
    Route,
    add_routes,
    chosen_values,
    each_time,
    number_of,
)
from bot.ui.components.views import layout_of
from bot.ui.server import import_export
from bot.ui.server.cards import FROM_TO
from bot.ui.server.changes import managed_guild, set_rules, tell
from bot.ui.server.chat_rules import chat_rules_card, toggle_chat_rule
from bot.ui.server.key_modal import log_server_in, server_key_modal
from bot.ui.server.key_removal import keep_key, remove_key
from bot.ui.server.known_ids import CHANNELS, CHAT, PRESSERS, ROLES, present
from bot.ui.server.panel import (
    BEST_SERVED,
    LAST,
    LIMITS,
    MODEL,
    STEP_OF_CHANNELS,
    PanelData,
    channels_card,
    press_roles_card,
    roles_card,
    setup_card,
)

TEST_PROMPT = "a lighthouse on a cliff at dawn, warm light, calm sea"
NAME_SHOWN = 100  # characters
_PANELS = {
    **dict.fromkeys(CHANNELS, channels_card),
    **dict.fromkeys(ROLES, roles_card),
    **dict.fromkeys(("press", *PRESSERS), press_roles_card),
}
RULES = frozenset({*_PANELS, *CHAT, "nsfw", MODEL, *LIMITS})


async def step_card(press: Press, step: int, note: str = "") -> Card:
    """A step of setup with the current rules."""
    bot, guild_id = press.client, managed_guild(press)
    context = await bot.context(press)
    rules, data = context.rules, PanelData(able=context.capabilities)
    if step == 1:
        payer = await bot.services.payment.payer(context, Kind.IMAGE)
        data = replace(data, payer=labels.own_payer(payer))
    elif step == STEP_OF_CHANNELS:
        rules, gone = present(press, rules, CHANNELS)
        note = note or gone
    elif step == LAST - 1:
        defaults = await bot.services.defaults.get(Scope.GUILD, guild_id)
        found = bot.services.catalog.models(Kind.IMAGE, limit=2 * OPTIONS_MAX, rules=rules)
        names = [model.name for model in found if not _paints_over(bot, model.name)]
        data = replace(data, defaults=defaults, models=names)
    return setup_card(step, rules, data, note)


def _paints_over(bot: HordecordBot, model: str) -> bool:
    """Whether it is a model for inpainting."""
    return bot.services.catalog.about(model).inpainting or "inpaint" in model


async def show_step(press: Press, step: int) -> None:
    """Show another step in the same message."""
    await _edit(press, await step_card(press, step))


async def open_key_modal(press: Press) -> None:
    """Open the modal for the server's key."""
    context = await press.client.context(press)
    check_takes_keys(context.capabilities)
    await press.response.send_modal(server_key_modal(context.backend, context.capabilities))


async def choose_rule(press: Press, rule: str, step: int) -> None:
    """Store the choice and show the panel with it."""
    values = chosen_values(press)
    alone = rule in _PANELS or rule in CHAT
    if rule not in RULES or not (step or alone):
        raise NotAllowed(_(OTHER_VERSION))
    if rule == MODEL:
        note = await _set_model(press, next(iter(values), "-"))
    else:
        note = (await set_rules(press, **{rule: _value(rule, values)})).note
    if step:
        return await _edit(press, await step_card(press, step, note))
    if rule in CHAT:
        return await _edit(press, await chat_rules_card(press, note))
    rules = await press.client.services.guilds.rules(managed_guild(press))
    lists = next((one for one in (CHANNELS, ROLES) if rule in one), PRESSERS)
    rules, gone = present(press, rules, lists)
    return await _edit(press, _PANELS[rule](rules, note or gone))


async def toggle_spoiler(press: Press, step: int) -> None:
    """Turn spoilers on or off and show the step again."""
    rules = await press.client.services.guilds.rules(managed_guild(press))
    note = (await set_rules(press, spoiler=not rules.spoiler)).note
    await _edit(press, await step_card(press, step, note))


async def make_test_picture(press: Press) -> None:
    """Submit a private request with a fixed prompt."""
    context = await press.client.context(press)
    await press.client.submit(press, context, ImageChoices(prompt=TEST_PROMPT, private=True))


async def confirm_import(press: Press) -> None:
    """Read the file of the message again and apply it."""
    file = await import_export.shown(press)
    card = await import_export.take_over(press, file)
    await press.response.edit_message(view=layout_of(card), attachments=[])


async def _edit(press: Press, card: Card) -> None:
    await press.response.edit_message(view=layout_of(card))


def _value(rule: str, values: list[str]) -> object:
    """The chosen values as the rule's value. Discord has checked that they were offered."""
    first = next(iter(values), "")
    if rule in LIMITS:
        return number_of(first)
    if rule in {"nsfw", "press"}:
        return first
    return tuple(number for value in values if (number := number_of(value)))


async def _set_model(press: Press, name: str) -> str:
    """Set the server's default model, "-" for none. Returns the error of the log channel, or ""."""
    services, guild_id = press.client.services, managed_guild(press)
    before = await services.defaults.get(Scope.GUILD, guild_id)
    after = before.without(["models"])
    if name != "-":
        after = merged(ImageChoices(models=(name,)), after)
    if after == before:
        return ""
    await services.defaults.replace(Scope.GUILD, guild_id, after, guild_id=guild_id)
    rules = await services.guilds.rules(guild_id)
    return await tell(press, lambda: [_model_line(before, after)], rules.log_channel)


def _model_line(before: ImageChoices, after: ImageChoices) -> str:
    """The change of the server's default model, for the log channel."""
    old, new = (
        safe_line(choices.models[0], NAME_SHOWN) if choices.models else _(BEST_SERVED)
        for choices in (before, after)
    )
    return _(FROM_TO).format(label=_("Default image model"), before=old, after=new)


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons and of the modal."""
    routes = (
        Route(SETUP_STEP, show_step, each_time),
        Route(OPEN_SERVER_KEY_MODAL, open_key_modal, each_time),
        Route(CHOOSE_RULE, choose_rule, each_time),
        Route(TOGGLE_SPOILER, toggle_spoiler),
        Route(TOGGLE_CHAT_RULE, toggle_chat_rule),
        Route(REMOVE_SERVER_KEY, remove_key),
        Route(KEEP_SERVER_KEY, keep_key),
        Route(MAKE_TEST_PICTURE, make_test_picture),
        Route(CONFIRM_IMPORT, confirm_import),
    )
    add_routes(bot, *(replace(route, check=managed_guild) for route in routes))
    add_modal(bot, SERVER_KEY_MODAL, log_server_in)
