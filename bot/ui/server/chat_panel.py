"""The panel of /server chat: rules of conversations with characters. Pure."""

from dataclasses import replace

from bot.cards.card import Button, Card, ChannelMenu, RoleMenu, quiet_card
from bot.cards.custom_ids import CHOOSE_RULE, TOGGLE_CHAT_RULE
from bot.i18n import N_, _
from bot.rules.guild_settings import PLACES_MAX, GuildSettings
from bot.ui.server.cards import LABELS, rule_line

# The labels of a switch: while the rule is off, and while it is on.
SWITCHES = {
    "chat": (N_("Allow conversations"), N_("Turn conversations off")),
    "chat_publish": (N_("Let members share characters"), N_("Let only managers share characters")),
    "chat_webhooks": (N_("Use names and avatars"), N_("Do not use names and avatars")),
    "chat_character": ("", N_("Do not answer mentions")),
}
SHOWN = ("chat", "chat_models", "chat_character", "chat_publish", "chat_webhooks")
NO_WEBHOOKS = N_(
    "The bot lacks the permission **Manage Webhooks** in this channel, so it answers under its own "
    "name here."
)


def chat_card(rules: GuildSettings, note: str = "") -> Card:
    """All rules of conversations. `note`: why a change was not told, or ""."""
    title = _("Conversations with characters")
    text = _(
        "Without a choice, conversations can be started in all channels in which the bot can be "
        "used, by all members. A category includes its channels, a channel its threads."
    )
    avatars = _(
        "With names and avatars, characters write by a webhook. Then the bot reads replies to them "
        "only with the Message Content intent; the button **Reply** always works."
    )
    lines = [rule_line(name, getattr(rules, name)) for name in SHOWN]
    said = "\n".join([f"### {title}", text, *lines, f"-# {avatars}"])
    card = quiet_card(said, f"-# {note}" if note else "")
    return replace(card, menus=_menus(rules), rows=_switches(rules))


def toggled(rules: GuildSettings, name: str) -> object:
    """The other value of the rule of that switch."""
    return "" if name == "chat_character" else not getattr(rules, name)


def _menus(rules: GuildSettings) -> tuple[ChannelMenu | RoleMenu, ...]:
    channels = ChannelMenu(
        CHOOSE_RULE("chat_channels", 0),
        _(LABELS["chat_channels"]),
        rules.chat_channels,
        PLACES_MAX,
    )
    roles = (
        RoleMenu(CHOOSE_RULE(name, 0), _(LABELS[name]), getattr(rules, name), PLACES_MAX)
        for name in ("chat_start_roles", "chat_roles")
    )
    return (channels, *roles)


def _switches(rules: GuildSettings) -> tuple[tuple[Button, ...], ...]:
    labels = {name: SWITCHES[name][bool(getattr(rules, name))] for name in SWITCHES}
    return tuple(
        (Button(TOGGLE_CHAT_RULE(name), _(label)),) for name, label in labels.items() if label
    )
