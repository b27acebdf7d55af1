"""What people do to a bot: commands, presses, choices, submitted modals."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sandbox.discord.client.command_options import Kind, Refused, typed_options
from sandbox.discord.client.component_input import pressed, submitted
from sandbox.discord.client.interaction_payload import (
    GUILD_INSTALL,
    check_usable,
    invocation,
    owners,
)
from sandbox.discord.client.resolved_data import Resolved
from sandbox.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
    new_token,
)
from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.channel_types import WORDLESS
from sandbox.discord.objects.entities import Channel, User
from sandbox.discord.objects.json_objects import LOCALE, user_json
from sandbox.discord.state import Discord

Json = dict[str, Any]

CHAT_INPUT, ON_USER, ON_MESSAGE = 1, 2, 3  # command types
COMMAND_TYPES = {"user_command": ON_USER, "message_command": ON_MESSAGE}


class Act(BaseModel):
    """One act, as POST control/interactions takes it."""

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
    locale: str = LOCALE
    wait: bool = True


class Acts:
    """Turns acts into interactions and sends them to the bot."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._world = discord.world

    def perform(self, act: Act) -> Interaction:
        """Open the interaction and send it. Raises Refused when a client would not."""
        user, channel = self._who(act), self._where(act)
        if not self._world.sees(user.id, channel):
            raise Refused("this person does not see that channel")
        if channel.type in WORDLESS:
            raise Refused("nothing is done in a channel of this type itself")
        resolved = Resolved(self._world, self._discord.cdn, channel)
        match act.kind:
            case "component":
                interaction, data = self._press(act, resolved)
            case "modal":
                interaction, data = self._submit(act, resolved)
            case _:
                interaction, data = self._command(act, user, channel, resolved)
        if found := resolved.json():
            data["resolved"] = found
        self._discord.interactions.open(interaction)
        payload = invocation(self._discord, interaction, act.locale) | {"data": data}
        self._discord.gateway.emit("INTERACTION_CREATE", payload, channel.guild_id)
        return interaction

    def _who(self, act: Act) -> User:
        user = self._world.users.get(act.user_id)
        if user is None or user.bot:
            raise Refused("there is no such user")
        return user

    def _where(self, act: Act) -> Channel:
        channel = self._world.channels.get(act.channel_id)
        if channel is None:
            raise Refused("there is no such channel")
        return channel

    # --- the three kinds of data --------------------------------------------------------

    def _command(
        self, act: Act, user: User, channel: Channel, resolved: Resolved
    ) -> tuple[Interaction, Json]:
        kind = COMMAND_TYPES.get(act.kind, CHAT_INPUT)
        root, *path = act.name.split() if kind == CHAT_INPUT else [act.name]
        command = self._discord.commands.find(channel.guild_id, kind, root)
        if command is None:
            raise Refused(f"there is no command {act.name!r}")
        check_usable(self._world, command, channel, user, act.install)
        data: Json = {"id": command["id"], "name": command["name"], "type": kind}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        extra: Json = {"name": act.name, "command_type": kind}
        if kind == CHAT_INPUT:
            data["options"] = _nested(command, path, act, resolved)
        else:
            data["target_id"] = self._target(act, kind, resolved)
            key = "target_user" if kind == ON_USER else "target_message_id"
            extra[key] = (
                user_json(self._world.users[data["target_id"]])
                if kind == ON_USER
                else data["target_id"]
            )
        number = AUTOCOMPLETE if act.kind == "autocomplete" else COMMAND
        return self._opened(act, number, extra, command_type=kind), data

    def _target(self, act: Act, kind: int, resolved: Resolved) -> str:
        if kind == ON_USER:
            return resolved.user(str(act.target_id)) or _refuse("there is no such user")
        return resolved.message(self._visible(act, act.target_id))

    def _press(self, act: Act, resolved: Resolved) -> tuple[Interaction, Json]:
        message = self._visible(act, act.message_id)
        if message.author_id != self._world.bot.id:
            raise Refused("that message is not the bot's")
        data = pressed(message.body["components"], act.custom_id, act.values, resolved)
        extra = {"interacted_message_id": message.id}
        return self._opened(act, COMPONENT, extra, source=message), data

    def _submit(self, act: Act, resolved: Resolved) -> tuple[Interaction, Json]:
        shown = self._discord.modals.pop((act.user_id, act.custom_id or ""), None)
        if shown is None:
            raise Refused("this person has no such modal open")
        modal, opener = shown
        try:
            data = submitted(modal, act.fields, resolved)
        except Refused:
            self._discord.modals[act.user_id, modal["custom_id"]] = shown
            raise
        message = self._discord.board.get(opener.source_id or "")
        extra = {"triggering_interaction_metadata": opener.metadata}
        return self._opened(act, MODAL, extra, source=message), data

    # --- what the acts above share ---------------------------------------------------------

    def _opened(
        self,
        act: Act,
        kind: int,
        extra: Json,
        *,
        command_type: int | None = None,
        source: Message | None = None,
    ) -> Interaction:
        interaction_id = self._world.ids.next()
        channel = self._where(act)
        installed = owners(self._world, act.user_id, channel, act.install)
        return Interaction(
            id=interaction_id,
            token=new_token(interaction_id),
            type=kind,
            user_id=act.user_id,
            channel_id=channel.id,
            guild_id=channel.guild_id,
            user_install=GUILD_INSTALL not in installed,
            metadata={
                "id": interaction_id,
                "type": kind,
                "user": user_json(self._world.users[act.user_id]),
                "authorizing_integration_owners": installed,
                **extra,
            },
            command_type=command_type,
            source_id=source.id if source else None,
        )

    def _visible(self, act: Act, message_id: str | None) -> Message:
        message = self._discord.board.get(message_id or "")
        if message is None or message.deleted or not self._discord.sees(act.user_id, message):
            raise Refused("this person sees no such message")
        return message


def _nested(command: Json, path: list[str], act: Act, resolved: Resolved) -> list[Json]:
    """The options, wrapped in the subcommand and group that the name gives."""
    declared: list[Json] = command.get("options") or []
    parents: list[Json] = []
    for word in path:
        inner = next((one for one in declared if one["name"] == word), None)
        if inner is None or inner["type"] not in (Kind.SUBCOMMAND, Kind.GROUP):
            raise Refused(f"there is no subcommand {word!r}")
        parents.append(inner)
        declared = inner.get("options") or []
    if any(one["type"] in (Kind.SUBCOMMAND, Kind.GROUP) for one in declared):
        raise Refused("a subcommand must be named")
    focused = act.focused or "" if act.kind == "autocomplete" else None
    options = typed_options(declared, act.options, resolved, focused)
    for parent in reversed(parents):
        options = [{"name": parent["name"], "type": parent["type"], "options": options}]
    return options


def _refuse(why: str) -> str:
    raise Refused(why)
