"""The backend for AI Power Grid, against the sandbox's."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.requests import Kind, Request, TextRequest
from bot.domain.results import Phase
from bot.errors import (
    BackendDown,
    BadReply,
    RateLimited,
    RequestRejected,
    TooManyPrompts,
)
from bot.settings import ANONYMOUS_KEY
from tests.support.aipg import IMAGES, POOR, RICH, Grid, grid, simple_image
from tests.support.builders import alchemy_request, source, video_request

KLEIN = "FLUX.2 Klein 4B FP8"
CHAT = "POST /v1/chat/completions"


@pytest.fixture
async def power() -> AsyncIterator[Grid]:
    async with grid() as found:
        yield found


async def test_image_has_its_seed_model_and_price(power: Grid) -> None:
    receipt = await power.backend.submit(simple_image(seed="7"), RICH, token="t")
    assert (receipt.remote_id, receipt.cost) == ("t", 10_000)
    done = await power.until(lambda status: not status.phase.is_open)
    assert (done.phase, done.finished, done.cost) == (Phase.DONE, 1, 10_000)
    [image] = done.pictures
    assert (image.seed, image.model) == ("7", KLEIN)
    assert (await power.backend.fetch(image.url, 1_000_000)).startswith(b"RIFF")
    assert (await power.server.jobs())["charged_micro"] == 10_000


async def test_fields_are_sent_by_the_names_of_the_api(power: Grid) -> None:
    request = simple_image(
        models=("an unknown model", "Z-Image-Turbo"),
        prompt="a fox",
        negative="blurry",
        steps=9,
        sampler="k_dpmpp_2m",
        scheduler="beta",
        width=640,
        seed="12",
    )
    assert (await power.outcome(request)).phase is Phase.DONE
    sent = await power.sent()
    expected = {"prompt": "a fox", "model": "z-image-turbo", "size": "640x512", "seed": 12}
    expected |= {"negative_prompt": "blurry", "steps": 9, "sampler": "dpmpp_2m"}
    expected |= {"scheduler": "beta", "progress_token": "t", "response_format": "url"}
    assert sent == expected


async def test_values_that_nobody_chose_are_left_to_the_model(power: Grid) -> None:
    assert (await power.outcome(simple_image())).phase is Phase.DONE
    sent = await power.sent()
    assert not {"steps", "cfg_scale", "sampler", "scheduler"} & set(sent)


async def test_values_of_a_style_that_the_model_does_not_take_are_left_out(power: Grid) -> None:
    request = simple_image(style_name="tin toy", steps=25, cfg_scale=7.5, sampler="k_heun")
    assert (await power.outcome(request)).phase is Phase.DONE
    assert not {"steps", "cfg_scale", "sampler"} & set(await power.sent())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steps": 50}, "`steps` of FLUX.2 Klein 4B FP8 must be from 4 to 6."),
        ({"cfg_scale": 3.0}, "`cfg_scale` of FLUX.2 Klein 4B FP8 must be from 1 to 1.5."),
        ({"width": 256}, "`width` of FLUX.2 Klein 4B FP8 must be from 512 to 1536."),
        ({"height": 2048}, "`height` of FLUX.2 Klein 4B FP8 must be from 512 to 1536."),
        ({"sampler": "k_heun"}, "`euler`, `dpmpp_2m`, `dpmpp_2m_sde` or `res_multistep`"),
        ({"n": 2}, "one image per request"),
        ({"source": source()}, "from a prompt only"),
    ],
)
async def test_value_out_of_range_is_refused_before_the_call(
    power: Grid, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(RequestRejected) as refused:
        await power.backend.submit(simple_image(**changes), RICH, token="t")
    assert said in str(refused.value)
    assert not refused.value.private
    assert (await power.server.jobs())["jobs"] == []


async def test_unknown_ranges_are_left_to_the_server(power: Grid) -> None:
    power.server.fault("status", status=500, route="GET /v1/models/*")
    assert (await power.outcome(simple_image())).phase is Phase.DONE


@pytest.mark.parametrize("key", ["", ANONYMOUS_KEY])
async def test_request_without_a_key_is_told_to_add_one(power: Grid, key: str) -> None:
    with pytest.raises(RequestRejected, match="/account login") as refused:
        await power.backend.submit(simple_image(), key, token="t")
    assert refused.value.private


async def test_unknown_key_is_refused_in_private(power: Grid) -> None:
    with pytest.raises(RequestRejected, match="does not accept the API key") as refused:
        await power.backend.submit(simple_image(), "grid_unknown", token="t")
    assert (refused.value.private, refused.value.rc) == (True, "InvalidAPIKey")
    with pytest.raises(RequestRejected):
        await power.backend.account("grid_unknown")


async def test_missing_credit_is_told_in_private(power: Grid) -> None:
    await power.server.control("POST", "accounts", {"key": POOR, "free_micro": 5})
    with pytest.raises(RequestRejected, match="no credit left") as refused:
        await power.backend.submit(simple_image(), POOR, token="t")
    assert refused.value.private


async def test_limits_of_a_key_are_told_apart(power: Grid) -> None:
    power.server.fault("status", route=IMAGES, status=429, body={"error": {"message": "slow"}})
    with pytest.raises(RateLimited) as limited:
        await power.backend.submit(simple_image(), RICH, token="a")
    assert limited.value.retry_after
    power.server.fault("status", route=IMAGES, status=429, body={"detail": "Too many concurrent"})
    with pytest.raises(TooManyPrompts):
        await power.backend.submit(simple_image(), RICH, token="b")
    await power.server.control("POST", "accounts", {"key": POOR, "requests": 200})
    with pytest.raises(RequestRejected, match="used up") as quota:
        await power.backend.submit(simple_image(), POOR, token="c")
    assert quota.value.private


async def test_closed_path_waits_in_the_queue(power: Grid) -> None:
    await power.server.knobs(paths=["text"])
    with pytest.raises(BackendDown) as down:
        await power.backend.submit(simple_image(), RICH, token="t")
    assert not down.value.in_doubt


@pytest.mark.parametrize("request_", [simple_image(), TextRequest(prompt="a heron")])
async def test_chosen_model_that_is_not_listed_is_refused(power: Grid, request_: Request) -> None:
    wanted = request_.model_copy(update={"models": ("Deliberate",)})
    with pytest.raises(RequestRejected, match="does not list the model Deliberate"):
        await power.backend.submit(wanted, RICH, token="t")
    assert (await power.server.jobs())["jobs"] == []


async def test_chosen_model_is_sent_while_no_list_can_be_read(power: Grid) -> None:
    power.server.fault("status", route="GET /v1/status/models", status=503)
    done = await power.outcome(simple_image(models=("z-image-turbo",)))
    assert done.pictures[0].model == "z-image-turbo"


async def test_result_of_a_model_that_went_away_is_still_found(power: Grid) -> None:
    await power.backend.submit(simple_image(models=("z-image-turbo",)), RICH, token="t")
    await power.until(lambda status: not status.phase.is_open)
    power.backend.forget("t")
    assert power.backend.resume("t", simple_image(models=("Deliberate",)), RICH)
    assert (await power.until(lambda status: not status.phase.is_open)).phase is Phase.DONE


async def test_chosen_values_of_another_backend_are_fitted_and_named(power: Grid) -> None:
    chosen = ("steps", "cfg_scale", "sampler")
    request = simple_image(
        steps=30, cfg_scale=1.2, sampler="k_heun", sampling_chosen=chosen, fit=True
    )
    receipt = await power.backend.submit(request, RICH, token="t")
    await power.until(lambda status: not status.phase.is_open)
    sent = await power.sent()
    assert (sent["steps"], sent["cfg_scale"], sent.get("sampler")) == (6, 1.2, None)
    assert receipt.warnings == (
        "steps is 6, the nearest to your 30 that FLUX.2 Klein 4B FP8 takes.",
        "FLUX.2 Klein 4B FP8 sets sampler itself, since it does not take your k_heun.",
    )
    with pytest.raises(RequestRejected, match="must be from 4 to 6"):
        await power.backend.submit(
            request.model_copy(update={"fit": False, "steps": 31}), RICH, token="u"
        )


async def test_alchemy_is_refused(power: Grid) -> None:
    with pytest.raises(RequestRejected, match="no such results"):
        await power.backend.submit(alchemy_request(), RICH, token="t")


async def test_text_names_a_limit_of_tokens_and_costs_what_it_used(power: Grid) -> None:
    request = TextRequest(prompt="a heron", max_length=100, models=("gpt-oss-120b",))
    receipt = await power.backend.submit(request, RICH, token="t")
    assert receipt.cost == 31
    done = await power.until(lambda status: not status.phase.is_open)
    [text] = done.texts
    assert text.text
    assert text.model == "gpt-oss-120b"
    sent = await power.sent()
    assert (sent["max_tokens"], sent["stream"]) == (100, True)
    assert done.cost == (await power.server.jobs())["charged_micro"] > 0


async def test_text_is_estimated_at_the_most_that_it_can_cost(power: Grid) -> None:
    request = TextRequest(prompt="a heron", max_length=100, models=("qwen3-27b",))
    assert await power.backend.estimate(request, "") == 16
    assert await power.backend.estimate(request.model_copy(update={"n": 2}), "") == 32
    for models in ((), ("auto",)):  # the server chooses: the price of the dearest model
        anyone = request.model_copy(update={"models": models})
        assert await power.backend.estimate(anyone, "") == 31


async def test_reasoning_is_no_part_of_the_text(power: Grid) -> None:
    request = TextRequest(prompt="a heron", models=("deepseek-v4-flash",))
    [text] = (await power.outcome(request)).texts
    assert "The user wants an answer" not in text.text


async def test_text_without_a_model_lets_the_server_choose(power: Grid) -> None:
    [text] = (await power.outcome(TextRequest(prompt="a heron"))).texts
    assert (await power.sent())["model"] == "auto"
    assert text.model == "gpt-oss-120b"


async def test_worker_that_fails_within_a_text_charges_nothing(power: Grid) -> None:
    await power.server.knobs(first_token_seconds=1.2)
    done = await power.outcome(TextRequest(prompt="[sandbox:failed] a heron"))
    assert "Nothing was charged" in done.detail
    assert (await power.server.jobs())["charged_micro"] == 0


async def test_models_have_prices(power: Grid) -> None:
    images = {each.name: each.micro_usd for each in await power.backend.models(Kind.IMAGE)}
    assert images[KLEIN] == 10_000
    texts = {each.name: each.micro_usd for each in await power.backend.models(Kind.TEXT)}
    assert texts["gpt-oss-120b"] == 300_000
    assert await power.backend.models(Kind.ALCHEMY) == ()


async def test_estimate_is_the_price_of_the_model(power: Grid) -> None:
    assert await power.backend.estimate(simple_image(models=("z-image-turbo",)), RICH) == 3_000


async def test_account_has_the_balance_in_micro_usd(power: Grid) -> None:
    account = await power.backend.account(RICH)
    assert (account.username, account.balance) == ("ada", 5_100_000)


async def test_price_of_a_video_is_known_before_its_submit(power: Grid) -> None:
    request = video_request(seconds=3, fps=8)
    assert await power.backend.estimate(request, "") == 60_000
    assert (await power.backend.submit(request, RICH, token="t")).cost == 60_000
    assert (await power.until(lambda status: not status.phase.is_open)).cost == 60_000


async def test_images_and_videos_at_once_are_at_most_four(power: Grid) -> None:
    limits = power.backend.limits
    assert limits[Kind.IMAGE].waiting + limits[Kind.VIDEO].waiting == 4
    assert (await power.backend.account(RICH)).concurrency == 4


async def test_cancelled_image_goes_on_and_is_charged() -> None:
    async with grid(job_seconds=(2.0, 2.1)) as power:
        await power.backend.submit(simple_image(), RICH, token="t")
        stopped = await power.backend.cancel("t", Kind.IMAGE, n=1)
        assert (stopped.phase, stopped.processing) == (Phase.PROCESSING, 1)


async def test_progress_of_an_image_is_shown() -> None:
    async with grid(job_seconds=(3.0, 3.1)) as power:
        await power.backend.submit(simple_image(), RICH, token="t")
        seen = await power.until(lambda status: status.share > 0)
        assert 0.5 < seen.share < 1
        assert (await power.until(lambda status: not status.phase.is_open)).phase is Phase.DONE


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/a.webp", "ftp://media.aipg.art/a.webp", "file:///etc/passwd", "text"]
)
async def test_result_elsewhere_needs_https(power: Grid, url: str) -> None:
    with pytest.raises(BadReply, match="no link"):
        await power.backend.fetch(url, 1_000)


async def test_health_is_told(power: Grid) -> None:
    assert (await power.backend.health()).ok
    power.server.fault("status", status=500)
    assert not (await power.backend.health()).ok
