"""What people can do, and what they are told when they cannot."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import BackendDown, NotAllowed, RequestRejected, StoreBusy, UserError
from bot.records import MessageRef, Payer
from bot.requests import AlchemyRequest, ImageRequest, Kind, Lora, Request, Source, TextRequest
from bot.results import ImageGeneration, Phase, Status
from bot.rules import GuildSettings, WordRule
from bot.service import Origin
from bot.settings import LimitsSettings
from tests.fake_horde import FakeHorde
from tests.fake_house import FOX, House
from tests.virtual import virtual

PRIVATE = ImageRequest(prompt="a secret", private=True)


def origin(user: int = 7, *, interaction: int = 900, nsfw: bool = False) -> Origin:
    return Origin(interaction, user, 5, MessageRef(channel_id=10), nsfw=nsfw)


@virtual
async def test_the_same_interaction_is_one_request() -> None:
    house = House()
    first = await house.service.submit(origin(), FOX)
    again = await house.service.submit(origin(), FOX)
    assert first.id == again.id


@virtual
async def test_so_many_under_way_and_which() -> None:
    house = House(limits=LimitsSettings(open_per_person=3)).start()
    house.horde.outage = True
    records = [await house.ask() for _ in range(3)]
    with pytest.raises(UserError, match=f"#{records[0].id}, #{records[1].id}"):
        await house.ask()
    await house.ask(user=8)
    await house.service.cancel(records[0].id, 7)
    await house.ended(records[0])
    await house.ask()
    await house.kill()


@virtual
async def test_ten_at_once_do_not_slip_past_the_limit() -> None:
    house = House(limits=LimitsSettings(open_per_person=3, open_per_server=5))

    async def ask(user: int) -> bool:
        try:
            await house.write(user=user)
        except UserError:
            return False
        return True

    assert sum(await asyncio.gather(*(ask(1) for _ in range(10)))) == 3
    assert sum(await asyncio.gather(*(ask(user) for user in range(2, 12)))) == 2


@virtual
async def test_a_busy_database_is_said_and_nothing_is_half_done() -> None:
    house = House()
    house.disk.failing = 1
    with pytest.raises(StoreBusy):
        await house.write()
    assert await house.store.unfinished() == []
    house.start()
    record = await house.ask()
    house.disk.failing = 2
    with pytest.raises(StoreBusy):
        await house.service.cancel(record.id, 7)
    house.disk.failing = 0
    assert (await house.outcome(record)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_what_discord_refused_is_cancelled_unsent() -> None:
    house = House().start()
    record = await house.write()
    await house.service.unacked(record)
    await house.service.acked(record, 5)  # too late
    await asyncio.sleep(5)
    assert (await house.row(record)).phase is Phase.CANCELLED
    assert house.horde.jobs == {}
    await house.kill()


# Cancelling


@virtual
async def test_only_its_own_person_cancels() -> None:
    house = House()
    record = await house.ask()
    with pytest.raises(NotAllowed):
        await house.service.cancel(record.id, 8)
    with pytest.raises(UserError, match="no longer remembered"):
        await house.service.cancel(999, 7)


@virtual
async def test_what_is_over_cannot_be_cancelled() -> None:
    house = House().start()
    record = await house.ask()
    await house.until(lambda row: row.remote_id is not None, record)
    house.stage.seconds = 5.0
    await house.until(lambda row: row.outcome_at is not None, record)
    with pytest.raises(UserError, match="over already"):
        await house.service.cancel(record.id, 7)
    assert (await house.row(record)).cancel_at is None
    await house.ended(record)
    with pytest.raises(UserError, match="over already"):
        await house.service.cancel(record.id, 7)
    await house.kill()


@virtual
async def test_all_of_ones_own_are_cancelled_at_once() -> None:
    house = House(FakeHorde(limited=True)).start()
    mine = [await house.ask(user=7) for _ in range(8)]
    other = await house.ask(user=8)
    await asyncio.sleep(1.5)
    assert await house.service.cancel_all(7) == 8
    rows = await house.ended(*mine, within=5)
    assert {row.phase for row in rows} == {Phase.CANCELLED}
    assert (await house.outcome(other)).phase is Phase.DONE
    assert await house.service.cancel_all(7) == 0
    await house.kill()


@virtual
async def test_pressed_twice_it_is_cancelled_once() -> None:
    house = House(FakeHorde(latency=(0.3, 0.3))).start()
    record = await house.ask()
    await asyncio.sleep(0.2)
    await asyncio.gather(*(house.service.cancel(record.id, 7) for _ in range(5)))
    assert (await house.outcome(record)).phase is Phase.CANCELLED
    await house.kill()


# Again, delete, publish


@virtual
async def test_again_has_a_new_seed_and_the_rules_of_the_place() -> None:
    house = House()
    record = await house.ask(ImageRequest(prompt="a fox", seed="42", steps=7))
    again = await house.service.again(origin(nsfw=True), record.id)
    assert isinstance(again.request, ImageRequest)
    assert (again.request.seed, again.request.steps, again.parent) == ("", 7, record.id)
    assert again.request.nsfw
    with pytest.raises(NotAllowed):
        await house.service.again(origin(8), record.id)


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
    house = House()
    record = await house.ask(request_)
    again = await house.service.again(origin(), record.id)
    assert again.request.kind == request_.kind
    assert again.parent == record.id


@virtual
async def test_again_carries_no_wild_model_into_another_place() -> None:
    house = House()
    wild = TextRequest(prompt="once", models=("koboldcpp/Wild-RP-12B",))
    record = await house.service.submit(origin(nsfw=True), wild)
    assert record.request == wild.model_copy(update={"spoiler": False})
    with pytest.raises(NotAllowed, match="age-restricted"):
        await house.service.again(origin(interaction=901), record.id)
    anybody = await house.service.submit(
        origin(interaction=902, nsfw=True), TextRequest(prompt="once")
    )
    assert anybody.request.model_dump()["models"] == ()
    again = await house.service.again(origin(interaction=903), anybody.id)
    assert isinstance(again.request, TextRequest)
    assert again.request.models == house.service.catalog.safe_text_models()
    assert again.request.spoiler


@virtual
async def test_again_keeps_all_but_the_seed() -> None:
    house = House()
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
    record = await house.ask(request)
    again = await house.service.again(origin(), record.id)
    assert again.request == request.model_copy(update={"seed": ""})


@virtual
async def test_deleting_forgets_the_bytes() -> None:
    house = House().start()
    record = await house.ask()
    with pytest.raises(UserError, match="under way"):
        await house.service.delete(record.id, 7)
    await house.ended(record)
    assert house.shelf.files
    with pytest.raises(NotAllowed):
        await house.service.delete(record.id, 8)
    await house.service.delete(record.id, 7)
    assert house.shelf.files == {}
    await house.kill()


@virtual
async def test_deleting_takes_its_own_uploads_along_but_none_that_somebody_waits_for() -> None:
    house = House()
    mine, mask = (Source(url="", file=name) for name in ("1-source", "1-mask"))
    other = Source(url="", file="77-source")
    request = ImageRequest(prompt="x", source=mine, mask=mask, mode="inpainting")
    record = await house.ask(request)
    house.shelf.files |= dict.fromkeys(("1-source", "1-mask", "77-source", "g.webp"), b"bytes")
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="g.webp"),))
    await house.store.change(record.id, phase=Phase.DONE, status=done)
    waiting = await house.ask(ImageRequest(prompt="y", source=mine, mode="img2img"), user=8)
    await house.service.delete(record.id, 7)
    assert set(house.shelf.files) == {"1-source", "77-source"}
    await house.store.change(waiting.id, phase=Phase.DONE, status=Status(phase=Phase.DONE))
    await house.service.delete(waiting.id, 8)  # it never had a file of its own
    assert set(house.shelf.files) == {"1-source", "77-source"}
    alien = await house.ask(ImageRequest(prompt="z", source=other, mode="img2img"))
    await house.store.change(alien.id, phase=Phase.DONE, status=Status(phase=Phase.DONE))
    await house.service.delete(alien.id, 7)
    assert "77-source" in house.shelf.files


@virtual
async def test_what_was_deleted_is_not_offered_any_more() -> None:
    house = House()
    record = await house.ask()
    await house.store.change(record.id, phase=Phase.HELD, status=Status(phase=Phase.DONE))
    await house.service.delete(record.id, 7)
    assert await house.service.held_of(7) == []


@virtual
async def test_only_what_is_there_can_be_published() -> None:
    house = House()
    record = await house.ask(PRIVATE)
    with pytest.raises(UserError, match="nothing to publish"):
        await house.service.publish(origin(), record.id)
    picture = ImageGeneration(id="g", file="g.webp")
    done = Status(phase=Phase.DONE, generations=(picture,))
    await house.store.change(record.id, phase=Phase.DONE, status=done)
    assert (await house.service.publish(origin(), record.id)).id == record.id
    with pytest.raises(NotAllowed):
        await house.service.publish(origin(8), record.id)
    nsfw = PRIVATE.model_copy(update={"nsfw": True})
    hot = await house.service.submit(origin(interaction=901, nsfw=True), nsfw)
    await house.store.change(hot.id, phase=Phase.DONE, status=done)
    with pytest.raises(UserError, match="age-restricted"):
        await house.service.publish(origin(), hot.id)


@pytest.mark.parametrize(
    "request_",
    [
        PRIVATE.model_copy(update={"nsfw": True}),
        TextRequest(prompt="a secret", private=True, models=("koboldcpp/anything",)),
        AlchemyRequest(source=Source(url="https://x/y.png"), forms=("GFPGAN",), private=True),
    ],
    ids=lambda request: request.kind,
)
@virtual
async def test_what_was_made_for_adults_is_published_among_them_alone(request_: Request) -> None:
    house = House()
    hot = await house.service.submit(origin(nsfw=True), request_)
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="g.webp"),))
    await house.store.change(hot.id, phase=Phase.DONE, status=done)
    assert (await house.service.publish(origin(nsfw=True), hot.id)).id == hot.id
    with pytest.raises(NotAllowed, match="age-restricted"):
        await house.service.publish(origin(), hot.id)
    await house.store.put_guild_settings(5, GuildSettings(nsfw="off"))
    with pytest.raises(NotAllowed, match="age-restricted"):
        await house.service.publish(origin(nsfw=True), hot.id)


@virtual
async def test_what_is_published_keeps_to_the_rules_of_where_it_appears() -> None:
    house = House()
    record = await house.service.submit(replace(origin(), guild_id=None), PRIVATE)
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="g.webp"),))
    await house.store.change(record.id, phase=Phase.DONE, status=done)
    assert not (await house.service.publish(origin(), record.id)).request.spoiler
    for rules, words in (
        (GuildSettings(channels_denied=(10,)), "this channel"),
        (GuildSettings(roles_allowed=(3,)), "certain roles"),
        (GuildSettings(words=(WordRule(text="secret"),)), "secret"),
    ):
        await house.store.put_guild_settings(5, rules)
        with pytest.raises(NotAllowed, match=words):
            await house.service.publish(replace(origin(), places=(10,)), record.id)
    await house.store.put_guild_settings(5, GuildSettings(spoiler=True))
    assert (await house.service.publish(origin(), record.id)).request.spoiler


# Keys


@virtual
async def test_a_key_is_checked_sealed_and_pays() -> None:
    house = House()
    assert await house.service.payer(origin(7), Kind.IMAGE) is Payer.ANONYMOUS
    assert await house.service.account(7) is None
    account = await house.service.login(7, "  a-key-of-ada  ")
    assert account.username == "ada#7"
    assert await house.service.payer(origin(7), Kind.IMAGE) is Payer.USER
    assert await house.service.payer(origin(8), Kind.IMAGE) is Payer.ANONYMOUS
    assert await house.service.account(7) is not None
    credential = await house.store.credential(Payer.USER, 7, "horde")
    assert credential is not None
    assert b"a-key-of-ada" not in credential.sealed
    assert await house.service.logout(7)
    assert not await house.service.logout(7)


@pytest.mark.parametrize(
    ("key", "words"),
    [("", "look like"), ("a" * 65, "look like"), ("kéy", "look like"), ("0000000000", "anonymous")],
)
@virtual
async def test_what_is_no_key_is_not_asked_about(key: str, words: str) -> None:
    house = House()
    with pytest.raises(UserError, match=words):
        await house.service.login(7, key)
    assert house.horde.count("account") == 0


@virtual
async def test_a_key_that_the_backend_does_not_know() -> None:
    house = House()
    house.horde.fail("account", RequestRejected("unknown"), BackendDown("away"))
    with pytest.raises(UserError, match="does not know that key"):
        await house.service.login(7, "a-key")
    with pytest.raises(BackendDown):
        await house.service.login(7, "a-key")
    assert await house.service.account(7) is None


@virtual
async def test_lists_of_ones_own() -> None:
    house = House().start()
    records = [await house.ask() for _ in range(3)]
    assert [r.id for r in await house.service.open_of(7)] == [r.id for r in records]
    await house.ended(*records)
    assert [r.id for r in await house.service.history(7)] == [r.id for r in reversed(records)]
    assert await house.service.history(8) == []
    await house.kill()


@virtual
async def test_draining_takes_nothing_new() -> None:
    house = House()
    house.service.draining = True
    with pytest.raises(UserError, match="restart"):
        await house.write()


@virtual
async def test_ones_own_are_listed_with_the_newest_look_at_them() -> None:
    house = House(FakeHorde(wait_seconds=500.0)).start()
    record = await house.ask()
    await house.until(lambda row: row.remote_id is not None, record)
    await asyncio.sleep(200)
    (listed,) = await house.service.open_of(7)
    written = (await house.row(record)).status
    assert listed.status is not None
    assert 290 <= listed.status.wait_time <= 320
    assert written is not None
    assert written.wait_time > 490 or written.wait_time == 0
    await house.kill()
