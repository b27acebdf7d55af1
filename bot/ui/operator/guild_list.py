"""The servers of /operator guilds: pages, one server, leaving it."""

from dataclasses import replace

import discord

from bot.cards.card import OPTION_MAX, Button, ButtonStyle, Card, Menu, Option, quiet_card
from bot.cards.custom_ids import ASK_TO_LEAVE, GUILD_PAGE, LEAVE_GUILD, SHOW_GUILD
from bot.cards.formatting import DOT
from bot.cards.markdown import line, safe_line
from bot.client.bot import HordecordBot
from bot.errors import UserError
from bot.services.guild_cleanup import GRACE_DAYS
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

# /operator guilds
GUILDS_TITLE = "Servers ({count})"
NO_GUILDS = "None yet. `hordecord invite` prints the link that adds the bot to one."
MEMBERS = "{count} members"
LOOK_AT = "Show one …"
NEXT, BEFORE, BACK = "Next", "Before", "Back"
LEAVE, LEAVE_NOW = "Leave it", "Yes, leave it"
LEAVE_TEXT = (
    "Shall the bot leave **{name}**? Its settings are kept for {days} days in case it comes back. "
    "Only somebody of that server can add the bot again."
)
LEFT = "The bot has left **{name}**."
NO_SUCH_GUILD = "The bot is not in that server."
OWNED_BY = "owned by <@{user}>"

SHOWN = 10  # servers on a page
NAME_SHOWN = 60  # characters
_RED = ButtonStyle.DANGER


def guild_page_card(bot: HordecordBot, number: int) -> Card:
    """A page of the servers, the largest first; a number past the end is the last page."""
    guilds = sorted(bot.guilds, key=lambda guild: (-(guild.member_count or 0), guild.id))
    last = max(0, len(guilds) - 1) // SHOWN
    number = min(number, last)
    shown = guilds[number * SHOWN : (number + 1) * SHOWN]
    title = GUILDS_TITLE.format(count=f"{len(guilds):,}")
    lines = [_entry(guild) for guild in shown] or [NO_GUILDS]
    menu = Menu(SHOW_GUILD(number), LOOK_AT, tuple(map(_option, shown)))
    moves = (
        Button(GUILD_PAGE(max(0, number - 1)), BEFORE, disabled=number == 0),
        Button(GUILD_PAGE(number + 1), NEXT, disabled=number == last),
    )
    card = quiet_card(f"### {title}\n" + "\n".join(lines))
    return replace(card, rows=(moves,) if last else (), menus=(menu,))


def guild_card(guild: discord.Guild, page: int) -> Card:
    """One server, with a button to leave it. `page`: the page to return to."""
    return _asking(_entry(guild), Button(ASK_TO_LEAVE(guild.id, page), LEAVE, _RED), page)


def leave_question(guild: discord.Guild, page: int) -> Card:
    """Asks whether to leave a server."""
    text = LEAVE_TEXT.format(name=safe_line(guild.name, NAME_SHOWN), days=GRACE_DAYS)
    return _asking(text, Button(LEAVE_GUILD(guild.id, page), LEAVE_NOW, _RED), page)


def _asking(text: str, button: Button, page: int) -> Card:
    return replace(quiet_card(text), rows=((button, Button(GUILD_PAGE(page), BACK)),))


def _entry(guild: discord.Guild) -> str:
    members = MEMBERS.format(count=f"{guild.member_count or 0:,}")
    owner = OWNED_BY.format(user=guild.owner_id) if guild.owner_id else ""
    name = f"**{safe_line(guild.name, NAME_SHOWN)}**"
    return DOT.join(filter(None, [name, members, owner, f"`{guild.id}`"]))


def _option(guild: discord.Guild) -> Option:
    return Option(str(guild.id), line(guild.name, OPTION_MAX) or str(guild.id))


def _guild(press: Press, guild_id: int) -> discord.Guild:
    """The server. Raises UserError when the bot is not in it any more."""
    found = press.client.get_guild(guild_id)
    if found is None:
        raise UserError(NO_SUCH_GUILD)
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
    said = LEFT.format(name=safe_line(guild.name, NAME_SHOWN))
    await _edit(press, replace(quiet_card(said), rows=((Button(GUILD_PAGE(page), BACK),),)))


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
