"""How the rows about one user are read from each table, for the export."""

from dataclasses import dataclass

# The reporter and the blocker are not disclosed.
_REPORT = (
    "request_id, reported_at, CASE WHEN reporter_id = :user THEN reporter_id END AS reporter_id, "
    "guild_id, channel_id, message_id"
)
_BLOCK = (
    "guild_id, mark, user_id, CASE WHEN blocked_by = :user THEN blocked_by END AS blocked_by, "
    "blocked_at, reason"
)
# The other user of a gift is not disclosed, nor the account of that user.
_GIFT = (
    "id, kudos, phase, language, created_at, sent_at, due_at, "
    "CASE WHEN giver_id = :user THEN origin END AS origin, "
    "CASE WHEN giver_id = :user THEN giver_id END AS giver_id, "
    "CASE WHEN giver_id = :user THEN account END AS account, "
    "CASE WHEN giver_id = :user THEN note END AS note, "
    "CASE WHEN recipient_id = :user THEN recipient_id END AS recipient_id, "
    "CASE WHEN recipient_id IN (0, :user) THEN username END AS username"
)


@dataclass(frozen=True, slots=True)
class PersonSource:
    """How the rows about a user are read from one table, a page at a time.

    `sql` returns a page of rows after the one whose `key` columns are :k0, :k1 ...; `first` is
    before all of them.
    """

    sql: str
    key: tuple[str, ...]
    first: tuple[int | str, ...]


def _by_id(sql: str) -> PersonSource:
    return PersonSource(f"{sql} AND id > :k0 ORDER BY id", ("id",), (0,))


def _by_request(sql: str) -> PersonSource:
    return PersonSource(f"{sql} AND request_id > :k0 ORDER BY request_id", ("request_id",), (-1,))


_MADE_BY_THEM = "(SELECT 1 FROM requests r WHERE r.id = reports.request_id AND r.user_id = :user)"
# Lines of the member, and what characters said in the member's own conversations.
_CHAT_MESSAGE = (
    "(side = 'member' AND author = :user) OR (side = 'character' AND conversation_id IN "
    "(SELECT id FROM conversations WHERE owner_id = :user))"
)
_MARKED = "mark IN (SELECT value FROM json_each(:marks))"
ABOUT = {
    "requests": PersonSource(
        "SELECT * FROM requests WHERE user_id = :user AND id > :k0 ORDER BY id", ("id",), (0,)
    ),
    "messages": PersonSource(
        # CROSS JOIN: only the messages of the user's requests are read.
        "SELECT m.* FROM requests r CROSS JOIN messages m ON m.request_id = r.id "
        "WHERE r.user_id = :user AND r.id >= :k0 AND (m.request_id, m.seq) > (:k0, :k1) "
        "ORDER BY r.id, m.seq",
        ("request_id", "seq"),
        (0, 0),
    ),
    "favourites": _by_request("SELECT * FROM favourites WHERE user_id = :user"),
    "history": _by_request("SELECT * FROM history WHERE user_id = :user"),
    "presets": PersonSource(
        "SELECT * FROM presets WHERE ((owner = 'user' AND owner_id = :user) OR made_by = :user) "
        "AND (owner, owner_id, key) > (:k0, :k1, :k2) ORDER BY owner, owner_id, key",
        ("owner", "owner_id", "key"),
        ("", 0, ""),
    ),
    "defaults": PersonSource(
        "SELECT * FROM defaults WHERE scope = 'user' AND scope_id = :user AND scope_id > :k0",
        ("scope_id",),
        (0,),
    ),
    "people": PersonSource(
        "SELECT * FROM people WHERE user_id = :user AND user_id > :k0", ("user_id",), (0,)
    ),
    "credentials": PersonSource(
        "SELECT * FROM credentials WHERE owner = 'user' AND owner_id = :user AND backend > :k0 "
        "ORDER BY backend",
        ("backend",),
        ("",),
    ),
    "reports": _by_request(
        f"SELECT {_REPORT} FROM reports WHERE (reporter_id = :user OR EXISTS {_MADE_BY_THEM})"  # noqa: S608 - ours
    ),
    "blocks": PersonSource(
        f"SELECT {_BLOCK} FROM blocks WHERE (blocked_by = :user OR {_MARKED}) "  # noqa: S608 - ours
        "AND (guild_id, mark) > (:k0, :k1) ORDER BY guild_id, mark",
        ("guild_id", "mark"),
        (-1, ""),
    ),
    "gifts": PersonSource(
        f"SELECT {_GIFT} FROM gifts WHERE (giver_id = :user OR recipient_id = :user) "  # noqa: S608 - ours
        "AND id > :k0 ORDER BY id",
        ("id",),
        (0,),
    ),
    "parties": PersonSource(
        "SELECT * FROM parties WHERE owner_id = :user AND thread_id > :k0 ORDER BY thread_id",
        ("thread_id",),
        (0,),
    ),
    "characters": _by_id("SELECT * FROM characters WHERE owner_id = :user"),
    "personas": _by_id("SELECT * FROM personas WHERE user_id = :user"),
    "lorebooks": _by_id("SELECT * FROM lorebooks WHERE owner_id = :user"),
    "conversations": _by_id("SELECT * FROM conversations WHERE owner_id = :user"),
    "chat_messages": _by_id(f"SELECT * FROM chat_messages WHERE ({_CHAT_MESSAGE})"),  # noqa: S608 - ours
    "waiting_lines": PersonSource(
        "SELECT w.* FROM waiting_lines w JOIN chat_messages m ON m.id = w.message_id "
        "WHERE m.side = 'member' AND m.author = :user AND w.conversation_id > :k0 "
        "ORDER BY w.conversation_id",
        ("conversation_id",),
        (0,),
    ),
    "spending": _by_request(f"SELECT * FROM spending WHERE {_MARKED}"),  # noqa: S608 - ours
}
