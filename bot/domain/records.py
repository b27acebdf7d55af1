"""Stored requests and the Discord messages that show them."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from bot.domain.capabilities import PriceUnit
from bot.domain.requests import ChatTurn, Kind, Request, TextRequest
from bot.domain.results import Phase, Status
from bot.i18n import ENGLISH, Language


class MessageAccess(StrEnum):
    """How a message can be reached."""

    GUILD = "guild"  # token, then the channel as the bot
    DM = "dm"  # token, then the DM channel as the bot
    USER_INSTALL = "user_install"  # the token alone: the bot is not in the server


class Payer(StrEnum):
    """Whose key pays, in the order in which they are tried."""

    STYLE = "style"  # the maker of a style, whatever the key of the submit
    USER = "user"
    GUILD = "guild"
    BOT = "bot"
    ANONYMOUS = "anonymous"


class MessagePart(IntEnum):
    """The part of a request that a message shows."""

    CARD = 0
    REST = 1  # pictures that do not fit on the card
    COPY = 2  # a published copy of a private result


@dataclass(frozen=True, slots=True)
class MessageRef:
    """One Discord message that shows a request.

    `message_id` is 0 until the answer to the interaction was acknowledged; `token` is the
    interaction's, good for 15 minutes; `upload_limit` in bytes.
    """

    channel_id: int
    message_id: int = 0
    token: str = ""
    token_expires_at: float = 0.0
    ephemeral: bool = False
    reach: MessageAccess = MessageAccess.GUILD
    upload_limit: int = 10 * 1024 * 1024
    part: MessagePart = MessagePart.CARD

    def __repr__(self) -> str:
        """Without the token, so that no log line contains it."""
        return f"MessageRef({self.channel_id}/{self.message_id}, {self.reach})"


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of a request, as Discord reports it. `age_restricted`: the channel is.

    `home`: the channel whose defaults count (the parent of a thread), 0: that of the message.
    `places`: the thread, the channel, its category, the nearest first; `roles`: the requester's
    there. `manager`: the requester may manage the server. `locale`: of the requester's Discord
    client; `guild_locale`: of the server, "" elsewhere.
    """

    interaction_id: int
    user_id: int
    guild_id: int | None
    message: MessageRef
    age_restricted: bool = False
    home: int = 0
    roles: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    manager: bool = False
    locale: str = "en-US"
    guild_locale: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One stored request. Times in UTC seconds; `id` is shown as #id.

    `status`: the newest stored status, or the outcome. `outcome_at`: when the outcome and its files
    were stored, perhaps before it was shown. `cancel_at`: when the requester cancelled it. `acked`:
    Discord accepted the first card. `messages`: where the card was shown, the newest last;
    `others`: further messages that show a part of it. `attempts`: consecutive failures of the
    current step; `resends`: repeated submits. `language`: of its card.
    `unit`: of its price.
    """

    id: int
    interaction_id: int
    backend: str
    user_id: int
    guild_id: int | None
    channel_id: int
    payer: Payer
    request: Request
    phase: Phase
    created_at: float
    messages: tuple[MessageRef, ...] = ()
    others: tuple[MessageRef, ...] = ()
    status: Status | None = None
    remote_id: str | None = None
    acked: bool = False
    attempts: int = 0
    resends: int = 0
    sent_at: float | None = None
    cancel_at: float | None = None
    outcome_at: float | None = None
    closed_at: float | None = None
    parent: int | None = None
    language: Language = ENGLISH
    unit: PriceUnit = PriceUnit.KUDOS

    @property
    def kind(self) -> Kind:
        """Kind of the request."""
        return Kind(self.request.kind)

    @property
    def slot_owner(self) -> str:
        """Name of the account whose slots the request takes. Contains no secret."""
        if self.payer is Payer.USER:
            return f"{Payer.USER}:{self.user_id}"
        if self.payer is Payer.GUILD:
            return f"{Payer.GUILD}:{self.guild_id}"
        return str(self.payer)

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the downloaded result files of its newest status."""
        return self.status.files if self.status is not None else ()

    @property
    def token_only(self) -> bool:
        """Only the interaction's token reaches its message, and no channel may show the result."""
        ref = self.messages[-1]
        in_own_dm = ref.reach is MessageAccess.DM and not ref.ephemeral
        return (
            ref.reach is MessageAccess.USER_INSTALL
            or ref.ephemeral
            or (self.private and not in_own_dm)
        )

    def is_public_in(self, channel_id: int) -> bool:
        """A card of the request, perhaps a published copy, is public in that channel."""
        shown = (*self.messages, *self.others)
        return any(ref.channel_id == channel_id and not ref.ephemeral for ref in shown)

    @property
    def turn(self) -> ChatTurn | None:
        """The turn of a conversation that the request is."""
        return self.request.chat if isinstance(self.request, TextRequest) else None

    @property
    def is_shown(self) -> bool:
        """Whether messages show the request: none shows a text about a conversation."""
        return self.turn is None or self.turn.is_message

    @property
    def is_over(self) -> bool:
        """The outcome is known, though perhaps not shown yet."""
        return not self.phase.is_open or self.outcome_at is not None

    @property
    def private(self) -> bool:
        """Only the requester may see the result."""
        return self.request.private or any(ref.ephemeral for ref in self.messages)
