"""A service that only remembers what it was asked for, and the rows that it hands out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from bot.backends.values import Account
from bot.cards.links import parent_link
from bot.domain.capabilities import HORDE, RequestAbilities
from bot.domain.kudos.gifts import Gift
from bot.domain.records import MessageRef, Origin, Payer, Record
from bot.domain.requests import Request
from bot.errors import UserError
from bot.i18n import Language, language_of_locale
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.rules.place_checks import check_owner
from bot.rules.request_context import RequestContext, allows_nsfw
from tests.support import builders


class FakeLanguages:
    """The language of each member's client."""

    async def of_member(self, _user_id: int, locale: str) -> Language:
        return language_of_locale(locale)


class NoWebhooks:
    """Channels without webhooks."""

    def has_posted(self, _message_id: int) -> bool:
        return False

    def is_refused(self, _channel_id: int) -> bool:
        return True

    async def of(self, _channel_id: int) -> None:
        return None


@dataclass
class FakeGuilds:
    """What servers decided, by their ids."""

    of: dict[int, GuildSettings] = field(default_factory=dict[int, GuildSettings])

    async def rules(self, guild_id: int | None) -> GuildSettings:
        return self.of.get(guild_id or 0, NO_RULES)

    async def context(self, origin: Origin) -> RequestContext:
        rules = await self.rules(origin.guild_id)
        backend = rules.backend or "horde"
        return RequestContext(origin, rules, backend, allows_nsfw(origin, rules))

    async def abilities(self, _record: Record, *, ended: bool = True) -> RequestAbilities:
        del ended
        return RequestAbilities(HORDE, HORDE)


def client_in(rules: GuildSettings = NO_RULES, *, late: bool = False, **services: Any) -> Any:
    """A bot whose every interaction comes from a server with those rules.

    `late`: from an age-restricted channel.
    """
    origin = Origin(1, 2, 5, MessageRef(channel_id=4), age_restricted=late)

    async def context(_interaction: object) -> RequestContext:
        return RequestContext(origin, rules, "horde", allows_nsfw(origin, rules))

    return SimpleNamespace(context=context, services=SimpleNamespace(**services))


class FakeGifts:
    """No gift waits for the login of a member."""

    async def claim(self, _user_id: int) -> list[Gift]:
        return []


@dataclass
class FakeCredentials:
    """Accounts by their keys."""

    accounts: dict[str, Account] = field(default_factory=dict[str, Account])

    async def login(self, owner: Payer, owner_id: int, key: str, backend: str = "") -> Account:
        if key not in self.accounts:
            raise UserError("The Horde does not know this key.")
        return self.accounts[key]

    async def logout(self, owner: Payer, owner_id: int, backend: str = "") -> bool:
        return False


def _nobody_is_banned(_user_id: int, _guild_id: int | None) -> str:
    return ""


@dataclass
class FakeService:
    """Rows in a dictionary, and a list of the requests."""

    guilds: FakeGuilds = field(default_factory=FakeGuilds)
    records: dict[int, Record] = field(default_factory=dict[int, Record])
    origins: list[Origin] = field(default_factory=list[Origin])
    asked: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    refuse: Exception | None = None
    held: list[Record] = field(default_factory=list[Record])
    saved: set[int] = field(default_factory=set[int])
    credentials: FakeCredentials = field(default_factory=FakeCredentials)

    def services(self, **more: Any) -> Any:
        """The services of a bot: this one for all of them that deal with requests."""
        bans = SimpleNamespace(refusal=_nobody_is_banned)
        known: dict[str, Any] = {"submission": self, "history": self}
        known |= {"guilds": self.guilds, "bans": bans}
        known |= {"languages": FakeLanguages(), "gifts": FakeGifts()}
        known |= {"backends": {"horde": SimpleNamespace(name="horde", capabilities=HORDE)}}
        known |= {"credentials": self.credentials, "webhook_tokens": NoWebhooks()}
        return SimpleNamespace(**(known | more))

    async def submit(
        self, context: RequestContext, request: Request, *, parent: int | None = None
    ) -> Record:
        if self.refuse is not None:
            raise self.refuse
        message = replace(context.origin.message, ephemeral=request.private)
        origin = replace(context.origin, message=message)
        self.origins.append(origin)
        record = builders.record(
            request=request,
            id=len(self.records) + 1,
            interaction_id=origin.interaction_id,
            user_id=origin.user_id,
            guild_id=origin.guild_id,
            messages=(origin.message,),
            parent=parent,
        )
        self.records[record.id] = record
        return record

    async def acked(self, record: Record, message_id: int) -> None:
        self.asked.append(("acked", record.id, message_id))
        ref = replace(record.messages[0], message_id=message_id)
        self.records[record.id] = replace(record, acked=True, messages=(ref,))

    async def unacked(self, record: Record) -> None:
        self.asked.append(("unacked", record.id))

    async def cancel(self, record_id: int, user_id: int) -> Record:
        record = await self.get(record_id)
        check_owner(record, user_id)
        self.asked.append(("cancel", record_id))
        return record

    async def again(self, context: RequestContext, record_id: int) -> Record:
        record = await self.pressable(context, record_id)
        return await self.submit(context, record.request, parent=record_id)

    async def delete(self, record_id: int, user_id: int) -> Record:
        record = await self.get(record_id)
        check_owner(record, user_id)
        self.asked.append(("delete", record_id))
        return record

    async def publish(self, context: RequestContext, record_id: int) -> Record:
        return await self.pressable(context, record_id)

    def as_seen(self, context: RequestContext, record: Record) -> Record:
        self.asked.append(("as_seen", context.user_id, record.id))
        return record

    async def get(self, record_id: int) -> Record:
        if record_id not in self.records:
            raise UserError("This request is no longer stored.")
        return self.records[record_id]

    async def pressable(self, context: RequestContext, record_id: int) -> Record:
        record = await self.get(record_id)
        check_owner(record, context.user_id)
        return record

    async def also_shown(self, record_id: int, message: MessageRef) -> None:
        record = self.records[record_id]
        self.records[record_id] = replace(record, others=(*record.others, message))

    async def parent_link(self, record: Record) -> str:
        parent = self.records.get(record.parent or 0)
        return parent_link(record, parent) if parent is not None else ""

    async def favoured(self, records: Sequence[Record]) -> set[int]:
        return {record.id for record in records} & self.saved

    async def favour(self, record_id: int, user_id: int, on: bool) -> Record:
        record = await self.get(record_id)
        check_owner(record, user_id)
        self.saved ^= {record_id}
        assert (record_id in self.saved) == on
        return record

    async def held_of(self, user_id: int) -> list[Record]:
        return self.held

    async def seen(self, record: Record) -> None:
        self.held.remove(record)
