"""The messages of a conversation as a tree: swipes are the messages with one parent."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.chat.conversations import ChatMessage

NO_MESSAGES: tuple[ChatMessage, ...] = ()


class Tree:
    """The tree of these messages. An unknown id is that of no message: it has an empty path.

    The id 0 is the root above the first messages.
    """

    def __init__(self, messages: Iterable[ChatMessage]) -> None:
        ordered = sorted(messages, key=lambda message: message.id)
        self._by_id = {message.id: message for message in ordered}
        self._children: dict[int, list[ChatMessage]] = {}
        for message in ordered:
            self._children.setdefault(message.parent, []).append(message)

    def get(self, message_id: int) -> ChatMessage | None:
        """The message of that id."""
        return self._by_id.get(message_id)

    def path(self, leaf: int) -> tuple[ChatMessage, ...]:
        """The messages from a first one to this one: the branch that a fork copies."""
        found: list[ChatMessage] = []
        seen: set[int] = set()
        message = self._by_id.get(leaf)
        while message is not None and message.id not in seen:
            seen.add(message.id)
            found.append(message)
            message = self._by_id.get(message.parent)
        return tuple(reversed(found))

    def children(self, message_id: int) -> tuple[ChatMessage, ...]:
        """The messages that follow directly, the oldest first; 0: the first messages."""
        return tuple(self._children.get(message_id, NO_MESSAGES))

    def swipes(self, message_id: int) -> tuple[ChatMessage, ...]:
        """The messages with the same parent and of the same side, this one too, oldest first."""
        message = self._by_id.get(message_id)
        if message is None:
            return ()
        return tuple(each for each in self._children[message.parent] if each.side is message.side)

    def swipe(self, message_id: int) -> "Swipe":
        """The place of a message among its swipes."""
        swipes = self.swipes(message_id)
        ids = [each.id for each in swipes]
        return Swipe(ids.index(message_id) + 1 if message_id in ids else 0, swipes)

    def newest_leaf_under(self, message_id: int) -> int:
        """The id of the last message of the branch that was continued last; 0 for an empty tree."""
        seen = {message_id}
        while following := self._children.get(message_id):
            if following[-1].id in seen:
                break
            message_id = following[-1].id
            seen.add(message_id)
        return message_id if message_id in self._by_id else 0

    def branch(self, message_id: int) -> tuple[ChatMessage, ...]:
        """The message and all that follow it, in all branches: what a deletion removes."""
        root = self._by_id.get(message_id)
        found = {} if root is None else {root.id: root}
        waiting = list(found)
        while waiting:
            for child in self._children.get(waiting.pop(), NO_MESSAGES):
                if child.id not in found:
                    found[child.id] = child
                    waiting.append(child.id)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Swipe:
    """The place of a message among its swipes. `number` counts from 1."""

    number: int
    swipes: tuple[ChatMessage, ...]

    @property
    def count(self) -> int:
        """How many swipes there are."""
        return len(self.swipes)

    @property
    def before(self) -> ChatMessage | None:
        """The swipe before it; None for the first one."""
        return self.swipes[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> ChatMessage | None:
        """The swipe after it; None for the last one."""
        return self.swipes[self.number] if self.number < self.count else None
