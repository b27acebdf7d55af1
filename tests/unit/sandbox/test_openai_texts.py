"""The local server with OpenAI's API: chat and completions."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.support.json_types import Json
from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import until

CHAT = "/chat/completions"
HELLO = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Tell me of owls"}]


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server("openai") as server:
        yield server


async def test_models_list_chat_and_image_models(server: LocalServer) -> None:
    status, listed = await server.get("/models")
    assert status == 200
    assert [model["id"] for model in listed["data"]] == ["small-chat", "long-chat", "small-image"]
    assert (await server.get("/models/small-chat"))[1]["object"] == "model"
    assert (await server.get("/models/other"))[0] == 404


async def test_chat_quotes_the_last_message_of_the_user(server: LocalServer) -> None:
    status, answer = await server.post(CHAT, model="small-chat", messages=HELLO)
    assert (status, answer["object"]) == (200, "chat.completion")
    [choice] = answer["choices"]
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["content"].startswith('You wrote "Tell me of owls".')
    assert choice["finish_reason"] == "stop"
    usage = answer["usage"]
    assert usage["prompt_tokens"] == 12
    assert usage["completion_tokens"] == len(choice["message"]["content"].split())
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert (await server.post(CHAT, model="small-chat", messages=HELLO))[1]["choices"] == [choice]


async def test_chat_stream_has_the_same_text_and_a_usage_event(server: LocalServer) -> None:
    _, whole = await server.post(CHAT, model="small-chat", messages=HELLO)
    body = {"model": "small-chat", "messages": HELLO, "stream": True}
    events = await server.stream(CHAT, **body, stream_options={"include_usage": True})
    assert events[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    text = "".join(e["choices"][0]["delta"].get("content", "") for e in events if e["choices"])
    assert text == whole["choices"][0]["message"]["content"]
    assert events[-1]["choices"] == []
    assert events[-1]["usage"] == whole["usage"]
    assert events[-2]["choices"][0] | {"index": 0} == {
        "index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"
    }  # fmt: skip
    assert all(event["object"] == "chat.completion.chunk" for event in events)
    plain = await server.stream(CHAT, **body)
    assert all("usage" not in event for event in plain)


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
async def test_limit_of_tokens_cuts_the_answer(server: LocalServer, field: str) -> None:
    _, answer = await server.post(CHAT, model="small-chat", messages=HELLO, **{field: 3})
    assert answer["choices"][0]["message"]["content"] == 'You wrote "Tell'
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 3


@pytest.mark.parametrize("stop", ["owls", ["no such", "owls"]])
async def test_stop_sequence_ends_the_answer_before_it(server: LocalServer, stop: object) -> None:
    _, answer = await server.post(CHAT, model="small-chat", messages=HELLO, stop=stop)
    assert answer["choices"][0]["message"]["content"] == 'You wrote "Tell me of '
    assert answer["choices"][0]["finish_reason"] == "stop"


async def test_completion_takes_a_raw_prompt_and_writes_16_tokens(server: LocalServer) -> None:
    body = {"model": "long-chat", "prompt": "Once upon a time"}
    status, answer = await server.post("/completions", **body)
    assert (status, answer["object"]) == (200, "text_completion")
    assert answer["choices"][0]["text"].startswith('You wrote "Once upon a time".')
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 16
    events = await server.stream("/completions", **body, stream=True)
    assert "".join(e["choices"][0]["text"] for e in events) == answer["choices"][0]["text"]
    assert events[-1]["choices"][0]["finish_reason"] == "length"


async def test_each_of_n_answers_and_each_seed_has_its_own_text(server: LocalServer) -> None:
    _, answer = await server.post(CHAT, model="small-chat", messages=HELLO, n=2)
    first, second = (choice["message"]["content"] for choice in answer["choices"])
    _, seeded = await server.post(CHAT, model="small-chat", messages=HELLO, seed=7)
    assert len({first, second, seeded["choices"][0]["message"]["content"]}) == 3


REFUSALS: list[tuple[Json, int, str | None, str | None]] = [
    ({"messages": HELLO}, 400, None, "model"),
    ({"model": "other", "messages": HELLO}, 404, "model_not_found", None),
    ({"model": "small-chat", "messages": []}, 400, None, "messages"),
    ({"model": "small-chat", "messages": HELLO, "temperature": 3}, 400, None, "temperature"),
    ({"model": "small-chat", "messages": HELLO, "max_tokens": 0}, 400, None, "max_tokens"),
    (
        {"model": "small-chat", "messages": HELLO, "max_tokens": 2048},
        400, "context_length_exceeded", "messages",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code", "param"), REFUSALS)
async def test_refusal_has_the_form_of_openai(
    server: LocalServer, body: Json, status: int, code: str | None, param: str | None
) -> None:
    seen, answer = await server.post(CHAT, **body)
    assert seen == status
    error = answer["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    assert (await server.jobs())["submits"] == {}


async def test_unknown_path_and_broken_json_have_the_form_of_openai(server: LocalServer) -> None:
    assert (await server.get("/nothing"))[1]["error"]["message"] == "Invalid URL (GET /v1/nothing)"
    status, answer = await server.call("POST", CHAT, data=b"{")
    assert status == 400
    assert answer["error"]["type"] == "invalid_request_error"


async def test_keys_are_checked_only_when_they_are_set(server: LocalServer) -> None:
    assert (await server.get("/models"))[0] == 200
    await server.knobs(keys=["sk-good-key"])
    status, answer = await server.get("/models")
    assert (status, answer["error"]["code"]) == (401, None)
    server.headers = {"Authorization": "Bearer sk-wrong-key"}
    status, answer = await server.get("/models")
    assert (status, answer["error"]["code"]) == (401, "invalid_api_key")
    server.headers = {"Authorization": "Bearer sk-good-key"}
    assert (await server.get("/models"))[0] == 200


async def test_rate_limit_names_the_wait(server: LocalServer) -> None:
    await server.knobs(requests_per_minute=2)
    _, headers, _ = await server.answer("GET", "/models")
    assert headers["x-ratelimit-limit-requests"] == "2"
    assert headers["x-ratelimit-remaining-requests"] == "1"
    await server.get("/models")
    status, headers, answer = await server.answer("GET", "/models")
    assert (status, answer["error"]["code"]) == (429, "rate_limit_exceeded")
    assert 1 <= int(headers["Retry-After"]) <= 60
    assert headers["x-ratelimit-remaining-requests"] == "0"
    await server.knobs(requests_per_minute=500, quota_used=True)
    _, answer = await server.post(CHAT, model="small-chat", messages=HELLO)
    assert answer["error"]["code"] == "insufficient_quota"


async def test_closed_stream_ends_the_work_and_the_charge(server: LocalServer) -> None:
    await server.knobs(tokens_per_second=50)
    body = {"model": "small-chat", "messages": HELLO, "stream": True}
    async for event in server.events(CHAT, **body):
        if event["choices"][0]["delta"].get("content"):
            break
    await until(lambda: job_states(server) == ["cancelled"])
    [job] = (await server.jobs())["jobs"]
    assert 12 < job["charged_micro"] < 12 + 60


async def test_client_that_leaves_before_the_answer_pays_nothing(server: LocalServer) -> None:
    await server.knobs(first_token_seconds=30)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await server.post(CHAT, model="small-chat", messages=HELLO)
    await until(lambda: job_states(server) == ["cancelled"])
    assert (await server.jobs())["charged_micro"] == 0


def job_states(server: LocalServer) -> list[str]:
    state = getattr(server.box.optional[server.name], "state")  # noqa: B009 - a protocol's value
    return [job.state for job in state.jobs.jobs.values()]


async def test_cut_stream_loses_its_end(server: LocalServer) -> None:
    server.fault("cut", route="POST /v1/chat/completions", pieces=4)
    seen: list[object] = []
    with pytest.raises(aiohttp.ClientError):
        await read_into(seen, server)
    assert len(seen) == 3  # the comment is the first piece
    assert (await server.jobs())["jobs"][0]["state"] == "cancelled"


async def read_into(seen: list[object], server: LocalServer) -> None:
    async for event in server.events(CHAT, model="small-chat", messages=HELLO, stream=True):
        seen.append(event)  # noqa: PERF401 - an error keeps the events before it


async def test_slow_stream_waits_before_each_event(server: LocalServer) -> None:
    server.fault("slow", route="POST /v1/chat/completions", seconds=0.02)
    loop = asyncio.get_running_loop()
    began = loop.time()
    body = {"model": "small-chat", "messages": HELLO, "stream": True, "max_tokens": 3}
    events = await server.stream(CHAT, **body)
    assert loop.time() - began >= 0.02 * len(events)


async def test_jobs_show_payload_submits_and_charges(server: LocalServer) -> None:
    server.headers = {"Authorization": "Bearer sk-any"}
    await server.post(CHAT, model="small-chat", messages=HELLO, max_tokens=5)
    found = await server.jobs()
    assert (found["submits"], found["charged_micro"]) == ({"chat": 1}, 17)
    [job] = found["jobs"]
    assert (job["owner"], job["state"]) == ("sk-any", "completed")
    assert job["payload"]["messages"] == HELLO
    _, whole = await server.control("GET", f"jobs/{job['id']}")
    assert whole["payload"] == job["payload"]
    assert (await server.control("GET", "jobs/none"))[0] == 404
    await server.control("DELETE", "jobs")
    assert (await server.jobs())["jobs"] == []


async def test_knobs_refuse_unknown_settings(server: LocalServer) -> None:
    status, answer = await server.control("POST", "knobs", {"speed": 1})
    assert (status, "speed" in answer["message"]) == (400, True)
    status, answer = await server.control("GET", "knobs")
    assert (status, answer["keys"]) == (200, None)
