"""What does not go together is said here, in words; the rest the Horde takes."""

from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.backends.horde.payloads import image_input
from bot.catalog import baseline
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.compatibility import POST_PROCESSORS, QR, check, dropped_by_style
from bot.domain.request_images import Pictures
from bot.domain.requests import Embedding, ExtraImage, ExtraText, ImageRequest, Lora, Source
from bot.errors import BadOption
from sandbox.horde.errors import ApiError
from sandbox.horde.request_schemas import POST_PROCESSORS as THEIRS
from sandbox.horde.state.accounts import User
from sandbox.horde.state.models_and_workers import IMAGE_MODELS
from sandbox.horde.validation import image_rules

STORED = Source(url="", file="a.webp")
THERE = (ExtraImage(source=STORED),)
QR_TEXT = (ExtraText(text="hello", reference=QR),)
OTHER = ExtraText(text="a", reference="other")
ANYBODY = User(1, "somebody", "key", 1_000)
UPSCALERS = [name for name, form in FORMS.items() if form.group == "upscale"]


def fox_image(**fields: Any) -> ImageRequest:
    return ImageRequest(prompt="a fox", **fields)


def sentence(request: ImageRequest, *bases: str) -> str:
    """The message about it; "" when it may be sent."""
    try:
        check(request, *bases)
    except BadOption as error:
        return str(error)
    return ""


REFUSED_FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"cfg_scale": 7.125}, "sd15", "7.12 instead of 7.125"),
    ({"hires_fix": True}, "flux", "`hires_fix`"),
    ({"hires_fix": True}, "qwen", "`hires_fix`"),
    ({"hires_fix": True}, "zimage", "`hires_fix`"),
    ({"hires_fix": True}, "krea2", "`hires_fix`"),
    ({"hires_fix": True}, "anima", "`hires_fix`"),
    ({"transparent": True}, "cascade", "`transparent`"),
    ({"transparent": True}, "flux", "`transparent`"),
    ({"transparent": True, "source": STORED, "control": "canny"}, "sd15", "`transparent`"),
    ({"post": ("vectorize",)}, "sd15", "does not take vectorize"),
    ({"post": ("caption",)}, "sd15", "does not take caption"),
    ({"post": ("levitate",)}, "sd15", "does not take levitate"),
    ({"post": ("GFPGAN", "GFPGAN")}, "sd15", "twice"),
    ({"post": (UPSCALERS[0], "GFPGAN", UPSCALERS[1])}, "sd15", "one upscaler"),
    ({"loras": (Lora(name="name", is_version=True),)}, "sd15", "number, not 'name'"),
    ({"style": "ab"}, "sd15", "`style`"),
    ({"mode": "img2img"}, "sd15", "`mode` needs a source image"),
    ({"strength": 0.5}, "sd15", "`strength` needs a source image"),
    ({"mask": STORED}, "sd15", "`mask` needs a source image"),
    ({"parts": ("top",)}, "sd15", "`parts` needs a source image"),
    ({"expand": (1, 0, 0, 0)}, "sd15", "`expand` needs a source image"),
    ({"control": "canny"}, "sd15", "`control` needs a source image"),
    ({"extra_images": THERE}, "cascade", "Extra images need a source image"),
    ({"models": ("stable_diffusion_inpainting",)}, "sd15", "needs a source image"),
    ({"control_is_map": True}, "sd15", "`control_is_map` needs `control`"),
    ({"control_map": True}, "sd15", "`control_map` needs `control`"),
    ({"source": STORED, "control": "hed", "control_map": True, "control_is_map": True}, "sd15",
     "Leave one of them out"),
    ({"source": STORED, "control": "hed", "mode": "inpainting"}, "sd15", "the mode inpainting"),
    ({"source": STORED, "control": "hed", "mode": "outpainting"}, "sd15", "the mode outpainting"),
    *(({"source": STORED, "control": "hed"}, base, "`control` works with")
      for base in ("sdxl", "cascade", "flux", "qwen", "zimage", "krea2", "anima")),
    ({"source": STORED, "mask": STORED}, "sd15", "`mask` needs the mode inpainting"),
    ({"source": STORED, "parts": ("top",), "mode": "img2img"}, "sd15", "`parts` needs the mode"),
    ({"source": STORED, "mask": STORED, "parts": ("top",), "mode": "inpainting"}, "sd15",
     "`mask` and `parts`"),
    ({"source": STORED, "expand": (0, 0, 64, 0), "mode": "inpainting"}, "sd15",
     "`expand` needs the mode"),
    ({"source": STORED, "extra_images": THERE}, "cascade", "mode remix"),
    ({"source": STORED, "mode": "remix", "models": ("a",)}, "sdxl", "Stable Cascade"),
    ({"source": STORED, "mode": "remix"}, "other", "Stable Cascade"),  # any model might take it
    ({"texts": QR_TEXT}, "sd15", "`texts` needs a workflow"),
    ({"workflow": QR}, "sd15", "QR code needs a text"),
    ({"workflow": QR, "texts": (OTHER,)}, "sd15", "QR code needs a text"),
    ({"worker_blacklist": True}, "sd15", "needs `workers`"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "base", "said"), REFUSED_FIELDS)
def test_what_the_horde_would_refuse_is_said(fields: dict[str, Any], base: str, said: str) -> None:
    found = sentence(fox_image(**fields), base)
    assert said in found
    assert found.endswith(".")
    assert "\n" not in found


@pytest.mark.parametrize(
    ("fields", "base"),
    [
        ({}, "sd15"),
        ({"cfg_scale": 7.13, "hires_fix": True, "hires_strength": 0.4}, "sdxl"),
        ({"hires_strength": 0.4}, "flux"),  # of a preset; without hires_fix it is not sent
        ({"transparent": True}, "sdxl"),
        ({"post": (POST_PROCESSORS[0], UPSCALERS[0])}, "flux"),
        ({"loras": (Lora(name="123", is_version=True),) * 5}, "sd15"),
        ({"source": STORED, "strength": 0.5, "control": "depth", "control_map": True}, "sd15"),
        ({"source": STORED, "control": "depth", "control_is_map": True}, "other"),
        ({"source": STORED, "mode": "inpainting"}, "sdxl"),  # the picture's own transparency
        ({"source": STORED, "mode": "inpainting", "mask": STORED}, "sdxl"),
        ({"source": STORED, "mode": "outpainting", "expand": (64, 0, 0, 0)}, "sdxl"),
        (
            {"source": STORED, "mode": "remix", "extra_images": THERE * 5, "models": ("a",)},
            "cascade",
        ),
        ({"workflow": QR, "texts": QR_TEXT}, "sdxl"),
        ({"workers": ("a",), "worker_blacklist": True, "disable_batching": True, "n": 4}, "sd15"),
        # A style brings its own model, so nothing can be said about the one that was chosen.
        ({"style": "fantasy", "source": STORED, "control": "depth", "hires_fix": True}, "flux"),
    ],
)
def test_what_goes_together_is_let_through(fields: dict[str, Any], base: str) -> None:
    assert sentence(fox_image(**fields), base) == ""


def test_post_processors_are_the_hordes() -> None:
    assert set(POST_PROCESSORS) == set(THEIRS)


def test_what_a_style_drops_is_known() -> None:
    chosen = {"loras": (Lora(name="x"),), "seed": "7", "n": 4, "clip_skip": 2, "width": 512}
    assert dropped_by_style(fox_image(style="fantasy", **chosen)) == ("seed", "clip_skip", "loras")
    known = {"style": "the-id", "style_name": "theirs", "style_replaces": ("steps",)}
    assert dropped_by_style(fox_image(**known, **chosen)) == ("steps",)
    assert dropped_by_style(fox_image(**chosen)) == ()
    assert dropped_by_style(fox_image(style="fantasy")) == ()


FIELD_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "models": st.lists(st.sampled_from(sorted(IMAGE_MODELS)), max_size=2).map(tuple),
    "cfg_scale": st.sampled_from([7.0, 7.25, 7.123]),
    "hires_fix": st.booleans(),
    "transparent": st.booleans(),
    "post": st.lists(st.sampled_from(POST_PROCESSORS), max_size=3, unique=True).map(tuple),
    "loras": st.lists(
        st.builds(Lora, name=st.sampled_from(["1", "a"]), is_version=st.booleans()), max_size=5
    ).map(tuple),
    "embeddings": st.just((Embedding(name="1"),)),
    "source": st.just(STORED),
    "mode": st.sampled_from(["img2img", "inpainting", "outpainting", "remix"]),
    "mask": st.just(STORED),
    "extra_images": st.just(THERE),
    "control": st.sampled_from(["canny", "depth"]),
    "control_is_map": st.booleans(),
    "control_map": st.booleans(),
    "workflow": st.just(QR),
    "texts": st.sampled_from([QR_TEXT, (OTHER,)]),
}


@settings(max_examples=500, deadline=None)
@given(st.fixed_dictionaries({}, optional=FIELD_VALUES))
def test_the_local_horde_takes_what_is_let_through(fields: dict[str, Any]) -> None:
    request = fox_image(**fields)
    ours = sentence(request, *map(baseline, request.models))
    theirs = their_word(request)
    event(f"ours: {bool(ours)}, theirs: {bool(theirs)}")
    assert ours or not theirs, theirs


BOTH = ("`hires_fix`", "one upscaler", "is none", "`control` works with", "Stable Cascade")


@pytest.mark.parametrize(("fields", "base", "said"), [c for c in REFUSED_FIELDS if c[2] in BOTH])
def test_the_local_horde_refuses_it_too(fields: dict[str, Any], base: str, said: str) -> None:
    models = {baseline(name): name for name in IMAGE_MODELS}
    if base in models:  # the local Horde has none of Qwen and Z-Image
        assert their_word(fox_image(**fields | {"models": (models[base],)})), said


def their_word(request: ImageRequest) -> str:
    """What the local Horde answers to it; "" when it takes it."""
    pictures = Pictures(b"a", b"a" if request.mask else b"", (b"a",) * len(request.extra_images))
    body = image_input(request, pictures).model_dump(mode="json", exclude_none=True)
    try:
        image_rules.check(body, body["params"], list(request.models), ANYBODY)
    except ApiError as problem:
        return str(problem)
    return ""
