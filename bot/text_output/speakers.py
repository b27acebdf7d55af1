"""The sides of a conversation in a prompt, and the turns that a model invents for them."""

import re

from bot.text_output.code_spans import code_spans, is_inside

SIDES_MAX, NAME_MAX = 3, 40
USUAL = ("User", "Human")  # as the examples of many models name the side that asks
_SPEAKER = re.compile(rf"^([^\W_][^:\n]{{0,{NAME_MAX - 1}}}):", re.MULTILINE)
_LAST = re.compile(rf"(?:\A|\n)([^\W_][^:\n]{{0,{NAME_MAX - 1}}}):\s*\Z")


def script_sides(prompt: str) -> tuple[str, ...]:
    """The other sides of a prompt that ends with a name and a colon; () for any other prompt.

    The last ones of them, since a server takes few stop strings.
    """
    last = _LAST.search(prompt)
    if last is None:
        return ()
    named = [name for name in _SPEAKER.findall(prompt) if name != last[1]]
    return tuple(reversed(dict.fromkeys(reversed(named))))[-SIDES_MAX:]


def without_invented_turns(text: str, prompt: str, *, partial: bool = False) -> str:
    """The answer up to the first turn of another side. Code is left unchanged.

    Without a conversation in the prompt, that is a turn of `USUAL`, unless the prompt speaks of
    them, or the answer is a dialogue itself. `partial`: as in `answer_of`.
    """
    script = script_sides(prompt)
    sides = script or tuple(name for name in USUAL if name.casefold() not in prompt.casefold())
    if not sides or (not script and _SPEAKER.match(text)):
        return text
    names = "|".join(map(re.escape, sides))
    code = code_spans(text)
    for turn in re.finditer(rf"^(?:{names}):", text, re.MULTILINE):
        before = text[: turn.start()].rstrip()
        announced = not before or (not script and before.endswith(":"))
        if not announced and not is_inside(turn.start(), code):
            return before
    return _without_begun_turn(text, sides) if partial else text


def _without_begun_turn(text: str, sides: tuple[str, ...]) -> str:
    before, _, last = text.rpartition("\n")
    begun = last and before and any(f"{name}:".startswith(last) for name in sides)
    return before.rstrip() if begun else text
