"""A team as lines of text. Pure."""

from collections.abc import Callable, Iterator

from bot.cards import formatting
from bot.cards.formatting import DOT
from bot.cards.markdown import inline_code, safe, safe_line
from bot.horde.workers import Team
from bot.i18n import _, ngettext
from bot.ui.workers.worker_facts import (
    INFO_MAX,
    LINE_MAX,
    NAME_MAX,
    labelled,
    names_of,
    requests_done,
)


def team_row(team: Team) -> str:
    """The most important facts, and the description."""
    info = safe_line(team.info, LINE_MAX)
    return "\n".join(filter(None, [team_hint(team), info]))


def team_hint(team: Team) -> str:
    """The same in a few words, without markdown."""
    return DOT.join([_workers(team), formatting.kudos(team.kudos)])


def team_lines(team: Team, shows: Callable[[str], bool] = lambda _name: True) -> Iterator[str]:
    """All facts. `shows`: whether the name of a model may be shown."""
    yield DOT.join([team_hint(team), requests_done(team.requests_fulfilled)])
    yield safe(team.info, INFO_MAX)
    creator, workers = safe_line(team.creator, NAME_MAX), [each.name for each in team.workers]
    models = [each.name for each in team.models if shows(each.name)]
    yield labelled(_("Creator"), creator)
    yield labelled(_("Workers"), names_of(workers))
    yield labelled(_("Models"), names_of(models))
    yield f"-# {inline_code(team.id, 60)}"


def _workers(team: Team) -> str:
    said = ngettext("{count} worker", "{count} workers", team.worker_count)
    return said.format(count=formatting.decimal(team.worker_count))
