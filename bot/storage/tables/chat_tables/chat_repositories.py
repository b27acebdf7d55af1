"""All repositories of the chat."""

from bot.storage.database import Database
from bot.storage.tables.chat_tables.characters import CharacterRepository
from bot.storage.tables.chat_tables.chat_messages import ChatMessageRepository
from bot.storage.tables.chat_tables.conversations import ConversationRepository
from bot.storage.tables.chat_tables.lorebooks import LorebookRepository
from bot.storage.tables.chat_tables.personas import PersonaRepository
from bot.storage.tables.chat_tables.turns import TurnRepository
from bot.storage.tables.chat_tables.webhooks import WebhookRepository


class ChatRepositories:
    """The tables of the chat."""

    def __init__(self, database: Database) -> None:
        self.characters = CharacterRepository(database)
        self.personas = PersonaRepository(database)
        self.lorebooks = LorebookRepository(database)
        self.conversations = ConversationRepository(database)
        self.messages = ChatMessageRepository(database)
        self.turns = TurnRepository(database)
        self.webhooks = WebhookRepository(database)
