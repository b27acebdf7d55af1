"""Checks of conversations against a server's rules. Pure; they pass in direct messages.

The rules of the server for channels and roles apply too: the greeting of a character is shown
without a request, which would be checked for them.
"""

from collections.abc import Iterable, Sequence

from bot.errors import NotAllowed, UserError
from bot.i18n import N_, _
from bot.rules.blocklists import is_blocked, is_listed, quoted
from bot.rules.guild_checks import check_channel, check_roles
from bot.rules.guild_settings import GuildSettings
from bot.rules.request_context import RequestContext

CHAT_OFF = N_("Conversations with characters are turned off on this server.")


def check_join(context: RequestContext) -> None:
    """Raises NotAllowed for a member who may not write in a conversation there.

    Checked for every line and every button of a conversation.
    """
    rules = context.rules
    if not rules.chat:
        raise NotAllowed(_(CHAT_OFF))
    check_channel(context.origin.places, rules)
    check_roles(context.origin, rules)
    if not _holds(context, rules.chat_roles):
        raise NotAllowed(
            _("On this server only certain roles may take part in conversations with characters.")
        )


def check_start(context: RequestContext) -> None:
    """Raises NotAllowed for a member who may not start a conversation there."""
    check_join(context)
    rules = context.rules
    if rules.chat_channels and not set(context.origin.places) & set(rules.chat_channels):
        raise NotAllowed(
            _("Conversations with characters cannot be started in this channel. Use another one.")
        )
    if not _holds(context, rules.chat_start_roles):
        raise NotAllowed(
            _("On this server only certain roles may start conversations with characters.")
        )


def check_character(context: RequestContext, *, adult: bool) -> None:
    """Raises NotAllowed for a character that the place does not allow."""
    if adult and not context.nsfw:
        raise NotAllowed(_("This character is for age-restricted channels only."))


def check_publish(context: RequestContext) -> None:
    """Raises NotAllowed for a member who may not share characters with the server."""
    if not (context.rules.chat_publish or context.origin.manager):
        raise NotAllowed(
            _("On this server only members who can manage it may share characters with it.")
        )


def may_begin_by_mention(rules: GuildSettings) -> bool:
    """Whether a mention of the bot starts a conversation where none is open.

    It is one with the shared character of the server that is called `rules.chat_character`. The
    member must also pass `check_start`, whose error is not shown then.
    """
    return rules.chat and bool(rules.chat_character)


def is_character_of_mentions(name: str, rules: GuildSettings) -> bool:
    """Whether a mention starts a conversation with the shared character of that name."""
    return may_begin_by_mention(rules) and is_listed(name) == is_listed(rules.chat_character)


def chat_models(
    models: Sequence[str], rules: GuildSettings, served: Iterable[str]
) -> tuple[str, ...]:
    """The models of a turn: the chosen ones, else every served one that the server allows.

    Empty for any model where the server allows all. Raises NotAllowed for a chosen model that is
    not allowed in conversations, UserError when no allowed one is served.
    """
    if not rules.chat_models:
        return tuple(models)
    for name in models:
        if not is_blocked(name, rules.chat_models):
            text = _("This server does not allow the model {name} in conversations.")
            raise NotAllowed(text.format(name=quoted(name)))
    found = tuple(models) or tuple(n for n in served if is_blocked(n, rules.chat_models))
    if not found:
        raise UserError(
            _("No worker serves a model that this server allows in conversations. Try again later.")
        )
    return found


def _holds(context: RequestContext, roles: Sequence[int]) -> bool:
    """Whether the member has one of those roles; server managers always do, and none is all."""
    return not roles or context.origin.manager or bool(set(context.origin.roles) & set(roles))
