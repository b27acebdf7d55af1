"""Endpoints that register application commands."""

from typing import Any, cast

from aiohttp import web

from sandbox.discord.rest.bodies import json_response, no_content, read_body
from sandbox.discord.rest.errors import invalid_form, refuse, wrong_field
from sandbox.discord.rules import command_errors
from sandbox.discord.state import Discord

Json = dict[str, Any]

GLOBAL = "/applications/{application}/commands"
GUILD = "/applications/{application}/guilds/{guild}/commands"


class CommandEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._commands = discord.commands

    def routes(self) -> list[web.RouteDef]:
        return [
            route
            for base in (GLOBAL, GUILD)
            for route in (
                web.get(base, self.fetch_all),
                web.put(base, self.overwrite),
                web.post(base, self.create),
                web.get(base + "/{command}", self.fetch),
                web.patch(base + "/{command}", self.edit),
                web.delete(base + "/{command}", self.remove),
            )
        ]

    async def fetch_all(self, request: web.Request) -> web.Response:
        return json_response(self._commands.scope(self._scope(request)))

    async def overwrite(self, request: web.Request) -> web.Response:
        scope = self._scope(request)
        commands: Any = (await read_body(request, self._discord.settings.upload_limit)).json
        if not isinstance(commands, list):
            wrong_field((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        entries = cast("list[Json]", commands)
        invalid_form(command_errors(entries))
        saved = self._commands.overwrite(scope, entries)
        self._publish_change()
        return json_response(saved)

    async def create(self, request: web.Request) -> web.Response:
        scope = self._scope(request)
        saved, is_new = self._commands.upsert(scope, await self._command(request))
        self._publish_change()
        return json_response(saved, 201 if is_new else 200)

    async def fetch(self, request: web.Request) -> web.Response:
        return json_response(self._registered_command(request))

    async def edit(self, request: web.Request) -> web.Response:
        changed = self._registered_command(request) | await self._command(request)
        saved, _ = self._commands.upsert(self._scope(request), changed)
        self._publish_change()
        return json_response(saved)

    async def remove(self, request: web.Request) -> web.Response:
        self._commands.remove(self._scope(request), self._registered_command(request)["id"])
        self._publish_change()
        return no_content()

    async def _command(self, request: web.Request) -> Json:
        command = (await read_body(request, self._discord.settings.upload_limit)).json
        whole = command if request.method == "POST" else self._registered_command(request) | command
        errors = command_errors([whole])
        invalid_form(errors.get("0", errors) if errors else None)
        return command

    def _scope(self, request: web.Request) -> str | None:
        """The guild id of the path, checked, or None for global commands."""
        if request.match_info["application"] != self._discord.entities.application_id:
            refuse(20012)
        guild_id = request.match_info.get("guild")
        if guild_id is None:
            return None
        guild = self._discord.entities.guilds.get(guild_id)
        return guild.id if guild and guild.has_bot else refuse(50001)

    def _registered_command(self, request: web.Request) -> Json:
        found = self._commands.get(self._scope(request), request.match_info["command"])
        return found or refuse(10063)

    def _publish_change(self) -> None:
        self._discord.event_stream.publish("commands", dict, lambda _: True)
