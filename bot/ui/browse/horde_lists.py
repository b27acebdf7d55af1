"""Workers, teams, accounts and sponsors of the Horde as the lists of bot/ui/browse/view.py."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from bot.cards import formatting
from bot.cards.custom_ids import ListName
from bot.cards.formatting import DOT
from bot.cards.markdown import safe_line
from bot.catalog import Catalog, is_safe_text, mark
from bot.horde.accounts import User
from bot.horde.workers import Team, Worker
from bot.i18n import _
from bot.rules.request_context import RequestContext
from bot.services.community.community import Community
from bot.ui.browse.details import link_to
from bot.ui.browse.labels import workers
from bot.ui.browse.sponsors import Sponsor, sponsors_of
from bot.ui.browse.view import SHOWN, Entry, EntryDetails, ListPage
from bot.ui.workers.team_facts import team_hint, team_lines, team_row
from bot.ui.workers.worker_facts import (
    requests_done,
    worker_hint,
    worker_lines,
    worker_row,
)

T = TypeVar("T")
Shows = Callable[[str], bool]


class _List(Generic[T]):
    """One list. `words`: searched texts of a thing, its name first; `key`: its identity."""

    def __init__(
        self,
        things: Sequence[T],
        key: Callable[[T], str],
        words: Callable[[T], Sequence[str]],
        row: Callable[[T], tuple[str, str]],
        lines: Callable[[T], Iterator[str]],
    ) -> None:
        self._things = things
        self._key = key
        self._words = words
        self._row = row
        self._lines = lines

    def page(self, page: ListPage) -> tuple[list[Entry], int]:
        """The rows of that page, and the number of all that match."""
        wanted, first = page.search.casefold(), page.page * SHOWN
        found = [one for one in self._things if self._matches(one, wanted)]
        return [self._entry(one) for one in found[first : first + SHOWN]], len(found)

    def details(self, marked: str) -> EntryDetails | None:
        """The thing with that mark; None when it is not on the list any more."""
        one = next((each for each in self._things if mark(self._key(each)) == marked), None)
        if one is None:
            return None
        lines = tuple(self._lines(one))
        return EntryDetails(marked, self._words(one)[0], lines, usable=False)

    def _matches(self, one: T, wanted: str) -> bool:
        return any(wanted in word.casefold() for word in self._words(one))

    def _entry(self, one: T) -> Entry:
        line, hint = self._row(one)
        return Entry(mark(self._key(one)), self._words(one)[0], line, hint)


AnyList = _List[Worker] | _List[Team] | _List[tuple[int, User]] | _List[Sponsor]


async def horde_list(
    community: Community, catalog: Catalog, which: ListName, where: RequestContext
) -> AnyList:
    """That list of the backend of the place, or of the user. Raises UserError, BackendError."""
    shows, info = _shows(catalog, nsfw=where.nsfw), community.info
    match which:
        case "worker":
            return _workers(await info.workers(where.backend), shows)
        case "team":
            return _teams(await info.teams(where.backend), shows)
        case "own_worker":
            return _workers(await community.workers.list(where.user_id), shows)
        case "own_team":
            return _teams(await community.teams.list(where.user_id), shows)
        case "sponsor":
            return _sponsors(await info.sponsors(where.backend))
        case _:
            return _leaders(await info.leaders(where.backend))


def worker_details(worker: Worker, catalog: Catalog, where: RequestContext) -> EntryDetails:
    """A worker that is not looked up in a list."""
    lines = tuple(worker_lines(worker, _shows(catalog, nsfw=where.nsfw)))
    return EntryDetails(mark(worker.id), worker.name, lines, usable=False)


def team_details(team: Team, catalog: Catalog, where: RequestContext) -> EntryDetails:
    """A team that is not looked up in a list."""
    lines = tuple(team_lines(team, _shows(catalog, nsfw=where.nsfw)))
    return EntryDetails(mark(team.id), team.name, lines, usable=False)


def _shows(catalog: Catalog, *, nsfw: bool) -> Shows:
    """Whether the name of a model may be shown in that place."""

    def shows(name: str) -> bool:
        return nsfw or (is_safe_text(name) if "/" in name else not catalog.about(name).nsfw)

    return shows


def _workers(found: Sequence[Worker], shows: Shows) -> _List[Worker]:
    return _List(
        found,
        key=lambda one: one.id,
        words=lambda one: (one.name, *filter(shows, one.models), *one.forms),
        row=lambda one: (worker_row(one), worker_hint(one)),
        lines=lambda one: worker_lines(one, shows),
    )


def _teams(found: Sequence[Team], shows: Shows) -> _List[Team]:
    return _List(
        found,
        key=lambda one: one.id,
        words=lambda one: (one.name, one.info, *(each.name for each in one.workers)),
        row=lambda one: (team_row(one), team_hint(one)),
        lines=lambda one: team_lines(one, shows),
    )


def _leaders(found: Sequence[User]) -> _List[tuple[int, User]]:
    return _List(
        list(enumerate(found, 1)),
        key=lambda one: one[1].username,
        words=lambda one: (one[1].username,),
        row=lambda one: _twice(DOT.join(_account_row(*one))),
        lines=lambda one: _account_lines(*one),
    )


def _sponsors(page: str) -> _List[Sponsor]:
    return _List(
        sponsors_of(page),
        key=lambda one: f"{one.group} {one.name}",
        words=lambda one: (one.name, one.group),
        row=lambda one: (safe_line(one.group, 80), one.group),
        lines=lambda one: iter((safe_line(one.group, 80), link_to(one.link))),
    )


def _twice(text: str) -> tuple[str, str]:
    return text, text


def _account_row(place: int, user: User) -> Iterator[str]:
    yield formatting.ordinal(place)
    yield formatting.kudos(user.kudos)
    if user.worker_count:
        yield workers(user.worker_count)
    if user.trusted:
        yield _("trusted account")


def _account_lines(place: int, user: User) -> Iterator[str]:
    yield DOT.join(_account_row(place, user))
    records = user.records
    made, asked = records.fulfillment, records.request
    if count := made.image + made.text + made.interrogation:
        yield _("**Workers finished** {facts}").format(facts=requests_done(count))
    if count := asked.image + asked.text + asked.interrogation:
        yield _("**Requested** {facts}").format(facts=requests_done(count))
    if user.account_age:
        age = formatting.duration(user.account_age)
        yield _("**Age of the account** {time}").format(time=age)
