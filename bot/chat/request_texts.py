"""What a text request sends to a model: the prompt of a turn, or the prompt as it was typed."""

from bot.chat.templates import render, template_stops
from bot.domain.requests import TextRequest
from bot.text_output.stop_strings import stop_strings

STOPS_LENGTH = 1_900  # characters of all; the Horde takes 2,000


def prompt_text(request: TextRequest) -> str:
    """The prompt for servers that know no roles."""
    turn = request.chat
    if turn is None or not turn.messages:
        return request.prompt
    return render(turn.messages, turn.template, turn.name, turn.continued)


def prompt_bytes(request: TextRequest) -> int:
    """About how many bytes the prompt has, without the marks of its template."""
    turn = request.chat
    texts = [message.text for message in turn.messages] if turn is not None else []
    return sum(len(text.encode("utf-8", "replace")) for text in texts or [request.prompt])


def stops_of(request: TextRequest, most: int) -> tuple[str, ...]:
    """At most so many stop strings: those of the conversation first."""
    turn = request.chat
    if turn is None:
        return stop_strings(request.prompt, most)
    stops = tuple(dict.fromkeys((*turn.stops, *template_stops(turn.template))))
    kept, length = list[str](), 0
    for stop in stops[:most]:
        length += len(stop)
        if length <= STOPS_LENGTH:
            kept.append(stop)
    return tuple(kept)
