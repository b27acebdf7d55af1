"""Direct messages to givers about gifts whose outcome was not in the answer."""

import asyncio
import logging

from bot.cards import formatting
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.domain.kudos.gifts import Gift, GiftPhase
from bot.i18n import _, in_language, language_of
from bot.services.gifts import HELD_DAYS
from bot.services.gifts.transfers import gift_failure
from bot.ui.delivery.channels import MessageRoutes, RouteError, verdict_of

log = logging.getLogger(__name__)
LIMIT = 30.0  # seconds until a notice is put off
NAME_MAX = 100


class GiftNotices:
    """Sends the notices."""

    def __init__(self, bot: HordecordBot) -> None:
        self._routes = MessageRoutes(bot)

    async def tell(self, gift: Gift) -> bool:
        """Tell the giver the outcome. False when Discord cannot be reached now."""
        with in_language(language_of(gift.language)):
            text = gift_outcome(gift)
        try:
            async with asyncio.timeout(LIMIT):
                await self._routes.write(gift.giver_id, text)
        except TROUBLE as error:
            log.info("a giver could not be told the outcome: %s", error or type(error).__name__)
            return verdict_of(error) is not RouteError.LATER
        return True


def gift_outcome(gift: Gift) -> str:
    """What became of a gift, in the current language."""
    said = _outcome(gift)
    if not gift.by_reaction or gift.phase is not GiftPhase.SENT:
        return said
    more = _("Your reaction sent it. Further reactions with this emoji are not reported.")
    return f"{said}\n{more}"


def _outcome(gift: Gift) -> str:
    kudos = formatting.kudos(gift.kudos)
    recipient = recipient_of(gift)
    match gift.phase:
        case GiftPhase.SENT:
            said = _("Sent {kudos} to **{username}**.")
        case GiftPhase.HELD:
            said = _(
                "{username} has not given the bot a Horde key. The bot sends the {kudos} when "
                "{username} uses `/account login`, until {time}; no kudos have left your account."
            )
        case GiftPhase.EXPIRED:
            said = _("Your gift of {kudos} to {username} has expired. No kudos were sent.")
        case GiftPhase.READY | GiftPhase.SENDING:
            said = _(
                "The Horde has not confirmed the transfer of {kudos} to {username} yet. "
                "The bot tries again and tells you the result."
            )
        case GiftPhase.FAILED:
            said = _("Your gift of {kudos} to {username} was not sent. {reason}")
        case GiftPhase.UNKNOWN:
            said = _("Your gift of {kudos} to {username}: {reason}")
    time = f"<t:{int(gift.created_at + HELD_DAYS * 86_400)}:R>"
    return said.format(kudos=kudos, username=recipient, time=time, reason=gift_failure(gift))


def recipient_of(gift: Gift) -> str:
    """The recipient: a member's account is not disclosed."""
    if gift.recipient_id:
        return f"<@{gift.recipient_id}>"
    return safe_line(gift.username, NAME_MAX) or _("a member")
