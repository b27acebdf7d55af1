"""The custom_ids of all buttons, menus and modals: `HEAD:VALUE:VALUE...`.

Messages keep their buttons across restarts and upgrades, so a head and the order of its values
never change; a new value goes to the end and has a default.
"""

import re
from typing import Any, Generic, Literal, NamedTuple, TypeGuard, TypeVarTuple, cast

INTEGER_MAX = 2**63 - 1  # Discord's ids and the database's numbers are smaller

Ts = TypeVarTuple("Ts")
CatalogList = Literal["image", "text", "style", "lora"]  # a list of /horde whose entries are used
HordeList = Literal["worker", "team", "leader", "sponsor", "own_worker", "own_team"]
ListName = CatalogList | HordeList  # of /horde, /worker and /team
OwnedKind = Literal["image", "text", "collection"]  # what /style and /collection change


def in_catalog(which: ListName) -> TypeGuard[CatalogList]:
    """Whether the entries of a list can be used in requests."""
    return which in {"image", "text", "style", "lora"}


class _Value(NamedTuple):
    """The accepted text of a value, and its type. `default`: it may be missing at the end."""

    pattern: str
    kind: type[int | str] = str
    default: Any = None


class IdFormat(Generic[*Ts]):
    """One format of custom_ids. Call it with its values to get the id."""

    def __init__(self, head: str, *values: _Value) -> None:
        self.head = head
        self._values = values
        parts = (f"(?::({v.pattern}))" + ("" if v.default is None else "?") for v in values)
        self.pattern = re.compile(re.escape(head) + "".join(parts), re.ASCII)

    def __call__(self, *values: *Ts) -> str:
        """The id of these values. Values at the end that have their default are omitted."""
        given: list[Any] = list(values)
        while given and given[-1] == self._values[len(given) - 1].default:
            given.pop()
        return ":".join([self.head, *map(str, given)])

    def parse(self, custom_id: str) -> tuple[*Ts] | None:
        """The values of an id; None for another format and for integers out of bounds."""
        found = self.pattern.fullmatch(custom_id)
        if found is None:
            return None
        values = tuple(
            value.default if text is None else value.kind(text)
            for value, text in zip(self._values, found.groups(), strict=True)
        )
        if any(isinstance(value, int) and value > INTEGER_MAX for value in values):
            return None
        return cast("tuple[*Ts]", values)


_RECORD = _Value("[0-9]{1,18}", int)
_SNOWFLAKE = _Value("[0-9]{1,20}", int)
_PICTURE = _Value("[0-9]{1,2}", int)
_PAGE = _Value("[0-9]{1,5}", int)
_WORD = _Value("[a-z_]+")
_TEXT = _Value("(?s:.*)")
_CATALOG = _Value("image|text|style|lora")
_LIST = _Value("image|text|style|lora|worker|team|leader|sponsor|own_worker|own_team")
_OWNED = _Value("image|text|collection")
_HORDE_ID = _Value("[0-9A-Za-z-]{1,64}")
_MARK = _Value("[0-9a-f]{12}")  # of a catalog entry
_BACKEND = _Value("[a-z0-9_-]{1,32}", default="")  # its name in the settings

# Cards of requests: verb, record id, picture number (0: none)
CARD = IdFormat[str, int, int]("hc", _WORD, _RECORD, _PICTURE._replace(default=0))
# Actions on a picture or message: action, and two numbers with a meaning of the action
ACTION = IdFormat[str, int, int]("hct", _WORD, _RECORD, _SNOWFLAKE._replace(default=0))

# /queue: record id
CANCEL_REQUEST = IdFormat[int]("hcq:cancel", _RECORD)
SHOW_REQUEST = IdFormat[int]("hcq:show", _RECORD)
CANCEL_ALL = IdFormat[()]("hcq:all")
REFRESH_QUEUE = IdFormat[()]("hcq:refresh")

# /history: verb, record id, and the filter: smaller record ids only, kind and favourites, search
HISTORY = IdFormat[str, int, int, str, str](
    "hch", _WORD, _RECORD, _RECORD, _Value("[itav-][s-]"), _TEXT
)

# The lists of /horde, /worker and /team: list, page from 0, search; or list, mark of an entry
BROWSE_PAGE = IdFormat[ListName, int, str]("hcb:list", _LIST, _PAGE, _TEXT)
SHOW_ENTRY = IdFormat[ListName, int, str]("hcb:look", _LIST, _PAGE, _TEXT)
USE_ENTRY = IdFormat[CatalogList, str]("hcb:use", _CATALOG, _MARK)
SET_DEFAULT_ENTRY = IdFormat[CatalogList, str]("hcb:default", _CATALOG, _MARK)
ENTRY_MODAL = IdFormat[CatalogList, str]("hcb:ask", _CATALOG, _MARK)

# /style and /collection: kind, and the id at the Horde, or the number of a form for a new one
STYLE_FORM_BUTTON = IdFormat[OwnedKind, str]("hcy:open", _OWNED, _HORDE_ID)
STYLE_FORM = IdFormat[OwnedKind, str]("hcy:form", _OWNED, _HORDE_ID)
DELETE_OWNED = IdFormat[OwnedKind, str]("hcy:delete", _OWNED, _HORDE_ID)
ASK_TO_DELETE_OWNED = IdFormat[OwnedKind, str]("hcy:ask", _OWNED, _HORDE_ID)
KEEP_OWNED = IdFormat[()]("hcy:keep")

# /server: step of setup from 1; or rule, step (0: the panel of that rule alone)
SETUP_STEP = IdFormat[int]("hcs:go", _Value("[1-6]", int))
CHOOSE_RULE = IdFormat[str, int]("hcs:pick", _WORD, _Value("[0-5]", int))
TOGGLE_SPOILER = IdFormat[int]("hcs:flip:spoiler", _Value("3", int))
TOGGLE_CHAT_RULE = IdFormat[str]("hcs:chat", _WORD)
OPEN_SERVER_KEY_MODAL = IdFormat[()]("hcs:key")
REMOVE_SERVER_KEY = IdFormat[()]("hcs:key:remove")
KEEP_SERVER_KEY = IdFormat[()]("hcs:key:keep")
MAKE_TEST_PICTURE = IdFormat[()]("hcs:test")
CONFIRM_IMPORT = IdFormat[()]("hcs:import")

# /operator: guild id, page of the list to return to
GUILD_PAGE = IdFormat[int]("hco:page", _PAGE)
SHOW_GUILD = IdFormat[int]("hco:look", _PAGE)
ASK_TO_LEAVE = IdFormat[int, int]("hco:ask", _SNOWFLAKE, _PAGE)
LEAVE_GUILD = IdFormat[int, int]("hco:leave", _SNOWFLAKE, _PAGE)
SEND_BROADCAST = IdFormat[()]("hco:send")
STOP_BROADCAST = IdFormat[()]("hco:stop")

# /rate: record id, picture number, rating; artifacts behind them
RATE = IdFormat[int, int, int]("hcr", _RECORD, _PICTURE, _PICTURE)
RATE_ARTIFACTS = IdFormat[int, int, int, int]("hcra", _RECORD, _PICTURE, _PICTURE, _PICTURE)

# /account
FORGET_EVERYTHING = IdFormat[()]("hcf:forget")
KEEP_EVERYTHING = IdFormat[()]("hcf:keep")

# /worker and /team: number of the pending change
MAKE_CHANGE = IdFormat[int]("hcw:make", _RECORD)
KEEP_UNCHANGED = IdFormat[int]("hcw:keep", _RECORD)

# Conversations: verb, and the id of a message or of the conversation; rule of the settings
CHAT_MESSAGE = IdFormat[str, int]("hcc", _WORD, _RECORD)
CONVERSATION = IdFormat[str, int]("hcc:at", _WORD, _RECORD)
CHAT_SETTING = IdFormat[str, int]("hcc:set", _WORD, _RECORD)
CHAT_MODAL = IdFormat[str, int]("hcm:chat", _WORD, _RECORD)

# Characters, personas and lorebooks: verb, and its id or the page of a list; 0 for a new one
CHARACTER = IdFormat[str, int]("hcd", _WORD, _RECORD)
CHARACTER_MODAL = IdFormat[str, int]("hcm:character", _WORD, _RECORD)
PERSONA = IdFormat[str, int]("hcp", _WORD, _RECORD)
PERSONA_MODAL = IdFormat[int]("hcm:persona", _RECORD)
LOREBOOK = IdFormat[str, int]("hcl", _WORD, _RECORD)

# Modals: record id, picture number; or number of the stored draft, 0
LOGIN_MODAL = IdFormat[str]("hcm:login", _BACKEND)
SERVER_KEY_MODAL = IdFormat[str]("hcm:serverkey", _BACKEND)
GIFT_MODAL = IdFormat[()]("hcm:gift")
MEMBER_GIFT_MODAL = IdFormat[int]("hcm:giftto", _SNOWFLAKE)  # recipient
BROADCAST_MODAL = IdFormat[()]("hcm:broadcast")
EDIT_MODAL = IdFormat[int, int]("hcm:edit", _RECORD, _PICTURE)
USE_MODAL = IdFormat[int, int]("hcm:use", _RECORD, _PICTURE)
FIELDS_MODAL = IdFormat[int]("hcm:fields", _RECORD)
OPEN_FIELDS = IdFormat[int]("hcm:askfields", _RECORD)
REMIX_MODAL = IdFormat[int, int]("hcm:remix", _RECORD, _PICTURE)
ANIMATE_MODAL = IdFormat[int, int]("hcm:animate", _RECORD, _PICTURE)
