"""The workers and teams of an account: found, known for autocomplete, changed with the own key."""

import asyncio
from typing import Any, cast

import pytest

from bot.errors import RequestRejected, UserError
from bot.horde.accounts import User
from bot.horde.workers import Team, TeamName, TeamWorker, Worker, WorkerUpdate
from bot.services.community.horde_info import HordeInfo
from bot.services.community.own_teams import OwnTeams
from bot.services.community.own_workers import DIRECT_MAX, OwnWorkers
from bot.services.community.pending_changes import LIFE, PendingChanges

ADA, BEN = 7, 8
CREW = Team(id="t1", name="Crew", creator="ada#7")
OTHERS = Team(id="t2", name="Others", creator="ben#8", workers=(TeamWorker(id="w0"),))
THIRD = Team(id="t3", name="Third", creator="ben#8")


class FakeHorde:
    """A client with these workers of one account; the first ones are online."""

    def __init__(self, count: int, online: int = 0) -> None:
        self.workers = [Worker(id=f"w{n}", name=f"Worker {n:02}") for n in range(count)]
        self.online = online
        self.calls: list[str] = []
        self.gone = ""

    async def find_user(self, *, key: str) -> User:
        self.calls.append(f"account {key}")
        return User(username="ada#7", worker_ids=tuple(one.id for one in self.workers))

    async def get_worker(self, worker_id: str, *, key: str = "") -> Worker:
        self.calls.append(f"worker {worker_id} {key}")
        if worker_id == self.gone:
            raise RequestRejected("It is gone.")
        return next(one for one in self.workers if one.id == worker_id)

    async def list_workers(self) -> tuple[Worker, ...]:
        self.calls.append("workers")
        return tuple(self.workers[: self.online])

    async def list_teams(self) -> tuple[Team, ...]:
        self.calls.append("teams")
        return (CREW, OTHERS, THIRD)

    async def update_worker(self, worker_id: str, change: WorkerUpdate, *, key: str) -> None:
        self.calls.append(f"change {worker_id} {change.model_dump(exclude_none=True)} {key}")


class FakeBackend:
    """A backend whose shared keys begin with "shared"."""

    name = "horde"

    def is_shared_key(self, key: str) -> bool:
        return key.startswith("shared")


class FakeCredentials:
    """The keys of these users."""

    def __init__(self, **keys: str) -> None:
        self._keys = keys

    async def key_of_owner(self, owner: str, owner_id: int, backend: str = "") -> str | None:
        del owner, backend
        return self._keys.get(f"user{owner_id}")


def owned(horde: FakeHorde, **keys: str) -> OwnWorkers:
    info = HordeInfo({"horde": cast("Any", horde)})
    credentials = cast("Any", FakeCredentials(**keys or {"user7": "ada-key"}))
    return OwnWorkers(credentials, cast("Any", FakeBackend()), info)


async def test_few_workers_are_read_with_the_own_key() -> None:
    horde = FakeHorde(2)
    horde.gone = "w1"
    assert [one.id for one in await owned(horde).list(ADA)] == ["w0"]
    assert horde.calls == ["account ada-key", "worker w0 ada-key", "worker w1 ada-key"]


async def test_many_workers_come_from_the_list_and_only_offline_ones_are_read() -> None:
    horde = FakeHorde(DIRECT_MAX + 5, online=DIRECT_MAX + 3)
    assert len(await owned(horde).list(ADA)) == DIRECT_MAX + 5
    assert [call for call in horde.calls if call.startswith("worker ")] == [
        "worker w13 ada-key",
        "worker w14 ada-key",
    ]


async def test_no_key_or_a_shared_key_is_refused_with_what_to_do() -> None:
    workers = owned(FakeHorde(1), user8="shared-key")
    with pytest.raises(UserError, match=r"needs your own key\..*/account login"):
        await workers.list(ADA)
    with pytest.raises(UserError, match="shared key, which can only pay"):
        await workers.find(BEN, "Worker 00")


async def test_find_takes_a_name_in_any_case_or_an_id() -> None:
    workers = owned(FakeHorde(3))
    assert (await workers.find(ADA, " worker 01 ")).id == "w1"
    assert (await workers.find(ADA, "w2")).name == "Worker 02"
    with pytest.raises(UserError, match="no worker of this name"):
        await workers.find(ADA, "Worker")


async def test_known_workers_are_loaded_once_in_the_background() -> None:
    horde = FakeHorde(1)
    workers = owned(horde)
    assert workers.known(ADA) == ()
    assert workers.known(ADA) == ()
    await asyncio.gather(*workers._loads)
    assert [one.id for one in workers.known(ADA)] == ["w0"]
    assert horde.calls.count("account ada-key") == 1


async def test_known_without_a_key_asks_for_no_account() -> None:
    horde = FakeHorde(1)
    workers = owned(horde)
    workers.known(BEN)
    await asyncio.gather(*workers._loads)
    assert horde.calls == ["teams"]


async def test_own_teams_are_created_ones_and_those_of_own_workers() -> None:
    horde = FakeHorde(1)
    teams = OwnTeams(owned(horde))
    assert [team.name for team in await teams.list(ADA)] == ["Crew", "Others"]
    assert (await teams.find("THIRD")).id == "t3"
    with pytest.raises(UserError, match="no team of this name"):
        await teams.find("Fourth")


async def test_leaving_a_team_sends_an_empty_team() -> None:
    horde = FakeHorde(1)
    horde.workers[0] = horde.workers[0].model_copy(update={"team": TeamName(id="t1", name="Crew")})
    await OwnTeams(owned(horde)).move(ADA, "w0")
    assert horde.calls == ["change w0 {'team': ''} ada-key"]


async def test_a_change_is_made_once_and_only_by_its_user() -> None:
    made: list[str] = []
    errors = [RequestRejected("not now")]

    async def change() -> str:
        if errors:
            raise errors.pop()
        made.append("it")
        return "done"

    changes = PendingChanges()
    number = changes.keep(ADA, change)
    assert await changes.make(BEN, number) is None
    with pytest.raises(RequestRejected):
        await changes.make(ADA, number)
    assert await changes.make(ADA, number) == "done"
    assert await changes.make(ADA, number) is None
    assert made == ["it"]
    dropped = changes.keep(ADA, change)
    changes.drop(BEN, dropped)
    changes.drop(ADA, dropped)
    assert await changes.make(ADA, dropped) is None


async def test_a_change_expires() -> None:
    async def change() -> str:
        return "done"

    times = [0.0]
    changes = PendingChanges(lambda: times[0])
    number = changes.keep(ADA, change)
    times[0] = LIFE + 1
    assert await changes.make(ADA, number) is None


async def test_worker_read_after_a_change_has_the_change() -> None:
    workers = owned(FakeHorde(2))
    await workers.info.teams("horde")
    await workers.change(ADA, "w1", WorkerUpdate(team="t1"))
    await workers.change(ADA, "w1", WorkerUpdate(maintenance=True, info="Back soon."))
    found = await workers.find(ADA, "w1")
    assert found.team == TeamName(id="t1", name="Crew")
    assert (found.maintenance_mode, found.info, found.name) == (True, "Back soon.", "Worker 01")
    await workers.change(ADA, "w1", WorkerUpdate(team=""))
    assert [one.team.id for one in await workers.list(ADA)] == ["", ""]
