"""Styles and collections: searched, found, and checked against the rules of a server."""

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from bot.backends.base import Backend
from bot.catalog.entries import Addon, Style, StyleCollection
from bot.catalog.public_sources import PublicSources
from bot.catalog.rule_filter import check_listed, check_lora, style_allowed, why_not
from bot.catalog.served_models import ServedModels
from bot.catalog.style_contents import filled, members_of
from bot.domain.requests import ImageRequest, Lora
from bot.errors import NotAllowed
from bot.horde.style_editing.style_contract import StyleContract
from bot.horde.styles import ImageStyle
from bot.rules.blocklists import check_style
from bot.rules.guild_settings import NO_RULES, GuildSettings


class KnownStyles(ServedModels):
    """The part of the catalog about styles. Answers from memory only."""

    def __init__(
        self, backends: Mapping[str, Backend], folder: Path, public: PublicSources | None = None
    ) -> None:
        super().__init__(backends, folder)
        self._public = public or PublicSources()

    def styles(
        self,
        typed: str = "",
        limit: int = 25,
        *,
        nsfw: bool = False,
        rules: GuildSettings = NO_RULES,
    ) -> list[Style]:
        """The styles that match the typed text; without text featured and much used ones first."""

        def fits(style: Style) -> bool:
            return (nsfw or not style.nsfw) and self.offers(style, rules)

        return self._public.styles.search(typed, limit, fits)

    def style(self, name: str, rules: GuildSettings = NO_RULES) -> Style | None:
        """The style of that name or Horde id, blocked or not."""
        found = self._public.styles.find(name)
        return found if found is None or self._is_there(found, rules) else None

    @property
    def style_contract(self) -> StyleContract | None:
        """What styles of the Horde can declare; None where they declare nothing."""
        return self._public.style_contract

    def collection(self, name: str, rules: GuildSettings = NO_RULES) -> StyleCollection | None:
        """The collection of that name or Horde id, unless a style has the name."""
        found = self._public.collection(name)
        here = self._name(rules.backend) == self._public.styles_of
        return found if here and self.style(name, rules) is None else None

    def collections(
        self, typed: str = "", *, nsfw: bool = False, rules: GuildSettings = NO_RULES
    ) -> list[StyleCollection]:
        """The collections whose name contains the text, if all their styles may be used there."""
        if self._name(rules.backend) != self._public.styles_of:
            return []
        wanted = typed.strip().casefold()
        matching = (each for each in self._public.collections if wanted in each.name.casefold())
        return [
            each
            for each in matching
            if all((nsfw or not one.nsfw) and self.offers(one, rules) for one in each.styles)
        ]

    def styles_inside(
        self, request: ImageRequest, rules: GuildSettings
    ) -> Style | StyleCollection | None:
        """What the Horde applies to the request, by its id only: a name may be another style's."""
        style = self.style(request.style, rules) if request.style else None
        if style is not None:
            return style if style.id.casefold() == request.style.casefold() else None
        collection = self.collection(request.style, rules) if request.style else None
        is_it = collection is not None and collection.id.casefold() == request.style.casefold()
        return collection if is_it else None

    def style_changed(self, style_id: str, style: ImageStyle | None) -> None:
        """A user changed a style of the Horde here. None: it was deleted."""
        self._public.style_changed(style_id, style)

    def maker_pays(self, style_id: str, rules: GuildSettings = NO_RULES) -> bool:
        """Whether images in that style of the Horde are paid by a shared key of its maker."""
        found = self.style(style_id, rules) if style_id else None
        return found is not None and found.id == style_id and found.maker_pays

    def style_marked(self, text: str, rules: GuildSettings = NO_RULES) -> Style | None:
        """The style whose key has that `mark`; None if it is blocked."""
        found = self._public.styles.marked(text)
        return found if found and self.offers(found, rules) else None

    def why_no_style(self, style: Style, rules: GuildSettings, but: Collection[str] = ()) -> str:
        """Sentence about the part of the style that is not allowed, "" if all is allowed.

        `but`: fields that the user chose differently.
        """
        return why_not(style, rules, self.lora, but)

    def check_inside(self, request: ImageRequest, rules: GuildSettings) -> None:
        """Raises NotAllowed for a Horde style or a LoRA that the server's rules forbid.

        Needs the catalog: the contents of a style, and the other names of a LoRA.
        """
        if request.style:
            found = self.styles_inside(request, rules)
            for style in members_of(found):
                check_listed(request.style, style, rules, self.lora)
            if isinstance(found, StyleCollection):
                check_style(found.name, rules)
        for lora in request.loras:
            check_lora(lora, rules, partial(self.lora, rules=rules))

    def templates_inside(self, request: ImageRequest, rules: GuildSettings) -> tuple[str, ...]:
        """The words that the Horde adds for the style of the request, with the texts in its fields.

        Of a collection, those of each style; empty if they are unknown.
        """
        found = members_of(self.styles_inside(request, rules)) if request.style else ()
        return tuple(filled(style.template, request) for style in found if style is not None)

    def lora(self, name: str, *, rules: GuildSettings = NO_RULES) -> Addon | None:
        """The LoRA of that name or id that the place's backend lists, or else a known one."""
        own = self.own_addons("lora", rules)
        if own is not None:
            return own.find(name)
        return self._public.addon("lora", name)

    def offers(self, style: Style, rules: GuildSettings) -> bool:
        """Whether that style may be offered there: by its name and by its contents."""
        return self._is_there(style, rules) and style_allowed(style, rules, self.lora)

    def offers_lora(self, lora: Lora, rules: GuildSettings) -> bool:
        """Whether that LoRA is allowed there, by all its names."""
        try:
            check_lora(lora, rules, partial(self.lora, rules=rules))
        except NotAllowed:
            return False
        return True

    def _is_there(self, style: Style, rules: GuildSettings) -> bool:
        """Styles of a Horde are known to that Horde alone."""
        here, theirs = self._name(rules.backend), self._public.styles_of
        return style.kind != "horde" or not theirs or here == theirs
