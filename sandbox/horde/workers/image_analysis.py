"""Analyses images for alchemy forms: colours, brightness, contrast and detail."""

import colorsys
from dataclasses import dataclass

from PIL import Image, ImageFilter, ImageStat

from sandbox.horde.state.requests import Json
from sandbox.horde.workers.image_drawing import encode, resized
from sandbox.horde.workers.image_processing import open_image, post_process

HUES = (
    (0.03, "red"), (0.1, "orange"), (0.18, "yellow"), (0.42, "green"), (0.52, "turquoise"),
    (0.68, "blue"), (0.8, "violet"), (0.94, "pink"), (1.01, "red"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """The measured facts about an image."""

    width: int
    height: int
    colours: tuple[str, ...]  # hexadecimal, the most frequent first
    names: tuple[str, ...]  # their names, each once
    brightness: float  # 0 to 1
    contrast: float
    detail: float
    has_transparency: bool

    @property
    def shape(self) -> str:
        ratio = self.width / self.height
        if 0.9 < ratio < 1.1:
            return "square"
        return "wide" if ratio > 1 else "tall"

    @property
    def light(self) -> str:
        return "dim" if self.brightness < 0.35 else "bright" if self.brightness > 0.65 else "soft"


def measure(data: bytes) -> ImageFacts:
    """Measure a thumbnail of the image."""
    image = open_image(data)
    width, height = image.size
    small = image.convert("RGB")
    small.thumbnail((96, 96))
    grey = small.convert("L")
    stat = ImageStat.Stat(grey)
    edges = ImageStat.Stat(grey.filter(ImageFilter.FIND_EDGES))
    colours = _main_colours(small)
    return ImageFacts(
        width,
        height,
        tuple(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in colours),
        tuple(dict.fromkeys(_name(colour) for colour in colours)),
        stat.mean[0] / 255,
        min(1.0, stat.stddev[0] / 96),
        min(1.0, edges.mean[0] / 64),
        image.mode == "RGBA",
    )


def analyse(form: str, data: bytes) -> Json:
    """The result of a form that analyses an image."""
    if form == "vectorize":
        return {form: vectorized(data)}
    facts = measure(data)
    results: dict[str, object] = {
        "caption": f"a {facts.shape} picture in {_listed(facts.names[:2])}, {facts.light} light",
        "describe": _description(facts),
        "nsfw": False,
        "mood": f"{facts.light} light, {_listed(facts.names[:2])}",
        "palette": list(facts.colours),
        "aesthetic": round(4 + 2.5 * facts.contrast + 2 * min(facts.detail, 0.6), 2),
        "interrogation": _tags(facts),
    }
    return {form: results[form]}


def post_processed(form: str, data: bytes) -> bytes:
    """The output of a post-processor as WebP."""
    return encode(post_process(open_image(data), form))


def vectorized(data: bytes) -> str:
    """The image as a small SVG: runs of one colour on a coarse grid."""
    image = open_image(data).convert("RGB")
    ratio = image.height / image.width
    columns = 32
    rows = max(1, min(96, round(columns * ratio)))
    small = resized(image, (columns, rows)).quantize(12).convert("RGB")
    runs: list[str] = []
    for y in range(rows):
        x = 0
        while x < columns:
            start, colour = x, small.getpixel((x, y))
            while x < columns and small.getpixel((x, y)) == colour:
                x += 1
            assert isinstance(colour, tuple)
            fill = "".join(f"{int(each):02x}" for each in colour)
            runs.append(f'<path fill="#{fill}" d="M{start} {y}h{x - start}v1h-{x - start}z"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns} {rows}" '
        f'shape-rendering="crispEdges">{"".join(runs)}</svg>'
    )


def _main_colours(image: Image.Image) -> list[tuple[int, int, int]]:
    reduced = image.quantize(6, Image.Quantize.MEDIANCUT).convert("RGB")
    counted = reduced.getcolors(96 * 96) or []
    found = [colour for _, colour in sorted(counted, reverse=True, key=lambda pair: pair[0])]
    return [(int(c[0]), int(c[1]), int(c[2])) for c in found if isinstance(c, tuple)]


def _name(colour: tuple[int, int, int]) -> str:
    hue, light, strength = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    if light < 0.12:
        return "black"
    if light > 0.9:
        return "white"
    if strength < 0.12:
        return "grey"
    name = next(name for most, name in HUES if hue < most)
    return f"dark {name}" if light < 0.3 else f"pale {name}" if light > 0.75 else name


def _listed(names: tuple[str, ...]) -> str:
    *most, last = names or ("no colour",)
    return f"{', '.join(most)} and {last}" if most else last


def _description(facts: ImageFacts) -> str:
    busy = "calm, with large plain areas" if facts.detail < 0.2 else "full of small detail"
    contrast = "strong" if facts.contrast > 0.5 else "gentle"
    cut = " Parts of it are transparent." if facts.has_transparency else ""
    return (
        f"A {facts.shape} picture of {facts.width} by {facts.height} pixels. Its main colours are "
        f"{_listed(facts.names)}. The light is {facts.light} and the contrast {contrast}; it is "
        f"{busy}.{cut}"
    )


def _tags(facts: ImageFacts) -> Json:
    confidence = 34.0
    tags: list[Json] = []
    for text in (*facts.names, f"{facts.light} light", f"{facts.shape} format"):
        tags.append({"text": text, "confidence": round(confidence, 2)})
        confidence *= 0.83
    medium = "digital painting" if facts.detail < 0.3 else "photo"
    return {
        "tags": tags,
        "sites": [{"text": "shutterstock", "confidence": 11.4}],
        "artists": [],
        "flavors": [{"text": f"{facts.light} colours", "confidence": 21.5}],
        "mediums": [{"text": medium, "confidence": round(18 + 10 * facts.contrast, 2)}],
        "movements": [],
        "techniques": [{"text": "matte painting", "confidence": 16.1}],
    }
