"""Composes an image request from choices: names, preset, style, defaults and the server's rules."""

from collections.abc import Awaitable, Callable, Sequence

from bot.catalog import Catalog
from bot.domain.requests import ImageRequest, Request
from bot.parameters.addon_bases import mismatches
from bot.parameters.layers import Choices, compose, merged, without_source
from bot.parameters.rule_filter import check_chosen_style, decided_there, left_standing
from bot.parameters.source_defaults import suited
from bot.parameters.upfront_kudos import FREE_MIN
from bot.rules.guild_checks import lowered
from bot.rules.request_context import RequestContext
from bot.services.defaults import Defaults
from bot.services.model_names import checked
from bot.services.presets import Presets


class Composer:
    """Composes image requests. Every refusal is a UserError.

    `free_side`: of the square that needs no kudos now at the backend of that name, in pixels.
    """

    def __init__(
        self,
        catalog: Catalog,
        presets: Presets,
        defaults: Defaults,
        free_side: Callable[[str], Awaitable[int]],
    ) -> None:
        self._catalog = catalog
        self._presets = presets
        self._defaults = defaults
        self._free_side = free_side

    async def compose(self, context: RequestContext, choices: Choices) -> ImageRequest:
        """The request for these choices, made there.

        Other fields come from the preset, the style, the defaults of the user, the channel and the
        server, and last from the model.
        """
        rules, chosen = context.rules, checked(self._catalog, choices, context.rules)
        saved, standing = await self._saved(context, chosen), await self._standing(context, chosen)
        if chosen.get("source") is None:
            saved, standing = without_source(saved), [without_source(each) for each in standing]
        known = merged(chosen, saved)
        check_chosen_style(self._catalog, known, rules)
        suits = suited(self._catalog, known, merged(*standing), nsfw=context.nsfw, rules=rules)
        # Only a source's size is limited by the square that needs no kudos now.
        has_source = known.get("source") is not None
        side = await self._free_side(context.backend) if has_source else FREE_MIN
        layers = chosen, saved, suits
        request = compose(self._catalog, *layers, standing=standing, rules=rules, free_side=side)
        decided = decided_there(self._catalog, request, rules)
        return lowered(request, known.keys() | decided, rules)

    def warnings(self, request: Request) -> tuple[str, ...]:
        """Warnings about the combination, for the requester."""
        return mismatches(self._catalog, request) if isinstance(request, ImageRequest) else ()

    async def _saved(self, context: RequestContext, chosen: Choices) -> Choices:
        """The choices of the named preset."""
        name = chosen.get("preset", "")
        if not name or chosen.get("only"):
            return {}
        return await self._presets.use(context.user_id, context.guild_id, name)

    async def _standing(self, context: RequestContext, chosen: Choices) -> Sequence[Choices]:
        """The defaults that count there, without blocked ones."""
        if chosen.get("only"):
            return ()
        layers = await self._defaults.layers(context.origin)
        return [left_standing(self._catalog, layer, context.rules) for layer in layers]
