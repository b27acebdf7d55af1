"""Composes an image request from choices: names, preset, style, defaults and the server's rules."""

from collections.abc import Awaitable, Callable, Sequence

from bot.catalog import Catalog
from bot.domain.backend_gaps import gap_of_choices, only_used, possible_choices
from bot.domain.requests import NO_CHOICES, ImageChoices, ImageRequest, Kind, Request, merged
from bot.parameters.addon_bases import mismatches
from bot.parameters.flags import with_tagged_loras
from bot.parameters.layers import OF_A_SOURCE, compose
from bot.parameters.rule_filter import check_chosen_style, decided_there, left_standing
from bot.parameters.source_defaults import suited
from bot.parameters.upfront_kudos import FREE_MIN
from bot.rules.guild_checks import lowered
from bot.rules.request_context import RequestContext
from bot.services.backend_refusals import Backends, check_choices, check_kind, option_of
from bot.services.defaults import Defaults
from bot.services.model_names import checked
from bot.services.presets import Presets

OF_A_STYLE = frozenset({"style", "template_fields"})


class Composer:
    """Composes image requests. Every refusal is a UserError.

    `free_side`: of the square that needs no kudos now at the backend of that name, in pixels.
    `backends`: abilities of the configured backends.
    """

    def __init__(
        self,
        catalog: Catalog,
        presets: Presets,
        defaults: Defaults,
        free_side: Callable[[str], Awaitable[int]],
        backends: Backends,
    ) -> None:
        self._catalog = catalog
        self._presets = presets
        self._defaults = defaults
        self._free_side = free_side
        self._backends = backends

    async def compose(self, context: RequestContext, choices: ImageChoices) -> ImageRequest:
        """The request for these choices, made there.

        Other fields come from the preset, the style, the defaults of the user, the channel and the
        server, and last from the model. Choices that the backend there cannot do are refused; those
        of the preset and of a style of the bot are named on the card and ignored, defaults are
        ignored.
        """
        if context.capabilities.lora_tags:
            choices = with_tagged_loras(choices)
        self.check_possible(context, choices)
        rules, chosen = context.rules, checked(self._catalog, choices, context.rules)
        ignored: dict[str, None] = {}

        def fitting(layer: ImageChoices) -> ImageChoices:
            kept, gone = self._possible(layer, context)
            ignored.update(dict.fromkeys(gone))
            return kept

        saved = fitting(await self._saved(context, chosen))
        standing = await self._standing(context, chosen)
        if chosen.source is None:
            saved = saved.without(OF_A_SOURCE)
            standing = [each.without(OF_A_SOURCE) for each in standing]
        known = merged(chosen, saved)
        check_chosen_style(self._catalog, known, rules)
        suits = suited(self._catalog, known, merged(*standing), nsfw=context.nsfw, rules=rules)
        # Only a source's size is limited by the square that needs no kudos now.
        side = FREE_MIN if known.source is None else await self._free_side(context.backend)
        layers = chosen, saved, suits
        request = compose(
            *(self._catalog, *layers),
            standing=standing,
            rules=rules,
            free_side=side,
            of_style=fitting,
        )
        request = only_used(request, context.capabilities)
        decided = decided_there(self._catalog, request, rules)
        request = lowered(request, known.names | decided, rules)
        return request.model_copy(update={"ignored": tuple(ignored)}) if ignored else request

    def check_possible(self, context: RequestContext, choices: ImageChoices) -> None:
        """Raises NotAllowed for choices that the backend there cannot do."""
        check_choices(context, self._for_backend(choices, context), self._backends)

    def check_kind(self, context: RequestContext, kind: Kind) -> None:
        """Raises NotAllowed where the backend makes no results of that kind."""
        check_kind(context, kind, self._backends)

    def warnings(self, request: Request) -> tuple[str, ...]:
        """Warnings about the combination, for the requester."""
        return mismatches(self._catalog, request) if isinstance(request, ImageRequest) else ()

    async def _saved(self, context: RequestContext, chosen: ImageChoices) -> ImageChoices:
        """The choices of the named preset."""
        if not chosen.preset or chosen.only:
            return NO_CHOICES
        return await self._presets.use(context.user_id, context.guild_id, chosen.preset)

    async def _standing(
        self, context: RequestContext, chosen: ImageChoices
    ) -> Sequence[ImageChoices]:
        """The defaults that count there, without blocked ones."""
        if chosen.only:
            return ()
        layers = await self._defaults.layers(context.origin)
        left = [left_standing(self._catalog, layer, context.rules) for layer in layers if layer]
        placed = [self._placed(layer, context) for layer in left]
        return [self._possible(layer, context)[0] for layer in placed]

    def _placed(self, layer: ImageChoices, context: RequestContext) -> ImageChoices:
        """A default without a style that is not for this place."""
        style = self._catalog.style(layer.style, context.rules) if layer.style else None
        is_shown = style is None or context.nsfw or not style.nsfw
        return layer if is_shown else layer.without(["style"])

    def _for_backend(self, choices: ImageChoices, context: RequestContext) -> ImageChoices:
        """The choices that the backend reads: it does not see a style that the bot applies."""
        style = self._catalog.style(choices.style, context.rules) if choices.style else None
        return choices.without(OF_A_STYLE if style is not None and style.kind == "file" else ())

    def _possible(
        self, layer: ImageChoices, context: RequestContext
    ) -> tuple[ImageChoices, list[str]]:
        """Those of the choices that the backend there can do, and the options of the others."""
        able = context.capabilities
        seen = self._for_backend(layer, context)
        gap, own = gap_of_choices(seen, able), layer.without(seen.names)
        kept, gone = merged(own, possible_choices(seen, able)), list(gap.fields)
        gone += ["n"] if gap.results_max else []
        if self._catalog.is_missing(Kind.IMAGE, kept.models, able, context.rules):
            kept, gone = kept.without(["models"]), [*gone, "models"]
        return kept, [option_of(name) for name in gone]
