"""Filters rules by the existing channels, roles and backends of a server."""

from collections.abc import Iterable
from typing import Any

import discord

from bot.cards.formatting import decimal
from bot.domain.kudos.budgets import Budget
from bot.errors import UserError
from bot.i18n import _, ngettext
from bot.rules.guild_settings import GuildSettings
from bot.ui.server.changes import Press

CHANNELS = ("channels_allowed", "channels_denied")
ROLES = ("roles_allowed", "roles_denied")
PRESSERS = ("press_roles",)
CHAT_CHANNELS = ("chat_channels",)
CHAT_ROLES = ("chat_start_roles", "chat_roles")
CHAT = (*CHAT_CHANNELS, *CHAT_ROLES)
LISTS = (*CHANNELS, *ROLES, *PRESSERS, *CHAT)


def present(press: Press, rules: GuildSettings, names: Iterable[str]) -> tuple[GuildSettings, str]:
    """The rules without deleted channels and roles, as menus can show them; a note if there are
    any.

    Deleted ones still count: a list whose channels are all deleted allows no channel.
    """
    guild = press.guild
    if guild is None or guild.unavailable or not guild.channels:
        return rules, ""
    known, _foreign = known_here(press, rules)
    lists = {name: getattr(known, name) for name in names}
    gone = sum(_lost(getattr(rules, name), lists[name]) for name in lists)
    return rules.model_copy(update=lists), _gone_note(gone) if gone else ""


def _gone_note(count: int) -> str:
    return ngettext(
        "{count} deleted channel or role is still in these lists and still counts. Choose again in "
        "its menu to remove it.",
        "{count} deleted channels or roles are still in these lists and still count. Choose again "
        "in their menus to remove them.",
        count,
    ).format(count=decimal(count))


def known_here(press: Press, rules: GuildSettings) -> tuple[GuildSettings, int]:
    """The rules with this server's channels and roles and this bot's backends only, and the number
    of removed ones.

    A file may come from another server, and a bot is in many: it must not name a channel there.
    """
    guild = press.guild
    if guild is None or guild.unavailable or not guild.channels:
        raise UserError(
            _("The channels and roles of this server are not loaded yet. Try again in a moment.")
        )
    changed: dict[str, Any] = {}
    for name in (*CHANNELS, *CHAT_CHANNELS):
        ids: tuple[int, ...] = getattr(rules, name)
        changed[name] = tuple(one for one in ids if guild.get_channel_or_thread(one))
    for name in (*ROLES, *PRESSERS, *CHAT_ROLES):
        ids = getattr(rules, name)
        changed[name] = tuple(one for one in ids if guild.get_role(one))
    here = rules.log_channel and guild.get_channel_or_thread(rules.log_channel) is not None
    changed["log_channel"] = rules.log_channel if here else 0
    backend = rules.backend if rules.backend in press.client.services.backends else ""
    budget = _of_roles(rules.budget, guild)
    budgets = {
        name: _of_roles(each, guild)
        for name, each in rules.budgets.items()
        if name in press.client.services.backends
    }
    changed |= {"budget": budget, "budgets": budgets}
    foreign = sum(_lost(getattr(rules, name), changed[name]) for name in LISTS)
    foreign += int(bool(rules.log_channel) and not here)
    foreign += _lost(rules.budget.roles, budget.roles) + _lost(rules.budgets, budgets)
    foreign += sum(_lost(rules.budgets[name].roles, budgets[name].roles) for name in budgets)
    foreign += int(backend != rules.backend)
    return rules.model_copy(update=changed | {"backend": backend}), foreign


def _of_roles(budget: Budget, guild: discord.Guild) -> Budget:
    """The budget without rules for roles of another server."""
    roles = tuple(pair for pair in budget.roles if guild.get_role(pair[0]))
    return budget.model_copy(update={"roles": roles})


def _lost(before: Iterable[object], after: Iterable[object]) -> int:
    return len(tuple(before)) - len(tuple(after))
