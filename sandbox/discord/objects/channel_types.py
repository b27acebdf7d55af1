"""Channel types, and what is true of each."""

from enum import IntEnum


class Kind(IntEnum):
    """Channel types, by Discord's numbers."""

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


TEXT, DM, GROUP_DM = Kind.TEXT, Kind.DM, Kind.GROUP_DM
IN_GUILDS = {Kind.TEXT, Kind.VOICE, Kind.CATEGORY, Kind.NEWS, Kind.STAGE, Kind.FORUM}
WORDLESS = {Kind.CATEGORY, Kind.FORUM}  # nothing is said in these themselves
# What a thread is in a channel of that type; the posts of a forum are its threads.
THREAD_IN = {
    Kind.TEXT: Kind.PUBLIC_THREAD,
    Kind.FORUM: Kind.PUBLIC_THREAD,
    Kind.NEWS: Kind.NEWS_THREAD,
}
