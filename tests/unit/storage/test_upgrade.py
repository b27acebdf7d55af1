"""The database of an earlier version: opened, brought up to date, and read table by table."""

import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.accounts.encryption.pseudonyms import Pseudonyms
from bot.accounts.encryption.vault import Vault
from bot.domain.people import Notify, Scope
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.domain.results import Phase
from bot.parameters.saved_choices import load_choices
from bot.rules.guild_settings import WordRule
from bot.storage import Store
from tests.support.credentials import RICH
from tests.support.person_rows import all_rows
from tests.support.upgrade.old_data import RECORDED, SECONDS_A_DAY, place_old_data

GUILD, CHANNEL = 1456074443997577216, 1456074443997577217
ADA, BEN, CLEO = 1456074443984994304, 1456074443989188608, 1456074443993382912
DAN, EVE = 1456074444001771520, 1456074444005965824


@pytest.fixture
async def upgraded_store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with Store.open(place_old_data(tmp_path)) as opened:
        yield opened


@pytest.fixture
def vault() -> Vault:
    return Vault([(RECORDED / "hordecord.key").read_text("utf-8").strip()])


async def test_requests_of_an_old_database_are_read_in_every_phase(upgraded_store: Store) -> None:
    found = {record.id: record for record in await upgraded_store.requests.unfinished()}
    phases = {number: record.phase for number, record in found.items()}
    assert phases == {
        8: Phase.PROCESSING,
        9: Phase.WAITING,
        10: Phase.SENDING,
        11: Phase.QUEUED,
        12: Phase.QUEUED,
    }
    assert found[8].remote_id
    assert found[9].remote_id
    assert [found[number].acked for number in phases] == [True, True, True, True, False]
    assert found[9].payer is Payer.GUILD
    assert found[10].messages[0].channel_id == ADA + 1
    (held,) = await upgraded_store.requests.held_of(DAN)
    assert (held.id, held.private, held.phase) == (7, True, Phase.HELD)
    assert await upgraded_store.requests.count_open_in(GUILD) == 3


async def test_history_and_favourites_of_an_old_database_are_read(upgraded_store: Store) -> None:
    records = [await upgraded_store.requests.get(number) for number in range(1, 7)]
    kinds = [record.kind for record in records if record]
    assert kinds == [Kind.IMAGE, Kind.IMAGE, Kind.TEXT, Kind.ALCHEMY, Kind.IMAGE, Kind.IMAGE]
    assert all(record and record.phase is Phase.DONE and record.status for record in records)
    assert await upgraded_store.history.favourites_among([1, 2, 3]) == {1}
    assert [record.id for record in await upgraded_store.history.favourites()] == [1]
    assert [record.id for record in await upgraded_store.history.page(BEN, search="hares")] == [2]


async def test_keys_of_an_old_database_are_opened(upgraded_store: Store, vault: Vault) -> None:
    for owner, owner_id in ((Payer.GUILD, GUILD), (Payer.USER, EVE)):
        credential = await upgraded_store.credentials.get(owner, owner_id, "horde")
        assert credential is not None
        assert vault.open(credential.sealed) == RICH
        assert credential.username == "rich#2"


async def test_settings_of_an_old_server_are_read(upgraded_store: Store) -> None:
    rules = await upgraded_store.guilds.settings(GUILD)
    assert rules.words == (
        WordRule(text="casino", how="word"),
        WordRule(text="f[o0]rbidden", how="regex"),
    )
    assert (rules.models_blocked, rules.loras_blocked) == (("Dreamshaper",), ("12345",))
    assert (rules.most_steps, rules.most_side, rules.most_count) == (60, 1024, 4)
    assert rules.budget.a_day == 5000


async def test_presets_and_defaults_of_an_old_database_are_read(upgraded_store: Store) -> None:
    (mill,) = await upgraded_store.presets.of(Scope.USER, BEN)
    (dusk,) = await upgraded_store.presets.of(Scope.GUILD, GUILD)
    assert (mill.name, dusk.name, dusk.made_by) == ("Mill", "Dusk", ADA)
    for text, choices in (
        (mill.choices, {"steps": 11, "cfg_scale": 3.5, "shape": "tall"}),
        (dusk.choices, {"steps": 17, "sampler": "k_heun"}),
        (await upgraded_store.defaults.get(Scope.USER, BEN), {"cfg_scale": 4.5, "negative": "fog"}),
        (await upgraded_store.defaults.get(Scope.CHANNEL, CHANNEL), {"steps": 22}),
        (
            await upgraded_store.defaults.get(Scope.GUILD, GUILD),
            {"steps": 21, "sampler": "k_euler"},
        ),
    ):
        assert load_choices(text).values() == choices
    assert (await upgraded_store.person_settings.get(BEN)).notify is Notify.DM


async def test_bans_reports_and_spending_of_an_old_database_are_read(
    upgraded_store: Store, vault: Vault
) -> None:
    pseudonyms = Pseudonyms(vault)
    (ban,) = await upgraded_store.bans.all(GUILD)
    assert (ban.user_id, ban.mark, ban.reason) == (CLEO, pseudonyms.of(CLEO), "too many geese")
    (report,) = await upgraded_store.reports.newest(5)
    assert (report.record_id, report.reporter_id, report.guild_id) == (2, ADA, GUILD)
    spent = await upgraded_store.spending.spent(
        GUILD, "horde", pseudonyms.all_of(BEN), int(time.time() // SECONDS_A_DAY)
    )
    assert (round(spent.server), round(spent.person)) == (38, 19)


async def test_everything_about_a_person_of_an_old_database_is_exported_and_erased(
    upgraded_store: Store, vault: Vault
) -> None:
    marks = Pseudonyms(vault).all_of(BEN)
    about = await all_rows(upgraded_store, BEN, marks)
    assert {"requests", "presets", "defaults", "history", "favourites"} <= about.keys()
    assert (
        await upgraded_store.person_data.forget(BEN, marks, int(time.time() // SECONDS_A_DAY)) != []
    )
    assert await upgraded_store.requests.get(1) is None
    assert await upgraded_store.presets.of(Scope.USER, BEN) == ()
