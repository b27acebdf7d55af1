"""/server key: the key that pays for a server's members, and its budget."""

import time
from collections.abc import Collection
from typing import Any

import discord
from discord import app_commands

from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.kudos.budgets import DOLLARS_MOST, MOST, PIXELS_MAX, ROLES_MAX, Budget
from bot.domain.kudos.prices import MICRO, price
from bot.domain.records import Payer
from bot.errors import BackendError, BadOption, UserError
from bot.i18n import _
from bot.ui.account import kudos_lines
from bot.ui.account.key_texts import check_takes_server_keys, no_server_key
from bot.ui.components.answers import answer_with_card
from bot.ui.server import changes
from bot.ui.server.changes import managed_guild
from bot.ui.server.key_modal import server_key_modal
from bot.ui.server.key_removal import removal_question

Amount = app_commands.Range[float, 0.0, MOST]
SIDE_MAX = int(PIXELS_MAX**0.5)


class ServerKey(app_commands.Group):
    """The key that pays for this server"""

    def __init__(self) -> None:
        super().__init__(name="key")

    @app_commands.command()
    async def set(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Set a key that pays for this server at its backend. Of a Horde, use a shared key."""
        managed_guild(interaction)
        context = await interaction.client.context(interaction)
        check_takes_server_keys(context.capabilities)
        modal = server_key_modal(context.backend, context.capabilities)
        await interaction.response.send_modal(modal)

    @app_commands.command()
    async def show(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Show the account of this server's key, its budget and the amount spent today."""
        guild_id, services = managed_guild(interaction), interaction.client.services
        await interaction.response.defer(ephemeral=True)
        context = await interaction.client.context(interaction)
        able = context.capabilities
        if able.keys == "none":
            return await _say(interaction, [no_server_key(able)])
        credential = await services.credentials.find(Payer.GUILD, guild_id, context.backend)
        share = await services.payment.share(context)
        if credential is None:
            return await _say(interaction, _without_key(able, share.budget))
        return await _say(
            interaction,
            [
                _at(able),
                kudos_lines.kept(credential),
                *kudos_lines.budget_lines(share.budget),
                *kudos_lines.share_lines(share),
            ],
        )

    @app_commands.command()
    async def test(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Check with the backend of this server whether its key works."""
        guild_id, credentials = managed_guild(interaction), interaction.client.services.credentials
        await interaction.response.defer(ephemeral=True)  # the backend is called
        context = await interaction.client.context(interaction)
        owner, able = (Payer.GUILD, guild_id, context.backend), context.capabilities
        try:
            account = await credentials.account(*owner)
            allowance = await credentials.allowance(*owner)
        except BackendError as error:
            return await _say(
                interaction, [_("The key does not work: {reason}").format(reason=error)]
            )
        if account is None:
            return await _say(interaction, [no_server_key(able)])
        lines = [kudos_lines.tested(account, able)]
        if allowance is not None:
            lines += [kudos_lines.shared_line(allowance, time.time()), kudos_lines.is_safe_key()]
        return await _say(interaction, lines)

    @app_commands.command()
    async def remove(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Remove the key of this server at its backend from the bot."""
        guild_id, credentials = managed_guild(interaction), interaction.client.services.credentials
        context = await interaction.client.context(interaction)
        credential = await credentials.find(Payer.GUILD, guild_id, context.backend)
        if credential is None:
            raise UserError(no_server_key(context.capabilities))
        question = removal_question(credential, context.capabilities)
        await answer_with_card(interaction, question)

    @app_commands.command()
    @app_commands.describe(
        a_day="Kudos or US dollars per day for all members together. 0: no limit",
        a_person_a_day="Kudos or US dollars per day for each member. 0: no limit",
        a_request="Maximum kudos or US dollars per request. 0: no limit",
        largest="Longest side of a square image, in pixels. 0: no limit",
        role="A role with a daily amount of its own",
        role_a_day="Kudos or US dollars per day for members with that role. 0: no limit",
        drop_role="Remove the daily amount of this role",
        then_next="Use the next key when the budget is used up",
    )
    async def budget(
        self,
        interaction: discord.Interaction[HordecordBot],
        a_day: Amount | None = None,
        a_person_a_day: Amount | None = None,
        a_request: Amount | None = None,
        largest: app_commands.Range[int, 0, SIDE_MAX] | None = None,
        role: discord.Role | None = None,
        role_a_day: Amount | None = None,
        drop_role: discord.Role | None = None,
        then_next: bool | None = None,
    ) -> None:
        """Set a budget for this server's key at its backend. Without options: show the budget."""
        guild_id, credentials = managed_guild(interaction), interaction.client.services.credentials
        await interaction.response.defer(ephemeral=True)
        context = await interaction.client.context(interaction)
        able, backend = context.capabilities, context.backend
        check_takes_server_keys(able)
        said: dict[str, Any] = {
            "a_day": amount_of(a_day, able),
            "a_person_a_day": amount_of(a_person_a_day, able),
            "a_request": amount_of(a_request, able),
            "largest": None if largest is None else largest**2,
            "then_next": then_next,
        }
        role_amount = amount_of(role_a_day, able)
        chosen = {name: value for name, value in said.items() if value is not None}
        if (role is None) != (role_a_day is None):
            raise BadOption(
                _(
                    "Use `role` and `role_a_day` together. `drop_role` removes the daily amount of "
                    "a role."
                )
            )

        def changed(budget: Budget) -> Budget:
            found = budget.model_copy(update=chosen)
            there = [each.id for each in interaction.guild.roles] if interaction.guild else []
            for each, amount in ((drop_role, None), (role, role_amount)):
                if each is not None:
                    found = with_role(without_gone(found, there), each.id, amount)
            return found

        usual = backend == interaction.client.services.shared_keys.backend_name
        done = await changes.change(
            interaction,
            lambda rules: rules.with_budget(
                backend, changed(rules.budget_of(backend, able.unit)), usual=usual
            ),
        )
        note = [f"-# {done.note}"] if done.note else []
        budget = done.after.budget_of(backend, able.unit)
        lines = [_at(able), *kudos_lines.budget_lines(budget)]
        if await credentials.find(Payer.GUILD, guild_id, backend) is None:
            lines = _without_key(able, budget)
        await _say(interaction, [*lines, *note])


def amount_of(typed: float | None, able: Capabilities) -> float | None:
    """A typed amount, in the unit of the backend: dollars become micro-USD. Raises BadOption."""
    if typed is None or able.unit is PriceUnit.KUDOS:
        return typed
    if able.unit is PriceUnit.NONE:
        text = _("The bot knows no prices of {backend}. Only `largest` can be limited.")
        raise BadOption(text.format(backend=able.title))
    if typed > DOLLARS_MOST:
        text = _("{backend} has prices in US dollars. Choose an amount of at most {amount}.")
        most = price(DOLLARS_MOST * MICRO, able.unit)
        raise BadOption(text.format(backend=able.title, amount=most))
    return float(round(typed * MICRO))


def _at(able: Capabilities) -> str:
    return _("Key of this server for **{backend}**:").format(backend=safe_line(able.title, 40))


def _without_key(able: Capabilities, budget: Budget) -> list[str]:
    """That the server has no key, and the budget that a key would have, if one is set."""
    limits = list(kudos_lines.budget_lines(budget)) if budget.is_set else []
    return [_at(able), no_server_key(able), *limits]


def without_gone(budget: Budget, there: Collection[int]) -> Budget:
    """The budget without rules for deleted roles, which no menu lists any more.

    `there`: the server's roles; empty if Discord has not sent them yet.
    """
    kept = tuple(rule for rule in budget.roles if rule[0] in there)
    return budget.model_copy(update={"roles": kept}) if there else budget


def with_role(budget: Budget, role_id: int, amount: float | None) -> Budget:
    """The budget with another rule for that role, or without one. Raises BadOption."""
    roles = [rule for rule in budget.roles if rule[0] != role_id]
    if amount is not None:
        roles.append((role_id, amount))
    if len(roles) > ROLES_MAX:
        text = _("At most {count} roles can have a daily amount. Remove one with `drop_role`.")
        raise BadOption(text.format(count=ROLES_MAX))
    return budget.model_copy(update={"roles": tuple(roles)})


async def _say(interaction: discord.Interaction[Any], lines: list[str]) -> None:
    await interaction.followup.send("\n".join(lines), ephemeral=True)
