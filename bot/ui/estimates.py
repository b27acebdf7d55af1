"""What a picture would cost, as a card for /estimate. Pure."""

from bot.prices import Estimate
from bot.records import Payer
from bot.requests import SIDE_STEP, ImageRequest, Kind
from bot.ui import sentences, words
from bot.ui.card import Card, Colour, Text
from bot.ui.scene import DOT, names
from bot.upfront import steps_free


def estimate_card(request: ImageRequest, estimate: Estimate) -> Card:
    """The price, who would pay it, and whether the kudos must be there beforehand."""
    title = sentences.RECKONED if estimate.reckoned else sentences.ESTIMATED
    notes = [sentences.NOT_ASKED] if estimate.reckoned else []
    asked = [
        names(request.models) or words.ANY_MODEL,
        words.size(request.width, request.height),
        f"{request.steps} steps",
        words.count(request.n, Kind.IMAGE),
    ]
    blocks = (
        Text("\n".join([f"### {title.format(kudos=words.kudos(estimate.kudos))}", *notes])),
        Text(DOT.join(asked)),
        Text("\n".join(_in_hand(request, estimate))),
        Text(f"-# {words.PAYERS[estimate.payer]}"),
    )
    return Card(Colour.PARTIAL if _lacks(estimate) else Colour.DONE, blocks)


def _lacks(estimate: Estimate) -> bool:
    return bool(estimate.needs) and not estimate.enough


def _in_hand(request: ImageRequest, estimate: Estimate) -> list[str]:
    free = [sentences.ANYBODY] if estimate.payer is Payer.ANONYMOUS else []
    if not estimate.needs:
        return [*free, sentences.AS_IT_IS]
    reasons = words.listed(sentences.NEEDS[need] for need in estimate.needs)
    said = sentences.IN_HAND if estimate.sure else sentences.MAY_BE_IN_HAND
    lines = [*free, said.format(reasons=reasons)]
    if estimate.balance is not None:
        has = sentences.HAS_ENOUGH if estimate.enough else sentences.HAS_TOO_FEW
        lines.append(has.format(balance=words.kudos(estimate.balance)))
    if not estimate.enough:
        less = request.allow_downgrade
        lines.append(sentences.MADE_SMALLER if less else sentences.REFUSED_WITHOUT)
        lines.append(sentences.INSTEAD.format(ways=_ways(request, estimate)))
    return lines


def _ways(request: ImageRequest, estimate: Estimate) -> str:
    side = estimate.side // SIDE_STEP * SIDE_STEP
    ways = [
        sentences.WAYS_OUT[need].format(size=words.size(side, side), steps=steps_free(request))
        for need in estimate.needs
    ]
    *first, last = [*ways, sentences.LOG_IN]
    return f"{', '.join(first)}, or {last}"
