"""Rules of the place that need the catalog."""

from typing import Any, cast

import pytest

from bot.catalog import Style
from bot.catalog.search_index import SearchIndex
from bot.domain.requests import ImageChoices, ImageRequest
from bot.errors import NotAllowed
from bot.rules.request_context import RequestContext
from bot.services.admission import Admission
from tests.support.builders import HERE
from tests.support.catalogs import catalog_with_styles

CABARET = "00000000-0000-4000-8000-00000000cafe"


@pytest.mark.parametrize("nsfw", [True, False])
async def test_a_marked_style_is_refused_outside_of_restricted_channels(nsfw: bool) -> None:
    catalog = catalog_with_styles()
    marked = Style("cabaret", "horde", id=CABARET, nsfw=True, choices=ImageChoices(style=CABARET))
    catalog._public.styles = SearchIndex(
        [marked], name=lambda one: one.name, key=lambda one: one.key
    )
    admission = Admission(cast("Any", None), catalog, cast("Any", None), {})
    request = ImageRequest(prompt="a fox", style=CABARET)
    place = RequestContext(HERE, backend="horde", nsfw=nsfw)
    if nsfw:
        await admission.check(place, request)
    else:
        with pytest.raises(NotAllowed, match="age-restricted channels only"):
            await admission.check(place, request)
