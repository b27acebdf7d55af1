"""A press whose forms and cards are kept."""

from types import SimpleNamespace

import discord
from discord import ui

from bot.backends.values import Model
from bot.cards.card import Card
from bot.client.form_drafts import FormDrafts
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.rules.request_context import RequestContext
from tests.support.builders import HERE
from tests.support.fakes.preferences import Kept

Shown = Card | ui.Modal


class _Composer:
    """The backend of the place can do everything."""

    def check_possible(self, _context: object, _choices: object) -> None:
        """Refuses nothing."""

    check_kind = check_possible


class _Catalog:
    """One model of each kind, with a price."""

    def models(self, kind: Kind, **_: object) -> list[Model]:
        return [Model("LTX-2.3", kind, 1, 0, micro_usd=20_000)]


class FormPress:
    """A press of the requester on a result; keeps the forms and cards that it opens."""

    id = 10**18

    def __init__(self, record: Record) -> None:
        self.record, self.shown = record, list[Shown]()
        self.type = discord.InteractionType.component
        self.user, self.message, self.channel_id = SimpleNamespace(id=record.user_id), None, 4
        self.response = SimpleNamespace(send_modal=self._show)
        history = SimpleNamespace(get=self._get, pressable=self._get, as_seen=self._as_seen)
        self.client = SimpleNamespace(
            context=self._context,
            services=SimpleNamespace(history=history, composer=_Composer(), catalog=_Catalog()),
            drafts=FormDrafts(),
            cards=SimpleNamespace(send_private=self._send),
        )

    async def _show(self, modal: ui.Modal) -> None:
        self.shown.append(modal)

    async def _send(self, _press: object, card: Card) -> None:
        self.shown.append(card)

    async def _get(self, *_: object) -> Record:
        return self.record

    async def _context(self, _press: object) -> RequestContext:
        """No rule of the place counts."""
        return RequestContext(HERE)

    def _as_seen(self, _context: object, record: Record) -> Record:
        return record


class PressThere:
    """A press on a server that uses a backend of `kept`; keeps the forms that it opens."""

    id = 10**18

    def __init__(self, kept: Kept) -> None:
        self.modals, self._guilds = list[ui.Modal](), kept.guilds
        self.user = SimpleNamespace(id=HERE.user_id)
        self.response = SimpleNamespace(send_modal=self._show)
        services = SimpleNamespace(
            catalog=kept.catalog, composer=kept.composer, defaults=kept.defaults
        )
        self.client = SimpleNamespace(context=self._context, services=services, drafts=FormDrafts())

    async def _context(self, _press: object) -> RequestContext:
        return await self._guilds.context(HERE)

    async def _show(self, modal: ui.Modal) -> None:
        self.modals.append(modal)
