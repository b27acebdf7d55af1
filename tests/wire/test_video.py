"""Videos of AI Power Grid: from a prompt, from an image, and after the death of the bot."""

from collections.abc import AsyncGenerator, Callable

import pytest
from PIL import Image
from yarl import URL

from tests.support.bots.process import BotProcess
from tests.support.builders import encoded, png
from tests.support.discord.actions import post_message, use_message_command
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
KEY = "grid_ada_0123456789abcdef"


@pytest.fixture
def bot(with_servers: Callable[..., BotProcess]) -> BotProcess:
    return with_servers("aipg")


@pytest.fixture
async def control(bot: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(bot.control) as found:
        yield found


async def chosen(bot: BotProcess, control: Control) -> Person:
    bot.start_bot_with("aipg", api_key=KEY)
    ada = await control.person("ada")
    assert "→ `aipg`" in (await ada.ask("server backend", name="aipg")).text
    return ada


async def assert_one_video(control: Control, done: Message, micro: int) -> None:
    """The card shows an MP4, and the job was submitted and paid once."""
    assert [URL(link).suffix for link in done.pictures] == [".mp4"], done.text
    found = await control.get("aipg/jobs")
    assert (found["submits"], found["charged_micro"]) == ({"video": 1}, micro)


async def test_animate_shows_a_video_and_pays_it_once(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    done = await ada.result(await ada.command("animate", prompt="a heron takes off", seconds=2))
    await assert_one_video(control, done, 40_000)
    assert "$0.04" in done.text, done.text
    assert "2 s" in done.plain_text


async def test_animate_sends_the_image(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    picture = encoded(Image.new("RGB", (96, 64), "orange"))
    image = await control.upload("fox.png", picture)
    done = await ada.result(await ada.command("animate", prompt="it runs", image=image))
    await assert_one_video(control, done, 80_000)
    [job] = (await control.get("aipg/jobs"))["jobs"]
    assert job["payload"]["image"]


async def test_animate_button_makes_a_video_of_the_result(
    bot: BotProcess, control: Control
) -> None:
    ada = await chosen(bot, control)
    image = await ada.result(await ada.command("imagine", prompt="a heron"))
    form = (await ada.press(image, "Animate")).modal
    assert "A second costs $0.02." in str(form)
    done = await ada.result(await ada.fill(form, "it takes off", "2"))
    assert [URL(link).suffix for link in done.pictures] == [".mp4"], done.text
    assert "from [#" in done.plain_text
    [job] = [job for job in (await control.get("aipg/jobs"))["jobs"] if job["kind"] == "video"]
    assert (job["payload"]["prompt"], job["payload"]["seconds"]) == ("it takes off", 2)
    assert job["payload"]["image"]


async def test_animate_menu_takes_the_image_of_any_message(
    bot: BotProcess, control: Control
) -> None:
    ada = await chosen(bot, control)
    message = await post_message(ada, ("boat.png", png(64, 128)))
    form = (await use_message_command(ada, "Animate", message)).modal
    said = await control.message((await ada.fill(form, "it sails", "x")).message_id)
    assert "Duration: enter a number of seconds" in said.text
    again = (await ada.press(said, "Edit again")).modal
    await ada.result(await ada.fill(again, "it sails", "1"))
    [job] = (await control.get("aipg/jobs"))["jobs"]
    assert (job["payload"]["size"], job["payload"]["seconds"]) == ("512x896", 1)


async def test_kill_during_a_video_is_recovered(bot: BotProcess, control: Control) -> None:
    await control.post("aipg/knobs", job_seconds=[4, 4])
    ada = await chosen(bot, control)
    answer = await ada.command("animate", prompt="a heron")

    async def accepted() -> list[Json] | None:
        return (await control.get("aipg/jobs"))["jobs"] or None

    await eventually(accepted, "the job is accepted")
    bot.kill_bot()
    bot.start_bot_with("aipg", api_key=KEY)
    await assert_one_video(control, await ada.result(answer), 80_000)


async def test_missing_credit_is_told_in_private(bot: BotProcess, control: Control) -> None:
    await control.post("aipg/accounts", key=KEY, paid_micro=0, free_micro=5)
    ada = await chosen(bot, control)
    await ada.command("animate", prompt="a heron")
    await ada.hears("no credit left")


async def test_a_video_above_the_upload_limit_is_linked(bot: BotProcess, control: Control) -> None:
    await control.post("knobs", upload_limit=100_000)
    ada = await chosen(bot, control)
    done = await ada.result(await ada.command("animate", prompt="a heron"))
    assert done.pictures == []
    [job] = (await control.get("aipg/jobs"))["jobs"]
    assert "too large to be uploaded here, and the link ends <t:" in done.text, done.text
    assert job["result"]["media"][0]["url"] in done.text


async def test_a_video_published_where_it_is_too_large_is_linked(
    bot: BotProcess, control: Control
) -> None:
    ada = await chosen(bot, control)
    done = await ada.result(await ada.command("animate", prompt="a heron", private=True))
    assert len(done.pictures) == 1
    await control.post("knobs", upload_limit=100_000)
    await ada.press(done, "Publish")
    ben = await control.person("ben")  # who does not see the private card
    shown = await ben.hears("too large to be uploaded here")
    assert shown.pictures == []
    [job] = (await control.get("aipg/jobs"))["jobs"]
    assert job["result"]["media"][0]["url"] in shown.text


async def test_images_and_videos_together_are_never_too_many(
    bot: BotProcess, control: Control
) -> None:
    await control.post("aipg/knobs", job_seconds=[2, 2])
    ada = await chosen(bot, control)
    answers = [await ada.command("imagine", prompt=f"fox {number}") for number in range(4)]
    answers += [await ada.command("animate", prompt=f"heron {number}") for number in range(2)]
    for answer in answers:
        await ada.result(answer)
    jobs = (await control.get("aipg/jobs"))["jobs"]
    assert [job["state"] for job in jobs] == ["completed"] * 6


async def test_estimate_of_a_video_is_what_it_costs(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    said = await ada.ask("estimate", "Price: $0.04", prompt="a heron takes off", seconds=2)
    assert said.is_private
    assert "2 s" in said.plain_text
    await ada.ask(
        "estimate",
        "does not have these options: `count` and `style`",
        prompt="a heron",
        seconds=2,
        count=2,
        style="raw",
    )
    names = await ada.complete("estimate", "model", model="", seconds=2)
    assert [choice["value"] for choice in names] == ["LTX-2.3"]
    assert (await control.get("aipg/jobs"))["submits"] == {}


async def test_edit_and_again_make_another_video(bot: BotProcess, control: Control) -> None:
    ada = await chosen(bot, control)
    first = await ada.result(await ada.command("animate", prompt="a heron", seconds=2))
    form = await ada.press(first, "Edit")
    await ada.result(await ada.fill(form.modal, "a crane", "", "3", "7", ""))
    await ada.result(await ada.press(first, "Again"))
    sent = [job["payload"] for job in (await control.get("aipg/jobs"))["jobs"]]
    assert [each["prompt"] for each in sent] == ["a heron", "a crane", "a heron"]
    assert [each["seconds"] for each in sent] == [2, 3, 2]
    seeds = [each["seed"] for each in sent]
    assert (seeds[1], len(set(seeds))) == (7, 3)


async def test_another_backend_names_the_one_with_videos(bot: BotProcess, control: Control) -> None:
    bot.start_bot_with("aipg", api_key=KEY)
    ada = await control.person("ada")
    said = await ada.ask("animate", "makes no videos", prompt="a heron")
    assert "AI Power Grid can do this" in said.text
