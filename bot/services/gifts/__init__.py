"""Gifts of kudos: stored, then transferred once; held for recipients without a key."""

from bot.services.gifts.gifts import HELD_DAYS, Gifts
from bot.services.gifts.parties import Parties
from bot.services.gifts.reactions import Reaction, ReactionGifts
from bot.services.gifts.transfers import Transfers

__all__ = ["HELD_DAYS", "Gifts", "Parties", "Reaction", "ReactionGifts", "Transfers"]
