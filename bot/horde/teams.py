"""Teams of workers."""

from pydantic import Field

from bot.horde.server_info import ActiveModel
from bot.horde.transport import Calls
from bot.http.schema import Amount, Count, Items, Sent, Wire


class TeamWorker(Wire):
    """A worker in a team's list."""

    id: str
    name: str = ""
    type: str = "image"
    online: bool = False


class Team(Wire):
    """Workers that count together. `uptime` in seconds."""

    id: str
    name: str = ""
    info: str = ""
    creator: str = ""
    requests_fulfilled: Count = 0
    kudos: Amount = 0.0
    uptime: Count = 0
    worker_count: Count = 0
    workers: Items[TeamWorker] = ()
    models: Items[ActiveModel] = ()


class TeamInput(Sent):
    """A team to create; a trusted account is required."""

    name: str = Field(min_length=3, max_length=100)
    info: str | None = Field(default=None, min_length=3, max_length=1000)


class TeamUpdate(Sent):
    """Changes of a team; None is unchanged."""

    name: str | None = Field(default=None, min_length=3, max_length=100)
    info: str | None = Field(default=None, min_length=3, max_length=1000)


class TeamChange(Wire):
    """The changed fields, and the id of a team that was created."""

    id: str = ""
    name: str = ""
    info: str = ""


class DeletedTeam(Wire):
    """The team that was deleted."""

    deleted_id: str = ""
    deleted_name: str = ""


class TeamCalls(Calls):
    """Teams. Changes need the key of the creator or of a moderator.

    A worker joins and leaves a team by `update_worker`.
    """

    async def list_teams(self) -> tuple[Team, ...]:
        """All teams; cached for 10 s."""
        return await self._many(Team, "GET", "/teams")

    async def get_team(self, team_id: str) -> Team:
        """That team. The key of a non-moderator would be refused."""
        return await self._one(Team, "GET", "/teams/{team_id}", path={"team_id": team_id})

    async def create_team(self, wanted: TeamInput, *, key: str) -> TeamChange:
        """A new team."""
        return await self._one(TeamChange, "POST", "/teams", body=wanted, key=key)

    async def update_team(self, team_id: str, change: TeamUpdate, *, key: str) -> TeamChange:
        """Change a team."""
        route, path = "/teams/{team_id}", {"team_id": team_id}
        return await self._one(TeamChange, "PATCH", route, path=path, body=change, key=key)

    async def delete_team(self, team_id: str, *, key: str) -> DeletedTeam:
        """Delete a team; its workers stay."""
        route, path = "/teams/{team_id}", {"team_id": team_id}
        return await self._one(DeletedTeam, "DELETE", route, path=path, key=key)
