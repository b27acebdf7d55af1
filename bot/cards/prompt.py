"""The prompt as the first block of a card."""

import re

from bot.cards import formatting, labels
from bot.cards.card import TextBlock
from bot.cards.card_lines import NAME_MAX, NAMES, worker_names
from bot.cards.context import CardContext
from bot.cards.formatting import DOT
from bot.cards.markdown import inline_code, safe_line
from bot.domain.alchemy.alchemy_forms import form_of
from bot.domain.compatibility import QR
from bot.domain.requests import AlchemyRequest, ImageRequest, Request, TextRequest, VideoRequest
from bot.i18n import N_, _

# After the prompt
IN_STYLE, QR_HOLDS = N_("in the style **{name}**"), N_("QR code of {text}")

ALCHEMY, OF_FILE = N_("Alchemy"), N_("**{what}** of {file}")
OF_OURS = N_("**{what}** of image {number} of #{id}")
OUR_PICTURE = re.compile(r"hordecord-([0-9]{1,18})-([0-9]{1,2})\.[a-z]{2,5}", re.ASCII)
TITLE_FORMS = 2  # forms that the title names; the lines below name them all
PROMPT_SHOWN = 300  # characters; Details attaches the rest
HELD_MAX = 100  # characters of the content of a QR code


def prompt_quote(text: str) -> str:
    """The prompt on one quoted line."""
    return f"> {safe_line(text, PROMPT_SHOWN)}"


def prompt_lines(scene: CardContext) -> TextBlock:
    """The first block: the prompt; its parameters too while the request is open."""
    request = scene.record.request
    if isinstance(request, AlchemyRequest):
        return TextBlock(_alchemy_title(request))
    quoted = prompt_quote(request.asked if isinstance(request, TextRequest) else request.prompt)
    if not scene.phase.is_open:
        facts = _beside(request)
        return TextBlock(f"{quoted}\n-# {DOT.join(facts)}" if facts else quoted)
    chosen = len(request.models) <= NAMES  # more of them are the bot's list, not a choice
    parts = [(worker_names(request.models) if chosen else "") or _(labels.ANY_MODEL)]
    if isinstance(request, VideoRequest):
        parts.append(_("{seconds} s").format(seconds=formatting.decimal(request.seconds)))
    if isinstance(request, ImageRequest | VideoRequest):
        parts.append(formatting.size(request.width, request.height))
        parts += (
            [_("seed {seed}").format(seed=inline_code(request.seed, NAME_MAX))]
            if request.seed
            else []
        )
        parts += _beside(request)
    if request.n > 1:
        parts.append(formatting.count(request.n, scene.record.kind))
    return TextBlock(f"{quoted}\n-# {DOT.join(parts)}")


def _alchemy_title(request: AlchemyRequest) -> str:
    """The forms and their source: a picture of a request is named by its numbers."""
    names = [form_of(name).shown for name in request.forms]
    what = formatting.listed(names) if len(names) <= TITLE_FORMS else _(ALCHEMY)
    ours = OUR_PICTURE.fullmatch(request.source.filename)
    if ours:
        return _(OF_OURS).format(what=what, number=ours[2], id=ours[1])
    file = inline_code(request.source.filename, NAME_MAX) or _("an image")
    return _(OF_FILE).format(what=what, file=file)


def _beside(request: Request) -> list[str]:
    """Additions to the prompt: the style, the content of a QR code."""
    if not isinstance(request, ImageRequest):
        return []
    held = next((each.text for each in request.texts if each.reference == QR), "")
    name = safe_line(request.style_name, NAME_MAX)
    drawn = safe_line(request.collection, NAME_MAX)
    facts = [
        _(IN_STYLE).format(name=name) if name else "",
        _("in a style of the collection **{name}**").format(name=drawn) if drawn else "",
        _(QR_HOLDS).format(text=inline_code(held, HELD_MAX)) if held else "",
    ]
    return [fact for fact in facts if fact]
