"""Files of characters, lorebooks and chats: reads and writes them, and does nothing else.

All functions work on bytes. Those that read raise CardError with one sentence per fault.
"""

from bot.chat.files.card_export import card_json, card_png
from bot.chat.files.card_import import ImportedCard, read_card
from bot.chat.files.chat_log import ChatLog, LogLine, chat_jsonl, chat_text, log_of
from bot.chat.files.chat_log_import import read_chat_jsonl
from bot.chat.files.limits import CARD_BYTES, CHAT_BYTES, LOREBOOK_BYTES
from bot.chat.files.lorebook_import import ImportedLorebook, read_lorebook
from bot.chat.files.world_info import lorebook_json, world_info_json

__all__ = [
    "CARD_BYTES",
    "CHAT_BYTES",
    "LOREBOOK_BYTES",
    "ChatLog",
    "ImportedCard",
    "ImportedLorebook",
    "LogLine",
    "card_json",
    "card_png",
    "chat_jsonl",
    "chat_text",
    "log_of",
    "lorebook_json",
    "read_card",
    "read_chat_jsonl",
    "read_lorebook",
    "world_info_json",
]
