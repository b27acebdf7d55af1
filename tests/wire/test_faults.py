"""What the Horde and Discord do to us, and what the person sees of it."""

import re
import time

import pytest

from tests.support.discord.client import Control
from tests.support.discord.routes import EDIT_ANSWER
from tests.support.horde.routes import CHECK_IMAGE, SUBMIT_IMAGE
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def of(control: Control, words: str) -> list[Json]:
    return [r for r in await control.horde_requests() if words in r["prompt"]]


@pytest.mark.parametrize(
    ("behave", "words"),
    [
        ("faulted", "stopped trying"),
        ("faulted_quietly", "stopped trying"),
        ("censored", "ensor"),
        ("csam", "ensor|removed|filter"),
        ("lost_image", "download|lost"),
        ("missing", "lost|missing|no picture"),
        ("garbage", "image"),
        ("bomb", "image|large"),
        ("error500", "three times|failed"),
    ],
)
async def test_a_picture_that_does_not_come_is_explained(
    control: Control, behave: str, words: str
) -> None:
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt=f"a broken {behave} bottle [sandbox:{behave}]")
    ended = await ada.result(answer)
    assert not ended.pictures
    assert any(word in ended.text.lower() for word in words.lower().split("|")), ended.text
    assert "Again" in ended.buttons


async def test_one_of_four_is_missing(control: Control) -> None:
    await control.post("horde/behaviour", behave="lost_image", match="four tulips", n=1)
    ada = await control.person("ada")
    ended = await ada.result(await ada.command("imagine", prompt="four tulips", count=4))
    assert len(ended.pictures) == 3
    assert "3 of 4" in ended.text


async def test_a_limiters_429_is_never_shown(control: Control) -> None:
    refusal = {"message": "2 per 1 second"}
    await control.post(
        "faults",
        server="horde",
        route=SUBMIT_IMAGE,
        kind="status",
        status=429,
        body=refusal,
        times=2,
    )
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt="a patient heron")
    ended = await ada.result(answer)
    assert len(ended.pictures) == 1
    history = (await control.get(f"messages/{answer.message_id}"))["history"]
    assert "per 1 second" not in str(history)
    assert not re.search(r"(?<!\w)429(?!\w)", str(history))  # a longer number may contain it


@pytest.mark.parametrize("kind", ["status", "html", "drop", "truncate", "garbage"])
async def test_a_look_that_fails_is_repeated(control: Control, kind: str) -> None:
    await control.post("faults", server="horde", route=CHECK_IMAGE, kind=kind, status=503, times=2)
    ada = await control.person("ada")
    ended = await ada.result(await ada.command("imagine", prompt=f"a steady rock {kind}"))
    assert len(ended.pictures) == 1


@pytest.mark.parametrize("kind", ["drop", "drop_after", "truncate"])
async def test_a_lost_submit_is_made_good(control: Control, kind: str) -> None:
    await control.post("faults", server="horde", route=SUBMIT_IMAGE, kind=kind, times=1)
    ada = await control.person("ada")
    words = f"a lost glove {kind}"
    ended = await ada.result(await ada.command("imagine", prompt=words))
    assert len(ended.pictures) == 1
    if len(await of(control, words)) > 1:  # anonymous: it cannot be looked up, and that is said
        assert "sent again" in ended.text


async def test_an_outage_rejects_nobody(control: Control) -> None:
    await control.post("horde/knobs", outage=True)
    try:
        ada = await control.person("ada")
        answer = await ada.command("imagine", prompt="a stormy lighthouse")
        card = await control.message(answer.message_id)
        assert "Cancel" in card.buttons
    finally:
        await control.post("horde/knobs", outage=False)
    assert len((await ada.result(answer)).pictures) == 1


async def test_maintenance_makes_everybody_wait(control: Control) -> None:
    await control.post("horde/knobs", maintenance=True)
    ada, began = await control.person("ada"), time.time()
    answer = await ada.command("imagine", prompt="a closed museum")

    async def refused() -> bool | None:
        tried = [c for c in await control.calls("horde") if c["route"] == SUBMIT_IMAGE]
        return any(c["status"] == 400 and c["at"] >= began for c in tried) or None

    await eventually(refused, "the Horde turned it away")
    await control.post("horde/knobs", maintenance=False)
    assert len((await ada.result(answer, wait=90)).pictures) == 1


async def test_it_expires_unseen_and_is_sent_again_once(control: Control) -> None:
    await control.post("horde/knobs", workers={"image": 0, "text": 2, "alchemy": 2})
    try:
        ada = await control.person("ada")
        answer = await ada.command("imagine", prompt="a forgotten attic")

        async def arrived() -> Json | None:
            found = await of(control, "forgotten attic")
            return found[0] if found else None

        request = await eventually(arrived, "the Horde has it")
        await ada.sees(answer.message_id, lambda m: m.raw["edits"] > 0, "it waits there")
        await control.post("horde/expire", id=request["id"])
    finally:
        await control.post("horde/knobs", workers={"image": 8, "text": 4, "alchemy": 4})
    ended = await ada.result(answer)
    assert len(ended.pictures) == 1
    assert "sent again" in ended.text


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "times": 2},
        {"kind": "drop", "times": 1},
        {"kind": "rate_limit", "seconds": 0.5, "times": 2},
        {"kind": "truncate", "times": 1},
    ],
    ids=lambda f: f["kind"],
)
async def test_discord_fails_an_edit(control: Control, fault: Json) -> None:
    ada = await control.person("ada")
    await control.post("faults", server="discord", route=EDIT_ANSWER, **fault)
    ended = await ada.result(await ada.command("imagine", prompt="a stubborn mule"))
    assert len(ended.pictures) == 1


async def test_a_dead_token_is_not_the_end(control: Control) -> None:
    await control.post("horde/knobs", job_seconds=[2, 2])
    try:
        ada = await control.person("ada")
        answer = await ada.command("imagine", prompt="an old ticket")
        await control.post("expire", interaction_id=answer.raw["interaction_id"])
        assert len((await ada.result(answer)).pictures) == 1
    finally:
        await control.post("horde/knobs", job_seconds=[0.4, 0.8])


async def test_a_private_result_with_a_dead_token_goes_to_the_dm(control: Control) -> None:
    await control.post("horde/knobs", job_seconds=[2, 2])
    try:
        ada, home = await control.person("ada"), await control.person("ada", "dm")
        answer = await ada.command("imagine", prompt="a sealed envelope", private=True)
        await control.post("expire", interaction_id=answer.raw["interaction_id"])

        async def in_dm() -> bool | None:
            seen = await control.messages(home.channel_id, home.id)
            return any("sealed envelope" in m.text and m.pictures for m in seen) or None

        await eventually(in_dm, "the result in the DM")
    finally:
        await control.post("horde/knobs", job_seconds=[0.4, 0.8])
    public = [m for m in await control.messages(ada.channel_id, "0") if "sealed" in m.text]
    assert public == []


async def test_a_deleted_card_is_not_posted_again(control: Control) -> None:
    await control.post("horde/knobs", job_seconds=[2, 2])
    try:
        ada = await control.person("ada")
        answer = await ada.command("imagine", prompt="a vanished note")
        await control.call("DELETE", f"messages/{answer.message_id}")

        async def finished() -> bool | None:
            found = await of(control, "vanished note")
            return bool(found and found[0]["finished"]) or None

        await eventually(finished, "the Horde is through")

        async def listed() -> bool | None:
            page = (await ada.command("history")).message_id
            shown = await ada.sees(page, lambda m: m.text.strip() != "", "a page")
            return "vanished note" in shown.text or None

        await eventually(listed, "it is in the history")
    finally:
        await control.post("horde/knobs", job_seconds=[0.4, 0.8])
    seen = await control.messages(ada.channel_id, ada.id)
    assert not any(m.pictures and "vanished note" in m.text for m in seen)


async def test_the_gateway_breaks_and_the_result_still_comes(control: Control) -> None:
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt="a broken bridge")
    await control.post("gateway", action="drop")
    assert len((await ada.result(answer)).pictures) == 1

    async def back() -> bool | None:
        return bool((await control.get("gateway"))["sessions"]) or None

    await eventually(back, "the bot is back at the gateway")

    async def answered() -> bool | None:
        return (await ada.command("help")).raw["acked"] or None

    await eventually(answered, "it answers again")
