"""Context of one request: the requester, the place, and the server's rules there."""

from dataclasses import dataclass

from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.kudos.budgets import Budget
from bot.domain.records import MessageAccess, Origin
from bot.i18n import ENGLISH, Language
from bot.rules.guild_settings import NO_RULES, GuildSettings


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Built once per interaction and passed down as a value, so that every check sees one state.

    `rules`: of the server, empty in direct messages. `backend`: name of the configured backend for
    requests from there, and what it can do in `capabilities`. `nsfw`: whether NSFW
    results are allowed there. `language`: of what only the requester sees; `shared_language`: of
    what everyone there sees.
    """

    origin: Origin
    rules: GuildSettings = NO_RULES
    backend: str = ""
    nsfw: bool = False
    language: Language = ENGLISH
    shared_language: Language = ENGLISH
    capabilities: Capabilities = HORDE

    @property
    def user_id(self) -> int:
        """The requester's Discord id."""
        return self.origin.user_id

    @property
    def budget(self) -> Budget:
        """The budget of the server's key at the backend there."""
        return self.rules.budget_of(self.backend, self.capabilities.unit)

    @property
    def guild_id(self) -> int | None:
        """The server's Discord id; None in direct messages."""
        return self.origin.guild_id


def allows_nsfw(origin: Origin, rules: GuildSettings, *, wanted_in_dms: bool = False) -> bool:
    """Whether NSFW results are allowed in that place. The only definition of it.

    In a server: in age-restricted channels, unless its rules turn NSFW off. Elsewhere: as Discord
    reports, or in the bot's direct messages the user's setting (`wanted_in_dms`).
    """
    if origin.guild_id is not None:
        return origin.age_restricted and rules.nsfw != "off"
    in_dms = origin.message.reach is MessageAccess.DM
    return origin.age_restricted or (in_dms and wanted_in_dms)
