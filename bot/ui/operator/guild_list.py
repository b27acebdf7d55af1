"""The servers of /operator guilds: pages, one server, leaving it."""

from dataclasses import replace

import discord

from bot.cards import formatting
from bot.cards.card import OPTION_MAX, Button, ButtonStyle, Card, Menu, Option, quiet_card
from bot.cards.custom_ids import ASK_TO_LEAVE, GUILD_PAGE, LEAVE_GUILD, SHOW_GUILD
from bot.cards.formatting import DOT
from bot.cards.markdown import line, safe_line
from bot.client.bot import HordecordBot
from bot.errors import UserError
from bot.i18n import _, ngettext
from bot.services.personal_data.guild_cleanup import GRACE_DAYS
from bot.ui.components.persistent_item import (
    Press,
    Route,
    add_routes,
    chosen,
    each_time,
    number_of,
)
from bot.ui.components.views import layout_of
from bot.ui.operator.permissions import owners_only

SHOWN = 10  # servers on a page
NAME_SHOWN = 60  # characters
_RED = ButtonStyle.DANGER


def guild_page_card(bot: HordecordBot, number: int) -> Card:
    """A page of the servers, the largest first; a number past the end is the last page."""
    guilds = sorted(bot.guilds, key=lambda guild: (-(guild.member_count or 0), guild.id))
    last = max(0, len(guilds) - 1) // SHOWN
    number = min(number, last)
    shown = guilds[number * SHOWN : (number + 1) * SHOWN]
    title = _("Servers ({count})").format(count=formatting.decimal(len(guilds)))
    none = _("The bot is on no server. `hordecord invite` prints the link that adds it.")
    lines = [_entry(guild) for guild in shown] or [none]
    menu = Menu(SHOW_GUILD(number), _("Show a server …"), tuple(map(_option, shown)))
    moves = (
        Button(GUILD_PAGE(max(0, number - 1)), _("Previous page"), disabled=number == 0),
        Button(GUILD_PAGE(number + 1), _("Next page"), disabled=number == last),
    )
    card = quiet_card(f"### {title}\n" + "\n".join(lines))
    return replace(card, rows=(moves,) if last else (), menus=(menu,))


def guild_card(guild: discord.Guild, page: int) -> Card:
    """One server, with a button to leave it. `page`: the page to return to."""
    leave = Button(ASK_TO_LEAVE(guild.id, page), _("Leave the server"), _RED)
    return _asking(_entry(guild), leave, page)


def leave_question(guild: discord.Guild, page: int) -> Card:
    """Asks whether to leave a server."""
    text = ngettext(
        "Leave **{name}**? The bot keeps the settings of the server for {days} day; only the "
        "server can add the bot again.",
        "Leave **{name}**? The bot keeps the settings of the server for {days} days; only the "
        "server can add the bot again.",
        GRACE_DAYS,
    ).format(name=safe_line(guild.name, NAME_SHOWN), days=GRACE_DAYS)
    return _asking(text, Button(LEAVE_GUILD(guild.id, page), _("Leave the server"), _RED), page)


def _asking(text: str, button: Button, page: int) -> Card:
    return replace(quiet_card(text), rows=((button, _back(page)),))


def _back(page: int) -> Button:
    return Button(GUILD_PAGE(page), _("Back"))


def _entry(guild: discord.Guild) -> str:
    count = guild.member_count or 0
    members = ngettext("{count} member", "{count} members", count)
    members = members.format(count=formatting.decimal(count))
    owner = _("owner: {user}").format(user=f"<@{guild.owner_id}>") if guild.owner_id else ""
    name = f"**{safe_line(guild.name, NAME_SHOWN)}**"
    return DOT.join(filter(None, [name, members, owner, f"`{guild.id}`"]))


def _option(guild: discord.Guild) -> Option:
    return Option(str(guild.id), line(guild.name, OPTION_MAX) or str(guild.id))


def _guild(press: Press, guild_id: int) -> discord.Guild:
    """The server. Raises UserError when the bot is not in it any more."""
    found = press.client.get_guild(guild_id)
    if found is None:
        raise UserError(_("The bot is not on this server."))
    return found


async def show_guilds(press: Press, page: int) -> None:
    """Show a page of the servers."""
    await owners_only(press)
    await _edit(press, guild_page_card(press.client, page))


async def show_guild(press: Press, page: int) -> None:
    """Show the chosen server."""
    await owners_only(press)
    await _edit(press, guild_card(_guild(press, number_of(chosen(press))), page))


async def ask_to_leave(press: Press, guild_id: int, page: int) -> None:
    """Ask whether to leave the server."""
    await owners_only(press)
    await _edit(press, leave_question(_guild(press, guild_id), page))


async def leave_guild(press: Press, guild_id: int, page: int) -> None:
    """Leave the server and confirm it."""
    await owners_only(press)
    guild = _guild(press, guild_id)
    await guild.leave()
    said = _("The bot has left **{name}**.").format(name=safe_line(guild.name, NAME_SHOWN))
    await _edit(press, replace(quiet_card(said), rows=((_back(page),),)))


async def _edit(press: Press, card: Card) -> None:
    await press.response.edit_message(view=layout_of(card))


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons."""
    add_routes(
        bot,
        Route(GUILD_PAGE, show_guilds, each_time),
        Route(SHOW_GUILD, show_guild, each_time),
        Route(ASK_TO_LEAVE, ask_to_leave, each_time),
        Route(LEAVE_GUILD, leave_guild),
    )
