"""Models, styles and LoRAs of the backends, kept in memory and on disk."""

import asyncio

from bot.backends.values import Model
from bot.catalog.baselines import Baseline, size_of_shape
from bot.catalog.entries import Addon, AddonKind, ModelFacts
from bot.catalog.image_defaults import ImageDefaults, defaults_for, newcomer
from bot.catalog.known_styles import KnownStyles
from bot.catalog.rule_filter import addon_allowed
from bot.catalog.safe_text_models import is_safe_text
from bot.domain.chat.conversations import AUTO
from bot.domain.requests import ImageRequest, Kind, Shape
from bot.domain.sampling_rules import SamplingRules, rules_of_own
from bot.errors import UserError
from bot.i18n import N_, _
from bot.rules.blocklists import is_blocked
from bot.rules.guild_settings import NO_RULES, GuildSettings

ALL = 5_000
ALL_BLOCKED = N_(
    "This server allows no model that has a worker at the moment. Try again later, or ask a "
    "manager of the server."
)


class Catalog(KnownStyles):
    """Answers from memory only; `run` keeps it fresh.

    `nsfw` false leaves out entries marked NSFW: they are for age-restricted places. `rules`: those
    of the place; its backend answers, without the entries on its blocklists.
    """

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

    def loras(
        self,
        typed: str = "",
        limit: int = 25,
        *,
        nsfw: bool = False,
        rules: GuildSettings = NO_RULES,
    ) -> list[Addon]:
        """The LoRAs of the place's backend, or else the known ones, that match the typed text.

        Starts a search for more known ones, if that is on.
        """
        own = self.own_addons("lora", rules)
        if own is not None:
            return own.search(typed, limit, lambda addon: addon_allowed(addon, rules))
        return self._public.addons("lora", typed, limit, nsfw=nsfw, rules=rules)

    def embedding(self, name: str) -> Addon | None:
        """The known embedding of that name or id."""
        return self._public.addon("embedding", name)

    def lora_marked(self, text: str, rules: GuildSettings = NO_RULES) -> Addon | None:
        """The LoRA whose id has that `mark`; None if it is blocked."""
        own = self.own_addons("lora", rules)
        found = self._public.marked("lora", text) if own is None else own.marked(text)
        return found if found and addon_allowed(found, rules) else None

    def embeddings(
        self,
        typed: str = "",
        limit: int = 25,
        *,
        nsfw: bool = False,
        rules: GuildSettings = NO_RULES,
    ) -> list[Addon]:
        """The embeddings that match the typed text, as with LoRAs."""
        own = self.own_addons("embedding", rules)
        if own is not None:
            return own.search(typed, limit)
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

    def template(self, model: str, chosen: str = AUTO) -> str:
        """The template of a text model; `chosen`: the one that a conversation names."""
        return self._public.library.prompt_formats.template(model, chosen)

    def knows_template(self, model: str) -> bool:
        """Whether the template of that text model is known."""
        return self._public.library.prompt_formats.knows(model)

    def sampling(self, rules: GuildSettings = NO_RULES) -> SamplingRules:
        """Samplers and schedulers of the place's backend."""
        name, own = self._name(rules.backend), self.offered(rules)
        if own.samplers is None:
            return self._public.sampling(name)
        return rules_of_own(own.samplers, own.schedulers, self._backends[name].capabilities.title)

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
