"""Values that many tests need: one builder each, with usual content unless a test changes it."""

import io
import time
from typing import Any

from PIL import Image

from bot.domain.generations import Generation, ImageGeneration, VideoGeneration
from bot.domain.records import MessageRef, Origin, Payer, Record
from bot.domain.requests import (
    AlchemyRequest,
    ImageChoices,
    ImageRequest,
    Source,
    TextRequest,
    VideoRequest,
)
from bot.domain.results import Phase, Status

MODEL = "AlbedoBase XL (SDXL)"
GUILD_ID = 5


def source(**changes: Any) -> Source:
    """A picture that a person uploaded."""
    usual = Source(url="https://cdn.example/fox.png", filename="fox.png")
    return usual.model_copy(update=changes)


def image_request(**changes: Any) -> ImageRequest:
    usual: dict[str, Any] = {"prompt": "a fox", "models": (MODEL,)}
    return ImageRequest(**(usual | changes))


def text_request(**changes: Any) -> TextRequest:
    usual: dict[str, Any] = {"prompt": "Tell me about foxes", "models": ("koboldcpp/Mistral",)}
    return TextRequest(**(usual | changes))


def video_request(**changes: Any) -> VideoRequest:
    usual: dict[str, Any] = {"prompt": "a fox runs", "models": ("LTX-2.3",)}
    return VideoRequest(**(usual | changes))


def alchemy_request(*forms: str, **changes: Any) -> AlchemyRequest:
    """A request for these alchemy forms, or for a caption."""
    usual: dict[str, Any] = {"source": source(), "forms": forms or ("caption",)}
    return AlchemyRequest(**(usual | changes))


FOX_REQUEST = image_request()
FOX_BY_DELIBERATE = image_request(models=("Deliberate",))
FOX_BY_ANY_MODEL = image_request(models=())
FOX_CHOICES = ImageChoices(prompt="a fox")
PRIVATE_FOX = image_request(private=True)
FOUR_FOXES = image_request(prompt="four foxes", models=(), n=4)
SMALL_FOX = image_request(models=("Deliberate",), width=512, height=512)
CAPTION_REQUEST = alchemy_request("caption")
SQUARE_SOURCE = source(width=512, height=512)


def small_image_request(prompt: str = "a lighthouse", n: int = 1) -> ImageRequest:
    """A request for pictures that the sandbox's Horde makes at once."""
    return image_request(prompt=prompt, models=(), n=n, width=256, height=256, steps=10)


def short_text_request(prompt: str = "Once upon a time", n: int = 1) -> TextRequest:
    return text_request(prompt=prompt, models=(), max_length=60, n=n)


def origin(user: int = 7, *, interaction: int = 900, nsfw: bool = False) -> Origin:
    """A command of a member of a server."""
    message = MessageRef(channel_id=10)
    return Origin(interaction, user, GUILD_ID, message, age_restricted=nsfw)


HERE = origin()


def message_ref(**changes: Any) -> MessageRef:
    """A message in a server's channel, whose token is good for ten more minutes."""
    usual: dict[str, Any] = {
        "channel_id": 4,
        "message_id": 5,
        "token": "t",
        "token_expires_at": time.time() + 600,
    }
    return MessageRef(**(usual | changes))


def record(**changes: Any) -> Record:
    """An image request that has just been stored."""
    usual: dict[str, Any] = {
        "id": 1,
        "interaction_id": 1,
        "backend": "horde",
        "user_id": 2,
        "guild_id": 3,
        "channel_id": 4,
        "payer": Payer.ANONYMOUS,
        "request": FOX_REQUEST,
        "phase": Phase.QUEUED,
        "created_at": time.time(),
        "messages": (message_ref(),),
    }
    return Record(**(usual | changes))


def status(*generations: Generation, **changes: Any) -> Status:
    """The status of a request that is done, with these results."""
    usual: dict[str, Any] = {"phase": Phase.DONE, "generations": generations}
    return Status(**(usual | changes))


def image_generation(number: int = 1, **changes: Any) -> ImageGeneration:
    """A downloaded picture of request 128. Its seed and file name follow from its number."""
    usual: dict[str, Any] = {
        "id": f"id{number}",
        "file": f"128-{number}.webp",
        "seed": str(1000 + number),
        "model": MODEL,
        "worker": "Dreamer",
        "width": 1024,
        "height": 1024,
    }
    return ImageGeneration(**(usual | changes))


def video_generation(**changes: Any) -> VideoGeneration:
    """The downloaded video of request 128."""
    usual: dict[str, Any] = {
        "id": "1",
        "file": "128-1.mp4",
        "seed": "1001",
        "model": "LTX-2.3",
        "worker": "Dreamer",
        "seconds": 4.0,
    }
    return VideoGeneration(**(usual | changes))


def encoded(picture: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    """The file of a picture. `options`: those of Pillow for the format."""
    file = io.BytesIO()
    picture.save(file, format_, **options)
    return file.getvalue()


def png(width: int = 320, height: int = 200, colour: str = "teal", mode: str = "RGB") -> bytes:
    """A PNG of one colour."""
    return encoded(Image.new(mode, (width, height), colour))


def webp(side: int = 64, *, noise: bool = False) -> bytes:
    """A square WebP; with noise one that does not compress."""
    picture = Image.effect_noise((side, side), 100) if noise else Image.new("RGB", (side, side))
    return encoded(picture.convert("RGB"), "WEBP", lossless=noise)
