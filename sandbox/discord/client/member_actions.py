"""Actions of a member: commands, autocomplete, components, modals."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sandbox.discord.client.command_options import ClientRefusal, OptionType, typed_options
from sandbox.discord.client.component_input import component_data, modal_data
from sandbox.discord.client.interaction_payload import (
    GUILD_INSTALL,
    check_usable,
    installation_owners,
    interaction_payload,
)
from sandbox.discord.client.resolved_data import ResolvedData
from sandbox.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
    new_token,
)
from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.channel_types import WITHOUT_MESSAGES
from sandbox.discord.objects.entities import Channel, User
from sandbox.discord.objects.json_objects import user_json
from sandbox.discord.state import Discord

Json = dict[str, Any]

CHAT_INPUT, ON_USER, ON_MESSAGE = 1, 2, 3  # command types
COMMAND_TYPES = {"user_command": ON_USER, "message_command": ON_MESSAGE}


class MemberAction(BaseModel):
    """One action of a member, the body of POST control/interactions."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    kind: str = Field(
        pattern="^(command|autocomplete|component|modal|user_command|message_command)$"
    )
    user_id: str
    channel_id: str
    name: str = ""
    options: Mapping[str, Any] = Field(default_factory=dict)
    focused: str | None = None
    message_id: str | None = None
    custom_id: str | None = None
    values: list[str] = Field(default_factory=list)
    fields: Mapping[str, Any] = Field(default_factory=dict)
    target_id: str | None = None
    install: str = Field(default="guild", pattern="^(guild|user)$")
    wait: bool = True


class MemberActions:
    """Turns actions into interactions and sends them to the bot."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities

    def perform(self, action: MemberAction) -> Interaction:
        """Create the interaction and send it. Raises ClientRefusal when a client would not."""
        user, channel = self._user(action), self._channel(action)
        if not self._entities.can_see(user.id, channel):
            raise ClientRefusal("this person does not see that channel")
        if channel.type in WITHOUT_MESSAGES:
            raise ClientRefusal("nothing is done in a channel of this type itself")
        resolved = ResolvedData(self._entities, self._discord.cdn, channel)
        match action.kind:
            case "component":
                interaction, data = self._component(action, resolved)
            case "modal":
                interaction, data = self._modal(action, resolved)
            case _:
                interaction, data = self._command(action, user, channel, resolved)
        if found := resolved.json():
            data["resolved"] = found
        self._discord.interactions.add(interaction)
        payload = interaction_payload(self._discord, interaction) | {"data": data}
        self._discord.gateway.emit("INTERACTION_CREATE", payload, channel.guild_id)
        return interaction

    def _user(self, action: MemberAction) -> User:
        user = self._entities.users.get(action.user_id)
        if user is None or user.bot:
            raise ClientRefusal("there is no such user")
        return user

    def _channel(self, action: MemberAction) -> Channel:
        channel = self._entities.channels.get(action.channel_id)
        if channel is None:
            raise ClientRefusal("there is no such channel")
        return channel

    # --- the data of the three kinds of interaction -----------------------------------------

    def _command(
        self, action: MemberAction, user: User, channel: Channel, resolved: ResolvedData
    ) -> tuple[Interaction, Json]:
        kind = COMMAND_TYPES.get(action.kind, CHAT_INPUT)
        root, *path = action.name.split() if kind == CHAT_INPUT else [action.name]
        command = self._discord.commands.find(channel.guild_id, kind, root)
        if command is None:
            raise ClientRefusal(f"there is no command {action.name!r}")
        check_usable(self._entities, command, channel, user, action.install)
        data: Json = {"id": command["id"], "name": command["name"], "type": kind}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        extra: Json = {"name": action.name, "command_type": kind}
        if kind == CHAT_INPUT:
            data["options"] = _nested_options(command, path, action, resolved)
        else:
            data["target_id"] = self._target(action, kind, resolved)
            key = "target_user" if kind == ON_USER else "target_message_id"
            extra[key] = (
                user_json(self._entities.users[data["target_id"]])
                if kind == ON_USER
                else data["target_id"]
            )
        number = AUTOCOMPLETE if action.kind == "autocomplete" else COMMAND
        return self._new_interaction(action, number, extra, command_type=kind), data

    def _target(self, action: MemberAction, kind: int, resolved: ResolvedData) -> str:
        if kind == ON_USER:
            return resolved.user(str(action.target_id)) or _refuse("there is no such user")
        return resolved.message(self._visible_message(action, action.target_id))

    def _component(self, action: MemberAction, resolved: ResolvedData) -> tuple[Interaction, Json]:
        message = self._visible_message(action, action.message_id)
        own = message.body.get("application_id") == self._entities.application_id
        if message.author_id != self._entities.bot.id and not own:
            raise ClientRefusal("that message is not the bot's")
        data = component_data(message.body["components"], action.custom_id, action.values, resolved)
        extra = {"interacted_message_id": message.id}
        return self._new_interaction(action, COMPONENT, extra, source=message), data

    def _modal(self, action: MemberAction, resolved: ResolvedData) -> tuple[Interaction, Json]:
        shown = self._discord.modals.pop((action.user_id, action.custom_id or ""), None)
        if shown is None:
            raise ClientRefusal("this person has no such modal open")
        modal, opener = shown
        try:
            data = modal_data(modal, action.fields, resolved)
        except ClientRefusal:
            self._discord.modals[action.user_id, modal["custom_id"]] = shown
            raise
        message = self._discord.messages.get(opener.source_id or "")
        extra = {"triggering_interaction_metadata": opener.metadata}
        return self._new_interaction(action, MODAL, extra, source=message), data

    # --- helpers ----------------------------------------------------------------------------

    def _new_interaction(
        self,
        action: MemberAction,
        kind: int,
        extra: Json,
        *,
        command_type: int | None = None,
        source: Message | None = None,
    ) -> Interaction:
        interaction_id = self._entities.ids.next()
        channel = self._channel(action)
        installed = installation_owners(self._entities, action.user_id, channel, action.install)
        return Interaction(
            id=interaction_id,
            token=new_token(interaction_id),
            type=kind,
            user_id=action.user_id,
            channel_id=channel.id,
            guild_id=channel.guild_id,
            user_install=GUILD_INSTALL not in installed,
            metadata={
                "id": interaction_id,
                "type": kind,
                "user": user_json(self._entities.users[action.user_id]),
                "authorizing_integration_owners": installed,
                **extra,
            },
            command_type=command_type,
            source_id=source.id if source else None,
        )

    def _visible_message(self, action: MemberAction, message_id: str | None) -> Message:
        message = self._discord.messages.get(message_id or "")
        if message is None or message.deleted or not self._discord.can_see(action.user_id, message):
            raise ClientRefusal("this person sees no such message")
        return message


def _nested_options(
    command: Json, path: list[str], action: MemberAction, resolved: ResolvedData
) -> list[Json]:
    """The options, wrapped in the subcommand and group of the command name."""
    declared: list[Json] = command.get("options") or []
    parents: list[Json] = []
    for word in path:
        inner = next((one for one in declared if one["name"] == word), None)
        if inner is None or inner["type"] not in (OptionType.SUBCOMMAND, OptionType.GROUP):
            raise ClientRefusal(f"there is no subcommand {word!r}")
        parents.append(inner)
        declared = inner.get("options") or []
    if any(one["type"] in (OptionType.SUBCOMMAND, OptionType.GROUP) for one in declared):
        raise ClientRefusal("a subcommand must be named")
    focused = action.focused or "" if action.kind == "autocomplete" else None
    options = typed_options(declared, action.options, resolved, focused)
    for parent in reversed(parents):
        options = [{"name": parent["name"], "type": parent["type"], "options": options}]
    return options


def _refuse(why: str) -> str:
    raise ClientRefusal(why)
