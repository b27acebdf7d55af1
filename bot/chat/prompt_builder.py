"""Builds the prompt of a turn within a budget of tokens.

What gives way first: the examples of the card, the oldest messages, the last parts of
`prompt_parts.parts_of`. The newest message and the beginning of the card always stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.lore_activation import ActiveEntry, LoreHistory, active_entries
from bot.chat.macros import expand
from bot.chat.neutral_text import neutral, neutral_line, one_line
from bot.chat.prompt_parts import SECTIONS, Part, examples_of, fitting, parts_of
from bot.chat.scene import Prompt, Scene, is_own, macro_values, other_names, spoken
from bot.chat.token_budget import BUDGET_MIN, cut_start, frame_tokens, tokens
from bot.domain.chat.conversations import ChatMessage, Side
from bot.domain.requests.chat_turn import PromptMessage

__all__ = ["Prompt", "Scene", "build_prompt"]

LORE_SHARE = 4  # a quarter of the budget, as SillyTavern has it
NAMES_MAX = 20  # of sides whose turns end an answer
STOPS_LENGTH = 1_000  # characters of the stops with names; servers bound the length of all
EXAMPLES = "Examples of how {{char}} writes:"
BEGINNING = "(The conversation begins.)"  # most models expect that the user's side begins
NEXT = "Write the next message of {{char}}."


@dataclass(frozen=True, slots=True)
class _Line:
    """A message of the prompt with its tokens."""

    message: PromptMessage
    cost: int


def build_prompt(scene: Scene, *, budget: int, continued: str = "", template: str = "") -> Prompt:
    """The prompt. Call it in a thread: patterns of lorebooks may need some tenths of a second.

    `budget`: tokens of the prompt, without those of the answer; less than BUDGET_MIN counts as
    BUDGET_MIN. `continued`: the text of the character that the answer goes on with. `template`:
    the one that will join the messages, so that its marks are counted exactly.
    """
    frame = frame_tokens(template)
    messages, others = spoken(scene), other_names(scene)
    total = max(budget, BUDGET_MIN)
    ending = _ending(scene, messages, continued, total // 3)
    room = total - sum(tokens(each.text) + frame for each in ending) - _speaker(scene, frame)
    lines = _Lines(scene, messages, others, frame)
    beginning = PromptMessage(role="user", text=BEGINNING)
    room -= 2 * frame + tokens(BEGINNING)  # of the system message, and of the beginning
    newest = lines.take(room // 2, cut=True)
    reserved = lines.take((room - newest) // 4)
    lore = _lore(scene, messages, total // LORE_SHARE)
    kept, left = fitting(parts_of(scene, lore), room - newest - reserved, frame)
    left -= lines.take(left)
    examples = _examples(scene, left)
    left -= tokens(examples) + 1 if examples else 0
    system = PromptMessage(role="system", text=_system(kept, examples))
    body = [*_placed(lines.newest_first, kept), *ending]
    first = next((each.role for each in body if each.role != "system"), "user")
    opening = [beginning] if first == "assistant" else []
    return Prompt(
        (*([system] if system.text else ()), *opening, *body),
        _stops(scene, others),
        others[:NAMES_MAX],
        total - left,
        len(messages) - len(lines.newest_first),
    )


class _Lines:
    """Takes messages into the prompt, the newest first and without gaps."""

    def __init__(
        self, scene: Scene, messages: Sequence[ChatMessage], others: tuple[str, ...], frame: int
    ) -> None:
        self.newest_first: list[PromptMessage] = []
        self._scene, self._waiting, self._frame = scene, messages, frame
        self._names = (*others, one_line(scene.character.called), one_line(scene.character.name))
        self._next: _Line | None = None

    def take(self, room: int, *, cut: bool = False) -> int:
        """Take messages that fit; the tokens taken. `cut`: take one, its end if it is too long."""
        taken = 0
        while len(self.newest_first) < len(self._waiting):
            line = self._next or self._line(self._waiting[len(self.newest_first)])
            self._next = line
            if cut and line.cost > room:
                text = cut_start(line.message.text, room - self._frame)
                line = self._counted(PromptMessage(role=line.message.role, text=text))
            if line.cost > room - taken:
                break
            self._next = None
            taken += line.cost
            self.newest_first.append(line.message)
            if cut:
                break
        return taken

    def _line(self, message: ChatMessage) -> _Line:
        name = one_line(
            self._scene.character.called if is_own(self._scene, message) else message.name
        )
        role = "assistant" if is_own(self._scene, message) else "user"
        text = neutral(f"{name}: {neutral_line(message.text.strip(), self._names)}")
        return self._counted(PromptMessage(role=role, text=text))

    def _counted(self, message: PromptMessage) -> _Line:
        return _Line(message, tokens(message.text) + self._frame)


def _ending(
    scene: Scene, messages: Sequence[ChatMessage], continued: str, most: int
) -> tuple[PromptMessage, ...]:
    """What follows the messages: the text to continue, or who speaks, where that is not clear."""
    name = macro_values(scene).char
    if continued:
        text = neutral(f"{name}: ") + cut_start(neutral(continued), most)
        return (PromptMessage(role="assistant", text=text),)
    if len(scene.cast) > 1 or not messages or is_own(scene, messages[0]):
        return (PromptMessage(role="system", text=neutral(NEXT.replace("{{char}}", name))),)
    return ()


def _speaker(scene: Scene, frame: int) -> int:
    """The tokens of the beginning of the answer, which the template writes."""
    return tokens(neutral(f"{macro_values(scene).char}:")) + frame


def _lore(scene: Scene, messages: Sequence[ChatMessage], budget: int) -> tuple[ActiveEntry, ...]:
    own = (each.lorebook for each in (scene.character, *scene.cast) if each.lorebook)
    books = {id(book): book for book in (*own, *scene.lorebooks)}.values()
    if not books:
        return ()
    values = macro_values(scene)
    answers = [number for number, each in enumerate(messages) if each.side is Side.CHARACTER]
    history = LoreHistory(
        [message.text for message in messages],
        answers=len(answers),
        new=answers[0] if answers else len(messages),
        greeting=_greeting(scene),
    )
    return active_entries(
        books,
        history,
        budget=budget,
        expand=lambda text: expand(text, values),
        expand_keys=lambda text: expand(text, values, keys=True),
    )


def _greeting(scene: Scene) -> int | None:
    """The number of the greeting with which the conversation began."""
    first = scene.path[0].text.strip() if scene.path else ""
    values = macro_values(scene)
    greetings = (expand(text, values).strip() for text in scene.character.greetings)
    return next((number for number, text in enumerate(greetings) if text == first), None)


def _examples(scene: Scene, room: int) -> str:
    """As many of the examples as there is room for, in their order."""
    text = neutral(expand(EXAMPLES, macro_values(scene)))
    found = ""
    for block in examples_of(scene):
        text = f"{text}\n\n{block}"
        if tokens(text) + 1 > room:
            break
        found = text
    return found


def _system(parts: Sequence[Part], examples: str) -> str:
    ordered = sorted(
        (part for part in parts if part.section in SECTIONS),
        key=lambda part: SECTIONS.index(part.section),
    )
    return "\n\n".join(filter(None, (*(part.text for part in ordered), examples)))


def _placed(newest_first: Sequence[PromptMessage], parts: Sequence[Part]) -> list[PromptMessage]:
    """The messages with the texts at their depths, and the closing instructions after them."""
    at: dict[int, list[PromptMessage]] = {}
    for part in parts:
        if part.section == "depth":
            depth = min(part.depth, len(newest_first))
            role = "system" if depth == 0 and part.role == "assistant" else part.role
            at.setdefault(depth, []).append(PromptMessage(role=role, text=part.text))
    body: list[PromptMessage] = []
    for depth in range(len(newest_first), -1, -1):
        body += at.get(depth, ())
        if depth:
            body.append(newest_first[depth - 1])
    closing = (part.text for part in parts if part.section == "closing")
    return body + [PromptMessage(role="system", text=text) for text in closing]


def _stops(scene: Scene, others: Sequence[str]) -> tuple[str, ...]:
    names = [f"\n{name}:" for name in others[:NAMES_MAX]]
    while sum(map(len, names)) > STOPS_LENGTH:
        names.pop()
    return tuple(dict.fromkeys(filter(None, (*scene.settings.stops, *names))))
