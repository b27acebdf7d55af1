"""The INTERACTION_CREATE event, and the rules for where a command is available."""

from typing import Any

from sandbox.discord.client.command_options import ClientRefusal
from sandbox.discord.interactions import Interaction
from sandbox.discord.objects.entities import Channel, EntityStore, User
from sandbox.discord.objects.json_objects import (
    channel_json,
    member_in_interaction,
    user_json,
)
from sandbox.discord.objects.permissions import Permissions
from sandbox.discord.state import Discord

Json = dict[str, Any]

IN_GUILD, IN_BOT_DM, IN_PRIVATE_CHANNEL = 0, 1, 2  # interaction contexts
GUILD_INSTALL, USER_INSTALL = "0", "1"


def interaction_context(entities: EntityStore, channel: Channel) -> int:
    """The interaction context: a guild, a direct channel with the bot, or a private channel."""
    if channel.guild_id:
        return IN_GUILD
    return IN_BOT_DM if entities.is_bot_dm(channel) else IN_PRIVATE_CHANNEL


def installation_owners(
    entities: EntityStore, user_id: str, channel: Channel, install: str
) -> dict[str, str]:
    """The installation owners of an interaction; a direct message counts as guild 0.

    In a channel without the bot the owner is always the user, whatever `install` says.
    """
    in_guild = channel.guild_id is not None and entities.guilds[channel.guild_id].has_bot
    if install == "user" or not (in_guild or entities.is_bot_dm(channel)):
        return {USER_INSTALL: user_id}
    return {GUILD_INSTALL: channel.guild_id or "0"}


def check_usable(
    entities: EntityStore, command: Json, channel: Channel, user: User, install: str
) -> None:
    """Raise ClientRefusal when Discord's client would not offer the command here."""
    context, offered = interaction_context(entities, channel), command.get("contexts")
    member = entities.member_permissions(user)
    if offered is not None and context not in offered:
        raise ClientRefusal("the command is not offered in this kind of place")
    if offered is None and context != IN_GUILD and not command.get("dm_permission", True):
        raise ClientRefusal("the command is not offered in direct messages")
    wanted = next(iter(installation_owners(entities, user.id, channel, install)))
    if int(wanted) not in (command.get("integration_types") or [0]):
        raise ClientRefusal("the command is not offered to this kind of installation")
    if command.get("nsfw") and channel.guild_id and not entities.is_nsfw(channel):
        raise ClientRefusal("the command is only offered in age-restricted channels")
    needed = int(command.get("default_member_permissions") or 0)
    if channel.guild_id and needed & ~int(member) and Permissions.ADMINISTRATOR not in member:
        raise ClientRefusal("this person lacks the permission for the command")


def interaction_payload(discord: Discord, interaction: Interaction) -> Json:
    """The event without its `data` field."""
    entities = discord.entities
    user = entities.users[interaction.user_id]
    channel = entities.channels[interaction.channel_id]
    permissions = str(int(entities.member_permissions(user)))
    body: Json = {
        "id": interaction.id,
        "application_id": entities.application_id,
        "type": interaction.type,
        "token": interaction.token,
        "version": 1,
        "channel_id": channel.id,
        "channel": channel_json(entities, channel) | {"permissions": permissions},
        "locale": user.locale,
        "context": interaction_context(entities, channel),
        "app_permissions": str(int(_app_permissions(discord, channel))),
        "authorizing_integration_owners": interaction.metadata["authorizing_integration_owners"],
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": discord.settings.upload_limit,
    }
    if channel.guild_id:
        locale = entities.guilds[channel.guild_id].locale
        body |= {
            "guild_id": channel.guild_id,
            "guild": {"id": channel.guild_id, "locale": locale, "features": []},
            "guild_locale": locale,
            "member": member_in_interaction(entities, user, channel.guild_id),
        }
    else:
        body["user"] = user_json(user)
    source = discord.messages.get(interaction.source_id or "")
    return body | ({"message": source.body} if source else {})


def _app_permissions(discord: Discord, channel: Channel) -> Permissions:
    """A user-installed app may still embed links and attach files."""
    own = discord.entities.bot_permissions(channel)
    return own or Permissions.EMBED_LINKS | Permissions.ATTACH_FILES
