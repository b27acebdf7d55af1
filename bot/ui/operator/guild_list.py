"""The servers that the bot is in, for those who run it: pages, one close up, a way out."""

from typing import Any

import discord
from discord import ui

from bot.cards.context import DOT
from bot.cards.markdown import line, safe_line
from bot.client.bot import HordecordBot
from bot.errors import UserError
from bot.services.guild_cleanup import GRACE_DAYS
from bot.ui.components.persistent_item import PersistentItem, Press, chosen, number_of
from bot.ui.components.views import view_of
from bot.ui.operator.permissions import owners_only

# /operator guilds
GUILDS_TITLE = "Servers ({count})"
NO_GUILDS = "None yet. `hordecord invite` prints the link that adds the bot to one."
MEMBERS = "{count} members"
LOOK_AT = "Look at one of these …"
NEXT, BEFORE, BACK = "Next", "Before", "Back"
LEAVE, LEAVE_NOW = "Leave it", "Yes, leave it"
LEAVE_TEXT = (
    "Shall the bot leave **{name}**? Its settings are kept for {days} days in case it comes back. "
    "Only somebody of that server can add the bot again."
)
LEFT = "The bot has left **{name}**."
NO_SUCH_GUILD = "The bot is not in that server."
OWNED_BY = "owned by <@{user}>"

PREFIX = "hco"
SHOWN = 10  # servers on a page
NAME_SHOWN = 60
_PAGE, _GUILD = r"(?P<page>[0-9]{1,5})", r"(?P<guild>[0-9]{1,20})"


def guild_page(bot: HordecordBot, number: int) -> ui.LayoutView:
    """That page of the servers, the largest first; a number past the end is the last page."""
    guilds = sorted(bot.guilds, key=lambda guild: (-(guild.member_count or 0), guild.id))
    last = max(0, len(guilds) - 1) // SHOWN
    number = min(number, last)
    shown = guilds[number * SHOWN : (number + 1) * SHOWN]
    title = GUILDS_TITLE.format(count=f"{len(guilds):,}")
    lines = [_entry(guild) for guild in shown] or [NO_GUILDS]
    text = ui.TextDisplay[Any](f"### {title}\n" + "\n".join(lines))
    rows = [ui.ActionRow[Any](_menu(shown, number))] if shown else []
    if last:
        rows.append(
            ui.ActionRow(
                _button(BEFORE, "page", max(0, number - 1), disabled=number == 0),
                _button(NEXT, "page", number + 1, disabled=number == last),
            )
        )
    return view_of([text], *rows)


def guild_closeup(guild: discord.Guild, number: int) -> ui.LayoutView:
    """One server, with the button that leads out of it. `number`: the page to go back to."""
    text = ui.TextDisplay[Any](_entry(guild))
    leave = _button(LEAVE, "ask", guild.id, number, danger=True)
    return view_of([text], ui.ActionRow(leave, _button(BACK, "page", number)))


def leave_question(guild: discord.Guild, number: int) -> ui.LayoutView:
    """Whether to leave it."""
    name = safe_line(guild.name, NAME_SHOWN)
    text = ui.TextDisplay[Any](LEAVE_TEXT.format(name=name, days=GRACE_DAYS))
    yes = _button(LEAVE_NOW, "leave", guild.id, number, danger=True)
    return view_of([text], ui.ActionRow(yes, _button(BACK, "page", number)))


def _entry(guild: discord.Guild) -> str:
    members = MEMBERS.format(count=f"{guild.member_count or 0:,}")
    owner = OWNED_BY.format(user=guild.owner_id) if guild.owner_id else ""
    name = f"**{safe_line(guild.name, NAME_SHOWN)}**"
    return DOT.join(filter(None, [name, members, owner, f"`{guild.id}`"]))


def _menu(guilds: list[discord.Guild], number: int) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=line(guild.name, 100) or str(guild.id), value=str(guild.id))
        for guild in guilds
    ]
    return ui.Select(custom_id=f"{PREFIX}:look:{number}", placeholder=LOOK_AT, options=options)


def _button(
    label: str, act: str, *numbers: int, danger: bool = False, disabled: bool = False
) -> ui.Button[Any]:
    return ui.Button(
        label=label,
        custom_id=":".join(map(str, (PREFIX, act, *numbers))),
        style=discord.ButtonStyle.danger if danger else discord.ButtonStyle.secondary,
        disabled=disabled,
    )


class _Owned(PersistentItem, template="hco:never"):
    """Only for those who run the bot, at every press."""

    async def act(self, press: Press) -> None:
        """The same message shows what it leads to."""
        await owners_only(press)
        await press.response.edit_message(view=await self.shows(press))

    async def shows(self, press: Press) -> ui.LayoutView:
        """What the message shows then."""
        return guild_page(press.client, self.number)

    @property
    def number(self) -> int:
        """Of the page."""
        return int(self.said["page"])

    def guild(self, press: Press, guild_id: int) -> discord.Guild:
        """That server. Raises UserError when the bot is not in it any more."""
        found = press.client.get_guild(guild_id)
        if found is None:
            raise UserError(NO_SUCH_GUILD)
        return found


class TurnPage(_Owned, template=rf"{PREFIX}:page:{_PAGE}"):
    """Another page, or back to the list."""

    repeatable = True


class ShowGuild(_Owned, template=rf"{PREFIX}:look:{_PAGE}"):
    """The one that was chosen."""

    repeatable = True

    async def shows(self, press: Press) -> ui.LayoutView:
        """Close up."""
        return guild_closeup(self.guild(press, number_of(chosen(press))), self.number)


class AskToLeave(_Owned, template=rf"{PREFIX}:ask:{_GUILD}:{_PAGE}"):
    """Whether the bot shall leave it."""

    repeatable = True

    async def shows(self, press: Press) -> ui.LayoutView:
        """The question."""
        return leave_question(self.guild(press, int(self.said["guild"])), self.number)


class Leave(_Owned, template=rf"{PREFIX}:leave:{_GUILD}:{_PAGE}"):
    """Leaves the server."""

    async def shows(self, press: Press) -> ui.LayoutView:
        """That it was left, and the way back to the list."""
        guild = self.guild(press, int(self.said["guild"]))
        await guild.leave()
        said = LEFT.format(name=safe_line(guild.name, NAME_SHOWN))
        back = _button(BACK, "page", self.number)
        return view_of([ui.TextDisplay[Any](said)], ui.ActionRow(back))


def register(bot: HordecordBot) -> None:
    """From now on presses lead here."""
    bot.add_dynamic_items(TurnPage, ShowGuild, AskToLeave, Leave)
