"""Requests of all kinds: frozen, complete, stored as JSON; `kind` names the class."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.domain.requests.alchemy import AlchemyRequest
from bot.domain.requests.base import (
    IMAGES_MAX,
    NEGATIVE_SPLIT,
    PROMPT_MAX,
    SIDE_MAX,
    SIDE_MIN,
    SIDE_STEP,
    Kind,
    Source,
    build,
)
from bot.domain.requests.chat_turn import ChatTurn, PromptMessage
from bot.domain.requests.image import (
    Embedding,
    ExtraImage,
    ExtraText,
    ImageRequest,
    Lora,
    TemplateText,
)
from bot.domain.requests.image_choices import NO_CHOICES, ImageChoices, merged
from bot.domain.requests.image_values import SHAPES, Control, Mode, Part, Shape
from bot.domain.requests.text import TextRequest
from bot.domain.requests.video import VIDEO_SHAPES, VideoRequest, nearest_shape

__all__ = [
    "IMAGES_MAX",
    "NEGATIVE_SPLIT",
    "NO_CHOICES",
    "PROMPT_MAX",
    "REQUEST",
    "SHAPES",
    "SIDE_MAX",
    "SIDE_MIN",
    "SIDE_STEP",
    "VIDEO_SHAPES",
    "AlchemyRequest",
    "ChatTurn",
    "Control",
    "Embedding",
    "ExtraImage",
    "ExtraText",
    "ImageChoices",
    "ImageRequest",
    "Kind",
    "Lora",
    "Mode",
    "Part",
    "PromptMessage",
    "Request",
    "Shape",
    "Source",
    "TemplateText",
    "TextRequest",
    "VideoRequest",
    "build",
    "merged",
    "nearest_shape",
]

Request = Annotated[
    ImageRequest | TextRequest | AlchemyRequest | VideoRequest, Field(discriminator="kind")
]
REQUEST: TypeAdapter[Request] = TypeAdapter(Request)
