"""Server-sent events are read alike however the stream is cut into pieces."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.openai.event_reader import DONE, EventReader
from bot.errors import BadReply

contents = st.lists(st.text(max_size=40), max_size=12)
ends = st.sampled_from(["\n\n", "\r\n\r\n", "\n"])


def stream_of(texts: list[str], end: str) -> bytes:
    comment = f": ping{end}event: message\nid: 7\n"
    events = "".join(f"data: {json.dumps({'text': text})}{end}" for text in texts)
    return f"{comment}{events}data:[DONE]{end}".encode()


@given(contents, ends, st.lists(st.integers(0, 2_000), max_size=30))
def test_events_any_chunk_boundaries_are_the_same(
    texts: list[str], end: str, cuts: list[int]
) -> None:
    raw = stream_of(texts, end)
    places = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    reader, found = EventReader("x"), list[bytes]()
    for start, stop in itertools.pairwise(places):
        found += reader.feed(raw[start:stop])
    found += reader.end()
    assert [json.loads(data)["text"] for data in found[:-1]] == texts
    assert found[-1] == DONE


@given(st.binary(max_size=3_000), st.integers(1, 100))
def test_events_any_bytes_raise_nothing_but_a_bad_reply(raw: bytes, size: int) -> None:
    reader = EventReader("x", line_max=500, total_max=2_000)
    try:
        for start in range(0, len(raw), size):
            reader.feed(raw[start : start + size])
    except BadReply:
        return
    reader.end()


def test_events_last_line_without_an_end_counts() -> None:
    reader = EventReader("x")
    assert reader.feed(b"data: 1\ndata: 2") == [b"1"]
    assert reader.end() == [b"2"]


@pytest.mark.parametrize("piece", [b"data: " + b"a" * 600, b"a" * 501])
def test_events_line_above_the_limit_is_refused(piece: bytes) -> None:
    with pytest.raises(BadReply, match="Ollama sent a longer answer"):
        EventReader("Ollama", line_max=500).feed(piece)


def test_events_stream_above_the_limit_is_refused() -> None:
    reader = EventReader("x", total_max=1_000)
    for _number in range(111):
        reader.feed(b"data: 1\n\n")
    with pytest.raises(BadReply):
        reader.feed(b"data: 1\n\n")
