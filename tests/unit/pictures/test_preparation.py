"""Pictures made fit for their request, by the real child, and looked at pixel by pixel."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from bot.domain.request_images import Pictures
from bot.domain.requests import SIDE_MAX, SIDE_MIN, SIDE_STEP, ImageRequest, Source
from bot.domain.requests.image import FULL_STRENGTH, REPAINTED
from bot.errors import BadOption, PictureError
from bot.pictures import Converter
from bot.pictures.preparation import PreparedImages, fit, reshaped
from bot.pictures.sizing import AREA_MAX, check_ratio, enlarged, is_like, like, placed
from tests.support.builders import encoded
from tests.support.pictures import BLUE, RED, colour_at, halves, is_near_at, opened

WHITE = (255, 255, 255)
Box = tuple[int, int, int, int]


def boxed(width: int, height: int, box: Box, mode: str = "L", fill: Any = 255) -> Image.Image:
    """A colour in the box, black around it, or nothing where the mode has alpha."""
    picture = Image.new(mode, (width, height))
    ImageDraw.Draw(picture).rectangle(box, fill=fill)
    return picture


def levels(mask: Image.Image, *points: tuple[int, int]) -> list[object]:
    assert mask.mode == "L"
    return [mask.getpixel(point) for point in points]


def request_with_sides(picture: Image.Image, sides: tuple[int, int], **fields: Any) -> ImageRequest:
    source = Source(url="u", width=picture.width, height=picture.height)
    width, height = sides
    return ImageRequest(prompt="x", source=source, width=width, height=height, **fields)


async def painted(
    converter: Converter, picture: Image.Image, sides: tuple[int, int], **fields: Any
) -> tuple[ImageRequest, Pictures]:
    form = fields.pop("form", "PNG")
    mask = fields.pop("mask", b"")
    request = request_with_sides(picture, sides, **fields)
    return await fit(request, PreparedImages(encoded(picture, form), mask), converter)


async def test_a_picture_of_other_proportions_is_cut_on_both_sides(converter: Converter) -> None:
    picture = Image.new("RGB", (900, 300), "white")
    picture.paste(RED, (300, 0, 600, 300))
    request, found = await painted(converter, picture, (256, 256))
    assert (request.width, request.height, found.mask) == (256, 256, b"")
    source = opened(found.source)
    assert (source.size, source.format) == ((256, 256), "WEBP")
    assert is_near_at(source, 4, 128, RED)
    assert is_near_at(source, 251, 128, RED)


@pytest.mark.parametrize(
    ("opaque", "strength", "decided"),
    [
        ((0, 0, 199, 255), REPAINTED, ("inpainting", FULL_STRENGTH)),
        ((0, 0, 199, 255), 0.4, ("inpainting", 0.4)),
        ((0, 0, 255, 255), REPAINTED, ("img2img", REPAINTED)),
        ((2, 2, 255, 255), REPAINTED, ("img2img", REPAINTED)),  # a thin edge is no hole
    ],
)
async def test_undecided_mode_follows_what_is_transparent(
    converter: Converter,
    opaque: tuple[int, int, int, int],
    strength: float,
    decided: tuple[str, float],
) -> None:
    picture = boxed(256, 256, opaque, "RGBA", (*RED, 255))
    request, found = await painted(converter, picture, (256, 256), strength=strength)
    assert (request.mode, request.strength) == decided
    assert bool(found.mask) == (request.mode == "inpainting")


async def test_undecided_mode_of_an_invisible_picture_is_explained(converter: Converter) -> None:
    picture = Image.new("RGBA", (64, 64))
    with pytest.raises(PictureError, match="completely transparent"):
        await painted(converter, picture, (64, 64))


async def test_what_is_transparent_becomes_white(converter: Converter) -> None:
    picture = boxed(256, 256, (0, 0, 127, 255), "RGBA", (*RED, 255))
    _, found = await painted(converter, picture, (256, 256), mode="img2img")
    source = opened(found.source)
    assert source.mode == "RGB"
    assert is_near_at(source, 40, 128, RED)
    assert is_near_at(source, 220, 128, WHITE)


async def test_but_a_hole_that_is_painted_anew_takes_the_colours_around_it(
    converter: Converter,
) -> None:
    picture = halves(256, 256).convert("RGBA")
    picture.paste((0, 0, 0, 0), (20, 100, 90, 160))
    _, found = await painted(converter, picture, (256, 256), mode="inpainting")
    assert is_near_at(opened(found.source), 55, 130, RED)
    assert levels(opened(found.mask), (55, 130), (200, 130), (55, 30)) == [255, 0, 0]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_a_mask_of_any_format_and_size(converter: Converter, form: str) -> None:
    mask = encoded(boxed(100, 50, (0, 0, 49, 49)).convert("RGB"), form)
    _, found = await painted(converter, halves(800, 400), (512, 256), mode="inpainting", mask=mask)
    assert opened(found.mask).size == (512, 256)
    assert levels(opened(found.mask), (5, 5), (240, 128), (272, 128), (506, 250)) == [
        *(255, 255, 0, 0),
    ]


async def test_the_mask_is_cut_as_its_source_is(converter: Converter) -> None:
    """The sides of a wide picture go, and with them what the mask says of those."""
    mask = encoded(boxed(90, 30, (0, 0, 29, 29)))
    square = (256, 256)
    with pytest.raises(PictureError, match="mask is empty"):
        await painted(converter, halves(900, 300), square, mode="inpainting", mask=mask)
    mask = encoded(boxed(90, 30, (30, 0, 44, 29)))
    _, found = await painted(converter, halves(900, 300), square, mode="inpainting", mask=mask)
    assert levels(opened(found.mask), (10, 128), (118, 128), (138, 128)) == [255, 255, 0]


async def test_a_mask_with_holes_means_the_holes(converter: Converter) -> None:
    grey = Image.effect_noise((64, 64), 90)
    mask = Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180))).convert("RGBA")
    mask.paste((0, 0, 0, 0), (0, 0, 32, 64))
    _, found = await painted(
        converter, halves(256, 256), (256, 256), mode="inpainting", mask=encoded(mask)
    )
    assert levels(opened(found.mask), (60, 128), (200, 128)) == [255, 0]


async def test_white_strokes_on_nothing_mean_the_strokes(converter: Converter) -> None:
    mask = boxed(64, 64, (0, 0, 31, 63), "RGBA", (255, 255, 255, 255))
    _, found = await painted(
        converter, halves(256, 256), (256, 256), mode="inpainting", mask=encoded(mask)
    )
    assert levels(opened(found.mask), (60, 128), (200, 128)) == [255, 0]


def stroke(mode: str, ground: Any, ink: Any) -> Image.Image:
    """The left half drawn in that colour."""
    mask = Image.new(mode, (64, 64), ground)
    mask.paste(ink, (0, 0, 32, 64))
    return mask


CLEAR = (0, 0, 0, 0)
STROKES: dict[str, Image.Image] = {
    "black on transparent": stroke("RGBA", CLEAR, (0, 0, 0, 255)),
    "red on transparent": stroke("RGBA", CLEAR, (255, 0, 0, 255)),
    "grey on transparent": stroke("RGBA", CLEAR, (128, 128, 128, 255)),
    "black on transparent, grey with alpha": stroke("LA", (255, 0), (0, 255)),
    "a palette with a transparent ground": stroke("RGBA", CLEAR, (0, 90, 0, 255)).quantize(4),
    "white on black with a transparent rest": stroke("RGBA", (0, 0, 0, 255), (255,) * 4),
    "red on white": stroke("RGB", "white", "red"),
    "red on black": stroke("RGB", "black", "red"),
    "pink on black": stroke("RGB", "black", "#ff69b4"),
    "dark blue on black": stroke("RGB", "black", "#00008b"),
    "yellow on white": stroke("RGB", "white", "yellow"),
    "white on black": stroke("1", 0, 1),
    "grey on black": stroke("L", 0, 120),
    "16 bits": stroke("I;16", 0, 65535),
}


@pytest.mark.parametrize("name", STROKES)
async def test_a_mask_in_any_colour_marks_what_was_drawn(converter: Converter, name: str) -> None:
    if name == "white on black with a transparent rest":
        STROKES[name].paste(CLEAR, (40, 0, 64, 64))
    mask = encoded(STROKES[name])
    _, found = await painted(converter, halves(256, 256), (256, 256), mode="inpainting", mask=mask)
    assert levels(opened(found.mask), (60, 128), (200, 128)) == [255, 0]


async def test_in_black_and_white_white_is_marked(converter: Converter) -> None:
    mask = encoded(stroke("L", 255, 0))
    _, found = await painted(converter, halves(256, 256), (256, 256), mode="inpainting", mask=mask)
    assert levels(opened(found.mask), (60, 128), (200, 128)) == [0, 255]


async def test_a_mask_that_leaves_nothing_is_explained(converter: Converter) -> None:
    for full in (Image.new("L", (64, 64), 255), Image.new("RGBA", (64, 64), (200, 0, 0, 250))):
        with pytest.raises(PictureError, match="covers the whole image"):
            await painted(
                converter, halves(64, 64), (64, 64), mode="inpainting", mask=encoded(full)
            )
    clear = halves(64, 64).convert("RGBA")
    clear.putalpha(0)
    with pytest.raises(PictureError, match="completely transparent"):
        await painted(converter, clear, (64, 64), mode="inpainting")


async def test_nothing_to_paint_is_said(converter: Converter) -> None:
    black = encoded(Image.new("L", (64, 64), 9))
    with pytest.raises(PictureError, match="mask is empty"):
        await painted(converter, halves(64, 64), (64, 64), mode="inpainting", mask=black)
    with pytest.raises(PictureError, match="Upload a mask or choose an area"):
        await painted(converter, halves(64, 64), (64, 64), mode="inpainting")
    opaque = halves(64, 64).convert("RGBA")
    with pytest.raises(PictureError, match="Upload a mask or choose an area"):
        await painted(converter, opaque, (64, 64), mode="inpainting")


async def test_cells_of_three_by_three(converter: Converter) -> None:
    parts = ("top left", "middle", "right")
    _, found = await painted(
        converter, halves(600, 300), (576, 320), mode="inpainting", parts=parts, form="JPEG"
    )
    middles = [(x, y) for y in (53, 160, 266) for x in (96, 288, 480)]
    assert levels(opened(found.mask), *middles) == [255, 0, 0, 0, 255, 255, 0, 0, 0]


async def test_outpainting_stretches_the_edges_and_paints_them_anew(converter: Converter) -> None:
    request, found = await painted(
        converter, halves(500, 500), (512, 512), mode="outpainting", expand=(250, 0, 0, 100)
    )
    assert (request.width, request.height) == (768, 640)
    source, mask = opened(found.source), opened(found.mask)
    assert source.size == mask.size == (768, 640)
    assert is_near_at(source, 100, 200, RED)
    assert is_near_at(source, 350, 200, RED)
    assert is_near_at(source, 700, 200, BLUE)
    red, _, blue = colour_at(source, 720, 525)
    assert blue > 2 * red  # between the colours of both sides
    new, old = [(5, 5), (225, 300), (600, 560), (100, 630)], [(280, 10), (760, 480), (500, 300)]
    assert levels(mask, *new) == [255] * 4
    assert levels(mask, *old) == [0] * 3


async def test_a_chosen_size_of_the_right_proportions_stays(converter: Converter) -> None:
    request, found = await painted(
        converter, halves(400, 400), (384, 192), mode="outpainting", expand=(200, 0, 200, 0)
    )
    assert opened(found.source).size == (request.width, request.height) == (384, 192)


async def test_a_second_fitting_changes_nothing_more(converter: Converter) -> None:
    first, one = await painted(
        converter, halves(500, 300), (512, 512), mode="outpainting", expand=(0, 77, 0, 0)
    )
    second, other = await fit(first, PreparedImages(encoded(halves(500, 300))), converter)
    assert (second, other) == (first, one)


async def test_pictures_to_remix_are_only_made_smaller(converter: Converter) -> None:
    request = request_with_sides(halves(64, 64), (64, 64), mode="remix")
    extra = (encoded(halves(2000, 100)), encoded(halves(30, 40)))
    _, found = await fit(request, PreparedImages(encoded(halves(64, 64)), extra=extra), converter)
    assert [opened(data).size for data in found.extra] == [(1024, 51), (30, 40)]


async def test_a_print_with_a_profile_keeps_its_colours(converter: Converter) -> None:
    for options in ({}, {"icc_profile": b"no profile at all"}):
        cmyk = encoded(halves(64, 64).convert("CMYK"), "JPEG", quality=95, **options)
        request = request_with_sides(halves(64, 64), (64, 64))
        _, found = await fit(request, PreparedImages(cmyk), converter)
        source = opened(found.source)
        assert "icc_profile" not in source.info
        assert is_near_at(source, 10, 30, RED)


async def test_colours_of_another_space_are_brought_home(converter: Converter) -> None:
    srgb = ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - its type is unknown
    profile = ImageCms.ImageCmsProfile(srgb)  # pyright: ignore[reportUnknownArgumentType]
    data = encoded(halves(64, 64), icc_profile=profile.tobytes())
    _, found = await fit(
        request_with_sides(halves(64, 64), (64, 64)), PreparedImages(data), converter
    )
    assert "icc_profile" not in opened(found.source).info
    assert is_near_at(opened(found.source), 10, 30, RED)


async def test_sixteen_bits_of_grey_are_not_white(converter: Converter) -> None:
    grey = Image.new("I;16", (64, 64), 128 << 8)
    _, found = await fit(
        request_with_sides(grey, (64, 64)), PreparedImages(encoded(grey)), converter
    )
    assert is_near_at(opened(found.source), 30, 30, (128, 128, 128))


async def test_too_narrow_a_picture_is_refused(converter: Converter) -> None:
    with pytest.raises(BadOption, match="1 x 5000 pixels"):
        await painted(converter, Image.new("RGB", (1, 5000)), (64, 512))


def test_sides_picked_for_a_photo_lying_down_are_exchanged() -> None:
    told, true = Source(url="u", width=800, height=400), Source(url="u", width=400, height=800)
    request = ImageRequest(prompt="x", source=told, width=704, height=320)
    found = reshaped(request, true)
    assert (found.width, found.height) == (320, 704)
    assert reshaped(found.model_copy(update={"source": true}), true).width == 320
    square = request.model_copy(update={"width": 512, "height": 512})
    assert reshaped(square, true) == square  # the requester chose these
    assert reshaped(request, told) == request


def test_sides_that_nobody_knew_are_found_out() -> None:
    unknown, true = Source(url="u"), Source(url="u", width=400, height=800)
    request = ImageRequest(prompt="x", source=unknown, width=1024, height=1024)
    found = reshaped(request, true)
    assert (found.width, found.height) == like(400, 800, 1024**2)
    chosen = request.model_copy(update={"size_chosen": True})
    assert reshaped(chosen, true) == chosen


SIDE = st.integers(1, 5000)


@given(SIDE, SIDE, st.sampled_from([512**2, 768**2, 1024**2]))
def test_sides_like_a_picture(width: int, height: int, area: int) -> None:
    try:
        check_ratio(width, height)
    except BadOption:
        assert max(width, height) > 8 * min(width, height)
        return
    sides = like(width, height, area)
    assert all(SIDE_MIN <= side <= SIDE_MAX and side % SIDE_STEP == 0 for side in sides)
    assert sides[0] * sides[1] <= area
    assert is_like(width, height, sides)


@given(SIDE, SIDE, st.tuples(*[st.integers(0, 1024)] * 4).filter(any))
def test_a_canvas_holds_its_source(width: int, height: int, expand: Box) -> None:
    try:
        canvas = enlarged(width, height, expand)
    except BadOption:
        return
    assert canvas[0] * canvas[1] <= AREA_MAX
    assert all(side % SIDE_STEP == 0 for side in canvas)
    assert is_like(width + expand[0] + expand[2], height + expand[1] + expand[3], canvas)
    place = placed(width, height, expand, canvas)
    assert (place.width, place.height) == canvas
    right = place.width - place.left - place.inner_width
    below = place.height - place.top - place.inner_height
    margins = (place.left, place.top, right, below)
    assert min(margins) >= 0
    for margin, more, opposite in zip(margins, expand, (*expand[2:], *expand[:2]), strict=True):
        assert margin == 0 if not more else margin > 0 or opposite > 0
    assert place.inner_width > 0
    assert place.inner_height > 0
