"""Messages: each limit is taken, and one more is refused, with the code and the place."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord.rules import is_empty, message_errors
from tests.support.discord.refusals import of_message as found


def with_embed(**fields: Any) -> dict[str, Any]:
    return {"embeds": [fields]}


def fields(n: int) -> list[dict[str, str]]:
    return [{"name": "n", "value": "v"}] * n


MESSAGE_LIMITS: list[tuple[str, str, Callable[[int], dict[str, Any]], int]] = [
    ("content", "content", lambda n: {"content": "x" * n}, 2000),
    ("embeds", "embeds", lambda n: {"embeds": [{"title": "t"}] * n}, 10),
    ("title", "embeds.0.title", lambda n: with_embed(title="x" * n), 256),
    ("description", "embeds.0.description", lambda n: with_embed(description="x" * n), 4096),
    ("fields", "embeds.0.fields", lambda n: with_embed(fields=fields(n)), 25),
    (
        "field name",
        "embeds.0.fields.0.name",
        lambda n: with_embed(fields=[{"name": "x" * n, "value": "v"}]),
        256,
    ),
    (
        "field value",
        "embeds.0.fields.0.value",
        lambda n: with_embed(fields=[{"name": "n", "value": "x" * n}]),
        1024,
    ),
    ("footer", "embeds.0.footer.text", lambda n: with_embed(footer={"text": "x" * n}), 2048),
    ("author", "embeds.0.author.name", lambda n: with_embed(author={"name": "x" * n}), 256),
    ("colour", "embeds.0.color", lambda n: with_embed(title="t", color=n), 0xFFFFFF),
    ("nonce", "nonce", lambda n: {"content": "c", "nonce": "x" * n}, 25),
    ("poll answers", "poll.answers", lambda n: {"poll": poll(n)}, 10),
    ("stickers", "sticker_ids", lambda n: {"sticker_ids": ["1"] * n}, 3),
    *(
        (
            f"allowed {kind}",
            f"allowed_mentions.{kind}",
            lambda n, kind=kind: {"allowed_mentions": {kind: list(map(str, range(n)))}},
            100,
        )
        for kind in ("users", "roles")
    ),
]


def poll(answers: int) -> dict[str, Any]:
    answer = {"poll_media": {"text": "yes"}}
    return {"question": {"text": "so?"}, "answers": [answer] * answers}


@pytest.mark.parametrize(("place", "body", "limit"), [case[1:] for case in MESSAGE_LIMITS])
def test_a_limit_is_taken_and_one_more_is_refused(
    place: str, body: Callable[[int], dict[str, Any]], limit: int
):
    assert message_errors(body(limit), files=[]) is None
    assert list(found(body(limit + 1))) == [place]


def test_a_refusal_has_the_shape_and_words_of_discord():
    assert message_errors({"content": "x" * 2001}, files=[]) == {
        "content": {
            "_errors": [
                {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
            ]
        }
    }


def test_6000_characters_are_counted_over_all_embeds():
    def body(last: int) -> dict[str, Any]:
        return {
            "embeds": [
                {"title": "t" * 256, "description": "d" * 4096, "footer": {"text": "f" * 1000}},
                {"author": {"name": "a" * 100}, "fields": [{"name": "n" * 48, "value": "v" * 400}]},
                {"description": "x" * last},
            ]
        }

    assert found(body(100)) == {}
    assert found(body(101)) == {"embeds": ["MAX_EMBED_SIZE_EXCEEDED"]}


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (with_embed(fields=[{"name": " ", "value": "v"}]), {"embeds.0.fields.0.name": "REQUIRED"}),
        (with_embed(fields=[{"name": "n"}]), {"embeds.0.fields.0.value": "REQUIRED"}),
        (with_embed(url="ftp://example.com/x"), {"embeds.0.url": "URL_TYPE_INVALID_SCHEME"}),
        (with_embed(image={"url": "none"}), {"embeds.0.image.url": "URL_TYPE_INVALID_SCHEME"}),
        (with_embed(url="http://["), {"embeds.0.url": "URL_TYPE_INVALID_SCHEME"}),
        (with_embed(timestamp="soon"), {"embeds.0.timestamp": "DATE_TIME_TYPE_PARSE"}),
        (with_embed(timestamp=5), {"embeds.0.timestamp": "DATE_TIME_TYPE_PARSE"}),
        ({"content": 5}, {"content": "STRING_TYPE_CONVERT"}),
        ({"tts": "yes"}, {"tts": "BOOLEAN_TYPE_CONVERT"}),
        ({"flags": "64"}, {"flags": "NUMBER_TYPE_COERCE"}),
        ({"flags": -1}, {"flags": "NUMBER_TYPE_MIN"}),
        ({"embeds": {}}, {"embeds": "LIST_TYPE_CONVERT"}),
        ({"embeds": [5]}, {"embeds.0": "MODEL_TYPE_CONVERT"}),
        ({"nonce": 2**63}, {"nonce": "NONCE_TYPE_OUT_OF_BOUNDS"}),
        ({"nonce": True}, {"nonce": "NONCE_TYPE_INVALID_TYPE"}),
        ({"message_reference": {}}, {"message_reference.message_id": "REQUIRED"}),
        ({"allowed_mentions": {"parse": ["all"]}}, {"allowed_mentions.parse.0": "CHOICES"}),
        ({"allowed_mentions": {"users": ["me"]}}, {"allowed_mentions.users.0": "COERCE"}),
        ({"allowed_mentions": {"users": ["1", "1"]}}, {"allowed_mentions.users": "ALREADY"}),
        (
            {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            {"allowed_mentions": "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
        ),
    ],
)
def test_what_is_wrong_is_refused_where_it_stands(body: dict[str, Any], codes: dict[str, str]):
    refused = found(body)
    assert list(refused) == list(codes)
    assert all(part in refused[place][0] for place, part in codes.items())


def test_what_discord_py_sends_for_nothing_is_taken():
    body: dict[str, Any] = {
        "content": None,
        "embeds": [],
        "components": [],
        "tts": False,
        "attachments": [],
    }
    mentions = {"parse": ["everyone"], "users": [5], "roles": [], "replied_user": True}
    reference = {"message_id": 5, "channel_id": 6, "fail_if_not_exists": True}
    assert found({**body, "allowed_mentions": mentions, "message_reference": reference}) == {}


def test_an_attachment_names_an_upload_or_one_that_is_kept():
    new = {"id": 0, "filename": "a.png", "description": "d" * 1024}
    assert found({"attachments": [new]}, files=["a.png"]) == {}
    assert found({"attachments": [{"id": "1"}]}, files=["a.png"]) == {
        "attachments.0": ["ATTACHMENT_NOT_FOUND"]
    }
    kept = {"1234": "old.png"}
    edit = {"attachments": [{"id": "1234"}, new]}
    assert found(edit, files=["a.png"], editing=True, kept=kept) == {}
    assert found(edit, files=["a.png"], editing=True) == {}
    assert found(edit, files=["a.png"], editing=True, kept={}) == {
        "attachments.0": ["ATTACHMENT_NOT_FOUND"]
    }
    assert list(found({"attachments": [{**new, "description": "d" * 1025}]}, files=["a.png"])) == [
        "attachments.0.description"
    ]


def test_ten_files_at_most_the_kept_ones_counted():
    names = [f"{n}.png" for n in range(11)]
    assert found({}, files=names[:10]) == {}
    assert found({}, files=names) == {"attachments": ["BASE_TYPE_MAX_LENGTH"]}
    kept = {"1234": "old.png"}
    assert list(found({}, files=names[:10], editing=True, kept=kept)) == ["attachments"]
    assert found({"attachments": []}, files=names[:10], editing=True, kept=kept) == {}


EMPTINESS: list[tuple[dict[str, Any], list[str], bool]] = [
    ({}, [], True),
    ({"content": " \n"}, [], True),
    ({"content": "", "embeds": [], "components": []}, [], True),
    ({"embeds": [{}]}, [], True),
    ({"embeds": [{"color": 5}]}, [], True),
    ({"message_reference": {"message_id": "1"}}, [], True),
    ({"message_reference": {"message_id": "1", "type": 1}}, [], False),
    ({"content": "x"}, [], False),
    ({"embeds": [{"title": "t"}]}, [], False),
    ({"components": [{"type": 1}]}, [], False),
    ({"sticker_ids": ["1"]}, [], False),
    ({}, ["a.png"], False),
]


@pytest.mark.parametrize(("body", "files", "empty"), EMPTINESS)
def test_a_message_of_which_nothing_would_be_seen_is_empty(
    body: dict[str, Any], files: list[str], empty: bool
):
    assert is_empty(body, files) is empty
