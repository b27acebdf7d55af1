"""Discord's markdown on the page: what it shows, and that it can do nothing else."""

import random
import re
import time

import pytest
from playwright.async_api import expect

from tests.support.browser.chat_page import Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RENDER = """async (texts) => {
    const { markdown } = await import("/js/markdown.js");
    return texts.map((text) => {
        const node = document.createElement("div");
        node.append(markdown(text));
        return node.innerHTML;
    });
}"""

CASES = {
    "**b** *i* __u__ ~~s~~ _i_": ("<strong>b</strong> <em>i</em> <u>u</u> <s>s</s> <em>i</em>"),
    "***both***": "<strong><em>both</em></strong>",
    "snake_case_name 2*3*4 \\*no\\*": "snake_case_name 2<em>3</em>4 *no*",
    "`a **b**` ``c`d``": '<code class="code">a **b**</code> <code class="code">c`d</code>',
    "**open `**` end": '**open <code class="code">**</code> end',
    "<:wave:123456>": ":wave:",
    "a < b && c > d": "a &lt; b &amp;&amp; c &gt; d",
}

DANGEROUS = """<img src=x onerror="window.pwned = 1"> <script>window.pwned = 2</script>
[press](javascript:window.pwned=3) [press](data:text/html,x) <javascript:window.pwned=4>
[a](https://example.org/"onmouseover="window.pwned=5) ||<b onclick=window.pwned=6>x</b>||
# <iframe src="javascript:window.pwned=7">
```html
<script>window.pwned = 8</script>
```"""


async def test_marks_inside_a_line(chat: Chat) -> None:
    rendered: list[str] = await chat.page.evaluate(RENDER, list(CASES))
    wanted = [f'<div class="p">{inside}</div>' for inside in CASES.values()]
    assert rendered == wanted


async def test_blocks(chat: Chat) -> None:
    lists = "1. first\n2. second\n  - inner"
    await chat.say(f"# One\n-# small\n> said\n> twice\n{lists}\n```py\ncode *x*\n```\nend")
    message = chat.message("One")
    await expect(message.get_by_role("heading")).to_have_text("One")
    await expect(message.locator(".subtext")).to_have_text("small")
    await expect(message.locator("blockquote")).to_have_text("said\ntwice")
    await expect(message.locator("ol > li")).to_have_text(["first", "secondinner"])
    await expect(message.locator("ol ul > li")).to_have_text("inner")
    await expect(message.locator("pre")).to_have_text("code *x*")


async def test_what_people_write_stays_text(chat: Chat) -> None:
    await chat.say(DANGEROUS)
    message = chat.message("window.pwned = 1")
    await expect(message).to_contain_text("<script>window.pwned = 8</script>")
    assert await message.locator(".message-body :is(img, script, iframe, b)").count() == 0
    hrefs = await message.locator(".message-body a").evaluate_all("(all) => all.map((a) => a.href)")
    assert all(href.startswith("https://example.org/") for href in hrefs)
    handlers = (
        "(all) => all.flatMap((a) => a.getAttributeNames()).filter((n) => n.startsWith('on'))"
    )
    assert await message.locator("*").evaluate_all(handlers) == []
    await message.locator(".spoiler").first.click()
    assert await chat.page.evaluate("window.pwned") is None


async def test_a_spoiler_opens_and_stays_open(chat: Chat) -> None:
    await chat.say("the end: ||**the fox** wins||")
    spoiler = chat.message("the end").locator(".spoiler")
    await expect(spoiler.locator("strong")).to_be_hidden()
    await spoiler.click()
    await expect(spoiler.locator("strong")).to_be_visible()
    await chat.say("another line")
    await chat.sees("another line")
    await expect(spoiler.locator("strong")).to_be_visible()


async def test_a_countdown_moves(chat: Chat) -> None:
    await chat.page.clock.install()
    await chat.page.reload()
    now = int(time.time())
    await chat.say(f"ready <t:{now + 40}:R> or <t:{now + 4000}:R>, that is <t:0:d>")
    stamp = chat.message("ready").locator("time.stamp").first
    await expect(stamp).to_have_text(re.compile("in (4.|3.) seconds"))
    await chat.page.clock.run_for(30_000)
    await expect(stamp).to_have_text(re.compile("in (10|.) seconds?"))
    await chat.page.clock.run_for(20_000)
    await expect(stamp).to_have_text(re.compile("seconds ago"))


async def test_mentions_and_links(chat: Chat) -> None:
    place = f"<#{chat.channel_id}>"
    await chat.say(f"<@{chat.users['cleo']}> {place} </imagine:1> https://example.org/a_(b). end")
    message = chat.message("end")
    await expect(message).to_contain_text(f"@Cleo #{chat.channel} /imagine")
    link = message.get_by_role("link", name="example.org")
    await expect(link).to_have_attribute("href", "https://example.org/a_(b)")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    await message.get_by_text("/imagine").click()
    await expect(chat.at("option-prompt")).to_be_focused()


async def test_any_mixture_of_marks_is_drawn_quickly(chat: Chat) -> None:
    draw = random.Random(7)
    marks = ["**", "*", "_", "__", "~~", "||", "`", "```", "\n", "> ", ">>> ", "- ", "1. ", "# "]
    marks += ["[a](", ")", "<t:1:R>", "<@1>", "<", ">", "\\", "http://x.y/", "a", " ", "-# ", "é"]
    texts = ["".join(draw.choices(marks, k=draw.randint(1, 60))) for _ in range(400)]
    texts += [mark * (4000 // len(mark)) for mark in marks]
    started = time.monotonic()
    rendered: list[str] = await chat.page.evaluate(RENDER, texts)
    assert time.monotonic() - started < 30  # about one; what backtracks takes for ever
    assert len(rendered) == len(texts)


async def test_only_web_addresses_open(chat: Chat) -> None:
    addresses = ["javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:x", "blob:x", "ftp://x/"]
    ask = "async (all) => { const u = await import('/js/urls.js'); return all.map(u.safeHref); }"
    assert await chat.page.evaluate(ask, addresses) == [None] * len(addresses)
    assert await chat.page.evaluate(ask, ["https://example.org"]) == ["https://example.org/"]
