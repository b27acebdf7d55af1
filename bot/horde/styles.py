"""Styles: prompts, models and parameters that users of the Horde published."""

from typing import Literal

from pydantic import Field

from bot.horde.accounts import SharedKey
from bot.horde.transport import Calls
from bot.http.schema import Amount, Count, Items, Named, Wire

PAGE = 25  # entries in one answer
Sort = Literal["popular", "age"]
OWNED = "::style::"  # in accounts and collections between the owner and the name of a style


def bare_name(unique: str) -> str:
    """The name in `owner#1::style::name`, under which accounts and collections list a style."""
    return unique.partition(OWNED)[2] or unique


class StyleLora(Wire):
    """A LoRA of a style."""

    name: str
    model: Amount = 1.0
    clip: Amount = 1.0
    inject_trigger: str = ""
    is_version: bool = False


class ImageStyleParams(Wire):
    """Parameters of an image style; None is left to the server."""

    sampler_name: str | None = None
    scheduler: str | None = None  # since 5.1.8
    cfg_scale: float | None = None
    steps: int | None = None
    width: int | None = None
    height: int | None = None
    karras: bool | None = None
    clip_skip: int | None = None
    tiling: bool | None = None
    hires_fix: bool | None = None
    transparent: bool | None = None
    post_processing: Items[str] = ()
    loras: Items[StyleLora] = ()


class TextStyleParams(Wire):
    """Parameters of a text style."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    rep_pen: float | None = None
    max_length: int | None = None
    max_context_length: int | None = None
    stop_sequence: Items[str] = ()


class StyleExample(Wire):
    """A picture that shows a style."""

    id: str = ""
    url: str = ""
    primary: bool = False


class ParameterPolicy(Wire):
    """Parameters of a request that a style accepts: `override` none, listed or all of them.

    `ceilings`: a larger value is refused.
    """

    override: str = "none"
    overridable: Items[str] = ()
    ceilings: Named[Amount] = Field(default_factory=dict[str, float])


class TemplateField(Wire):
    """A text that a request fills into the prompt of a style."""

    name: str
    description: str = ""
    required: bool = False


class _Style(Wire):
    id: str
    name: str = ""
    info: str = ""
    prompt: str = "{p}"
    creator: str = ""
    use_count: Count = 0
    public: bool = True
    nsfw: bool = False
    tags: Items[str] = ()
    models: Items[str] = ()
    parameter_policy: ParameterPolicy | None = None  # since 5.1.13, like the next
    template_fields: Items[TemplateField] = ()


class ImageStyle(_Style):
    """`prompt` contains {p} and {np}, the places of the requester's prompts."""

    prompt: str = "{p}{np}"
    params: ImageStyleParams = Field(default_factory=ImageStyleParams)
    examples: Items[StyleExample] = ()
    shared_key: SharedKey | None = None


class TextStyle(_Style):
    """`prompt` contains {p}, the place of the requester's prompt."""

    params: TextStyleParams = Field(default_factory=TextStyleParams)


def _list_query(sort: Sort, page: int, tag: str | None, model: str | None) -> dict[str, object]:
    # The server takes the page for an entry: docs/horde-api.md#styles.
    return {"sort": sort, "page": (page - 1) * PAGE + 1, "tag": tag, "model": model}


class StyleCalls(Calls):
    """None of these calls needs a key. Use ids: names need not be unique."""

    async def list_image_styles(
        self,
        *,
        sort: Sort = "popular",
        page: int = 1,
        tag: str | None = None,
        model: str | None = None,
    ) -> tuple[ImageStyle, ...]:
        """25 image styles; `page` counts from 1."""
        query = _list_query(sort, page, tag, model)
        return await self._many(ImageStyle, "GET", "/styles/image", query=query)

    async def get_image_style(self, style_id: str) -> ImageStyle:
        """The image style of that id."""
        path = {"style_id": style_id}
        return await self._one(ImageStyle, "GET", "/styles/image/{style_id}", path=path)

    async def get_image_style_by_name(self, style_name: str) -> ImageStyle:
        """The image style of that name."""
        path = {"style_name": style_name}
        return await self._one(ImageStyle, "GET", "/styles/image_by_name/{style_name}", path=path)

    async def list_text_styles(
        self,
        *,
        sort: Sort = "popular",
        page: int = 1,
        tag: str | None = None,
        model: str | None = None,
    ) -> tuple[TextStyle, ...]:
        """25 text styles. The server allows 20 such calls an hour: cache the answers."""
        query = _list_query(sort, page, tag, model)
        return await self._many(TextStyle, "GET", "/styles/text", query=query)

    async def get_text_style(self, style_id: str) -> TextStyle:
        """The text style of that id."""
        path = {"style_id": style_id}
        return await self._one(TextStyle, "GET", "/styles/text/{style_id}", path=path)

    async def get_text_style_by_name(self, style_name: str) -> TextStyle:
        """The text style of that name."""
        path = {"style_name": style_name}
        return await self._one(TextStyle, "GET", "/styles/text_by_name/{style_name}", path=path)
