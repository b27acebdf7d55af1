"""State of the bot, as a card for /operator stats. Pure."""

from collections.abc import Iterator, Mapping

from bot.cards import formatting, labels
from bot.cards.card import Card, Colour, TextBlock
from bot.cards.formatting import DOT, NBSP
from bot.domain.requests import Kind
from bot.i18n import _, ngettext
from bot.monitoring.health import HealthFigures

MEGABYTE = 1024 * 1024


def stats_card(facts: HealthFigures, versions: str) -> Card:
    """Queues, open requests, deliveries, outages, memory. `versions`: of the programs."""
    trouble = not facts.gateway or any(since for _count, since in facts.outages.values())
    head = ["### " + _("State of the bot")]
    if facts.draining:
        said = _("The bot takes no new requests. Use `/operator drain` with `state:off` to end it.")
        head.append(f"{labels.WARNING} {said}")
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
    yield from _queues(facts)
    yield _("**Delivered since the start** {counts}").format(counts=_counts(facts.delivered))
    yield from _outages(facts)
    spool, quota = _bytes(facts.spool), _bytes(facts.quota)
    yield _("**Results on disk** {size} of {limit}").format(size=spool, limit=quota)
    started = f"<t:{facts.started_at:.0f}:R>"
    memory = _("**Memory** {size}").format(size=_bytes(facts.memory))
    yield DOT.join([memory, _("**Started** {time}").format(time=started)])
    yield from _reported(facts)
    gateway = _("connected") if facts.gateway else _("not connected")
    guilds = ngettext("{count} server", "{count} servers", facts.guilds)
    state = DOT.join([gateway, guilds.format(count=formatting.decimal(facts.guilds))])
    yield f"**Discord** {state}"


def _queues(facts: HealthFigures) -> Iterator[str]:
    """What waits for each backend, and the open requests by phase."""
    for name in facts.outages:
        waiting = _counts({kind: facts.queued.get((name, kind), 0) for kind in Kind})
        line = _("**Queue: {backend}** {counts}")
        yield line.format(backend=formatting.backend(name), counts=waiting)
    counts = DOT.join(
        f"{formatting.decimal(count)} {_(labels.PHASES[phase])}"
        for phase, count in facts.open.items()
        if count
    )
    if counts:
        yield _("**Open requests** {counts}").format(counts=counts)
    else:
        yield _("**Open requests** none") if facts.open else _("**Open requests** unknown")


def _outages(facts: HealthFigures) -> Iterator[str]:
    for name, (count, since) in facts.outages.items():
        line = _("**Outages: {backend}** {count}")
        parts = [
            line.format(backend=formatting.backend(name), count=formatting.decimal(count)),
            _("**outage began {time}**").format(time=f"<t:{since:.0f}:R>") if since else "",
        ]
        yield DOT.join(filter(None, parts))


def _reported(facts: HealthFigures) -> Iterator[str]:
    if facts.reported:
        newest = DOT.join(f"[#{report.record_id}]({report.link})" for report in facts.reports)
        line = _("**Reported by moderators** {count}: {newest}")
        yield line.format(count=formatting.decimal(facts.reported), newest=newest)


def _counts(found: Mapping[Kind, int]) -> str:
    alchemy = found.get(Kind.ALCHEMY, 0)
    results = ngettext("{count} alchemy result", "{count} alchemy results", alchemy)
    others = [formatting.count(found.get(kind, 0), kind) for kind in (Kind.IMAGE, Kind.TEXT)]
    if videos := found.get(Kind.VIDEO, 0):
        others.append(formatting.count(videos, Kind.VIDEO))
    return DOT.join([*others, results.format(count=formatting.decimal(alchemy))])


def _bytes(size: int | None) -> str:
    if size is None:
        return _("unknown size")
    return _("{size} MB").format(size=formatting.decimal(round(size / MEGABYTE))).replace(" ", NBSP)
