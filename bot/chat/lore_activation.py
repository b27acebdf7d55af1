"""Which entries of lorebooks join a prompt, and where."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.chat.lore_decorators import Decorators, Place, decorated
from bot.chat.lore_keys import KeySearch
from bot.chat.token_budget import tokens
from bot.domain.chat.lorebooks import Lorebook, LoreEntry, LorePosition
from bot.domain.requests.chat_turn import Role

SCAN_DEPTH = 4  # newest messages in which keys are searched, where the lorebook says nothing
SCAN_MAX = 200  # messages
PASSES = 5  # how often texts that were found may find others
_POSITIONS: dict[LorePosition, Place] = {
    LorePosition.BEFORE_CHARACTER: "before",
    LorePosition.AFTER_CHARACTER: "after",
    LorePosition.AT_DEPTH: "depth",
}


@dataclass(frozen=True, slots=True)
class LoreHistory:
    """What activation looks at. `lines`: texts of the messages, the newest first.

    `answers`: how many messages the characters wrote. `new`: lines since the last of them.
    `greeting`: the number of the greeting that began the conversation, None for another beginning.
    """

    lines: Sequence[str]
    answers: int = 0
    new: int = 1
    greeting: int | None = None


@dataclass(frozen=True, slots=True)
class ActiveEntry:
    """The text of an entry that joins the prompt. `depth`: messages after it, for "depth"."""

    text: str
    order: int
    place: Place
    depth: int = 0
    role: Role = "system"
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    entry: LoreEntry
    set: Decorators
    content: str
    scan_depth: int


def active_entries(
    books: Iterable[Lorebook],
    history: LoreHistory,
    *,
    budget: int,
    expand: Callable[[str], str] = str,
    expand_keys: Callable[[str], str] = str,
) -> tuple[ActiveEntry, ...]:
    """The active entries in the order of the prompt.

    `budget`: tokens of each lorebook that has none of its own. `expand`: replaces macros;
    `expand_keys`: the same for texts in which keys are searched.
    """
    found: dict[str, ActiveEntry] = {}
    search = KeySearch(history.lines)
    for book in books:
        most = min(budget, book.budget) if book.budget is not None else budget
        search.forget()
        active = _found(book, search, history, expand_keys)
        for entry in _within(active, history, most, expand):
            found.setdefault(entry.text, entry)
    return tuple(sorted(found.values(), key=lambda entry: entry.order))


def _found(
    book: Lorebook, search: KeySearch, history: LoreHistory, expand_keys: Callable[[str], str]
) -> list[_Candidate]:
    """The active entries of one lorebook."""
    active: list[_Candidate] = []
    waiting = [c for c in map(_candidate(book), book.entries) if _allowed(c, history)]
    for number in range(PASSES if book.recursive else 1):
        new = [c for c in waiting if _is_active(c, search, history)]
        if number:
            new = [c for c in new if c.entry.found_by_text]
        if not new:
            break
        active += new
        chosen = {id(c) for c in new}
        waiting = [c for c in waiting if id(c) not in chosen]
        for candidate in new if book.recursive else ():
            if candidate.entry.recursive:
                search.add(expand_keys(candidate.content))
    return active


def _candidate(book: Lorebook) -> Callable[[LoreEntry], _Candidate]:
    usual = SCAN_DEPTH if book.scan_depth is None else book.scan_depth

    def candidate(entry: LoreEntry) -> _Candidate:
        found, content = decorated(entry.content)
        depth = usual if entry.scan_depth is None else entry.scan_depth
        depth = depth if found.scan_depth is None else found.scan_depth
        return _Candidate(entry, found, content, max(0, min(depth, SCAN_MAX)))

    return candidate


def _allowed(candidate: _Candidate, history: LoreHistory) -> bool:
    """Whether the conditions of the entry are met that do not depend on its keys."""
    entry, found = candidate.entry, candidate.set
    if not entry.enabled or not candidate.content.strip():
        return False
    if found.dont_activate and not found.activate:
        return False
    after, every = found.activate_only_after, found.activate_only_every
    if after is not None and history.answers < after:
        return False
    if every is not None and history.answers % every:
        return False
    wanted = found.is_greeting
    return wanted is None or history.greeting is None or wanted == history.greeting


def _is_active(candidate: _Candidate, search: KeySearch, history: LoreHistory) -> bool:
    entry, found = candidate.entry, candidate.set
    if found.activate:
        return True
    window = (0, SCAN_MAX if found.keep_activate_after_match else candidate.scan_depth)
    if found.dont_activate_after_match and search.fits(entry, (history.new, SCAN_MAX)):
        return False
    if not (entry.constant or found.constant or search.fits(entry, window)):
        return False
    if not all(search.has(entry, keys, window) for keys in found.additional_keys):
        return False
    return not search.has(entry, found.exclude_keys, window)


def _within(
    active: list[_Candidate], history: LoreHistory, budget: int, expand: Callable[[str], str]
) -> list[ActiveEntry]:
    """The entries that the budget has room for: the most important ones first."""
    kept: list[ActiveEntry] = []
    for candidate in sorted(active, key=_importance, reverse=True):
        entry = _placed(candidate, expand(candidate.content).strip(), len(history.lines))
        needed = tokens(entry.text) + 1
        if entry.text and needed <= budget:
            budget -= needed
            kept.append(entry)
    return kept


def _importance(candidate: _Candidate) -> tuple[bool, bool, int, int]:
    entry, found = candidate.entry, candidate.set
    always = entry.constant or found.constant or found.activate
    return (not found.ignore_on_max_context, always, entry.priority, entry.order)


def _placed(candidate: _Candidate, text: str, lines: int) -> ActiveEntry:
    entry, found = candidate.entry, candidate.set
    place, depth = _POSITIONS[entry.position], entry.depth
    if found.place is not None:
        place = found.place
    elif found.depth is not None:
        place, depth = "depth", found.depth
    elif found.reverse_depth is not None:
        place, depth = "depth", max(0, lines - found.reverse_depth)
    role = found.role or "system"
    return ActiveEntry(text, entry.order, place, depth, role, found.off)
