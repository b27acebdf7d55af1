"""Again, Delete and Publish: what comes after a result."""

from dataclasses import replace

import pytest

from bot.domain.generations import ImageGeneration
from bot.domain.records import Origin, Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Lora, Request, Source, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import NotAllowed, UserError
from bot.rules.guild_settings import GuildSettings, WordRule
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import PRIVATE_FOX, origin
from tests.support.virtual_clock import virtual

# Again, delete, publish


async def published(bot: InMemoryBot, there: Origin, record_id: int) -> Record:
    return await bot.service.publish(await bot.context(there), record_id)


@virtual
async def test_again_has_a_new_seed_and_the_rules_of_the_place() -> None:
    bot = InMemoryBot()
    record = await bot.ask(ImageRequest(prompt="a fox", seed="42", steps=7))
    again = await bot.service.again(await bot.context(origin(nsfw=True)), record.id)
    assert isinstance(again.request, ImageRequest)
    assert (again.request.seed, again.request.steps, again.parent) == ("", 7, record.id)
    assert again.request.nsfw
    with pytest.raises(NotAllowed):
        await bot.service.again(await bot.context(origin(8)), record.id)


@pytest.mark.parametrize(
    "request_",
    [
        TextRequest(prompt="once"),
        AlchemyRequest(source=Source(url="https://cdn/x.png"), forms=("caption",)),
    ],
    ids=lambda r: r.kind,
)
@virtual
async def test_again_of_other_kinds(request_: TextRequest | AlchemyRequest) -> None:
    bot = InMemoryBot()
    record = await bot.ask(request_)
    again = await bot.service.again(await bot.context(origin()), record.id)
    assert again.request.kind == request_.kind
    assert again.parent == record.id


@virtual
async def test_again_carries_no_wild_model_into_another_place() -> None:
    bot = InMemoryBot()
    wild = TextRequest(prompt="once", models=("koboldcpp/Wild-RP-12B",))
    record = await bot.submit(origin(nsfw=True), wild)
    assert record.request == wild.model_copy(update={"spoiler": False})
    with pytest.raises(NotAllowed, match="age-restricted"):
        await bot.service.again(await bot.context(origin(interaction=901)), record.id)
    anybody = await bot.submit(origin(interaction=902, nsfw=True), TextRequest(prompt="once"))
    assert anybody.request.model_dump()["models"] == ()
    again = await bot.service.again(await bot.context(origin(interaction=903)), anybody.id)
    assert isinstance(again.request, TextRequest)
    assert again.request.models == bot.catalog.safe_text_models()
    assert again.request.spoiler


@virtual
async def test_again_keeps_all_but_the_seed() -> None:
    bot = InMemoryBot()
    source = Source(url="", file="1-source", width=64, height=64)
    request = ImageRequest(
        prompt="a fox",
        style="the-id",
        source=source,
        mode="inpainting",
        parts=("top",),
        loras=(Lora(name="12345", model=0.8),),
        seed="5",
        censor_nsfw=True,
    )
    record = await bot.ask(request)
    again = await bot.service.again(await bot.context(origin()), record.id)
    assert again.request == request.model_copy(update={"seed": ""})


@virtual
async def test_deleting_forgets_the_bytes() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    with pytest.raises(UserError, match="still open"):
        await bot.service.delete(record.id, 7)
    await bot.ended(record)
    assert bot.spool.files
    with pytest.raises(NotAllowed):
        await bot.service.delete(record.id, 8)
    await bot.service.delete(record.id, 7)
    assert bot.spool.files == {}
    await bot.kill()


@virtual
async def test_deleting_takes_its_own_uploads_along_but_none_that_somebody_waits_for() -> None:
    bot = InMemoryBot()
    mine, mask = (Source(url="", file=name) for name in ("1-source", "1-mask"))
    other = Source(url="", file="77-source")
    request = ImageRequest(prompt="x", source=mine, mask=mask, mode="inpainting")
    record = await bot.ask(request)
    bot.spool.files |= dict.fromkeys(("1-source", "1-mask", "77-source", "g.webp"), b"bytes")
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="g.webp"),))
    await bot.store.requests.change(record.id, phase=Phase.DONE, status=done)
    waiting = await bot.ask(ImageRequest(prompt="y", source=mine, mode="img2img"), user=8)
    await bot.service.delete(record.id, 7)
    assert set(bot.spool.files) == {"1-source", "77-source"}
    await bot.store.requests.change(waiting.id, phase=Phase.DONE, status=Status(phase=Phase.DONE))
    await bot.service.delete(waiting.id, 8)  # it never had a file of its own
    assert set(bot.spool.files) == {"1-source", "77-source"}
    alien = await bot.ask(ImageRequest(prompt="z", source=other, mode="img2img"))
    await bot.store.requests.change(alien.id, phase=Phase.DONE, status=Status(phase=Phase.DONE))
    await bot.service.delete(alien.id, 7)
    assert "77-source" in bot.spool.files


@virtual
async def test_what_was_deleted_is_not_offered_any_more() -> None:
    bot = InMemoryBot()
    record = await bot.ask()
    await bot.store.requests.change(record.id, phase=Phase.HELD, status=Status(phase=Phase.DONE))
    await bot.service.delete(record.id, 7)
    assert await bot.history.held_of(7) == []


@virtual
async def test_only_what_is_there_can_be_published() -> None:
    bot = InMemoryBot()
    record = await bot.ask(PRIVATE_FOX)
    with pytest.raises(UserError, match="no result to publish"):
        await published(bot, origin(), record.id)
    picture = ImageGeneration(id="g", file="g.webp")
    done = Status(phase=Phase.DONE, generations=(picture,))
    await bot.store.requests.change(record.id, phase=Phase.DONE, status=done)
    assert (await published(bot, origin(), record.id)).id == record.id
    with pytest.raises(NotAllowed):
        await published(bot, origin(8), record.id)
    nsfw = PRIVATE_FOX.model_copy(update={"nsfw": True})
    hot = await bot.submit(origin(interaction=901, nsfw=True), nsfw)
    await bot.store.requests.change(hot.id, phase=Phase.DONE, status=done)
    with pytest.raises(UserError, match="age-restricted"):
        await published(bot, origin(), hot.id)


@pytest.mark.parametrize(
    "request_",
    [
        PRIVATE_FOX.model_copy(update={"nsfw": True}),
        TextRequest(prompt="a secret", private=True, models=("koboldcpp/anything",)),
        AlchemyRequest(source=Source(url="https://x/y.png"), forms=("GFPGAN",), private=True),
    ],
    ids=lambda request: request.kind,
)
@virtual
async def test_what_was_made_for_adults_is_published_among_them_alone(request_: Request) -> None:
    bot = InMemoryBot()
    hot = await bot.submit(origin(nsfw=True), request_)
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="g.webp"),))
    await bot.store.requests.change(hot.id, phase=Phase.DONE, status=done)
    assert (await published(bot, origin(nsfw=True), hot.id)).id == hot.id
    with pytest.raises(NotAllowed, match="age-restricted"):
        await published(bot, origin(), hot.id)
    await bot.store.guilds.put_settings(5, GuildSettings(nsfw="off"))
    with pytest.raises(NotAllowed, match="age-restricted"):
        await published(bot, origin(nsfw=True), hot.id)


@virtual
async def test_what_was_made_for_adults_is_behind_a_spoiler_elsewhere() -> None:
    bot = InMemoryBot()
    hot = await bot.submit(origin(nsfw=True), PRIVATE_FOX.model_copy(update={"nsfw": True}))
    tame = await bot.submit(origin(interaction=901), PRIVATE_FOX)
    assert (bot.history.as_seen(await bot.context(origin()), hot)).request.spoiler
    assert bot.history.as_seen(await bot.context(origin(nsfw=True)), hot) == hot
    assert bot.history.as_seen(await bot.context(origin()), tame) == tame
    story = TextRequest(prompt="a secret", models=("koboldcpp/anything",))
    told = await bot.submit(origin(interaction=902, nsfw=True), story)
    assert not told.request.spoiler
    assert (bot.history.as_seen(await bot.context(origin()), told)).request.spoiler


@virtual
async def test_what_is_published_keeps_to_the_rules_of_where_it_appears() -> None:
    bot = InMemoryBot()
    request = PRIVATE_FOX.model_copy(update={"negative": "a casino"})
    record = await bot.submit(replace(origin(), guild_id=None), request)
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="g.webp"),))
    await bot.store.requests.change(record.id, phase=Phase.DONE, status=done)
    assert not (await published(bot, origin(), record.id)).request.spoiler
    for rules, words in (
        (GuildSettings(channels_denied=(10,)), "this channel"),
        (GuildSettings(roles_allowed=(3,)), "certain roles"),
        (GuildSettings(words=(WordRule(text="fox"),)), "fox"),
        (GuildSettings(words=(WordRule(text="casino"),)), "in the negative prompt"),
    ):
        await bot.store.guilds.put_settings(5, rules)
        with pytest.raises(NotAllowed, match=words):
            await published(bot, replace(origin(), places=(10,)), record.id)
    await bot.store.guilds.put_settings(5, GuildSettings(spoiler=True))
    assert (await published(bot, origin(), record.id)).request.spoiler


@virtual
async def test_delete_reads_no_open_request_of_others_and_keeps_files_they_need() -> None:
    bot = InMemoryBot().start()
    (done,) = await bot.ended(await bot.ask())
    await bot.kill()
    needed, free = f"{done.id}-0.webp", f"{done.id}-1.webp"
    source = Source(url="", file=needed, width=64, height=64)
    await bot.write(ImageRequest(prompt="again", source=source), user=8)
    for _ in range(20):
        await bot.write(ImageRequest(prompt="theirs"), user=9)
    bot.spool.files |= {needed: b"1", free: b"2"}
    status = done.status
    assert status is not None
    files = [status.pictures[0].model_copy(update={"file": name}) for name in (needed, free)]
    await bot.store.requests.change(
        done.id, when={done.phase}, status=status.with_generations(files)
    )
    read = await bot.store.requests.open_with_files_of(done.id)
    assert [record.user_id for record in read] == [8]
    await bot.service.delete(done.id, 7)
    assert needed in bot.spool.files
    assert free not in bot.spool.files
