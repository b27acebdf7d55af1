"""Word rules take little time from others: measured when set, bounded when used."""

import asyncio
import math
import random
import time
from dataclasses import replace

import pytest

from bot.domain.records import MessageRef, Origin
from bot.domain.requests import ImageRequest
from bot.errors import NotAllowed
from bot.rules.guild_checks import check_rules
from bot.rules.guild_settings import PATTERNS_MAX, WORDS_MAX, GuildSettings, WordRule
from bot.rules.request_context import RequestContext
from bot.rules.word_filter import Spend, check_words
from bot.services.word_checks import CHECK_SECONDS, SAVED_SECONDS, WordChecks, why_refused
from tests.support.builders import GUILD_ID

WORDS_HERE = Origin(9, 7, GUILD_ID, MessageRef(channel_id=2))
SLOW = (
    "((a|b){1,1000})+Q",
    "(a?){960}Q",
    "(a{0,30}){0,30}Q",
    "([ab]{0,20}c?){30}Q",
    "(.?){200}Q",
    "((x|y){1,900})+Q",
    "([^a]?){200}Q",
)
QUICK_PATTERNS = (
    r"\bfoo\b",
    r"(x+x+)+y",
    r"(young|teen|kid|minor)s?\b.{0,60}\b(nude|naked|nsfw)",
    r"\p{L}+\d",
    r"[а-я]{3,}",  # noqa: RUF001 - a pattern of Cyrillic letters
)
SLOW_WORD_RULES = GuildSettings(words=tuple(WordRule(text=text, how="regex") for text in SLOW))


@pytest.mark.parametrize("pattern", SLOW)
def test_pattern_slow_for_a_long_text_is_refused(pattern: str) -> None:
    assert "too long" in why_refused(WordRule(text=pattern, how="regex"))


@pytest.mark.parametrize("pattern", QUICK_PATTERNS)
def test_pattern_of_a_usual_filter_is_accepted(pattern: str) -> None:
    assert not why_refused(WordRule(text=pattern, how="regex"))


async def test_stored_slow_rules_stop_the_event_loop_for_no_moment() -> None:
    dice = random.Random(1)
    prompt, negative = ("".join(dice.choices("abAB\u0430", k=4_000)) for _ in range(2))
    request = ImageRequest(prompt=prompt, negative=negative)
    gaps: list[float] = []

    async def beat() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.001)
            gaps.append(time.thread_time() - began)

    beating = asyncio.create_task(beat())
    began = time.process_time()
    context = RequestContext(WORDS_HERE, SLOW_WORD_RULES)
    with pytest.raises(NotAllowed, match="too long"):
        await WordChecks().run(context, lambda s: check_rules(request, context, s))
    beating.cancel()
    assert max(gaps) < 0.1
    assert len(gaps) > 1
    assert time.process_time() - began < 10 * CHECK_SECONDS


async def test_server_that_used_its_time_waits_while_another_one_goes_on() -> None:
    now = 0.0
    checks = WordChecks(lambda: now)
    here, elsewhere = (
        RequestContext(replace(WORDS_HERE, guild_id=guild_id), SLOW_WORD_RULES)
        for guild_id in (GUILD_ID, GUILD_ID + 1)
    )

    def burn(spend: Spend) -> None:
        while True:
            spend()

    for _ in range(math.ceil(SAVED_SECONDS / CHECK_SECONDS)):
        with pytest.raises(NotAllowed, match="too long"):
            await checks.run(here, burn)
    with pytest.raises(NotAllowed, match="at the moment"):
        await checks.run(here, lambda _spend: None)
    await checks.run(elsewhere, lambda _spend: None)
    now += 60
    await checks.run(here, lambda _spend: None)


@pytest.mark.parametrize("how", ["word", "plain"])
@pytest.mark.parametrize("unit", ["a", "a ", "ab", "\u0430a"])
def test_many_plain_rules_are_cheap(how: str, unit: str) -> None:
    texts = [f"{'a' * n}z{'a' * (50 - n % 50)}" for n in range(1, 50)]
    texts += ["a" * n + "z" * (how == "plain") for n in range(1, 100)]
    rules = [WordRule.model_validate({"text": text, "how": how}) for text in texts]
    assert len(rules) < WORDS_MAX - PATTERNS_MAX
    text = unit * (4_000 // len(unit))
    check_quietly(text, rules)
    began = time.thread_time()
    check_quietly(text, rules)
    assert time.thread_time() - began < 0.1


def check_quietly(text: str, rules: list[WordRule]) -> None:
    try:
        check_words((text,), rules)
    except NotAllowed:
        return
