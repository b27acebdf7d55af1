"""Where NSFW results are allowed."""

import pytest

from bot.domain.records import MessageAccess, MessageRef, Origin
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.rules.request_context import allows_nsfw

OFF = GuildSettings(nsfw="off")
GUILD, DM, USER_INSTALL = MessageAccess.GUILD, MessageAccess.DM, MessageAccess.USER_INSTALL


@pytest.mark.parametrize(
    ("guild", "reach", "age_restricted", "rules", "wanted_in_dms", "allowed"),
    [
        (5, GUILD, True, NO_RULES, False, True),
        (5, GUILD, False, NO_RULES, False, False),
        (5, GUILD, False, NO_RULES, True, False),  # the person's setting is for direct messages
        (5, GUILD, True, OFF, False, False),
        (5, GUILD, False, OFF, True, False),
        (5, USER_INSTALL, True, NO_RULES, False, True),  # a server that has not added the bot
        (None, DM, False, NO_RULES, False, False),
        (None, DM, False, NO_RULES, True, True),
        (None, USER_INSTALL, False, NO_RULES, True, False),  # a group: other people read it
    ],
)
def test_nsfw_depends_on_the_place_its_rules_and_in_dms_on_the_person(
    guild: int | None,
    reach: MessageAccess,
    age_restricted: bool,
    rules: GuildSettings,
    wanted_in_dms: bool,
    allowed: bool,
) -> None:
    message = MessageRef(channel_id=10, reach=reach)
    origin = Origin(1, 7, guild, message, age_restricted=age_restricted)
    assert allows_nsfw(origin, rules, wanted_in_dms=wanted_in_dms) is allowed
