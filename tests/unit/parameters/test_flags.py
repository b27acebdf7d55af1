"""The language of `extra`: parsing and messages about mistakes."""

from typing import Any

import pytest

from bot.domain.requests import Embedding, ExtraText, ImageRequest, Lora
from bot.errors import BadOption
from bot.parameters.flags import ExtraError, parse, to_text
from bot.parameters.flags.parser import NAMES
from bot.parameters.flags.table import BY_NAME, FLAGS
from docs import generate

WORKER = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("", {}),
        ("  \n ", {}),
        ("--steps 30 --cfg 7.5", {"steps": 30, "cfg_scale": 7.5}),
        ("--steps=30 --cfg 7,5", {"steps": 30, "cfg_scale": 7.5}),
        ("\N{EM DASH}steps 30 \N{EN DASH}tiling", {"steps": 30, "tiling": True}),
        ("-s 30 -n 2", {"steps": 30, "n": 2}),
        ("--cfg_scale 4 --CLIP-SKIP 2", {"cfg_scale": 4.0, "clip_skip": 2}),
        ("--size 832x1216", {"width": 832, "height": 1216}),
        ("--size 512", {"width": 512, "height": 512}),
        ("--size 512 --shape tall", {"shape": "tall"}),
        ("--shape tall --width 512", {"width": 512}),
        ("--ar 16:9", {"shape": "wide"}),
        ("--ar 2:3", {"shape": "portrait"}),
        ("--sampler euler a", {"sampler": "k_euler_a"}),
        ("--sampler K_EULER", {"sampler": "k_euler"}),
        ("--sampler DPM++ 2M Karras", {"sampler": "k_dpmpp_2m"}),
        ("--sampler ddi", {"sampler": "DDIM"}),
        ("--karras --no-karras", {"karras": False}),
        ("--tiling yes --transparent off", {"tiling": True, "transparent": False}),
        ("--seed -5", {"seed": "-5"}),
        ("--seed random", {"seed": ""}),
        ("--seed -1", {"seed": ""}),
        ("--seed=-1", {"seed": ""}),
        ('--seed "Random"', {"seed": ""}),
        ("--no blurry, ugly --steps 3", {"negative": "blurry, ugly", "steps": 3}),
        ('--negative "a --steps 3"', {"negative": "a --steps 3"}),
        ("--negative 'don't' --n 2", {"negative": "don't", "n": 2}),
        ("--negative \N{LEFT DOUBLE QUOTATION MARK}a b\N{RIGHT DOUBLE QUOTATION MARK}",
         {"negative": "a b"}),
        (r'--negative "a \"b\" \n c"', {"negative": 'a "b" \n c'}),
        ("--negative", None),
        ("--model AlbedoBase XL (SDXL)", {"models": ("AlbedoBase XL (SDXL)",)}),
        ("--model a --model b", {"models": ("a", "b")}),
        ("--model a --model any", {"models": ()}),
        ('--model "any"', {"models": ("any",)}),
        ("--hires", {"hires_fix": True}),
        ("--hires 0.6 --tiling", {"hires_strength": 0.6, "hires_fix": True, "tiling": True}),
        ("--no-hires", {"hires_fix": False, "hires_strength": None}),
        ("--post GFPGAN,realesrgan x2plus", None),
        ("--post gfpgan, RealESRGAN_x2plus", {"post": ("GFPGAN", "RealESRGAN_x2plus")}),
        ("--post GFPGAN --post strip_background", {"post": ("GFPGAN", "strip_background")}),
        ("--lora 12345:0.8", {"loras": (Lora(name="12345", model=0.8),)}),
        ("--lora Add More Details:0.8:0.7@any",
         {"loras": (Lora(name="Add More Details", model=0.8, clip=0.7, trigger="any"),)}),
        ('--lora "a:b@c":-1@"x y"', {"loras": (Lora(name="a:b@c", model=-1, trigger="x y"),)}),
        ("--lora 12 (Its name):0.5 --lora-version 77",
         {"loras": (Lora(name="12", model=0.5), Lora(name="77", is_version=True))}),
        ("--lora https://civitai.com/models/98142", {"loras": (Lora(name="98142"),)}),
        ("--lora civitai.com/models/98142/a-name:0.8@any",
         {"loras": (Lora(name="98142", model=0.8, trigger="any"),)}),
        ('--lora "https://civitai.com/models/98142":0.8',
         {"loras": (Lora(name="98142", model=0.8),)}),
        ("--lora <https://www.civitai.com/models/98142>", {"loras": (Lora(name="98142"),)}),
        ("--lora https://civitai.com/models/98142/n?modelVersionId=104948:0.5:0.7",
         {"loras": (Lora(name="104948", model=0.5, clip=0.7, is_version=True),)}),
        ("--lora https://civitai.com/api/download/models/104948?type=Model",
         {"loras": (Lora(name="104948", is_version=True),)}),
        ("--lora urn:air:sdxl:lora:civitai:98142@104948:0.8",
         {"loras": (Lora(name="104948", model=0.8, is_version=True),)}),
        ("--lora 98142@104948", {"loras": (Lora(name="104948", is_version=True),)}),
        ('--lora 98142@"104948"', {"loras": (Lora(name="98142", trigger="104948"),)}),
        ("--lora-version https://civitai.com/models/98142?modelVersionId=104948",
         {"loras": (Lora(name="104948", is_version=True),)}),
        ("--ti https://civitai.com/models/7808/x?modelVersionId=9:1.2@negprompt",
         {"embeddings": (Embedding(name="7808", inject="negprompt", strength=1.2),)}),
        ("--ti urn:air:sd1:embedding:civitai:7808@9", {"embeddings": (Embedding(name="7808"),)}),
        ("--ti 7808:1.2@negprompt --ti 9",
         {"embeddings": (Embedding(name="7808", inject="negprompt", strength=1.2),
                         Embedding(name="9"))}),
        ("--parts top left, center", {"parts": ("top left", "middle"), "mode": "inpainting"}),
        ("--expand 64", {"expand": (64, 64, 64, 64), "mode": "outpainting"}),
        ("--expand left=64,down=128 --mode remix", {"expand": (64, 0, 0, 128), "mode": "remix"}),
        ("--control pose --control-is-map", {"control": "openpose", "control_is_map": True}),
        ("--image-strengths 0.5,1", {"image_strengths": (0.5, 1.0)}),
        ("--qr https://a.example/?b=c",
         {"workflow": "qr_code",
          "texts": (ExtraText(text="https://a.example/?b=c", reference="qr_code"),)}),
        ('--text other="a = b"', {"texts": (ExtraText(text="a = b", reference="other"),)}),
        ("--fast --no-batching --no-downgrade",
         {"slow_workers": False, "disable_batching": True, "allow_downgrade": False}),
        (f"--not-worker {WORKER}", {"workers": (WORKER,), "worker_blacklist": True}),
        ("--preset My portrait --style anime", {"preset": "My portrait", "style": "anime"}),
        ("--no-lora --no-post --no-style", {"loras": (), "post": (), "style": ""}),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, chosen: dict[str, Any] | None) -> None:
    if chosen is None:
        with pytest.raises(ExtraError):
            parse(text)
    else:
        assert parse(text).values() == chosen


@pytest.mark.parametrize(
    ("text", "wrong", "said"),
    [
        ("--stpes 30", "--stpes", "Did you mean `--steps`?"),
        ("--steps 30 --tilling", "--tilling", "`--tiling`"),
        ("--steps 0", "0", "from 1 to 500. Did you mean 1?"),
        ("--steps many", "many", "whole number from 1 to 500"),
        ("--steps 3.5", "3.5", "whole number"),
        ("--steps", "--steps", "needs a value: a whole number from 1 to 500"),
        ("--steps --tiling", "--steps", "needs a value"),
        ("--steps 30 40", "40", "does not belong to a flag"),
        ("a fox --steps 30", "a", "does not belong to a flag"),
        ("steps 30", "steps", "`--steps`"),
        ("--width 100", "100", "in steps of 64. Did you mean 128?"),
        ("--size 832x1200", "1200", "Did you mean 1216?"),
        ("--size big", "big", "832x1216"),
        ("--cfg nan", "nan", "from 0 to 100"),
        ("--strength 0", "0", "Did you mean 0.01?"),
        ("--sampler eulre", "eulre", "Did you mean"),
        ("--mode xyz", "xyz", "img2img, inpainting, outpainting, remix"),
        ("--post GFPGN", "GFPGN", "Did you mean `GFPGAN`?"),
        ("--post GFPGAN,vectorize", "vectorize", "post-processor"),
        ("--tiling=blue", "blue", "takes no value"),
        ("--no-tiling=yes", "yes", "takes no value"),
        ("--no-size", "--no-size", "no flag `--no-size`"),
        ("--steps 30 --private", "--private", "`private` is an option of the command, not a flag"),
        ("--image2 x", "--image2", "`image2` is an option of the command"),
        ("--help", "--help", "`/help topic:flags` explains them"),
        ('--negative "blurry', '"blurry', "A quotation mark is not closed"),
        ("--lora a:b", "b", "needs quotation marks"),
        ("--lora a:1:1:1", "1", "two strengths"),
        (
            "--lora https://civitai.com/images/5",
            "https://civitai.com/images/5",
            "`civitai.com/models/NUMBER`",
        ),
        ("--lora-version https://civitai.com/models/7", "7", "This address does not have one"),
        ("--ti https://civitai.com/api/download/models/5", "", "not the address of a download"),
        ("--lora a:9", "9", "from -5 to 5"),
        ("--lora a@" + "x" * 31, "x" * 31, "1 to 30 characters"),
        ("--lora-version name", "name", "number of a version"),
        ("--lora :1", "", "1 to 255 characters"),
        ("--ti a@middle", "middle", "prompt, negprompt"),
        ("--text hello", "hello", "REFERENCE=TEXT"),
        ("--expand forward=3", "forward", "left, top, right, bottom"),
        ("--expand 2000", "2000", "Did you mean 1024?"),
        ("--worker a --not-worker b", "b", "its opposite"),
        ("--style ab", "ab", "at least 3 characters"),
        ("--seed " + "9" * 101, "9" * 101, "at most 100 characters"),
        (" ".join(f"--lora {n}" for n in range(1, 7)), "6", "5 values at most"),
    ],
)
def test_an_error_points_at_the_word(text: str, wrong: str, said: str) -> None:
    with pytest.raises(ExtraError) as caught:
        parse(text)
    error = caught.value
    assert text[error.start : error.end] == wrong
    assert said in str(error)
    assert isinstance(error, BadOption)
    assert "\n" not in str(error)


def test_the_sentence_shows_the_place() -> None:
    with pytest.raises(ExtraError, match="«--stpes»") as caught:
        parse("--cfg 7 " * 20 + "--stpes 30 " + "--tiling " * 20)
    assert "… --cfg 7 --cfg 7 --cfg 7 «--stpes» 30 --tiling" in str(caught.value)
    assert len(str(caught.value)) < 200


def test_what_was_typed_cannot_leave_its_frame() -> None:
    with pytest.raises(ExtraError) as caught:
        parse("`@everyone` ```--x")
    assert str(caught.value).count("`") == 2 * 3  # the word, the flag's dashes, the line


def test_only_means_that_nothing_else_counts() -> None:
    chosen = parse("--only --steps 3 --lora x")
    default = ImageRequest(prompt="a fox")
    assert chosen.loras == (Lora(name="x"),)
    assert chosen.steps == 3
    assert chosen.only is True
    free = {"only", "models", "width", "height", "cfg_scale", "sampler", "karras", "steps", "loras"}
    for name, value in chosen.values().items():
        assert name in free or value == getattr(default, name)
    assert {"negative", "style", "tiling", "n", "clip_skip", "worker_blacklist"} <= chosen.names


def test_the_canonical_text() -> None:
    request = ImageRequest(
        prompt="a fox",
        negative='say "no"',
        models=("Deliberate", "AlbedoBase XL (SDXL)"),
        loras=(Lora(name="a: b", model=0.8), Lora(name="77", clip=0.5, is_version=True)),
        hires_fix=True,
        hires_strength=0.6,
        post=("GFPGAN", "4x_AnimeSharp"),
        slow_workers=False,
        disable_batching=True,
    )
    text = to_text(request)
    assert text == (
        '--model Deliberate --model "AlbedoBase XL (SDXL)" --size 1024x1024 --steps 30 --cfg 7 '
        r'--sampler k_euler_a --karras --negative "say \"no\"" --hires 0.6 '
        '--post GFPGAN,4x_AnimeSharp --lora "a: b":0.8 --lora-version 77:1:0.5 '
        "--fast --no-batching"
    )
    assert to_text(request, only=True) == f"--only {text}"
    assert to_text(request, without=frozenset({"models", "negative", "loras"})) == (
        "--size 1024x1024 --steps 30 --cfg 7 --sampler k_euler_a --karras --hires 0.6 "
        "--post GFPGAN,4x_AnimeSharp --fast --no-batching"
    )


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.name)
def test_the_table_keeps_its_word(flag: Any) -> None:
    for shown in flag.examples or ([] if flag.kind else [""]):
        assert set(flag.fields) <= parse(f"--{flag.name} {shown}").names | {"only"}
    for value in flag.kind.values if flag.kind else ():
        assert parse(f"--{flag.name} {value}")
    if flag.away:
        assert parse(f"--no-{flag.name}") == flag.away
    assert flag.examples or (flag.kind is None) or flag.kind.values
    assert len(flag.help) <= 100


def test_every_name_means_one_flag() -> None:
    assert len(BY_NAME) == sum(1 + len(flag.aliases) for flag in FLAGS)
    taken = {f"no{name}" for name, flag in BY_NAME.items() if flag.away}
    assert not taken & BY_NAME.keys()
    assert len(set(NAMES)) == len(NAMES)


def test_the_page_is_current() -> None:
    page = generate.PARAMETERS.read_text(encoding="utf-8")
    assert page == generate.parameters(), "run: python -m docs.generate"
