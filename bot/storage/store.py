"""The store: one repository for each group of tables, over one database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from bot.storage.credentials import CredentialRepository
from bot.storage.database import Database
from bot.storage.defaults import DefaultsRepository, PersonSettingsRepository
from bot.storage.guilds import GuildRepository
from bot.storage.history import HistoryRepository
from bot.storage.moderation import BanRepository, ReportRepository
from bot.storage.notes import NoteRepository
from bot.storage.person_data import PersonDataRepository
from bot.storage.presets import PresetRepository
from bot.storage.requests import RequestRepository
from bot.storage.resealing import Resealing
from bot.storage.spending import SpendingRepository


class Store:
    """Every SQL statement of the bot, by the tables that it concerns."""

    def __init__(self, database: Database) -> None:
        self.notes = NoteRepository(database)
        self.requests = RequestRepository(database)
        self.history = HistoryRepository(database, self.requests)
        self.credentials = CredentialRepository(database)
        self.presets = PresetRepository(database)
        self.defaults = DefaultsRepository(database)
        self.person_settings = PersonSettingsRepository(database)
        self.guilds = GuildRepository(database, self.credentials, self.presets, self.defaults)
        self.bans = BanRepository(database)
        self.reports = ReportRepository(database)
        self.spending = SpendingRepository(database)
        self.resealing = Resealing(database, self.credentials)
        self.person_data = PersonDataRepository(
            database, self.credentials, self.presets, self.defaults, self.person_settings
        )

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator[Self]:
        """The store at `path`; the database is created and migrated as needed.

        Raises StoreError, and DatabaseTooNew without touching the file.
        """
        async with Database.open(path) as database:
            yield cls(database)
