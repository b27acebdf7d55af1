"""The card of /estimate: price, payer and conditions. Pure."""

from bot.accounts.pricing import Estimate, Unasked
from bot.cards import formatting, labels
from bot.cards.card import Card, Colour, TextBlock
from bot.cards.card_lines import worker_names
from bot.cards.formatting import DOT
from bot.domain.records import Payer
from bot.domain.requests import SIDE_STEP, ImageRequest, Kind
from bot.i18n import _
from bot.parameters.upfront_kudos import Need

# /estimate
ESTIMATED = "About {kudos}"
OWN_FORMULA = "Roughly {kudos}"
OWN = "This is the bot's own estimate"
NOT_ASKED = {
    Unasked.LIMIT: f"{OWN}: it asks the Horde for a few prices a minute only. "
    "Try again in a minute for the exact price.",
    Unasked.QUEUE: f"{OWN}: requests are waiting to be sent, and a question would delay them. "
    "Try again later for the exact price.",
    Unasked.NO_ANSWER: f"{OWN}: the Horde did not answer. Try again later for the exact price.",
    Unasked.KUDOS: f"{OWN}: the Horde names no price to a key with so few kudos.",
}
MAKER_PAYS = "The maker of the style pays for it: you need no kudos."
ANONYMOUS_IS_FREE = "An anonymous request costs nobody anything, but waits behind all others."
AS_IT_IS = "You do not need any kudos for this."
IN_HAND = "It needs them in hand beforehand, because of its {reasons}."
MAY_BE_IN_HAND = "It may need them in hand beforehand, because of its {reasons}."
NEEDS = {Need.SIZE: "size", Need.STEPS: "steps", Need.WORKERS: "wish for fast workers"}
HAS_ENOUGH = "The key that would pay has {balance}: enough."
HAS_TOO_FEW = "The key that would pay has {balance}: too few."
MADE_SMALLER = "Without them the Horde makes it smaller, or with fewer steps."
MADE_LESS = "Without them the Horde makes it {less}."
LESS_SIZE, LESS_STEPS = "smaller ({size})", "with {steps} steps"
LESS_WORKERS = "by slow workers too"
REFUSED_WITHOUT = "Without them the Horde refuses it."
WAYS_OUT = {
    Need.SIZE: "choose a smaller shape (up to {size} goes without)",
    Need.STEPS: "use fewer steps ({steps} or fewer go without)",
    Need.WORKERS: "let slow workers make it too",
}
OTHER_SAMPLER = "choose another sampler"
LOG_IN = "add a key that has kudos with `/account login`"
INSTEAD = "To avoid that: {ways}."


def estimate_card(request: ImageRequest, estimate: Estimate) -> Card:
    """The price, who would pay it, and whether the kudos must be there beforehand."""
    title = OWN_FORMULA if estimate.unasked else ESTIMATED
    notes = [NOT_ASKED[estimate.unasked]] if estimate.unasked else []
    asked = [
        worker_names(request.models) or _(labels.ANY_MODEL),
        formatting.size(request.width, request.height),
        f"{request.steps} steps",
        formatting.count(request.n, Kind.IMAGE),
    ]
    blocks = (
        TextBlock(
            "\n".join([f"### {title.format(kudos=formatting.kudos(estimate.kudos))}", *notes])
        ),
        TextBlock(DOT.join(asked)),
        TextBlock("\n".join(_in_hand(request, estimate))),
        TextBlock(f"-# {labels.payer_label(estimate.payer, own=True)}"),
    )
    return Card(Colour.PARTIAL if _lacks(estimate) else Colour.DONE, blocks)


def _lacks(estimate: Estimate) -> bool:
    return bool(estimate.needs) and not estimate.enough


def _in_hand(request: ImageRequest, estimate: Estimate) -> list[str]:
    free = [ANONYMOUS_IS_FREE] if estimate.payer is Payer.ANONYMOUS else []
    if estimate.payer is Payer.STYLE:
        return [MAKER_PAYS]
    if not estimate.needs:
        return [*free, AS_IT_IS]
    reasons = formatting.listed(NEEDS[need] for need in estimate.needs)
    said = IN_HAND if estimate.sure else MAY_BE_IN_HAND
    lines = [*free, said.format(reasons=reasons)]
    if estimate.balance is not None:
        has = HAS_ENOUGH if estimate.enough else HAS_TOO_FEW
        lines.append(has.format(balance=formatting.kudos(estimate.balance)))
    if not estimate.enough:
        lines.append(_without(request, estimate))
        lines.append(INSTEAD.format(ways=_ways(estimate)))
    return lines


def _without(request: ImageRequest, estimate: Estimate) -> str:
    """The downgrade without the kudos."""
    if not request.allow_downgrade or not (request.models or request.style):
        return REFUSED_WITHOUT
    if (cut := estimate.cut) is None:
        return MADE_SMALLER
    smaller = (cut.width, cut.height) != (request.width, request.height)
    less = [
        LESS_SIZE.format(size=formatting.size(cut.width, cut.height)) if smaller else "",
        LESS_STEPS.format(steps=cut.steps) if cut.steps != request.steps else "",
        LESS_WORKERS if cut.slow_workers else "",
    ]
    said = [part for part in less if part]
    return MADE_LESS.format(less=formatting.listed(said)) if said else MADE_SMALLER


def _ways(estimate: Estimate) -> str:
    side = estimate.side // SIDE_STEP * SIDE_STEP
    ways = [
        OTHER_SAMPLER
        if need is Need.STEPS and not estimate.steps
        else WAYS_OUT[need].format(size=formatting.size(side, side), steps=estimate.steps)
        for need in estimate.needs
    ]
    *first, last = [*ways, LOG_IN]
    return f"{', '.join(first)}, or {last}"
