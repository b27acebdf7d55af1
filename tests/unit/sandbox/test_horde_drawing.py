"""The pictures of the local workers."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sandbox.horde.workers import image_drawing, image_processing
from sandbox.horde.workers.image_processing import ImageJob
from tests.support.horde.local_horde import pixel


def shown(job: ImageJob) -> Image.Image:
    image = Image.open(io.BytesIO(image_processing.render(job)))
    image.load()
    return image


@pytest.mark.parametrize("size", [(64, 64), (64, 3072), (3072, 64), (576, 1024)])
def test_every_size_can_be_painted(size: tuple[int, int]) -> None:
    assert shown(ImageJob(*size, seed=5, prompt="a fox", model="m")).size == size


def test_the_prompt_changes_the_writing_only() -> None:
    one, other = (shown(ImageJob(256, 256, 5, prompt, "m")) for prompt in ("a fox", "a small cat"))
    top = (0, 0, 256, 120)
    assert one.crop(top).tobytes() == other.crop(top).tobytes()
    assert one.tobytes() != other.tobytes()


def test_a_picture_has_depth() -> None:
    colours = image_drawing.draw_landscape(256, 256, 11).getcolors(256 * 256)
    assert colours is not None
    assert len(colours) > 100


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=400), st.integers(0, 2**33))
def test_any_prompt_can_be_written(prompt: str, seed: int) -> None:
    assert image_drawing.encode(shown(ImageJob(128, 128, seed, prompt, prompt[:40])))


def test_an_upscaler_stops_at_what_a_laptop_can_hold() -> None:
    tall = image_processing.post_process(Image.new("RGB", (64, 3072)), "NMKD_Siax")
    assert tall.size == (128, 6144)


def test_a_control_map_is_the_edges_of_the_source() -> None:
    source = Image.new("RGB", (256, 256), "black")
    source.paste("white", (64, 64, 192, 192))
    job = ImageJob(
        256,
        256,
        1,
        "x",
        "m",
        source=image_drawing.encode(source, 100),
        control="canny",
        control_map=True,
    )
    edges = shown(job)
    assert pixel(edges, 64, 100)[0] > 100
    assert pixel(edges, 20, 20)[0] < 30
    assert pixel(edges, 128, 100)[0] < 30


def test_a_remix_shows_a_strip_of_every_picture() -> None:
    red, blue = (image_drawing.encode(Image.new("RGB", (256, 256), c), 90) for c in ("red", "blue"))
    mixed = shown(
        ImageJob(256, 256, 1, "x", "m", source=red, extra_images=(blue,), processing="remix")
    )
    left, right = pixel(mixed, 40, 40), pixel(mixed, 216, 40)
    assert left[0] > left[2] + 60
    assert right[2] > right[0] + 60


def test_only_what_the_mask_shows_is_painted_anew() -> None:
    source = image_drawing.encode(Image.new("RGB", (256, 256), "red"), 90)
    mask = Image.new("L", (256, 256))
    mask.paste(255, (0, 0, 128, 256))
    hole = image_drawing.encode(mask.convert("RGB"), 90)
    painted = shown(
        ImageJob(256, 256, 1, "", "m", source=source, mask=hole, processing="inpainting")
    )
    assert pixel(painted, 200, 40)[0] > 220
    assert pixel(painted, 40, 40) != pixel(painted, 200, 40)
