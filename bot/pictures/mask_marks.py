"""The marked part of a mask, however it was drawn. For the picture child alone.

In black and white, white is marked. Otherwise the marks differ from the ground: a colour on black
or on white, or strokes on a transparent layer. In a picture with holes the holes are marked.
"""

from PIL import Image, ImageChops, ImageOps

from bot.pictures.transforms import mapped

_DARK, _LIGHT = 64, 191  # levels below and above which a point counts as black or white
_COLOURFUL = 40  # levels between the channels of a colour; a JPEG of greys stays below
_FEW = 8  # colours of strokes at most; a photo has thousands
_STROKES = 0.9  # share of a drawing with these few colours: edges are soft
_SHARE = 0.005  # of a mask's points must be colourful
_GROUND = 0.1  # of a mask's points make black or white its ground
_NOISE = 20  # levels that are no mark


def marked(mask: Image.Image) -> Image.Image:
    """How much of each point is repainted, 0 to 255. `mask`: RGB or RGBA."""
    if mask.mode == "RGBA" and mask.getchannel("A").getextrema()[0] != 255:
        return _of_layer(mask)
    colours = mask.convert("RGB")
    return _off_ground(colours) if _is_colourful(colours) else _stretched(colours.convert("L"))


def _of_layer(mask: Image.Image) -> Image.Image:
    """Of a partly transparent layer: the strokes, or the holes of a picture."""
    alpha = mask.getchannel("A")
    seen = mapped(alpha, lambda level: 255 if level > 127 else 0)
    colours = _colours(mask.convert("RGB"), seen)
    total = sum(colours.values())
    common = dict(sorted(colours.items(), key=lambda item: -item[1])[:_FEW])
    if not total or sum(common.values()) < _STROKES * total:
        return ImageOps.invert(alpha)
    greys = all(max(colour) - min(colour) < _COLOURFUL for colour in common)
    light = sum(count for colour, count in common.items() if min(colour) > _LIGHT)
    dark = sum(count for colour, count in common.items() if max(colour) < _DARK)
    if greys and min(light, dark) > _SHARE * total:  # black and white, as a mask without alpha
        return ImageChops.darker(mask.convert("L"), alpha)
    return alpha


def _colours(picture: Image.Image, seen: Image.Image) -> dict[tuple[int, int, int], int]:
    """How often each colour occurs, in 32 levels a channel."""
    flat = ImageOps.posterize(picture, 5)
    flat.paste((1, 1, 1), mask=ImageOps.invert(seen))  # a colour that no other becomes
    found = flat.getcolors(1 << 15 | 1) or []
    every = {(c[0], c[1], c[2]): count for count, c in found if isinstance(c, tuple)}
    every.pop((1, 1, 1), None)
    return every


def _is_colourful(picture: Image.Image) -> bool:
    counts = _spread(picture).histogram()
    return sum(counts[_COLOURFUL:]) > _SHARE * sum(counts)


def _spread(picture: Image.Image) -> Image.Image:
    """The difference between the channels of each point."""
    red, green, blue = picture.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return ImageChops.subtract(most, ImageChops.darker(ImageChops.darker(red, green), blue))


def _off_ground(picture: Image.Image) -> Image.Image:
    """The difference of each point to the colour of the ground."""
    apart = ImageChops.difference(picture, Image.new("RGB", picture.size, _ground(picture)))
    red, green, blue = apart.split()
    levels = _stretched(ImageChops.lighter(ImageChops.lighter(red, green), blue))
    return mapped(levels, lambda level: min(255, 2 * level))  # a darker colour is a mark too


def _ground(picture: Image.Image) -> tuple[int, int, int]:
    """Black or white if it is frequent, else the most common colour of the edge."""
    grey = picture.convert("L").histogram(mapped(_spread(picture), _is_grey))
    total = picture.width * picture.height
    dark, light = sum(grey[:_DARK]), sum(grey[_LIGHT + 1 :])
    if max(dark, light) > _GROUND * total:
        return (0, 0, 0) if dark > light else (255, 255, 255)
    inner = Image.new("L", picture.size, 255)
    inner.paste(0, (1, 1, max(1, picture.width - 1), max(1, picture.height - 1)))
    edge = _colours(picture, inner)
    red, green, blue = max(edge, key=lambda colour: edge[colour])
    return red + 4, green + 4, blue + 4  # the middle of the colours in that level


def _is_grey(spread: int) -> int:
    return 255 if spread < _COLOURFUL else 0


def _stretched(levels: Image.Image) -> Image.Image:
    """The strongest mark scaled to 255, so that a grey one is a mark too."""
    most = levels.getextrema()[1]
    assert isinstance(most, int | float)
    if most <= _NOISE:
        return levels
    return mapped(levels, lambda level: min(255, round(level * 255 / most)))
