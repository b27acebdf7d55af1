"""Turns of conversations: one answer for each line, whatever happens between any two steps."""

import asyncio

import pytest

from bot.domain.chat.conversations import ChatSettings, MessageState
from bot.domain.records import Record
from bot.domain.requests import TextRequest
from bot.domain.results import Phase
from bot.errors import UserError
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.chat_runs import (
    ADA,
    BEN,
    CHANNEL,
    branch,
    context_of,
    conversation_with_mira,
    say,
    shown,
)
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

ANSWER = "text 0"  # of the backend in memory


@virtual
async def test_a_line_gets_an_answer_and_the_prompt_is_removed() -> None:
    bot = InMemoryBot().start()
    await conversation_with_mira(bot)
    record = await say(bot, "Hello!")
    assert record is not None
    request = record.request
    assert isinstance(request, TextRequest)
    assert request.prompt == "Hello!"
    assert request.chat is not None
    assert any("Welcome, Ada!" in message.text for message in request.chat.messages)
    await bot.ended(record)
    assert await branch(bot) == ["Welcome, Ada!", "Hello!", ANSWER]
    ended = (await bot.row(record)).turn
    assert ended is not None
    assert ended.messages == ()
    await bot.kill()


@virtual
async def test_the_same_message_twice_is_one_line() -> None:
    bot = InMemoryBot().start()
    conversation = await conversation_with_mira(bot)
    context = await context_of(bot)
    said = [
        await bot.chat.turns.say(context, conversation, "Hi", 99, member="Ada") for _ in range(2)
    ]
    assert said[0] is not None
    assert said[1] is None
    await bot.kill()


@virtual
async def test_lines_that_come_during_a_turn_get_one_answer_together() -> None:
    bot = InMemoryBot().start()
    await conversation_with_mira(bot)
    first = await say(bot, "One")
    assert first is not None
    assert await say(bot, "Two", BEN) is None
    assert await say(bot, "Three") is None
    await bot.ended(first)
    await asyncio.sleep(60)
    assert await branch(bot) == ["Welcome, Ada!", "One", ANSWER, "Two", "Three", ANSWER]
    assert len(bot.horde.jobs) == 2
    newest = await bot.store.requests.get(first.id + 1)
    assert newest is not None
    assert newest.user_id == ADA  # of the newest line
    assert newest.request.kind == "text"
    assert newest.request.prompt == "Two\nThree"
    await bot.kill()


@virtual
async def test_two_members_at_once_make_one_turn_or_two() -> None:
    bot = InMemoryBot().start()
    await conversation_with_mira(bot)
    await asyncio.gather(say(bot, "One"), say(bot, "Two", BEN))
    await asyncio.sleep(120)
    texts = await branch(bot)
    assert texts[-1] == ANSWER
    assert {"One", "Two"} <= set(texts)
    assert texts.count(ANSWER) == len(bot.horde.jobs)
    await bot.kill()


@virtual
async def test_a_failed_turn_leaves_the_line_and_can_be_repeated() -> None:
    bot = InMemoryBot().start()
    await conversation_with_mira(bot)
    record = await say(bot, "Hello!")
    assert record is not None
    await bot.service.cancel(record.id, ADA)
    await bot.ended(record)
    assert await branch(bot) == ["Welcome, Ada!", "Hello!"]
    turn = (await bot.row(record)).turn
    assert turn is not None
    view = await bot.chat.messages.view(turn.answer)
    assert view is not None
    assert view.message.state is MessageState.FAILED
    assert view.newest
    again = await bot.chat.turns.regenerate(await context_of(bot), turn.answer)
    await bot.chat.open(again)
    await bot.ended(again)
    assert await branch(bot) == ["Welcome, Ada!", "Hello!", ANSWER]
    await bot.kill()


async def _answered(bot: InMemoryBot) -> Record:
    record = await say(bot, "Hello!")
    assert record is not None
    await bot.ended(record)
    return record


@virtual
async def test_a_swipe_stands_beside_the_answer_and_arrows_change_the_branch() -> None:
    bot = InMemoryBot().start()
    await conversation_with_mira(bot)
    await _answered(bot)
    first = (await shown(bot))[-1]
    swipe = await bot.chat.turns.regenerate(await context_of(bot), first.id)
    assert swipe.turn is not None
    with pytest.raises(UserError, match="being written"):
        await bot.chat.turns.regenerate(await context_of(bot), first.id)
    with pytest.raises(UserError, match="being written"):
        await bot.chat.messages.swipe(await context_of(bot), first.id, 1)
    with pytest.raises(UserError, match="being written"):
        await bot.chat.messages.delete(await context_of(bot), first.id)
    await bot.chat.open(swipe)
    await bot.ended(swipe)
    newest = (await shown(bot))[-1]
    assert newest.id != first.id
    view = await bot.chat.messages.swipe(await context_of(bot), newest.id, -1)
    assert view is not None
    assert (view.message.id, view.number, view.count, view.newest) == (first.id, 1, 2, True)
    assert await bot.chat.messages.swipe(await context_of(bot), first.id, -1) is None
    await bot.kill()


@virtual
async def test_a_cancelled_swipe_shows_the_answer_before_it() -> None:
    bot = InMemoryBot().start()
    await conversation_with_mira(bot)
    await _answered(bot)
    first = (await shown(bot))[-1]
    swipe = await bot.chat.turns.regenerate(await context_of(bot), first.id)
    await bot.chat.open(swipe)
    assert await say(bot, "Wait") is None
    await bot.service.cancel(swipe.id, ADA)
    await bot.ended(swipe)
    await asyncio.sleep(60)
    assert await branch(bot) == ["Welcome, Ada!", "Hello!", ANSWER, "Wait", ANSWER]
    await bot.kill()


@virtual
async def test_continue_keeps_the_text_and_adds_to_it() -> None:
    bot = InMemoryBot().start()
    await conversation_with_mira(bot)
    await _answered(bot)
    answer = (await shown(bot))[-1]
    more = await bot.chat.turns.continue_(await context_of(bot), answer.id)
    await bot.chat.open(more)
    await bot.ended(more)
    assert (await branch(bot))[-1] == ANSWER + ANSWER
    await bot.kill()


@virtual
async def test_killed_at_any_moment_a_line_gets_one_answer() -> None:
    for tenth in range(0, 56, 2):
        horde = FakeHorde(latency=(0.15, 0.15), wait_seconds=1.0, job_seconds=(1.0, 1.0))
        bot = InMemoryBot(horde, key="own").start()
        await conversation_with_mira(bot)
        await say(bot, "Hello!")
        if tenth % 4 == 0:
            await say(bot, "Are you there?", BEN)
        await asyncio.sleep(tenth / 10)
        await bot.kill()
        await asyncio.sleep(2)
        bot = bot.again().start()
        await asyncio.sleep(120)
        texts = await branch(bot)
        answers = texts.count(ANSWER)
        assert texts[-1] == ANSWER, tenth
        assert answers == len(bot.horde.jobs), tenth
        assert answers == (2 if tenth % 4 == 0 else 1), tenth
        await bot.kill()


@virtual
async def test_a_line_without_a_turn_is_answered_after_the_start() -> None:
    bot = InMemoryBot()
    conversation = await conversation_with_mira(bot)
    context = await context_of(bot)
    await bot.chat.turns.say(context, conversation, "Hello!", 99, member="Ada")
    # As if the process had been killed before the request was stored.
    bot.disk.raw.execute("DELETE FROM requests")
    bot.disk.raw.execute("DELETE FROM chat_messages WHERE state = 'pending'")
    leaf = "SELECT max(id) FROM chat_messages"
    bot.disk.raw.execute(f"UPDATE conversations SET leaf = ({leaf})")
    origin = '{"interaction_id": 99, "user_id": 7, "guild_id": 5, "message": {"channel_id": 10}}'
    bot.disk.raw.execute(
        f"INSERT INTO waiting_lines SELECT id, leaf, '{origin}' FROM conversations"
    )
    bot = bot.again().start()
    await asyncio.sleep(60)
    assert await branch(bot) == ["Welcome, Ada!", "Hello!", ANSWER]
    await bot.kill()


@virtual
async def test_a_refused_line_is_not_kept() -> None:
    bot = InMemoryBot().start()
    await conversation_with_mira(bot)
    bot.service.draining = True
    with pytest.raises(UserError, match="about to restart"):
        await say(bot, "Hello!")
    bot.service.draining = False
    assert await branch(bot) == ["Welcome, Ada!"]
    await _answered(bot)
    await bot.kill()


@virtual
async def test_a_long_conversation_is_summarized_once_for_each_part() -> None:
    bot = InMemoryBot().start()
    settings = ChatSettings(memory=700, max_length=64)
    await conversation_with_mira(bot, settings)
    for number in range(12):
        record = await say(bot, f"{number} " + "The storm comes nearer. " * 8)
        assert record is not None
        await bot.ended(record)
        await asyncio.sleep(30)
    conversation = await bot.chat.conversations.here(CHANNEL)
    assert conversation.summary == ANSWER
    assert conversation.summarized
    rows = bot.disk.raw.execute(
        "SELECT phase FROM requests WHERE json_extract(request, '$.chat.action') = 'summary'"
    ).fetchall()
    assert rows
    assert {row["phase"] for row in rows} == {Phase.DONE}
    context = await context_of(bot)
    await bot.chat.conversations.put_summary(context, conversation, "A storm comes.")
    assert (await bot.chat.conversations.here(CHANNEL)).summary == "A storm comes."
    await bot.kill()


@virtual
async def test_a_picture_follows_the_text_of_its_scene_once() -> None:
    for second in range(0, 20, 3):
        bot = InMemoryBot().start()
        await conversation_with_mira(bot)
        await _answered(bot)
        answer = (await shown(bot))[-1]
        scene = await bot.chat.scenes.illustrate(await context_of(bot), answer.id)
        await asyncio.sleep(second)
        await bot.kill()
        bot = bot.again().start()
        await bot.ended(scene)
        assert bot.presenter.of(scene.id) == []
        rows = bot.disk.raw.execute("SELECT * FROM requests WHERE kind = 'image'").fetchall()
        assert len(rows) == 1
        picture = await bot.store.requests.get(rows[0]["id"])
        assert picture is not None
        assert (await bot.outcome(picture)).phase is Phase.DONE
        await bot.kill()
