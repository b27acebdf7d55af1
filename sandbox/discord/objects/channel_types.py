"""Channel types."""

from enum import IntEnum


class ChannelType(IntEnum):
    """Channel types by Discord's numbers."""

    TEXT = 0
    DM = 1
    VOICE = 2
    GROUP_DM = 3
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15


TEXT, DM, GROUP_DM = ChannelType.TEXT, ChannelType.DM, ChannelType.GROUP_DM
GUILD_TYPES = {
    ChannelType.TEXT,
    ChannelType.VOICE,
    ChannelType.CATEGORY,
    ChannelType.NEWS,
    ChannelType.STAGE,
    ChannelType.FORUM,
}
WITHOUT_MESSAGES = {ChannelType.CATEGORY, ChannelType.FORUM}  # these hold no messages themselves
# The type of a thread by the type of its parent; the posts of a forum are threads.
THREAD_TYPES = {
    ChannelType.TEXT: ChannelType.PUBLIC_THREAD,
    ChannelType.FORUM: ChannelType.PUBLIC_THREAD,
    ChannelType.NEWS: ChannelType.NEWS_THREAD,
}
