"""How the bot is doing, as a card for /operator stats. Pure."""

from collections.abc import Iterator, Mapping

from bot.requests import Kind
from bot.ui import sentences, words
from bot.ui.card import Card, Colour, Text
from bot.ui.scene import DOT
from bot.watch import Facts

MEGABYTE = 1024 * 1024


def stats_card(facts: Facts, versions: str) -> Card:
    """Queues, open requests, what was delivered, outages, memory. `versions`: of the programs."""
    trouble = not facts.gateway or any(since for _, since in facts.outages.values())
    head = [f"### {sentences.STATS_TITLE}"]
    head += [f"{words.WARNING} {sentences.STATS_DRAINING}"] if facts.draining else []
    colour = Colour.PARTIAL if trouble or facts.draining else Colour.DONE
    return Card(
        colour,
        (Text("\n".join(head)), Text("\n".join(_lines(facts))), Text(f"-# {versions}")),
    )


def _lines(facts: Facts) -> Iterator[str]:
    for name in facts.outages:
        waiting = {kind: facts.queued[name, kind] for kind in Kind}
        yield f"**Queue of {words.backend(name)}** {_counts(waiting)}"
    phases = {words.PHASES[phase]: n for phase, n in facts.open.items() if n}
    under_way = DOT.join(f"{n:,} {name}" for name, n in phases.items())
    yield f"**Under way** {under_way or ('nothing' if facts.open else sentences.UNKNOWN)}"
    yield f"**Delivered since the start** {_counts(facts.delivered)}"
    for name, (outages, since) in facts.outages.items():
        lasting = f"{DOT}**out since <t:{since:.0f}:R>**" if since is not None else ""
        yield f"**Outages of {words.backend(name)}** {outages:,}{lasting}"
    spool = sentences.UNKNOWN if facts.spool is None else _bytes(facts.spool)
    yield f"**Results on disk** {spool} of {_bytes(facts.quota)}"
    memory = sentences.UNKNOWN if facts.memory is None else _bytes(facts.memory)
    yield f"**Memory** {memory}{DOT}**up** since <t:{facts.started_at:.0f}:R>"
    gateway = "connected" if facts.gateway else "not connected"
    yield from _reported(facts)
    yield f"**Discord** {gateway}{DOT}{facts.guilds:,} server{'' if facts.guilds == 1 else 's'}"


def _reported(facts: Facts) -> Iterator[str]:
    if facts.reported:
        newest = DOT.join(f"[#{report.record_id}]({report.link})" for report in facts.reports)
        yield sentences.STATS_REPORTED.format(count=f"{facts.reported:,}", newest=newest)


def _counts(found: Mapping[Kind, int]) -> str:
    return DOT.join(words.count(found.get(kind, 0), kind) for kind in Kind)


def _bytes(size: int) -> str:
    return f"{size / MEGABYTE:,.0f}{words.NBSP}MB"
