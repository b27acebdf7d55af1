"""The services of this package, as one attribute of the bot's services."""

from collections.abc import Mapping

from bot.accounts.credentials import Credentials
from bot.backends.base import Backend
from bot.horde.client import HordeClient
from bot.pictures.converter import Converter
from bot.services.community.horde_info import HordeInfo
from bot.services.community.load_chart import LoadChart
from bot.services.community.own_teams import OwnTeams
from bot.services.community.own_workers import OwnWorkers
from bot.services.community.pending_changes import PendingChanges


class Community:
    """Lists, the chart, and the changes of owners. `backend`: that of users' keys."""

    def __init__(
        self,
        hordes: Mapping[str, HordeClient],
        converter: Converter,
        credentials: Credentials,
        backend: Backend,
    ) -> None:
        self.info = HordeInfo(hordes)
        self.chart = LoadChart(hordes, converter)
        self.workers = OwnWorkers(credentials, backend, self.info)
        self.teams = OwnTeams(self.workers)
        self.changes = PendingChanges()
