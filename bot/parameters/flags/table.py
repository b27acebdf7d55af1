"""FLAGS: the one table of flags. Reading, writing, completion and docs/parameters.md read it."""

from bot.domain.compatibility import QR
from bot.domain.requests import ImageRequest
from bot.parameters.flags.aliases import CONTROL, MODE, PART, POST, SAMPLER, SHAPE, WORKFLOW
from bot.parameters.flags.compound_types import (
    EmbeddingText,
    Listed,
    LoraText,
    QrText,
    Referenced,
    Sides,
    Size,
)
from bot.parameters.flags.flag import Flag, flag, number, switch
from bot.parameters.flags.limits import FieldLimits, field_limits
from bot.parameters.flags.value_types import Number, Words, plain_value

MODEL = Words(field_limits("models"), "a model's name", {"any": ""})
STYLE = Words(FieldLimits(whole=False, shortest=3, longest=1024), "a style's name or id")
PRESET = Words(FieldLimits(whole=False, shortest=1, longest=100), "a preset's name")
WORKER = Words(FieldLimits(whole=False, shortest=1, longest=100), "a worker's id")
SEED = Words(field_limits("seed"), "a number or a word", {"random": ""})
HIRES = Number(field_limits("hires_strength"))
ONLY, IMAGE_STRENGTHS = "only", "image-strengths"
NO_WORKERS = {"workers": (), "worker_blacklist": False}

PAINTING = (
    flag("model", "A model that may paint it; `any` for whichever is free", MODEL,
         to="models", aliases="m models", many=True, searched="models",
         shown="any"),
    Flag("size", ("width", "height"), "Width and height in pixels", Size(), ("resolution",),
         examples=("832x1216", "1216x832", "1024x1024", "512x512")),
    flag("width", "Width in pixels", number("width"), aliases="w",
         shown="512|768|1024"),
    flag("height", "Height in pixels", number("height"), aliases="h",
         shown="512|768|1024"),
    flag("shape", "Sides that suit the model", SHAPE, aliases="ar aspect"),
    flag("steps", "How many steps the sampler takes", number("steps"), aliases="s",
         shown="20|30|40"),
    flag("cfg", "How closely the picture follows the prompt", number("cfg_scale"),
         to="cfg_scale", aliases="cfg-scale guidance",
         shown="4|6|7.5"),
    flag("sampler", "How noise becomes a picture", SAMPLER, aliases="sampler-name"),
    switch("karras", "Spread the noise as Karras did: fine details in fewer steps"),
    flag("count", "How many pictures", number("n"), to="n", aliases="n images",
         shown="2|4"),
    flag("negative", "What the picture should not show", Words(field_limits("negative")),
         aliases="neg no",
         shown='"blurry, ugly"'),
    flag("seed", "The same one gives the same picture again; `random` for a new one", SEED,
         shown="1234|random"),
    flag("variation", "What is added to the seed for each further picture",
         number("seed_variation"), to="seed_variation", aliases="seed-variation",
         shown="1"),
    flag("style", "A style; it decides model, steps, size and much else", STYLE,
         searched="styles",
         shown="fantasy"),
    Flag("preset", ("preset",), "Saved settings, by their name", PRESET, examples=("portrait",)),
    Flag(ONLY, (ONLY,), "Only what stands here: no saved settings and no defaults of anybody",
         alone={ONLY: True}),
)  # fmt: skip
FINISHING = (
    Flag("hires", ("hires_strength",), "Paint small, enlarge it, then paint finer", HIRES,
         ("hires-fix",), alone={"hires_fix": True}, also={"hires_fix": True},
         away={"hires_fix": False, "hires_strength": None}, examples=("0.6",)),
    flag("hires-strength", "How much the second pass of `--hires` may change", HIRES,
         aliases="hires-fix-denoising-strength",
         shown="0.6"),
    flag("clip-skip", "At which of CLIP's last layers to stop", number("clip_skip"),
         shown="1|2"),
    switch("tiling", "The picture can be laid edge to edge", aliases="tile"),
    switch("transparent", "Without a background"),
    flag("post", "What is done to the finished picture, in this order; one upscaler at most",
         Listed(POST, ", \t\n"), aliases="post-processing upscale", many=True),
    flag("face-strength", "How strongly faces are mended", number("face_strength"),
         aliases="facefixer-strength",
         shown="0.75"),
    flag("lora", "A LoRA of CivitAI by its name or id", LoraText(),
         to="loras", aliases="l loras", many=True, searched="loras",
         shown='"Add More Details":0.8|12345:0.8:1@any'),
    flag("lora-version", "A LoRA by the number of one of its versions",
         LoraText(is_version=True), to="loras", many=True, away={},
         shown="12345:0.8"),
    flag("ti", "A textual inversion of CivitAI by its name or id", EmbeddingText(),
         to="embeddings", aliases="embedding tis", many=True, searched="embeddings",
         shown="7808@negprompt|7808:1.2@prompt"),
)  # fmt: skip
STARTING = (
    flag("mode", "What is done with the picture to start from", MODE,
         aliases="source-processing"),
    flag("strength", "How much of the picture to start from may change", number("strength"),
         aliases="denoise denoising-strength",
         shown="0.3|0.6|0.8"),
    flag("parts", "What is painted anew, out of a grid of 3 x 3 (inpainting)", Listed(PART),
         aliases="part area"),
    flag("expand", "What is added on each side (outpainting)", Sides(),
         away={"expand": (0, 0, 0, 0)},
         shown="256|left=256,right=256"),
    flag("control", "What is kept of the picture to start from", CONTROL,
         aliases="control-type"),
    switch("control-is-map", "The picture to start from is such a map already",
           aliases="image-is-control"),
    switch("control-map", "Give back the map instead of a picture",
           aliases="return-control-map"),
    Flag(IMAGE_STRENGTHS, ("image_strengths",), "How much each further picture counts (remix)",
         Listed(Number(field_limits("extra_images", "strength"))), examples=("0.5,1",)),
    flag("qr", "A picture that is a QR code of this text", QrText(), to="texts", many=True,
         also={"workflow": QR}, away={"workflow": None, "texts": ()},
         shown="https://aihorde.net"),
    flag("workflow", "Another way to make it, with texts of its own", WORKFLOW),
    flag("text", "A text of a workflow", Referenced(), to="texts", aliases="texts extra-text",
         many=True,
         shown='qr_code="hello"'),
)  # fmt: skip
SENDING = (
    switch("trusted", "Only workers that the Horde trusts", to="trusted_workers",
           aliases="trusted-workers"),
    switch("fast", "No slow workers: 20 % more kudos, which must be there beforehand",
           to="slow_workers", on=False),
    switch("extra-slow", "Also very slow workers", to="extra_slow_workers",
           aliases="extra-slow-workers"),
    switch("validated", "Only software that the Horde has checked", to="validated_backends",
           aliases="validated-backends"),
    flag("worker", "Only this worker", WORKER, to="workers", aliases="workers", many=True,
         also={"worker_blacklist": False}, away=NO_WORKERS,
         shown="00000000-0000-0000-0000-000000000000"),
    flag("not-worker", "Any worker but this one: 10 % more kudos", WORKER, to="workers",
         many=True, also={"worker_blacklist": True}, away={},
         shown="00000000-0000-0000-0000-000000000000"),
    switch("batching", "Paint several at once on one worker; without it, seeds are exact, for "
           "trusted people", to="disable_batching", on=False),
    switch("downgrade", "Let the Horde make it smaller when kudos are missing",
           to="allow_downgrade", aliases="allow-downgrade"),
)  # fmt: skip
GROUPS: dict[str, tuple[Flag, ...]] = {
    "The picture": PAINTING,
    "Finer work": FINISHING,
    "From a picture, or of a text": STARTING,
    "Who makes it": SENDING,
}
FLAGS: tuple[Flag, ...] = tuple(each for group in GROUPS.values() for each in group)
BY_NAME: dict[str, Flag] = {
    plain_value(name): each for each in FLAGS for name in (each.name, *each.aliases)
}
# What the model decides when nobody says it.
OF_MODEL = frozenset({"models", "width", "height", "steps", "cfg_scale", "sampler", "karras"})
FIELDS = frozenset(
    name
    for each in FLAGS
    for name in (*each.fields, *each.also)
    if name in ImageRequest.model_fields
)
# What nobody has chosen; the mode follows from whether there is a picture to start from.
UNCHOSEN = {
    name: ImageRequest.model_fields[name].default for name in sorted(FIELDS - OF_MODEL - {"mode"})
}
