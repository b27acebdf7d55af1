"""Conversations are written as SillyTavern's JSONL and as text, and read again."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.files import (
    CHAT_BYTES,
    ChatLog,
    LogLine,
    chat_jsonl,
    chat_text,
    log_of,
    read_chat_jsonl,
)
from bot.domain.chat.conversations import ChatMessage, MessageState, Side
from bot.errors import CardError

HEAD: dict[str, Any] = {
    "user_name": "Ann",
    "character_name": "Mira",
    "create_date": "x",
    "chat_metadata": {},
}
LINES = (
    LogLine(Side.CHARACTER, "Mira", ("The lamp is lit.", "Come in."), 1, 1_700_000_000.0),
    LogLine(Side.MEMBER, "Ann", ("Hello\nthere",), 0, 1_700_000_001.5),
    LogLine(Side.CHARACTER, "Mira", ("Good evening.",), 0, 1_700_000_002.0, thoughts="short"),
)
LOG = ChatLog("Ann", "Mira", LINES)

said = st.text(st.characters(blacklist_characters="\0\r", blacklist_categories=("Cs",)), min_size=1)
texts = said.filter(str.strip)


def _line(side: Side, swipes: list[str], at: int) -> LogLine:
    """Members have no swipes."""
    if side is Side.MEMBER:
        return LogLine(side, "Ann", (swipes[0],), 0, float(at))
    return LogLine(side, "Mira", tuple(swipes), len(swipes) - 1, float(at))


lines = st.builds(
    _line,
    st.sampled_from(Side),
    st.lists(texts, min_size=1, max_size=3, unique=True),
    st.integers(0, 4_000_000_000),
)


def file(*rows: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def message(number: int, parent: int, side: Side, text: str, **more: Any) -> ChatMessage:
    name = "Ann" if side is Side.MEMBER else "Mira"
    return ChatMessage(number, 1, parent, side, 5, name, text, float(number), **more)


def test_chat_jsonl_is_read_again_with_its_swipes() -> None:
    assert read_chat_jsonl(chat_jsonl(LOG)) == LOG


def test_chat_text_has_a_line_for_each_shown_text() -> None:
    assert chat_text(LOG).decode() == (
        "Mira: Come in.\n\nAnn: Hello\nthere\n\nMira: Good evening.\n"
    )


def test_log_of_contains_the_branch_of_the_leaf_and_its_swipes() -> None:
    messages = [
        message(1, 0, Side.CHARACTER, "first"),
        message(2, 0, Side.CHARACTER, "second"),
        message(3, 2, Side.MEMBER, "hello"),
        message(4, 3, Side.CHARACTER, "", state=MessageState.FAILED),
        message(5, 3, Side.CHARACTER, "answer"),
        message(6, 5, Side.MEMBER, "again"),
        message(7, 6, Side.CHARACTER, "", state=MessageState.PENDING),
        message(8, 1, Side.MEMBER, "elsewhere"),
    ]
    log = log_of(messages, 7, member="Ann", character="Mira")
    assert [(line.texts, line.shown) for line in log.lines] == [
        (("first", "second"), 1),
        (("hello",), 0),
        (("answer",), 0),
        (("again",), 0),
    ]


def test_read_chat_jsonl_hidden_messages_are_left_out() -> None:
    rows = [
        HEAD,
        {"name": "x", "is_user": False, "is_system": True, "mes": "hidden"},
        {"name": "Mira", "is_user": "false", "mes": "Hi", "swipes": ["Ho", "Hi"], "swipe_id": 5},
    ]
    log = read_chat_jsonl(file(*rows))
    assert (log.skipped, log.lines[0].text, log.lines[0].shown) == (1, "Hi", 1)


def test_read_chat_jsonl_edited_text_replaces_its_swipe() -> None:
    row = {"name": "Mira", "is_user": False, "mes": "new", "swipes": ["a", "b"], "swipe_id": 1}
    line = read_chat_jsonl(file(HEAD, row)).lines[0]
    assert (line.texts, line.text) == (("a", "new"), "new")


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        (1_719_673_500_000, 1_719_673_500.0),
        ("1719673500500", 1_719_673_500.5),
        ("2024-06-29T15:05:00.000Z", 1_719_673_500.0),
        ("June 29, 2024 3:05pm", 1_719_673_500.0),
        ("2024-06-29@15h05m00s", 1_719_673_500.0),
        ("yesterday", 0.0),
        (None, 0.0),
        (1e300, 0.0),
    ],
)
def test_read_chat_jsonl_dates_of_all_versions_are_read(date: object, seconds: float) -> None:
    row = {"name": "Ann", "is_user": True, "mes": "Hi", "send_date": date}
    assert read_chat_jsonl(file(HEAD, row)).lines[0].sent_at == seconds


def test_read_chat_jsonl_names_come_from_the_messages_when_the_head_has_none() -> None:
    row = {"name": "Ann", "is_user": True, "mes": "Hi"}
    log = read_chat_jsonl(b"\xef\xbb\xbf" + file({**HEAD, "user_name": "unused"}, row))
    assert (log.member, log.character) == ("Ann", "Mira")
    assert read_chat_jsonl(file(row)).member == "Ann"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\n", "no messages"),
        (file(HEAD), "no messages of a chat"),
        (file(HEAD) + b"\n{broken", "Line 2 of the file"),
        (file(HEAD) + b"\n[]", "Line 2 of the file is no valid message"),
        (b"\n".join([b'{"mes":"x"}'] * 10_002), "The limit is 10,001"),
        (file({"mes": "x" * 40_001}), "40,001 characters"),
        (bytes(CHAT_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_read_chat_jsonl_wrong_file_gives_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(CardError, match=words):
        read_chat_jsonl(data)


@given(st.lists(lines, min_size=1, max_size=6).map(tuple))
def test_chat_jsonl_any_conversation_is_read_again(some: tuple[LogLine, ...]) -> None:
    log = ChatLog("Ann", "Mira", some)
    assert read_chat_jsonl(chat_jsonl(log)) == log


@given(st.binary(max_size=100))
def test_read_chat_jsonl_any_bytes_are_read_or_give_one_sentence(noise: bytes) -> None:
    for data in (noise, file(HEAD) + b"\n" + noise, b'{"mes":' + noise + b"}"):
        with suppress(CardError):
            assert read_chat_jsonl(data).lines
