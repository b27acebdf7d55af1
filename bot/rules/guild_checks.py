"""Checks of one request against a server's rules. Pure. Each refusal is one sentence for the
requester.
"""

from collections.abc import Collection, Iterable

from bot.domain.records import Origin, Record
from bot.domain.requests import (
    SIDE_MIN,
    SIDE_STEP,
    AlchemyRequest,
    ImageRequest,
    Request,
    TextRequest,
    VideoRequest,
)
from bot.errors import NotAllowed
from bot.i18n import N_, _
from bot.i18n.formats import number
from bot.rules.blocklists import check_names
from bot.rules.guild_settings import GuildSettings
from bot.rules.place_checks import not_yours
from bot.rules.request_context import RequestContext
from bot.rules.word_filter import Spend, check_negative, check_words, no_limit, texts_of

NOT_HERE = N_("This server does not allow the bot in this channel. Use another channel.")


def check_rules(request: Request, context: RequestContext, spend: Spend = no_limit) -> None:
    """Raises NotAllowed for the first broken rule; sizes are checked last, elsewhere.

    `spend` bounds the time of the word rules.
    """
    origin, rules = context.origin, context.rules
    check_channel(origin.places, rules)
    check_roles(origin, rules)
    check_words(texts_of(request), rules.words, spend)
    check_negative(request, rules.words, spend)
    check_names(request, rules)


def check_channel(places: Iterable[int], rules: GuildSettings) -> None:
    """Raises NotAllowed where the bot is not allowed.

    `places`: the thread, its channel, the category. The nearest one on a list decides; if none is,
    a list of allowed channels means not here.
    """
    for place in places:
        if place in rules.channels_denied:
            raise NotAllowed(_(NOT_HERE))
        if place in rules.channels_allowed:
            return
    if rules.channels_allowed:
        raise NotAllowed(_(NOT_HERE))


def check_roles(origin: Origin, rules: GuildSettings) -> None:
    """Raises NotAllowed for a member without an allowed role. Server managers always pass."""
    if origin.manager:
        return
    held = set(origin.roles)
    if held & set(rules.roles_denied):
        raise NotAllowed(_("One of your roles is blocked from using the bot on this server."))
    if rules.roles_allowed and not held & set(rules.roles_allowed):
        raise NotAllowed(
            _("On this server only certain roles may use the bot, and you have none of them.")
        )


def check_size(request: Request, rules: GuildSettings) -> None:
    """Raises NotAllowed for more steps, a longer side or more results than the server allows."""
    if isinstance(request, AlchemyRequest):
        return
    message = _("This server allows up to {most} results for one request; you chose {asked}.")
    _check_most(request.n, rules.most_count, message)
    if isinstance(request, ImageRequest):
        message = _("This server allows up to {most} steps; you chose {asked}.")
        _check_most(request.steps, rules.most_steps, message)
    if isinstance(request, ImageRequest | VideoRequest):
        message = _("This server allows up to {most} pixels on a side; you chose {asked}.")
        _check_most(max(request.width, request.height), rules.most_side, message)


def _check_most(asked: int, most: int, message: str) -> None:
    if most and asked > most:
        raise NotAllowed(message.format(most=number(most), asked=number(asked)))


def lowered(request: ImageRequest, chosen: Collection[str], rules: GuildSettings) -> ImageRequest:
    """The request with its default values lowered to the server's limits.

    `chosen`: names of the chosen fields, which stay. The aspect ratio is kept.
    """
    changes: dict[str, int] = {}
    if rules.most_steps and "steps" not in chosen:
        changes["steps"] = min(request.steps, rules.most_steps)
    if rules.most_count and "n" not in chosen:
        changes["n"] = min(request.n, rules.most_count)
    if rules.most_side and not {"width", "height"} & set(chosen):
        sides = _within(request.width, request.height, rules.most_side)
        changes |= {"width": sides[0], "height": sides[1]}
    return request.model_copy(update=changes)


def _within(width: int, height: int, most: int) -> tuple[int, int]:
    """The sides within the limit, in nearly the same ratio, in steps of 64 pixels."""
    share = min(1.0, most / max(width, height))
    if share == 1.0:
        return width, height
    sides = (int(side * share) // SIDE_STEP * SIDE_STEP for side in (width, height))
    first, second = (max(SIDE_MIN, side) for side in sides)
    return first, second


def check_shown(request: Request, context: RequestContext, spend: Spend = no_limit) -> None:
    """Raises NotAllowed where a private result may not be published.

    A result that was made with NSFW allowed may be published in age-restricted channels only, and
    the server's word rules apply to the prompt.
    """
    if not (is_tame(request) or context.nsfw):
        raise NotAllowed(_("This result may be published in age-restricted channels only."))
    rules = context.rules
    check_channel(context.origin.places, rules)
    check_roles(context.origin, rules)
    check_words(texts_of(request), rules.words, spend)
    check_negative(request, rules.words, spend)  # Details shows it to everyone


def is_tame(request: Request) -> bool:
    """Whether it was made as in a channel without age restriction."""
    match request:
        case ImageRequest() | VideoRequest():
            return not request.nsfw
        case TextRequest():
            return request.spoiler
        case AlchemyRequest():
            return request.withhold


def as_shown(request: Request, context: RequestContext) -> Request:
    """The request of a published result, hidden as if it had been made there."""
    hidden = not context.nsfw if isinstance(request, TextRequest) else context.rules.spoiler
    return request.model_copy(update={"spoiler": hidden or request.spoiler})


def check_press(record: Record, context: RequestContext) -> None:
    """Raises NotAllowed for a member who may not press the buttons of that request.

    In a channel of its server that shows it, the server's rules decide; elsewhere, and for a
    private one, only its requester may. The number alone allows nothing: a client can send any id.
    The member who presses pays.
    """
    origin, rules = context.origin, context.rules
    if record.user_id == origin.user_id:
        return
    here = record.guild_id is not None and record.guild_id == origin.guild_id
    welcome = rules.press == "anyone" or bool(set(origin.roles) & set(rules.press_roles))
    if record.private or not (here and welcome and record.is_public_in(origin.message.channel_id)):
        raise not_yours()
