"""Models, styles and LoRAs of the backends, kept in memory and on disk."""

import asyncio
from collections.abc import Collection, Mapping
from pathlib import Path

from bot.backends.base import Backend, Model
from bot.catalog.baselines import Baseline, size_of_shape
from bot.catalog.entries import Addon, AddonKind, ModelFacts, Style
from bot.catalog.image_defaults import ImageDefaults, defaults_for, newcomer
from bot.catalog.public_sources import PublicSources
from bot.catalog.rule_filter import addon_allowed, check_listed, check_lora, style_allowed, why_not
from bot.catalog.safe_text_models import is_safe_text
from bot.catalog.served_models import ServedModels
from bot.domain.requests import ImageRequest, Kind, Lora, Shape
from bot.domain.sampling_rules import SamplingRules
from bot.errors import NotAllowed, UserError
from bot.horde.style_editing.style_contract import StyleContract
from bot.horde.styles import ImageStyle
from bot.i18n import N_, _
from bot.rules.blocklists import is_blocked
from bot.rules.guild_settings import NO_RULES, GuildSettings

ALL = 5_000
ALL_BLOCKED = N_(
    "This server allows no model that has a worker at the moment. Try again later, or ask a "
    "manager of the server."
)


class Catalog(ServedModels):
    """Answers from memory only; `run` keeps it fresh.

    `nsfw` false leaves out entries marked NSFW: they are for age-restricted places. `rules`: those
    of the place; its backend answers, without the entries on its blocklists.
    """

    def __init__(
        self, backends: Mapping[str, Backend], folder: Path, public: PublicSources | None = None
    ) -> None:
        super().__init__(backends, folder)
        self._public = public or PublicSources()

    async def run(self) -> None:
        """Load the stored copies, then refresh them for ever."""
        async with asyncio.TaskGroup() as tasks:
            for work in (self.keep_models(), *self._public.chores()):
                tasks.create_task(work)

    def models(
        self,
        kind: Kind,
        typed: str = "",
        limit: int = 25,
        *,
        nsfw: bool = False,
        rules: GuildSettings = NO_RULES,
    ) -> list[Model]:
        """The models that match the typed text; without text the best-served first."""
        tame = kind is Kind.IMAGE and not nsfw

        def fits(model: Model) -> bool:
            if is_blocked(model.name, rules.models_blocked):
                return False
            return not tame or not self.about(model.name).nsfw

        return self._shelf(kind, rules.backend).search(typed, limit, fits)

    def model_marked(self, kind: Kind, text: str, rules: GuildSettings = NO_RULES) -> Model | None:
        """The model whose name has that `mark`; None if it is blocked."""
        found = self._shelf(kind, rules.backend).marked(text)
        return found if found and not is_blocked(found.name, rules.models_blocked) else None

    def nearest(
        self, kind: Kind, name: str, *, nsfw: bool = False, rules: GuildSettings = NO_RULES
    ) -> list[str]:
        """Up to three names for "did you mean"."""
        return [one.name for one in self.models(kind, name, 3, nsfw=nsfw, rules=rules)]

    def about(self, model: str) -> ModelFacts:
        """Known facts about the image model of that name."""
        return self._public.library.about(model)

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
        """Raises NotAllowed for a Horde style or a LoRA that the server's rules forbid."""
        if request.style:
            check_listed(request.style, self._style_inside(request, rules), rules, self.lora)
        for lora in request.loras:
            check_lora(lora, rules, self.lora)

    def template_inside(self, request: ImageRequest, rules: GuildSettings) -> str:
        """The words that the Horde adds for the style of the request; "" if they are unknown."""
        style = self._style_inside(request, rules)
        return style.template if style is not None else ""

    def _style_inside(self, request: ImageRequest, rules: GuildSettings) -> Style | None:
        """The style of the request, by its id only: the Horde may resolve a name differently."""
        style = self.style(request.style, rules) if request.style else None
        is_it = style is not None and style.id.casefold() == request.style.casefold()
        return style if is_it else None

    def loras(
        self,
        typed: str = "",
        limit: int = 25,
        *,
        nsfw: bool = False,
        rules: GuildSettings = NO_RULES,
    ) -> list[Addon]:
        """The known LoRAs that match the typed text. Starts a search for more, if that is on."""
        return self._public.addons("lora", typed, limit, nsfw=nsfw, rules=rules)

    def lora(self, name: str) -> Addon | None:
        """The known LoRA of that name or id."""
        return self._public.addon("lora", name)

    def embedding(self, name: str) -> Addon | None:
        """The known embedding of that name or id."""
        return self._public.addon("embedding", name)

    def lora_marked(self, text: str, rules: GuildSettings = NO_RULES) -> Addon | None:
        """The known LoRA whose id has that `mark`; None if it is blocked."""
        found = self._public.marked("lora", text)
        return found if found and addon_allowed(found, rules) else None

    def embeddings(self, typed: str = "", limit: int = 25, *, nsfw: bool = False) -> list[Addon]:
        """The known embeddings that match the typed text, as with LoRAs."""
        return self._public.addons("embedding", typed, limit, nsfw=nsfw)

    async def search(self, kind: AddonKind, typed: str, *, nsfw: bool = False) -> bool:
        """Search CivitAI too, if that is on. False without an answer."""
        return await self._public.search(kind, typed, nsfw=nsfw)

    def shows(self, url: str) -> bool:
        """Whether that picture may be shown by its link."""
        return self._public.shows(url)

    def newcomer(self, rules: GuildSettings = NO_RULES) -> ImageDefaults:
        """Default model and parameters when the user chose no model.

        Without `models` any model may do it; raises UserError if every served one is blocked.
        """
        served = self._shelf(Kind.IMAGE, rules.backend).models
        left = [one for one in served if not is_blocked(one.name, rules.models_blocked)]
        if served and not left:
            raise UserError(_(ALL_BLOCKED))
        return newcomer(left, self.about, name_one=bool(rules.models_blocked))

    def served_on(self, base: Baseline | None, rules: GuildSettings = NO_RULES) -> str | None:
        """The default model of that baseline; None without one."""
        found = self.models(Kind.IMAGE, limit=ALL, nsfw=True, rules=rules)
        fitting = [one for one in found if base and self.baseline(one.name) == base]
        best = newcomer(fitting, self.about).models or [one.name for one in fitting]
        return next(iter(best), None)

    def safe_text_models(self, rules: GuildSettings = NO_RULES) -> tuple[str, ...]:
        """Text models of the safe list that are served and not blocked, the best-served first.

        When it is empty, nothing may be submitted: to a backend an empty list means any model.
        """
        return tuple(name for name in self.text_models(rules) if is_safe_text(name))

    def text_models(self, rules: GuildSettings = NO_RULES) -> tuple[str, ...]:
        """All text models that are served and not blocked, the best-served first."""
        models = self.models(Kind.TEXT, limit=ALL, rules=rules)
        return tuple(model.name for model in models)

    def sampling(self, rules: GuildSettings = NO_RULES) -> SamplingRules:
        """Samplers and schedulers of the place's backend."""
        return self._public.sampling(self._name(rules.backend))

    async def sampling_refusal(self, backend: str, request: ImageRequest) -> str:
        """What that backend accepts now instead of the request that it refused; "" if unknown."""
        return await self._public.sampling_refusal(backend, request)

    def baseline(self, name: str) -> Baseline:
        """Baseline of the image model of that name."""
        return self._public.library.base(name)

    def defaults_for(self, model: str) -> ImageDefaults:
        """Default parameters of the image model of that name, at its own size."""
        return defaults_for(model, self.about(model))

    @staticmethod
    def shape(name: Shape, base: Baseline) -> tuple[int, int]:
        """Width and height in pixels of a shape for a baseline."""
        return size_of_shape(name, base)

    def offers(self, style: Style, rules: GuildSettings) -> bool:
        """Whether that style may be offered there."""
        return self._is_there(style, rules) and style_allowed(style, rules, self.lora)

    def offers_lora(self, lora: Lora, rules: GuildSettings) -> bool:
        """Whether that LoRA is allowed there, by all its names."""
        try:
            check_lora(lora, rules, self.lora)
        except NotAllowed:
            return False
        return True

    def _is_there(self, style: Style, rules: GuildSettings) -> bool:
        """Styles of a Horde are known to that Horde alone."""
        here, theirs = self._name(rules.backend), self._public.styles_of
        return style.kind != "horde" or not theirs or here == theirs
