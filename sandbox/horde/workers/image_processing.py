"""Renders image jobs: img2img, inpainting, ControlNet, upscaling, background removal."""

import io
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from sandbox.horde.request_schemas import FACE_FIXERS, UPSCALERS
from sandbox.horde.state.worker_behaviour import PROMPT_TAG
from sandbox.horde.workers import qr_codes
from sandbox.horde.workers.image_drawing import draw_caption, draw_landscape, encode, resized

LONGEST_SIDE = 6144  # limits the memory of an upscaled image
CensorshipKind = Literal["nsfw", "csam"]


@dataclass(frozen=True, slots=True)
class ImageJob:
    """All inputs of a rendered image."""

    width: int
    height: int
    seed: int
    prompt: str
    model: str
    processors: tuple[str, ...] = ()
    source: bytes | None = field(default=None, repr=False)
    mask: bytes | None = field(default=None, repr=False)
    processing: str = "img2img"
    strength: float = 0.75
    extra_images: tuple[bytes, ...] = field(default=(), repr=False)
    control: str = ""
    control_map: bool = False
    transparent: bool = False
    qr_text: str | None = None
    censorship: CensorshipKind | None = None


def render(job: ImageJob) -> bytes:
    """The image of a job as WebP."""
    return encode(compose(job))


def compose(job: ImageJob) -> Image.Image:
    """The image of a job."""
    if job.censorship is not None:
        return _censored(job)
    picture = _draw(job)
    for name in job.processors:
        picture = post_process(picture, name)
    if job.transparent:
        picture = _cut_out(picture)
    note = f"seed {job.seed}  |  {job.model}  |  {picture.width} x {picture.height}"
    if job.source is not None:
        note += f"  |  {job.control or job.processing}"
    draw_caption(picture, PROMPT_TAG.sub("", job.prompt).partition("###")[0], note)
    return picture


def post_process(picture: Image.Image, name: str) -> Image.Image:
    """The output of a post-processor."""
    if name in UPSCALERS:
        return _enlarged(picture, UPSCALERS[name])
    if name in FACE_FIXERS:
        return ImageEnhance.Color(picture.filter(ImageFilter.DETAIL)).enhance(1.12)
    return _cut_out(picture)


def open_image(data: bytes) -> Image.Image:
    """A checked image in RGB, or in RGBA if it has transparency."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.convert("RGBA" if image.has_transparency_data else "RGB")


def decompression_bomb() -> bytes:
    """A valid PNG of 30,000 x 30,000 pixels in about 110 kB; decoded it has 112 MB."""
    side, row = 30_000, b"\0" * (1 + 30_000 // 8)
    packer = zlib.compressobj(1)
    body = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    head = side.to_bytes(4, "big") * 2 + bytes((1, 0, 0, 0, 0))
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
        for name, data in chunks
    )


def _draw(job: ImageJob) -> Image.Image:
    scene = draw_landscape(job.width, job.height, job.seed)
    if job.qr_text is not None:
        return _with_code(scene, job.qr_text)
    if job.source is None:
        return scene
    return _from_source(job, ImageOps.fit(open_image(job.source), scene.size), scene)


def _from_source(job: ImageJob, source: Image.Image, scene: Image.Image) -> Image.Image:
    if job.control:
        edges = ImageOps.autocontrast(source.convert("L").filter(ImageFilter.FIND_EDGES), cutoff=2)
        if job.control_map:
            return edges.convert("RGB")
        return Image.composite(Image.new("RGB", scene.size, "white"), scene, edges)
    if job.processing in ("inpainting", "outpainting"):
        return _inpainted(source, scene, job.mask)
    if job.processing == "remix":
        return _remixed(source.convert("RGB"), job.extra_images, scene)
    # At full strength some of the source stays visible, as proof that it was used.
    return Image.blend(source.convert("RGB"), scene, min(0.85, 0.15 + 0.6 * job.strength))


def _remixed(source: Image.Image, extra: tuple[bytes, ...], scene: Image.Image) -> Image.Image:
    """A strip of each source image, blended with the landscape."""
    strips = [
        source,
        *(ImageOps.fit(open_image(data).convert("RGB"), scene.size) for data in extra),
    ]
    whole = source.copy()
    for index, strip in enumerate(strips):
        left, right = (round(scene.width * i / len(strips)) for i in (index, index + 1))
        box = (left, 0, right, scene.height)
        whole.paste(strip.crop(box), box)
    return Image.blend(whole, scene, 0.35)


def _with_code(scene: Image.Image, text: str) -> Image.Image:
    """The landscape with a QR code: darkened and lightened modules keep its colours."""
    modules = qr_codes.encode(text)
    size = len(modules) + 8  # a quiet zone of four modules
    cells = bytes(0 if cell else 255 for cell in _with_quiet_zone(modules))
    code = Image.frombytes("L", (size, size), cells)
    scale = max(1, round(min(scene.size) * 0.66) // size)
    large = resized(code, (size * scale, size * scale), Image.Resampling.NEAREST)
    corner = ((scene.width - large.width) // 2, max(0, (scene.height - large.height) // 3))
    box = (*corner, corner[0] + large.width, corner[1] + large.height)
    under = scene.crop(box)
    dark = Image.blend(under, Image.new("RGB", under.size, "black"), 0.72)
    light = Image.blend(under, Image.new("RGB", under.size, "white"), 0.82)
    scene.paste(Image.composite(light, dark, large), box)
    return scene


def _with_quiet_zone(modules: list[list[bool]]) -> Iterator[bool]:
    blank = [False] * (len(modules) + 8)
    edge = [False] * 4
    rows = [blank] * 4 + [[*edge, *row, *edge] for row in modules] + [blank] * 4
    return (cell for row in rows for cell in row)


def _inpainted(source: Image.Image, scene: Image.Image, mask: bytes | None) -> Image.Image:
    if mask is not None:
        where = ImageOps.fit(open_image(mask).convert("L"), scene.size)
    elif source.mode == "RGBA":
        where = ImageOps.invert(source.getchannel("A"))
    else:
        where = Image.new("L", scene.size, 128)
    return Image.composite(scene, source.convert("RGB"), where)


def _enlarged(picture: Image.Image, factor: int) -> Image.Image:
    ratio = min(float(factor), LONGEST_SIDE / max(picture.size))
    size = (max(1, round(picture.width * ratio)), max(1, round(picture.height * ratio)))
    return resized(picture, size)


def _cut_out(picture: Image.Image) -> Image.Image:
    """Make all but a soft oval in the middle transparent."""
    mask = Image.new("L", (128, 128))
    ImageDraw.Draw(mask).ellipse((8, 4, 120, 124), fill=255)
    alpha = resized(mask.filter(ImageFilter.GaussianBlur(3)), picture.size)
    cut = picture.convert("RGB")
    cut.putalpha(alpha)
    return cut


def _censored(job: ImageJob) -> Image.Image:
    """The black image that replaces a censored one."""
    picture = Image.new("RGB", (job.width, job.height), (8, 8, 10))
    draw = ImageDraw.Draw(picture)
    centre, radius = (job.width // 2, job.height // 2), min(picture.size) // 6
    ring = [centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius]
    draw.ellipse(ring, outline=(90, 90, 100), width=max(2, radius // 10))
    reach = round(radius * math.sqrt(0.5))
    ends = (centre[0] - reach, centre[1] + reach, centre[0] + reach, centre[1] - reach)
    draw.line(ends, fill=(90, 90, 100), width=max(2, radius // 10))
    draw_caption(picture, "censored by the worker", f"{job.censorship}  |  {job.model}")
    return picture
