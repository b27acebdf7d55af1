"""Which character of a conversation answers."""

import re
from collections.abc import Mapping, Sequence

from bot.domain.chat.conversations import Answering

WORD_MIN = 3  # letters of a part of a name that names the character alone


def next_speaker(
    cast: Sequence[int],
    names: Mapping[int, Sequence[str]],
    line: str,
    last: int,
    answering: Answering,
) -> int:
    """The id of the character that answers a line. `last`: the one that spoke last, 0 for none.

    Raises ValueError without characters.
    """
    if not cast:
        raise ValueError("a conversation has at least one character")
    if answering is Answering.CHOSEN:
        return cast[0]
    if answering is Answering.IN_TURN:
        return cast[(cast.index(last) + 1) % len(cast)] if last in cast else cast[0]
    return _mentioned(cast, names, line) or (last if last in cast else cast[0])


def _mentioned(cast: Sequence[int], names: Mapping[int, Sequence[str]], line: str) -> int:
    """The character that the line names first, by its whole name or else by a part of it."""
    for parts in (False, True):
        found = {
            character: place
            for character in cast
            if (place := _place(line, names.get(character, ()), parts=parts)) is not None
        }
        if found:
            return min(found, key=lambda character: found[character])
    return 0


def _place(line: str, names: Sequence[str], *, parts: bool) -> int | None:
    """Where the line names one of these first."""
    words = [word for name in names for word in (name.split() if parts else (name,))]
    places = [
        found.start()
        for word in words
        if (len(word) >= WORD_MIN or not parts)
        and word
        and (found := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line, re.IGNORECASE))
    ]
    return min(places, default=None)
