"""State of the bot, as a card for /operator stats. Pure."""

from collections.abc import Iterator, Mapping

from bot.cards import formatting, labels
from bot.cards.card import Card, Colour, TextBlock
from bot.cards.formatting import DOT
from bot.domain.requests import Kind
from bot.i18n import _
from bot.monitoring.health import HealthFigures

STATS_TITLE = "How this bot is doing"
STATS_DRAINING = "It takes nothing new: `/operator drain` with `state:off` ends that."
UNKNOWN = "unknown"
STATS_REPORTED = "**Reported by moderators** {count}: {newest}"

MEGABYTE = 1024 * 1024


def stats_card(facts: HealthFigures, versions: str) -> Card:
    """Queues, open requests, deliveries, outages, memory. `versions`: of the programs."""
    trouble = not facts.gateway or any(since for _, since in facts.outages.values())
    head = [f"### {STATS_TITLE}"]
    head += [f"{labels.WARNING} {STATS_DRAINING}"] if facts.draining else []
    colour = Colour.PARTIAL if trouble or facts.draining else Colour.DONE
    return Card(
        colour,
        (
            TextBlock("\n".join(head)),
            TextBlock("\n".join(_lines(facts))),
            TextBlock(f"-# {versions}"),
        ),
    )


def _lines(facts: HealthFigures) -> Iterator[str]:
    for name in facts.outages:
        waiting = {kind: facts.queued[name, kind] for kind in Kind}
        yield f"**Queue of {formatting.backend(name)}** {_counts(waiting)}"
    phases = {_(labels.PHASES[phase]): n for phase, n in facts.open.items() if n}
    under_way = DOT.join(f"{n:,} {name}" for name, n in phases.items())
    yield f"**Under way** {under_way or ('nothing' if facts.open else UNKNOWN)}"
    yield f"**Delivered since the start** {_counts(facts.delivered)}"
    for name, (outages, since) in facts.outages.items():
        lasting = f"{DOT}**outage began <t:{since:.0f}:R>**" if since is not None else ""
        yield f"**Outages of {formatting.backend(name)}** {outages:,}{lasting}"
    spool = UNKNOWN if facts.spool is None else _bytes(facts.spool)
    yield f"**Results on disk** {spool} of {_bytes(facts.quota)}"
    memory = UNKNOWN if facts.memory is None else _bytes(facts.memory)
    yield f"**Memory** {memory}{DOT}**started** <t:{facts.started_at:.0f}:R>"
    gateway = "connected" if facts.gateway else "not connected"
    yield from _reported(facts)
    yield f"**Discord** {gateway}{DOT}{facts.guilds:,} server{'' if facts.guilds == 1 else 's'}"


def _reported(facts: HealthFigures) -> Iterator[str]:
    if facts.reported:
        newest = DOT.join(f"[#{report.record_id}]({report.link})" for report in facts.reports)
        yield STATS_REPORTED.format(count=f"{facts.reported:,}", newest=newest)


def _counts(found: Mapping[Kind, int]) -> str:
    counts = {kind: formatting.count(found.get(kind, 0), kind) for kind in Kind}
    counts[Kind.ALCHEMY] = counts[Kind.ALCHEMY].replace("result", "alchemy result")
    return DOT.join(counts.values())


def _bytes(size: int) -> str:
    return f"{size / MEGABYTE:,.0f}{formatting.NBSP}MB"
