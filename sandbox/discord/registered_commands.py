"""The application commands that a bot has registered."""

from typing import Any

from sandbox.discord.objects.snowflake import SnowflakeGenerator

Json = dict[str, Any]

CHAT_INPUT = 1
SERVER_FIELDS = ("id", "application_id", "version", "guild_id", "handler")


class CommandRegistry:
    """Commands by scope: a guild id, or None for global commands."""

    def __init__(self, ids: SnowflakeGenerator, application_id: str) -> None:
        self._ids = ids
        self._application_id = application_id
        self._scopes: dict[str | None, list[Json]] = {}

    def all_commands(self) -> list[Json]:
        return [command for scope in self._scopes.values() for command in scope]

    def scope(self, guild_id: str | None) -> list[Json]:
        return self._scopes.get(guild_id, [])

    def get(self, guild_id: str | None, command_id: str) -> Json | None:
        return next((one for one in self.scope(guild_id) if one["id"] == command_id), None)

    def overwrite(self, guild_id: str | None, commands: list[Json]) -> list[Json]:
        """Replace a whole scope; a command of the same type and name keeps its id."""
        known = {_key(command): command for command in self.scope(guild_id)}
        self._scopes[guild_id] = [
            self._new_entry(guild_id, command, known.get(_key(command))) for command in commands
        ]
        return self._scopes[guild_id]

    def upsert(self, guild_id: str | None, command: Json) -> tuple[Json, bool]:
        """Add or replace one command; the second value tells whether it is new."""
        kept = [one for one in self.scope(guild_id) if _key(one) != _key(command)]
        old = next((one for one in self.scope(guild_id) if _key(one) == _key(command)), None)
        entry = self._new_entry(guild_id, command, old)
        self._scopes[guild_id] = [*kept, entry]
        return entry, old is None

    def remove(self, guild_id: str | None, command_id: str) -> None:
        kept = [one for one in self.scope(guild_id) if one["id"] != command_id]
        self._scopes[guild_id] = kept

    def find(self, guild_id: str | None, kind: int, name: str) -> Json | None:
        """The command with this name in a guild; guild commands precede global ones."""
        for scope in [guild_id, None] if guild_id else [None]:
            for command in self.scope(scope):
                if (command["type"], command["name"]) == (kind, name):
                    return command
        return None

    def _new_entry(self, guild_id: str | None, command: Json, old: Json | None) -> Json:
        fields = {key: value for key, value in command.items() if key not in SERVER_FIELDS}
        permissions = fields.pop("default_member_permissions", None)
        installs = fields.pop("integration_types", None)
        entry: Json = {
            "id": old["id"] if old else self._ids.next(),
            "application_id": self._application_id,
            "default_member_permissions": None if permissions is None else str(permissions),
            "type": CHAT_INPUT,
            "description": "",
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0] if installs is None else installs,
            "nsfw": False,
            **fields,
            **({"guild_id": guild_id} if guild_id else {}),
        }
        entry["version"] = self._version(entry, old)
        return entry

    def _version(self, entry: Json, old: Json | None) -> str:
        same = old is not None and entry == {k: v for k, v in old.items() if k != "version"}
        return old["version"] if old and same else self._ids.next()


def _key(command: Json) -> tuple[int, str]:
    return command.get("type") or CHAT_INPUT, command["name"]
