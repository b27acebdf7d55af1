"""The prompt as the first block of a card."""

from bot.cards import formatting, labels
from bot.cards.card import TextBlock
from bot.cards.context import DOT, NAME_MAX, NAMES, CardContext, worker_names
from bot.cards.markdown import inline_code, safe_line
from bot.domain.compatibility import QR
from bot.domain.requests import AlchemyRequest, ImageRequest, Request

# After the prompt
IN_STYLE, QR_HOLDS = "in the style **{name}**", "a QR code that says {text}"

PROMPT_SHOWN = 300  # characters; Details attaches the rest
HELD_MAX = 100  # characters of the content of a QR code


def prompt_quote(text: str) -> str:
    """The prompt on one quoted line."""
    return f"> {safe_line(text, PROMPT_SHOWN)}"


def prompt_lines(scene: CardContext) -> TextBlock:
    """The first block: the prompt; its parameters too while the request is open."""
    request = scene.record.request
    if isinstance(request, AlchemyRequest):
        return TextBlock(
            f"**Alchemy** on {inline_code(request.source.filename, NAME_MAX) or 'a picture'}"
        )
    quoted = prompt_quote(request.prompt)
    if not scene.phase.is_open:
        facts = _beside(request)
        return TextBlock(f"{quoted}\n-# {DOT.join(facts)}" if facts else quoted)
    chosen = len(request.models) <= NAMES  # more of them are the bot's list, not a choice
    parts = [(worker_names(request.models) if chosen else "") or labels.ANY_MODEL]
    if isinstance(request, ImageRequest):
        parts.append(formatting.size(request.width, request.height))
        parts += [f"seed {inline_code(request.seed, NAME_MAX)}"] if request.seed else []
        parts += _beside(request)
    if request.n > 1:
        parts.append(formatting.count(request.n, scene.record.kind))
    return TextBlock(f"{quoted}\n-# {DOT.join(parts)}")


def _beside(request: Request) -> list[str]:
    """Additions to the prompt: the style, the content of a QR code."""
    if not isinstance(request, ImageRequest):
        return []
    held = next((each.text for each in request.texts if each.reference == QR), "")
    name = safe_line(request.style_name, NAME_MAX)
    facts = [
        IN_STYLE.format(name=name) if name else "",
        QR_HOLDS.format(text=inline_code(held, HELD_MAX)) if held else "",
    ]
    return [fact for fact in facts if fact]
