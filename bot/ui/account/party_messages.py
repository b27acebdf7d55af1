"""Messages in the thread of a party: its beginning and its end."""

import discord

from bot.cards import formatting
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.domain.kudos.parties import Party, PartySum
from bot.i18n import _, in_language, language_of
from bot.ui.delivery.channels import RouteError, verdict_of

NAME_MAX = 100


def beginning(party: Party) -> str:
    """The rules of a party."""
    rules = _(
        "### Party: {name}\n"
        "{owner} rewards each image in this thread with {award}, up to {each} for each member and "
        "{budget} in all, until {time}."
    )
    said = rules.format(
        name=safe_line(party.name, NAME_MAX),
        owner=f"<@{party.owner_id}>",
        award=formatting.kudos(party.award),
        each=formatting.kudos(party.each_max),
        budget=formatting.kudos(party.budget),
        time=f"<t:{int(party.ends_at)}:f>",
    )
    if party.style:
        style = _(
            "Images in this thread have the style **{style}** unless another one is chosen. Only "
            "images with this style are rewarded."
        )
        said += f"\n{style.format(style=safe_line(party.style, NAME_MAX))}"
    hint = _("Members without a Horde key receive the kudos after `/account login`, for a week.")
    return f"{said}\n-# {hint}"


class PartyMessages:
    """Shows the ends of parties."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    async def show_end(self, party: Party, total: PartySum) -> bool:
        """Post the end. False when Discord cannot be reached now."""
        await self._bot.online.wait()
        with in_language(language_of(party.language)):
            said = _("The party is over. Rewards: {kudos}, members: {members}.")
            text = said.format(
                kudos=formatting.kudos(total.kudos), members=formatting.decimal(total.members)
            )
        thread = self._bot.get_partial_messageable(party.thread_id)
        try:  # of two posts with the same nonce Discord makes one message
            await thread.send(text, nonce=f"party-{party.thread_id}"[:25])
        except discord.HTTPException as error:
            return verdict_of(error) is not RouteError.LATER
        except TROUBLE:
            return False
        return True
