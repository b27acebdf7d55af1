"""Strategies: any text in `extra`, and any request that may be sent."""

from pathlib import Path
from typing import Any, cast

from hypothesis import strategies as st

from bot.backends.values import Model
from bot.catalog import Catalog
from bot.catalog.served_models import ModelIndex
from bot.domain.compatibility import POST_PROCESSORS, QR
from bot.domain.requests import (
    Embedding,
    ExtraImage,
    ExtraText,
    ImageChoices,
    ImageRequest,
    Kind,
    Lora,
    Source,
    TemplateText,
    build,
)
from bot.errors import BadOption
from bot.parameters.flags import ExtraError, parse
from bot.parameters.flags.limits import field_limits
from bot.parameters.flags.table import FLAGS
from bot.parameters.layers import compose
from tests.support.layers import layer_of

FLAG_MODELS = (
    "AlbedoBase XL (SDXL)",
    "Deliberate",
    "any",
    "--x",
    "\N{EM DASH}y",
    'q"uote',
    "a: b@c=d",
)
STORED_SOURCE = Source(url="", file="a.webp", width=640, height=512)


def catalog_with_models() -> Catalog:
    found = Catalog({"horde": cast("Any", None)}, Path())
    listed = [Model(name, Kind.IMAGE, 5, 10) for name in FLAG_MODELS]
    listed += [Model(f"A model with the number {n}", Kind.IMAGE, 1, 60) for n in range(500)]
    found._shelves["horde", Kind.IMAGE] = ModelIndex(listed)
    return found


MODEL_CATALOG = catalog_with_models()


# What lines are made of, and everything around it.
FLAG_PIECES = st.sampled_from(
    [
        *(f"--{flag.name}" for flag in FLAGS),
        *(f"--no-{flag.name}" for flag in FLAGS),
        *(f"--{name}" for flag in FLAGS for name in flag.aliases),
        *(shown for flag in FLAGS for shown in flag.examples),
        *(value for flag in FLAGS if flag.kind for value in flag.kind.values),
        *(
            '"',
            "'",
            "\\",
            "=",
            ":",
            "@",
            ",",
            "-",
            "--",
            "\N{EM DASH}",
            "\N{LEFT DOUBLE QUOTATION MARK}",
        ),
        *(
            "\N{RIGHT DOUBLE QUOTATION MARK}",
            " ",
            "\n",
            "\x00",
            "\ud800",
            "`",
            "fox",
            "1e999",
            "-0",
        ),
        *("nan", "9" * 400, "\u0663", "\u200b", "yes", "any", "random", "a:1", "left=", "qr_code="),
    ]
)
LINES = st.lists(FLAG_PIECES | st.text(st.characters(codec=None), max_size=6), max_size=12).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda glue: glue.join(pieces))
)


def error_of(line: str) -> ExtraError | None:
    try:
        parse(line)
    except ExtraError as error:
        return error
    return None


ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12)
AWKWARD = ANY_TEXT | st.sampled_from(
    [*FLAG_MODELS, "  two  blanks ", "-5", "\\", '\\"', "a\\n", "\N{PRIME}"]
)
WEIGHT = st.floats(-5, 5)
SHARE = st.floats(0.01, 1)


def whole_numbers(name: str) -> st.SearchStrategy[int]:
    found = field_limits(name)
    step = found.step or 1
    return st.integers(int(found.low) // step, int(found.high) // step).map(lambda n: n * step)


def some(values: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=most).map(tuple)


LORAS = st.builds(
    Lora,
    name=AWKWARD,
    model=WEIGHT | st.just(1.0),
    clip=WEIGHT | st.just(1.0),
    trigger=st.just("") | AWKWARD,
)
VERSIONS = st.builds(
    Lora,
    name=st.integers(0, 10**9).map(str),
    model=WEIGHT,
    is_version=st.just(value=True),
)
EMBEDDINGS = st.builds(
    Embedding,
    name=AWKWARD,
    inject=st.sampled_from(["", "prompt", "negprompt"]),
    strength=WEIGHT | st.just(1.0),
)
TEMPLATE_TEXTS = st.builds(
    TemplateText,
    name=st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True),
    text=(AWKWARD | st.sampled_from(["a\nb", "--steps 3", "a=b", "it's"])).filter(str.strip),
)
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "prompt": ANY_TEXT.filter(str.strip),
    "negative": st.just("") | AWKWARD | st.sampled_from(["a\nb", "\ta", "--steps 3"]),
    "models": some(AWKWARD),
    "width": whole_numbers("width"),
    "height": whole_numbers("height"),
    "steps": whole_numbers("steps"),
    "cfg_scale": st.integers(0, 10_000).map(lambda n: n / 100),
    "sampler": st.sampled_from(field_limits("sampler").allowed),
    "karras": st.booleans(),
    "scheduler": st.none() | st.sampled_from(field_limits("scheduler").allowed),
    "sampler_eta": st.none() | st.floats(0, 100),
    "sampler_s_noise": st.none() | st.floats(0, 100),
    "sampler_s_churn": st.none() | st.floats(0, 100),
    "sampler_s_tmin": st.none() | st.floats(0, 100),
    "sampler_s_tmax": st.none() | st.floats(0, 1000),
    "sampler_order": st.none() | whole_numbers("sampler_order"),
    "sampler_solver_type": st.none() | st.sampled_from(["midpoint", "heun", "phi_1", "phi_2"]),
    "flow_shift": st.none() | st.floats(0, 100),
    "file_format": st.none() | st.just("png"),
    "template_fields": st.lists(TEMPLATE_TEXTS, max_size=4, unique_by=lambda t: t.name).map(tuple),
    "n": whole_numbers("n"),
    "seed": st.just("") | AWKWARD | st.just("random"),
    "seed_variation": st.none() | whole_numbers("seed_variation"),
    "clip_skip": st.none() | whole_numbers("clip_skip"),
    "tiling": st.booleans(),
    "transparent": st.booleans(),
    "hires_fix": st.booleans(),
    "hires_strength": st.none() | SHARE,
    "post": st.lists(st.sampled_from(POST_PROCESSORS), max_size=4, unique=True).map(tuple),
    "face_strength": st.none() | st.floats(0, 1),
    "loras": some(LORAS | VERSIONS, 5),
    "embeddings": some(EMBEDDINGS, 4),
    "allow_downgrade": st.booleans(),
    "trusted_workers": st.booleans(),
    "slow_workers": st.booleans(),
    "extra_slow_workers": st.booleans(),
    "validated_backends": st.booleans(),
    "workers": some(AWKWARD, 5),
    "worker_blacklist": st.booleans(),
    "disable_batching": st.booleans(),
}
SOURCE_OPTIONS = st.fixed_dictionaries({"strength": st.none() | SHARE}) | st.fixed_dictionaries(
    {
        "mode": st.just("img2img"),
        "control": st.sampled_from(field_limits("control").allowed),
        "control_map": st.booleans(),
        "control_strength": st.none() | st.floats(0.01, 3),
    }
) | st.fixed_dictionaries(
    {
        "mode": st.just("inpainting"),
        "parts": some(st.sampled_from(field_limits("parts").allowed), 9).filter(bool),
    }
) | st.fixed_dictionaries(
    {
        "mode": st.just("outpainting"),
        "expand": st.tuples(*[st.integers(0, 1024)] * 4),
    }
) | st.fixed_dictionaries(
    {
        "mode": st.just("remix"),
        "extra_images": some(
            st.builds(ExtraImage, source=st.just(STORED_SOURCE), strength=st.floats(0, 1)), 5
        ),
    }
)  # fmt: skip
CODES = st.just(()) | st.tuples(ANY_TEXT.map(lambda text: ExtraText(text=text, reference=QR)))
OTHERS = some(st.builds(ExtraText, text=AWKWARD, reference=ANY_TEXT.map(lambda text: f"abc{text}")))


@st.composite
def requests(draw: st.DrawFn) -> ImageRequest:
    """Any request that may be sent, with pictures to start from or without."""
    names = draw(st.sets(st.sampled_from(sorted(PLAIN))))
    fields = {name: draw(PLAIN[name]) for name in sorted(names | {"prompt"})}
    if draw(st.booleans()):
        fields |= {"source": STORED_SOURCE, "mode": "img2img"} | draw(SOURCE_OPTIONS)
    if code := draw(CODES):
        others = draw(OTHERS)
        fields |= {"workflow": QR, "texts": draw(st.permutations([*code, *others]))}
    try:
        found = build(ImageRequest, **fields)
        return compose(MODEL_CATALOG, layer_of({name: getattr(found, name) for name in fields}))
    except BadOption:  # these fields do not go together, or a model's name says that it cannot
        return compose(MODEL_CATALOG, ImageChoices(prompt="a fox"))
