"""FLAGS: the one table of flags, for parsing, writing, completion and docs/parameters.md."""

from bot.domain.compatibility import QR
from bot.domain.requests import NO_CHOICES, ImageChoices
from bot.domain.requests.image import ImageFields
from bot.i18n import N_
from bot.parameters.flags.addon_types import EmbeddingText, LoraText
from bot.parameters.flags.aliases import (
    CONTROL,
    FILE_FORMAT,
    MODE,
    PART,
    POST,
    SAMPLER,
    SCHEDULER,
    SHAPE,
    SOLVER,
    WORKFLOW,
)
from bot.parameters.flags.compound_types import (
    FieldText,
    Listed,
    QrText,
    Referenced,
    Sides,
    Size,
)
from bot.parameters.flags.flag import Flag, field_number, flag, switch
from bot.parameters.flags.limits import FieldLimits, field_limits
from bot.parameters.flags.value_types import Number, Words, plain_value

ANY = "any"  # of --model: the model with the shortest wait
MODEL = Words(field_limits("models"), N_("the name of a model"), {ANY: ""})
STYLE = Words(FieldLimits(whole=False, shortest=3, longest=1024), N_("the name or id of a style"))
PRESET = Words(FieldLimits(whole=False, shortest=1, longest=100), N_("the name of a preset"))
WORKER = Words(FieldLimits(whole=False, shortest=1, longest=100), N_("the id of a worker"))
SEED = Words(field_limits("seed"), N_("a number or a word"))
HIRES = Number(field_limits("hires_strength"))
HIRES_ON = ImageChoices(hires_fix=True)
ONLY, IMAGE_STRENGTHS, FIELD = "only", "image-strengths", "field"
NO_WORKERS = ImageChoices(workers=(), worker_blacklist=False)

PAINTING = (
    flag("model", "A model that may create the image. `any`: five with the shortest wait", MODEL,
         to="models", aliases="m models", many=True, searched="models",
         shown="any"),
    Flag("size", ("width", "height"), "Width and height in pixels", Size(), ("resolution",),
         examples=("832x1216", "1216x832", "1024x1024", "512x512")),
    flag("width", "Width in pixels", field_number("width"), aliases="w",
         shown="512|768|1024"),
    flag("height", "Height in pixels", field_number("height"), aliases="h",
         shown="512|768|1024"),
    flag("shape", "Sides that suit the model", SHAPE, aliases="ar aspect"),
    flag("steps", "Number of sampler steps", field_number("steps"), aliases="s",
         shown="20|30|40"),
    flag("cfg", "How closely the image follows the prompt (CFG scale)", field_number("cfg_scale"),
         to="cfg_scale", aliases="cfg-scale guidance",
         shown="4|6|7.5"),
    flag("sampler", "Sampler: the algorithm that turns noise into an image", SAMPLER,
         aliases="sampler-name"),
    flag("scheduler", "Noise schedule: how fast the noise decreases. Replaces `--karras`",
         SCHEDULER),
    switch("karras", "Use the Karras noise schedule: fine details with fewer steps"),
    flag("count", "Number of images", field_number("n"), to="n", aliases="n images",
         shown="2|4"),
    flag("negative", "What the image should not show", Words(field_limits("negative")),
         aliases="neg no",
         shown='"blurry, ugly"'),
    flag("seed", "The same seed with the same options repeats an image. `random`: a new one",
         SEED,
         shown="1234|random"),
    flag("variation", "Number added to the seed for each following image",
         field_number("seed_variation"), to="seed_variation", aliases="seed-variation",
         shown="1"),
    flag("style", "A style. It sets the model, the steps, the size and more", STYLE,
         searched="styles",
         shown="fantasy"),
    flag(FIELD, "Text for a field of the style, which asks for those that it needs", FieldText(),
         to="template_fields", aliases="fields template-field template-fields", many=True,
         shown='country="Norway"'),
    Flag("preset", ("preset",), "Name of a preset", PRESET, examples=("portrait",)),
    Flag(ONLY, (ONLY,), "Use only the flags given here: no preset and no defaults",
         alone=ImageChoices(only=True)),
)  # fmt: skip
SAMPLING = (
    flag("eta", "Noise that the sampler adds in each step", field_number("sampler_eta"),
         to="sampler_eta", aliases="sampler-eta",
         shown="0.5|1"),
    flag("s-noise", "Strength of the noise that the sampler adds", field_number("sampler_s_noise"),
         to="sampler_s_noise", aliases="sampler-s-noise",
         shown="1"),
    flag("s-churn", "How much noise the sampler replaces", field_number("sampler_s_churn"),
         to="sampler_s_churn", aliases="sampler-s-churn",
         shown="10"),
    flag("s-tmin", "Noise level above which `--s-churn` works", field_number("sampler_s_tmin"),
         to="sampler_s_tmin", aliases="sampler-s-tmin",
         shown="0.05"),
    flag("s-tmax", "Noise level below which `--s-churn` works", field_number("sampler_s_tmax"),
         to="sampler_s_tmax", aliases="sampler-s-tmax",
         shown="50"),
    flag("sampler-order", "How many earlier steps the sampler uses", field_number("sampler_order"),
         shown="2|3|4"),
    flag("solver-type", "Formula of the sampler", SOLVER,
         to="sampler_solver_type", aliases="sampler-solver-type solver"),
    flag("flow-shift", "Share of the steps for the composition (Flux and Qwen)",
         field_number("flow_shift"),
         shown="1.15|3"),
)  # fmt: skip
FINISHING = (
    Flag("hires", ("hires_strength",), "Create a small image first, then enlarge it and add detail",
         HIRES,
         ("hires-fix",), alone=HIRES_ON, also=HIRES_ON,
         away=ImageChoices(hires_fix=False, hires_strength=None), examples=("0.6",)),
    flag("hires-strength", "How much the second pass of `--hires` may change", HIRES,
         aliases="hires-fix-denoising-strength",
         shown="0.6"),
    flag("clip-skip", "Skip this many of CLIP's last layers", field_number("clip_skip"),
         shown="1|2"),
    switch("tiling", "Create a seamless image that can be tiled", aliases="tile"),
    switch("transparent", "Create an image without a background"),
    flag("post", "Post-processing of the finished image, in this order. One upscaler at most",
         Listed(POST, ", \t\n"), aliases="post-processing upscale", many=True),
    flag("format", "Format of the shown files. Images that are too large as PNG stay as they are",
         FILE_FORMAT,
         to="file_format", aliases="file-format"),
    flag("face-strength", "Strength of the face fixer", field_number("face_strength"),
         aliases="facefixer-strength",
         shown="0.75"),
    flag("lora", "A LoRA of CivitAI by its name, id or address", LoraText(),
         to="loras", aliases="l loras", many=True, searched="loras",
         shown='"Add More Details":0.8|12345:0.8:1@any'),
    flag("lora-version", "A LoRA, by the number of one of its versions",
         LoraText(is_version=True), to="loras", many=True, away=NO_CHOICES,
         shown="12345:0.8"),
    flag("ti", "A textual inversion of CivitAI by its name, id or address", EmbeddingText(),
         to="embeddings", aliases="embedding tis", many=True, searched="embeddings",
         shown="7808@negprompt|7808:1.2@prompt"),
)  # fmt: skip
STARTING = (
    flag("mode", "What to do with the source image", MODE,
         aliases="source-processing"),
    flag("strength", "How much of the source image may change", field_number("strength"),
         aliases="denoise denoising-strength",
         shown="0.3|0.6|0.8"),
    flag("parts", "Parts of a 3 x 3 grid that are replaced (inpainting)", Listed(PART),
         aliases="part area"),
    flag("expand", "Pixels added on each side (outpainting)", Sides(),
         away=ImageChoices(expand=(0, 0, 0, 0)),
         shown="256|left=256,right=256"),
    flag("control", "ControlNet type: the features of the source image to keep", CONTROL,
         aliases="control-type"),
    flag("control-strength", "How closely the image follows the control map",
         field_number("control_strength"),
         shown="0.5|0.8"),
    switch("control-is-map", "The source image already is a control map",
           aliases="image-is-control"),
    switch("control-map", "Return the control map instead of an image",
           aliases="return-control-map"),
    Flag(IMAGE_STRENGTHS, ("image_strengths",), "Weight of each extra image (remix)",
         Listed(Number(field_limits("extra_images", "strength"))), examples=("0.5,1",)),
    flag("qr", "Create an image that is a QR code of this text", QrText(), to="texts", many=True,
         also=ImageChoices(workflow=QR), away=ImageChoices(workflow=None, texts=()),
         shown="https://aihorde.net"),
    flag("workflow", "Workflow of the worker, with texts of its own", WORKFLOW),
    flag("text", "Text for a workflow", Referenced(), to="texts", aliases="texts extra-text",
         many=True,
         shown='qr_code="hello"'),
)  # fmt: skip
SENDING = (
    switch("trusted", "Use trusted workers only", to="trusted_workers",
           aliases="trusted-workers"),
    switch("fast", "No slow workers. Costs 20 % more kudos and needs them in your account",
           to="slow_workers", on=False),
    switch("extra-slow", "Allow very slow workers", to="extra_slow_workers",
           aliases="extra-slow-workers"),
    switch("validated", "Use workers with validated software only", to="validated_backends",
           aliases="validated-backends"),
    flag("worker", "Use this worker only", WORKER, to="workers", aliases="workers", many=True,
         also=ImageChoices(worker_blacklist=False), away=NO_WORKERS,
         shown="00000000-0000-0000-0000-000000000000"),
    flag("not-worker", "Do not use this worker. Costs 10 % more kudos", WORKER, to="workers",
         many=True, also=ImageChoices(worker_blacklist=True), away=NO_CHOICES,
         shown="00000000-0000-0000-0000-000000000000"),
    switch("batching", "Create several images at once on one worker. Off: exact seeds, for "
           "trusted users", to="disable_batching", on=False),
    switch("downgrade", "Let the AI Horde reduce size and steps when kudos are missing",
           to="allow_downgrade", aliases="allow-downgrade"),
)  # fmt: skip
GROUPS: tuple[tuple[Flag, ...], ...] = (PAINTING, SAMPLING, FINISHING, STARTING, SENDING)
FLAGS: tuple[Flag, ...] = tuple(each for group in GROUPS for each in group)
BY_NAME: dict[str, Flag] = {
    plain_value(name): each for each in FLAGS for name in (each.name, *each.aliases)
}
# Fields whose default depends on the model.
OF_MODEL = frozenset({"models", "width", "height", "steps", "cfg_scale", "sampler", "karras"})
FIELDS = frozenset(
    name
    for each in FLAGS
    for name in (*each.fields, *each.also.names)
    if name in ImageFields.model_fields
)
# Values that mean "not chosen"; the mode follows from the source.
UNCHOSEN = ImageChoices.model_validate(
    {name: ImageFields.model_fields[name].default for name in FIELDS - OF_MODEL - {"mode"}}
)
