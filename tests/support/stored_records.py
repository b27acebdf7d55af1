"""Rows to write down."""

from bot.domain.records import MessageAccess, MessageRef, Payer, Record
from bot.domain.requests import Request
from bot.storage import Store
from tests.support.builders import FOX_BY_ANY_MODEL

GUILD_MESSAGE = MessageRef(
    channel_id=10, token="secret", token_expires_at=900.0, reach=MessageAccess.GUILD
)


async def add(
    store: Store, number: int = 1, request: Request = FOX_BY_ANY_MODEL, user: int = 7
) -> Record:
    return await store.requests.add(
        interaction_id=number,
        backend="horde",
        user_id=user,
        guild_id=5,
        payer=Payer.ANONYMOUS,
        request=request,
        message=GUILD_MESSAGE,
        now=100.0,
    )
