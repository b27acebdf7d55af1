"""A turn: while its answer is made and grows, and when it ended without one."""

from bot.cards import labels
from bot.cards.card import TEXT_MAX, Card, Colour, TextBlock
from bot.cards.chat.buttons import ChatVerb, chat_button, newest_buttons
from bot.cards.chat.message_card import heading, shown_text
from bot.cards.chat.shown_message import ShownMessage
from bot.cards.context import CardContext
from bot.cards.formatting import DOT
from bot.cards.markdown import units
from bot.cards.progress import state_parts
from bot.cards.request_card import failure_colour, failure_text, open_notes
from bot.cards.results.text_result import ANSWER_MAX, growing_text, text_part
from bot.domain.requests import TextRequest
from bot.domain.requests.chat_turn import ChatTurn
from bot.domain.results import Phase
from bot.i18n import _
from bot.rules.adult_words import needs_spoiler

RESERVE = 600  # units for the state and for notes about a wait


def open_turn_card(scene: CardContext, turn: ChatTurn, shown: ShownMessage | None) -> Card:
    """A turn that is under way. `shown`: the message that it writes, None if it was deleted."""
    request, blocks = scene.record.request, [_head(turn, shown)]
    assert isinstance(request, TextRequest)
    room = min(ANSWER_MAX, TEXT_MAX - units(blocks[0].content) - RESERVE)
    if text := _text_so_far(scene, turn):
        hide = request.spoiler and needs_spoiler(text)
        blocks.append(TextBlock(shown_text(text, room, hide=hide) or "…"))
    stopping = scene.record.cancel_at is not None
    state = _(labels.STOPPING) if stopping else DOT.join(state_parts(scene))
    blocks.append(TextBlock("\n".join(filter(None, [f"-# {state}", open_notes(scene)]))))
    stop = chat_button(ChatVerb.STOP, turn.answer, disabled=stopping)
    rows = ((stop,),) if scene.is_cancellable else ()
    colour = Colour.WORKING if scene.phase is Phase.PROCESSING else Colour.WAITING
    return Card(colour, tuple(blocks), rows)


def failed_turn_card(scene: CardContext, turn: ChatTurn, shown: ShownMessage | None) -> Card:
    """A turn without an answer: the reason, and the button that tries again."""
    why = failed_turn_text(scene)
    small = TextBlock(f"-# {labels.payer_label(scene.record.payer, own=scene.own)}")
    rows = newest_buttons(shown) if shown is not None and shown.newest else ()
    return Card(failure_colour(scene.phase), (_head(turn, shown), TextBlock(why), small), rows)


def cost_line(scene: CardContext) -> str:
    """What an answer cost, and whose key paid; "" where it was free."""
    if not scene.costs:
        return ""
    payer = labels.payer_label(scene.record.payer, own=scene.own)
    return f"-# {DOT.join(filter(None, [scene.price, payer]))}"


def failed_turn_text(scene: CardContext) -> str:
    """Why a turn ended without an answer."""
    return failure_text(scene, text_part(scene, TEXT_MAX))


def _head(turn: ChatTurn, shown: ShownMessage | None) -> TextBlock:
    if shown is None:
        return heading(None, turn.character, turn.name)
    return heading(shown.line, turn.character, "" if shown.named else turn.name)


def _text_so_far(scene: CardContext, turn: ChatTurn) -> str:
    """The answer as far as it was written, after the text that a "continue" goes on with."""
    texts = [text for text in scene.status.texts if text.arrived]
    grown = growing_text(texts[0]) if texts else ""
    return turn.continued + grown if turn.continued else grown
