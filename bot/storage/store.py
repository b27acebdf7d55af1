"""The store: one repository for each group of tables, over one database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from bot.storage.database import Database
from bot.storage.tables.chat_tables.chat_repositories import ChatRepositories
from bot.storage.tables.credentials import CredentialRepository
from bot.storage.tables.defaults import DefaultsRepository, PersonSettingsRepository
from bot.storage.tables.gift_tables.gifts import GiftRepository
from bot.storage.tables.gift_tables.parties import PartyRepository
from bot.storage.tables.guilds import GuildRepository
from bot.storage.tables.history import HistoryRepository
from bot.storage.tables.moderation import BanRepository, ReportRepository
from bot.storage.tables.notes import NoteRepository
from bot.storage.tables.person_data import PersonDataRepository
from bot.storage.tables.presets import PresetRepository
from bot.storage.tables.requests import RequestRepository
from bot.storage.tables.resealing import Resealing
from bot.storage.tables.spending import SpendingRepository


class Store:
    """Every SQL statement of the bot, by table."""

    def __init__(self, database: Database) -> None:
        self.chat = ChatRepositories(database)
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
        self.gifts = GiftRepository(database)
        self.parties = PartyRepository(database, self.requests)
        self.resealing = Resealing(database, self.credentials)
        self.person_data = PersonDataRepository(
            database,
            self.credentials,
            self.presets,
            self.defaults,
            self.person_settings,
            self.notes,
        )

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator[Self]:
        """Open the store at `path`; the database is created and migrated as needed.

        Raises StoreError, and DatabaseTooNew without changing the file.
        """
        async with Database.open(path) as database:
            yield cls(database)
