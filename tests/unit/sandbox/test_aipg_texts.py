"""The local AI Power Grid: chat, and the calls that need no key."""

from collections.abc import AsyncIterator

import pytest

from tests.support.json_types import Json
from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import until

ADA = {"apikey": "grid_ada_0123456789abcdef"}
CHAT = "/chat/completions"
HELLO: Json = {"messages": [{"role": "user", "content": "Tell me of owls"}]}


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server("aipg") as server:
        server.headers = ADA
        yield server


async def test_chat_of_auto_uses_a_model_that_is_online(server: LocalServer) -> None:
    status, answer = await server.post(CHAT, model="auto", **HELLO, max_tokens=8)
    assert (status, answer["model"]) == (200, "gpt-oss-120b")
    [choice] = answer["choices"]
    assert choice["message"]["content"].startswith('You wrote "Tell me of owls".')
    assert choice["finish_reason"] == "length"
    assert answer["usage"] == {"prompt_tokens": 4, "completion_tokens": 8, "total_tokens": 12}
    assert {"job_id", "worker", "gen_time", "seed"} == set(answer["grid"])


async def test_stream_ends_with_usage_and_grid(server: LocalServer) -> None:
    body = HELLO | {"model": "deepseek-v4-flash", "stream": True, "max_tokens": 12}
    events = await server.stream(CHAT, **body)
    deltas = [event["choices"][0]["delta"] for event in events if event["choices"]]
    assert deltas[0] == {"role": "assistant"}
    assert "".join(delta.get("reasoning_content", "") for delta in deltas).startswith("The user")
    assert "".join(delta.get("content", "") for delta in deltas) == 'You wrote "Tell'
    assert events[-2]["choices"][0]["finish_reason"] == "length"
    assert (events[-1]["choices"], events[-1]["usage"]["completion_tokens"]) == ([], 12)
    assert "grid" in events[-1]


async def test_chat_costs_what_was_sent(server: LocalServer) -> None:
    await server.post(CHAT, model="qwen3-27b", **HELLO, max_tokens=10)
    assert (await server.jobs())["charged_micro"] == 2  # 4 * 0.05 + 10 * 0.15, rounded up
    _, credit = await server.get("/account/credits")
    assert credit["free"]["remaining_micro"] == 99_998


async def test_chat_without_limit_holds_for_the_largest_answer(server: LocalServer) -> None:
    key = ADA["apikey"]
    await server.control("POST", "accounts", {"key": key, "free_micro": 4_000, "paid_micro": 0})
    assert (await server.post(CHAT, model="qwen3-27b", **HELLO))[0] == 402
    assert (await server.post(CHAT, model="qwen3-27b", **HELLO, max_tokens=500))[0] == 200


async def test_closed_stream_is_charged_for_what_was_sent(server: LocalServer) -> None:
    await server.knobs(tokens_per_second=50)
    async for event in server.events(CHAT, model="qwen3-27b", **HELLO, stream=True):
        if event["choices"][0]["delta"].get("content"):
            break
    await until(lambda: states(server) == ["cancelled"])
    assert 1 <= (await server.jobs())["charged_micro"] < 10


def states(server: LocalServer) -> list[str]:
    state = getattr(server.box.optional[server.name], "state")  # noqa: B009 - a protocol's value
    return [job.state for job in state.jobs.jobs.values()]


async def test_failed_worker_is_an_event_in_the_stream(server: LocalServer) -> None:
    body: Json = {"messages": [{"role": "user", "content": "Owls [sandbox:failed]"}]}
    events = await server.stream(CHAT, model="qwen3-27b", **body, stream=True)
    assert events[-1]["error"]["type"] == "upstream_error"
    assert (await server.post(CHAT, model="qwen3-27b", **body))[0] == 502
    assert (await server.jobs())["charged_micro"] == 0


REFUSALS: list[tuple[Json, int]] = [
    (HELLO | {"model": "other"}, 404),
    (HELLO | {"model": "auto", "temperature": 3}, 422),
    (HELLO | {"model": "auto", "max_tokens": 32769}, 422),
    ({"model": "auto", "messages": [{"role": "function", "content": "x"}]}, 422),
    ({"model": "auto", "messages": [{"role": "user", "content": "x" * 200_001}]}, 413),
    ({"model": "auto", "messages": [{"role": "user", "content": "x"}] * 501}, 413),
]


@pytest.mark.parametrize(("body", "status"), REFUSALS)
async def test_refused_chat_has_a_detail(server: LocalServer, body: Json, status: int) -> None:
    seen, answer = await server.post(CHAT, **body)
    assert (seen, set(answer)) == (status, {"detail"})


async def test_models_list_texts_only_and_the_status_lists_all(server: LocalServer) -> None:
    server.headers = {}
    _, listed = await server.get("/models")
    names = [model["id"] for model in listed["data"]]
    assert names == ["auto", "gpt-oss-120b", "deepseek-v4-flash", "qwen3-27b"]
    assert listed["data"][1]["pricing"]["input_per_mtok_usd"] == 0.075
    _, status = await server.get("/status/models")
    kinds = {model["name"]: model["type"] for model in status}
    assert kinds["FLUX.2 Klein 4B FP8"] == "image"
    assert kinds["LTX-2.3"] == "video"
    assert all("pricing" in model and "capabilities" in model for model in status)
    assert (await server.get("/models/LTX-2.3"))[0] == 404


async def test_public_calls_describe_parameters_styles_and_prices(server: LocalServer) -> None:
    server.headers = {}
    _, answer = await server.get("/models/FLUX.2%20Klein%204B%20FP8/params")
    assert answer["capabilities"] == {"img2img": True, "loras": True, "strength": False}
    assert answer["params"]["steps"] == {"type": "number", "minimum": 4, "maximum": 6}
    assert (await server.get("/models/qwen3-27b/params"))[1]["job_type"] == "text"
    assert (await server.get("/models/none/params"))[0] == 404
    styles = (await server.get("/styles?job_type=image"))[1]["styles"]
    assert "photoreal" in [style["id"] for style in styles]
    assert (await server.get("/styles?job_type=video"))[1]["styles"] == []
    _, prices = await server.get("/pricing")
    assert prices["ledger_unit"] == "micro_usd"
    assert (await server.get("/workers"))[1]["count"] == 1
    assert await server.get("/nothing") == (404, {"detail": "Not Found"})
