"""Turns the bodies of txt2img and img2img into drawings."""

import random
from collections.abc import Iterator

from PIL import Image

from sandbox.a1111 import pictures
from sandbox.a1111.catalogue import LATENT_UPSCALERS, UPSCALERS
from sandbox.a1111.errors import WebuiError
from sandbox.a1111.generation import Plan
from sandbox.a1111.infotext import infotext
from sandbox.a1111.pictures import Drawing
from sandbox.a1111.request_bodies import GenerationBody, ImageToImageBody, TextToImageBody
from sandbox.a1111.state import A1111State
from sandbox.horde.workers.image_processing import ImageJob

LARGEST_SEED = 4_294_967_294
GRID = 8  # pixels of one cell of the latent image; the rest of a side is cut


def seeds_of(body: GenerationBody) -> list[int]:
    """The seed of each image: consecutive ones, from a random one for -1 and for null."""
    first = body.seed
    if first is None or first == -1:
        first = random.randrange(LARGEST_SEED)  # noqa: S311  a picture, no secret
    return [first + number for number in range((body.n_iter or 0) * (body.batch_size or 0))]


def check_numbers(body: GenerationBody) -> None:
    """Raises WebuiError for numbers with which the web UI fails."""
    for name in ("steps", "width", "height", "batch_size", "n_iter"):
        number = getattr(body, name)
        if number is None:
            message = "unsupported operand type(s) for *: 'NoneType' and 'int'"
            raise WebuiError("TypeError", message)
        if number < (GRID if name in ("width", "height") else 1):
            raise WebuiError("RuntimeError", f"invalid value for {name}: {number}")


def text_plan(state: A1111State, body: TextToImageBody, seeds: list[int]) -> Plan:
    """The plan of txt2img. Raises WebuiError for an unknown upscaler of the second pass."""
    size = _size(body)
    if not body.enable_hr:
        return Plan(tuple(_drawings(state, body, seeds, size)), body.batch_size or 1, _steps(body))
    upscaler = body.hr_upscaler
    if upscaler is not None and upscaler not in (*UPSCALERS, *LATENT_UPSCALERS):
        raise WebuiError("Exception", f"could not find upscaler named {upscaler}")
    larger = _enlarged(body, size)
    drawings = tuple(_drawings(state, body, seeds, larger))
    return Plan(drawings, body.batch_size or 1, _steps(body), passes=2)


def image_plan(state: A1111State, body: ImageToImageBody, seeds: list[int]) -> Plan:
    """The plan of img2img. Raises HttpError for images that cannot be decoded."""
    sources = [pictures.decode(each) for each in body.init_images or []]
    if not sources:
        raise WebuiError("IndexError", "list index out of range")
    if len(sources) > max(1, body.batch_size or 1):
        message = (
            f"bad number of images passed: {len(sources)}; expecting {body.batch_size} or less"
        )
        raise WebuiError("RuntimeError", message)
    size = _size(body)
    mask = _mask(body)
    # "Only masked" keeps the rest of the source, so the result has the size of the source.
    result = sources[0].size if mask is not None and body.inpaint_full_res else size
    drawings = tuple(_drawings(state, body, seeds, result, source=sources[0], mask=mask))
    strength = 0.75 if body.denoising_strength is None else body.denoising_strength
    return Plan(drawings, body.batch_size or 1, max(1, round(_steps(body) * strength)))


def _drawings(
    state: A1111State,
    body: GenerationBody,
    seeds: list[int],
    size: tuple[int, int],
    *,
    source: Image.Image | None = None,
    mask: Image.Image | None = None,
) -> Iterator[Drawing]:
    fitted, mask_data = None, None
    if source is not None:
        mode = getattr(body, "resize_mode", 0) or 0
        fitted = pictures.png(pictures.fitted(source.convert("RGB"), size, mode))
    if mask is not None:
        mask_data = pictures.png(pictures.fitted(mask, size, 0))
    for seed in seeds:
        job = ImageJob(
            width=size[0],
            height=size[1],
            seed=seed,
            prompt=body.prompt or "",
            model=state.loaded.name,
            source=fitted,
            mask=mask_data,
            processing="img2img" if mask is None else "inpainting",
            strength=0.75 if body.denoising_strength is None else body.denoising_strength,
        )
        yield Drawing(job, infotext(state, body, seed, size))


def _size(body: GenerationBody) -> tuple[int, int]:
    return (body.width or 0) // GRID * GRID, (body.height or 0) // GRID * GRID


def _steps(body: GenerationBody) -> int:
    return body.steps or 1


def _enlarged(body: TextToImageBody, size: tuple[int, int]) -> tuple[int, int]:
    """The size after the second pass: a factor, or a side from which the other follows."""
    width, height = body.hr_resize_x or 0, body.hr_resize_y or 0
    if not width and not height:
        scale = body.hr_scale or 1.0
        width, height = int(size[0] * scale), int(size[1] * scale)
    width = width or height * size[0] // size[1]
    height = height or width * size[1] // size[0]
    return width // GRID * GRID, height // GRID * GRID


def _mask(body: ImageToImageBody) -> Image.Image | None:
    """The mask; a blank one is none, as if the image had been sent without it."""
    if not body.mask:
        return None
    mask = pictures.binary_mask(
        pictures.decode(body.mask), inverted=bool(body.inpainting_mask_invert)
    )
    return mask if mask.getbbox() else None
