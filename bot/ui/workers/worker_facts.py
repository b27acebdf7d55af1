"""A worker as lines of text. Pure."""

from collections.abc import Callable, Iterator, Sequence

from bot.cards import formatting
from bot.cards.formatting import DOT
from bot.cards.markdown import inline_code, safe, safe_line
from bot.horde.workers import Worker
from bot.i18n import N_, _, ngettext

KINDS = {
    "image": N_("Images"),
    "text": N_("Texts"),
    "interrogation": N_("Alchemy"),
}
ABILITIES: tuple[tuple[Callable[[Worker], bool], str], ...] = (
    (lambda worker: worker.img2img, N_("source images")),
    (lambda worker: worker.painting, N_("inpainting")),
    (lambda worker: worker.post_processing, N_("post-processing")),
    (lambda worker: worker.lora, N_("LoRAs")),
    (lambda worker: worker.controlnet, N_("control types")),
)
NAME_MAX, INFO_MAX, LINE_MAX, MODELS_SHOWN = 80, 700, 110, 15
MEGAPIXEL = 1_000_000


def worker_row(worker: Worker) -> str:
    """The most important facts, and the description."""
    facts = [_kind(worker), worker_state(worker), *_counts(worker), _speed(worker)]
    info = safe_line(worker.info, LINE_MAX)
    return "\n".join(filter(None, [DOT.join(filter(None, facts)), info]))


def worker_hint(worker: Worker) -> str:
    """The same in a few words, without markdown."""
    return DOT.join(filter(None, [_kind(worker), worker_state(worker), *_counts(worker)]))


def worker_lines(
    worker: Worker, shows: Callable[[str], bool] = lambda _name: True
) -> Iterator[str]:
    """All facts. `shows`: whether the name of a model may be shown."""
    state = worker_state(worker)
    yield DOT.join(filter(None, [_kind(worker), state, *_counts(worker), *_marks(worker)]))
    yield safe(worker.info, INFO_MAX)
    yield labelled(_("Owner"), safe_line(worker.owner, NAME_MAX))
    yield labelled(_("Team"), safe_line(worker.team.name, NAME_MAX))
    yield labelled(_("Speed"), _speed(worker))
    yield labelled(_("Limits"), DOT.join(_limits(worker)))
    yield labelled(_("Abilities"), DOT.join(_(name) for has, name in ABILITIES if has(worker)))
    yield labelled(_("Models"), names_of([name for name in worker.models if shows(name)]))
    yield labelled(_("Forms"), names_of(worker.forms))
    yield labelled(_("Finished"), DOT.join(_finished(worker)))
    yield labelled(_("Online for"), formatting.duration(worker.uptime) if worker.uptime else "")
    yield labelled(_("Software"), safe_line(worker.bridge_agent, NAME_MAX))
    yield f"-# {inline_code(worker.id, 60)}"


def worker_state(worker: Worker) -> str:
    """Why the worker takes no requests; "" when it does."""
    if worker.paused:
        return _("paused")
    if worker.maintenance_mode:
        return _("in maintenance")
    return "" if worker.online else _("offline")


def names_of(names: Sequence[str]) -> str:
    """The first names, and the number of the others."""
    shown = ", ".join(safe_line(name, NAME_MAX) for name in names[:MODELS_SHOWN])
    more = len(names) - MODELS_SHOWN
    if more <= 0:
        return shown
    said = _("{names} and {count} more")
    return said.format(names=shown, count=formatting.decimal(more))


def requests_done(count: int) -> str:
    """1 request, 2 requests."""
    said = ngettext("{count} request", "{count} requests", count)
    return said.format(count=formatting.decimal(count))


def _kind(worker: Worker) -> str:
    return _(KINDS[worker.type]) if worker.type in KINDS else safe_line(worker.type, 30)


def _counts(worker: Worker) -> Iterator[str]:
    if models := len(worker.models):
        said = ngettext("{count} model", "{count} models", models)
        yield said.format(count=formatting.decimal(models))
    if forms := len(worker.forms):
        said = ngettext("{count} form", "{count} forms", forms)
        yield said.format(count=formatting.decimal(forms))
    if worker.threads > 1:
        said = ngettext("{count} thread", "{count} threads", worker.threads)
        yield said.format(count=formatting.decimal(worker.threads))


def _marks(worker: Worker) -> Iterator[str]:
    if worker.trusted:
        yield _("trusted")
    if not worker.nsfw:
        yield _("no NSFW")


def _speed(worker: Worker) -> str:
    """As the Horde says it, if it knows a number."""
    return safe_line(worker.performance, 60) if any(map(str.isdigit, worker.performance)) else ""


def _limits(worker: Worker) -> Iterator[str]:
    if worker.max_pixels:
        size = round(worker.max_pixels / MEGAPIXEL, 1)
        count = int(size) if size.is_integer() else size
        said = ngettext("{count} megapixel", "{count} megapixels", 1 if count == 1 else 2)
        yield said.format(count=formatting.decimal(count))
    if most := worker.max_length:
        said = ngettext("text of {count} token", "text of {count} tokens", most)
        yield said.format(count=formatting.decimal(most))
    if most := worker.max_context_length:
        said = ngettext("context of {count} token", "context of {count} tokens", most)
        yield said.format(count=formatting.decimal(most))


def _finished(worker: Worker) -> Iterator[str]:
    yield requests_done(worker.requests_fulfilled)
    if failed := worker.uncompleted_jobs:
        yield _("{count} failed").format(count=formatting.decimal(failed))
    if worker.kudos_rewards:
        yield formatting.kudos(worker.kudos_rewards)


def labelled(label: str, value: str) -> str:
    """A line with its label in bold; "" without a value."""
    return f"**{label}** {value}" if value else ""
