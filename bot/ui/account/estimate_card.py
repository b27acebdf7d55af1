"""The card of /estimate: price, payer and conditions. Pure."""

from bot.accounts.pricing import Estimate, Unasked
from bot.cards import formatting, labels
from bot.cards.card import Card, Colour, TextBlock
from bot.cards.card_lines import worker_names
from bot.cards.formatting import DOT
from bot.domain.capabilities import HORDE, Capabilities, PriceUnit
from bot.domain.records import Payer
from bot.domain.requests import SIDE_STEP, ImageRequest, Kind, VideoRequest
from bot.domain.results import Cut
from bot.i18n import N_, _, ngettext
from bot.parameters.upfront_kudos import Need

# Reasons why kudos are needed in advance
NEEDS = {
    Need.SIZE: N_("size"),
    Need.STEPS: N_("number of steps"),
    Need.WORKERS: N_("fast workers only"),
}


def estimate_card(
    request: ImageRequest | VideoRequest, estimate: Estimate, able: Capabilities = HORDE
) -> Card:
    """The price, its payer, and whether the kudos are needed in advance.

    `able`: of the backend whose price it is.
    """
    payer = labels.payer_label(estimate.payer, own=True, able=able)
    texts = [
        "\n".join(_price(estimate, able)),
        DOT.join(_facts(request)),
        "\n".join(_in_advance(request, estimate)) if able.has_kudos else "",
        f"-# {payer}" if payer else "",
    ]
    blocks = tuple(TextBlock(text) for text in texts if text)
    return Card(Colour.PARTIAL if _lacks(estimate) else Colour.DONE, blocks)


def _facts(request: ImageRequest | VideoRequest) -> list[str]:
    """What of the request its price may depend on."""
    model = worker_names(request.models) or _(labels.ANY_MODEL)
    size = formatting.size(request.width, request.height)
    if isinstance(request, VideoRequest):
        seconds = _("{seconds} s").format(seconds=formatting.decimal(request.seconds))
        return [model, size, seconds]
    return [model, size, _steps(request.steps), formatting.count(request.n, Kind.IMAGE)]


def _price(estimate: Estimate, able: Capabilities) -> list[str]:
    """The heading, and the reason for a price of the bot's own formula."""
    if able.keys == "none":
        return [_("Requests cost nothing at {backend}.").format(backend=able.title)]
    if able.unit is PriceUnit.NONE:
        return [_("The bot knows no prices of {backend}.").format(backend=able.title)]
    if not able.has_kudos and not estimate.price:
        return [_("The price at {backend} is not known now.").format(backend=able.title)]
    kudos = formatting.price(estimate.price, able.unit)
    if estimate.unasked is None:
        return ["### " + _("Price: {kudos}").format(kudos=kudos)]
    title = _("Estimated price: {kudos}").format(kudos=kudos)
    return [f"### {title}", _why_estimated(estimate.unasked)]


def _why_estimated(reason: Unasked) -> str:
    match reason:
        case Unasked.LIMIT:
            return _(
                "This is the bot's own estimate, because it may ask the Horde for only a few "
                "prices per minute. Try again in a minute for the exact price."
            )
        case Unasked.QUEUE:
            return _(
                "This is the bot's own estimate, because requests are waiting to be sent. "
                "Try again later for the exact price."
            )
        case Unasked.NO_ANSWER:
            return _(
                "This is the bot's own estimate, because the Horde did not answer. "
                "Try again later for the exact price."
            )
        case Unasked.KUDOS:
            return _(
                "This is the bot's own estimate, because the Horde gives no price to a key with "
                "so few kudos."
            )


def _lacks(estimate: Estimate) -> bool:
    return bool(estimate.needs) and not estimate.enough


def _in_advance(request: ImageRequest | VideoRequest, estimate: Estimate) -> list[str]:
    """Whether kudos are needed in advance, and how to do without them."""
    if isinstance(request, VideoRequest):  # no backend takes kudos for it
        return []
    if estimate.payer is Payer.STYLE:
        return [_("The creator of the style pays for this request.")]
    lines = list[str]()
    if estimate.payer is Payer.ANONYMOUS:
        lines.append(_("Anonymous requests are free, but wait behind all other requests."))
    if not estimate.needs:
        return [*lines, _("You do not need any kudos for this request.")]
    lines.append(_needed(estimate))
    if estimate.balance is not None:
        lines.append(_balance(estimate, estimate.balance))
    if not estimate.enough:
        lines += [_without(request, estimate), _("Ways to avoid this:")]
        lines += [f"- {way}" for way in _ways(estimate)]
    return lines


def _needed(estimate: Estimate) -> str:
    reasons = formatting.listed(_(NEEDS[need]) for need in estimate.needs)
    if estimate.sure:
        said = _("This request needs its kudos in advance. Reason: {reasons}.")
    else:
        said = _("This request may need its kudos in advance. Reason: {reasons}.")
    return said.format(reasons=reasons)


def _balance(estimate: Estimate, balance: float) -> str:
    if estimate.enough:
        said = _("The key that pays has about {kudos}, which is enough.")
    else:
        said = _("The key that pays has about {kudos}, which is not enough.")
    return said.format(kudos=formatting.kudos(balance))


def _without(request: ImageRequest, estimate: Estimate) -> str:
    """The downgrade without the kudos."""
    if not request.allow_downgrade or not (request.models or request.style):
        return _("Without enough kudos, the Horde refuses the request.")
    changes = _changes(request, estimate.cut) if estimate.cut is not None else []
    if not changes:
        return _("Without enough kudos, the Horde reduces the size or the number of steps.")
    said = _("Without enough kudos, the Horde changes the request to: {changes}.")
    return said.format(changes=formatting.listed(changes))


def _changes(request: ImageRequest, cut: Cut) -> list[str]:
    found = list[str]()
    if (cut.width, cut.height) != (request.width, request.height):
        found.append(formatting.size(cut.width, cut.height))
    if cut.steps != request.steps:
        found.append(_steps(cut.steps))
    if cut.slow_workers:
        found.append(_("slow workers allowed"))
    return found


def _ways(estimate: Estimate) -> list[str]:
    """What to change so that no kudos are needed, one sentence for each."""
    ways = [_way(need, estimate) for need in estimate.needs]
    return [*ways, _("Add a key that has kudos with `/account login`.")]


def _way(need: Need, estimate: Estimate) -> str:
    match need:
        case Need.SIZE:
            side = estimate.side // SIDE_STEP * SIDE_STEP
            said = _("Choose a size of at most {size}.")
            return said.format(size=formatting.size(side, side))
        case Need.STEPS if estimate.steps:
            most = estimate.steps
            said = ngettext("Use at most {count} step.", "Use at most {count} steps.", most)
            return said.format(count=most)
        case Need.STEPS:
            return _("Choose another sampler.")
        case Need.WORKERS:
            return _("Allow slow workers.")


def _steps(number: int) -> str:
    return ngettext("{count} step", "{count} steps", number).format(count=number)
