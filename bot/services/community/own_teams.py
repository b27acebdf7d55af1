"""The teams of a user's account and workers, and their changes."""

from bot.errors import UserError
from bot.horde.workers import Team, TeamInput, TeamUpdate, WorkerUpdate
from bot.i18n import _
from bot.services.community.own_workers import OwnWorkers

NO_TEAM = ""  # in the Horde's API, of a worker that leaves its team


class OwnTeams:
    """Changes take the user's own key. Raises UserError without one, and BackendError."""

    def __init__(self, workers: OwnWorkers) -> None:
        self._workers = workers
        self._info = workers.info
        self._backend = workers.backend.name

    async def list(self, user_id: int) -> tuple[Team, ...]:
        """The teams that the account created or that have one of its workers."""
        account = await self._workers.account(user_id)
        own = frozenset(account.worker_ids)
        return tuple(
            team
            for team in await self._info.teams(self._backend)
            if team.creator == account.username or own & {each.id for each in team.workers}
        )

    async def find(self, named: str) -> Team:
        """The team of that name or id."""
        wanted = named.strip().casefold()
        for team in await self._info.teams(self._backend):
            if wanted in {team.id, team.name.casefold()}:
                return team
        raise UserError(_("The Horde has no team of this name. `/horde teams` lists all teams."))

    def known(self, user_id: int) -> tuple[Team, ...]:
        """All teams from memory, for autocomplete."""
        self._workers.known(user_id)  # loads both lists when they are unknown
        return self._info.known_teams(self._backend)

    async def create(self, user_id: int, name: str, info: str) -> None:
        """A new team; the Horde wants a trusted account."""
        client, key = await self._workers.access(user_id)
        await client.create_team(TeamInput(name=name, info=info or None), key=key)
        self._info.forget_lists(self._backend)

    async def edit(self, user_id: int, team_id: str, name: str, info: str) -> None:
        """Change the name or the description; "" leaves it as it is."""
        client, key = await self._workers.access(user_id)
        update = TeamUpdate(name=name or None, info=info or None)
        await client.update_team(team_id, update, key=key)
        self._info.forget_lists(self._backend)

    async def move(self, user_id: int, worker_id: str, team_id: str = NO_TEAM) -> None:
        """Put a worker into a team, or take it out of its team."""
        await self._workers.change(user_id, worker_id, WorkerUpdate(team=team_id))
