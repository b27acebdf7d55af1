"""Text requests of the local Horde."""

from typing import Any

import pytest

from sandbox.horde.workers.text_writing import write_story
from tests.support.credentials import ANONYMOUS, POOR, RICH
from tests.support.horde.local_horde import LocalHorde

STHENO = "koboldcpp/L3-8B-Stheno-v3.2"


async def test_a_text_arrives() -> None:
    async with LocalHorde() as local:
        body = {
            "prompt": "Tell me about lighthouses",
            "params": {"max_length": 64, "max_context_length": 1024},
            "models": [STHENO],
        }
        answer = await local.post("/generate/text/async", body, key=RICH)
        assert answer.status == 202
        assert answer.body.keys() == {"id", "kudos"}
        assert answer.body["kudos"] == 0.0
        status = await local.written(answer.body["id"])
        assert status["kudos"] == 5.0
        (generation,) = status["generations"]
        assert generation.keys() == {
            "text",
            "seed",
            "gen_metadata",
            "worker_id",
            "worker_name",
            "model",
            "state",
        }
        assert (generation["seed"], generation["state"]) == (0, "ok")
        assert generation["model"] == STHENO
        assert "lighthouse" in generation["text"]
        assert 30 < len(generation["text"].split()) < 64


async def test_texts_of_the_same_prompt_differ() -> None:
    async with LocalHorde() as local:
        first = await local.written(await local.text(params={"n": 3}))
        texts = [each["text"] for each in first["generations"]]
        assert len(set(texts)) == 3
        again = await local.written(await local.text(params={"n": 3}))
        assert not {each["text"] for each in again["generations"]} & set(texts)


def test_a_stop_sequence_ends_the_text_and_is_part_of_it() -> None:
    text = write_story("about owls", 200, {"stop_sequence": ["owls"]}, 0)
    assert text.endswith("owls")
    assert text.count("owls") == 1


def test_formatting_options() -> None:
    assert write_story("x", 300, {"frmttriminc": True}, 1).rstrip()[-1] in ".!?"
    assert "\n" not in write_story("x", 2000, {"singleline": True}, 1)
    assert "\n" in write_story("x", 2000, {}, 1)


@pytest.mark.parametrize(
    ("body", "rc"),
    [
        ({"prompt": ""}, "MissingPrompt"),
        ({"params": {"max_length": 600, "max_context_length": 512}}, "TokenOverflow"),
        ({"params": {"sampler_order": [1, 2]}}, "MissingFullSamplerOrder"),
        ({"params": {"stop_sequence": [str(i) for i in range(129)]}}, "TooManyStopSequences"),
        ({"params": {"stop_sequence": ["a" * 2001]}}, "ExcessiveStopSequence"),
        ({"extra_source_images": [{"image": "aaaa"}]}, "InvalidExtraSourceImages."),
        ({"webhook": "http://e.org/x"}, "BadRequest"),
        ({"style": "paper cut"}, "BadRequest"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_refusals(body: dict[str, Any], rc: str) -> None:
    async with LocalHorde() as local:
        answer = await local.post("/generate/text/async", {"prompt": "x", **body}, key=POOR)
        assert (answer.status, answer.rc) == (400, rc)


async def test_the_schema_of_text() -> None:
    async with LocalHorde() as local:
        long = await local.post(
            "/generate/text/async", {"prompt": "x", "params": {"max_length": 5000}}
        )
        assert long.body["errors"] == {
            "params.max_length": "5000 is greater than the maximum of 4096"
        }
        nothing = await local.post("/generate/text/async", {})
        assert nothing.body["errors"].keys() == {"prompt"}


async def test_upfront_and_downgrade() -> None:
    async with LocalHorde() as local:
        body: dict[str, Any] = {"prompt": "x", "params": {"max_length": 1024}}
        refused = await local.post("/generate/text/async", body, key=POOR)
        assert (refused.status, refused.rc) == (403, "KudosUpfront")
        assert "over 512 tokens" in refused.body["message"]
        assert "requires 20 kudos" in refused.body["message"]
        assert (await local.post("/generate/text/async", body, key=RICH)).status == 202
        body["allow_downgrade"] = True
        assert (await local.post("/generate/text/async", body, key=POOR)).status == 202


async def test_dry_run() -> None:
    async with LocalHorde() as local:
        body = {"prompt": "x", "dry_run": True, "params": {"max_length": 100}}
        assert (await local.post("/generate/text/async", body)).body == {"kudos": 46.0}
        unknown = await local.post("/generate/text/async", body | {"models": ["nope/nope"]})
        assert unknown.status == 500  # as the real one


async def test_a_long_webhook_is_a_crash() -> None:
    async with LocalHorde() as local:
        body = {"prompt": "x", "webhook": "https://bot.example/" + "x" * 1024}
        assert (await local.post("/generate/text/async", body)).status == 500


async def test_nobody_serves_an_unknown_model() -> None:
    async with LocalHorde() as local:
        answer = await local.post("/generate/text/async", {"prompt": "x", "models": ["nope/nope"]})
        assert answer.status == 202
        assert answer.body["message"].startswith("Warning: No available workers")
        assert "warnings" not in answer.body


async def test_a_cancelled_text_is_never_done() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"text": 0})
        request_id = await local.text(params={"n": 2}, key=ANONYMOUS)
        before = await local.call("DELETE", f"/generate/text/status/{request_id}")
        assert before.body["waiting"] == 2
        after = await local.get(f"/generate/text/status/{request_id}")
        assert (after["waiting"], after["processing"], after["done"]) == (0, 0, False)


async def test_a_style_replaces_all_parameters_but_n() -> None:
    async with LocalHorde() as local:
        request_id = await local.text(
            "tea", style="bedtime story", params={"max_length": 200, "n": 2}
        )
        request = local.state.requests[request_id]
        assert request.prompt.startswith("### Instruction:\nTell a calm bedtime story about tea")
        assert request.max_length == 80
        assert request.requested_jobs == 2
        assert request.payload["frmttriminc"] is True
