"""Rules of the place that need the catalog."""

from typing import Any, cast

import pytest

from bot.catalog import Style
from bot.catalog.search_index import SearchIndex
from bot.domain.requests import ImageChoices, ImageRequest, TextRequest
from bot.domain.requests.chat_turn import ChatTurn
from bot.errors import NotAllowed, UserError
from bot.rules.guild_settings import GuildSettings
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


TURN = TextRequest(prompt="hello", chat=ChatTurn(conversation=1))
SAFE, WILD = "koboldcpp/Llama-3.1-8B-Instruct", "koboldcpp/Wild-RP-12B"


class TextModels:
    """A catalog that serves two text models, one of them of the safe list."""

    def text_models(self, _rules: GuildSettings) -> tuple[str, ...]:
        return (WILD, SAFE)

    def safe_text_models(self, _rules: GuildSettings) -> tuple[str, ...]:
        return (SAFE,)

    def is_missing(self, *_facts: object) -> bool:
        return False


def placed(admission: Admission, place: RequestContext, request: TextRequest) -> TextRequest:
    found = admission.placed(place, request)
    assert isinstance(found, TextRequest)
    return found


@pytest.mark.parametrize(
    ("nsfw", "listed", "models"),
    [
        (True, (WILD,), (WILD,)),
        (True, (SAFE, WILD), (WILD, SAFE)),
        (False, (SAFE, WILD), (SAFE,)),
        (True, (), ()),
    ],
)
def test_a_turn_uses_the_models_of_conversations_alone(
    nsfw: bool, listed: tuple[str, ...], models: tuple[str, ...]
) -> None:
    admission = Admission(cast("Any", None), cast("Any", TextModels()), cast("Any", None), {})
    rules = GuildSettings(chat_models=listed)
    place = RequestContext(HERE, rules, backend="horde", nsfw=nsfw)
    assert placed(admission, place, TURN).models == models


def test_the_models_of_conversations_do_not_limit_other_texts() -> None:
    admission = Admission(cast("Any", None), cast("Any", TextModels()), cast("Any", None), {})
    place = RequestContext(HERE, GuildSettings(chat_models=(SAFE,)), backend="horde", nsfw=True)
    assert placed(admission, place, TextRequest(prompt="hello")).models == ()


def test_a_tame_place_refuses_a_conversation_without_an_allowed_model() -> None:
    admission = Admission(cast("Any", None), cast("Any", TextModels()), cast("Any", None), {})
    place = RequestContext(HERE, GuildSettings(chat_models=(WILD,)), backend="horde")
    with pytest.raises(UserError, match="allows in conversations"):
        admission.placed(place, TURN)
