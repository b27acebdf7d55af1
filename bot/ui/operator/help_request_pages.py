"""The pages of /help about requests and results. Every example can be typed unchanged."""

from bot.domain.alchemy.alchemy_forms import DESCRIBING, UPSCALERS
from bot.domain.capabilities import Capabilities
from bot.domain.requests import Kind
from bot.i18n import N_
from bot.ui.operator.help_page import Paragraph, of_horde, takes, uses


def _redraws_and_upscales(able: Capabilities) -> bool:
    upscales = any(able.takes_form(form.name) for form in UPSCALERS)
    return uses("source")(able) and Kind.ALCHEMY in able.kinds and upscales


def _redraws_and_describes(able: Capabilities) -> bool:
    describes = any(map(able.takes_form, DESCRIBING))
    return uses("source")(able) and Kind.ALCHEMY in able.kinds and describes


START = (
    Paragraph(
        N_("Describe the image that you want:"),
        ("`/imagine prompt:a red fox asleep in fresh snow`",),
    ),
    Paragraph(
        N_(
            "The bot chooses a suitable model and size. The card shows the queue position and when "
            "the image will be ready."
        ),
        needs=of_horde,
    ),
    Paragraph(
        N_("Under the result, **Again** makes another image, and **Details** shows all parameters.")
    ),
    Paragraph(
        N_(
            "Volunteers of the AI Horde create the results on their own computers, for free. "
            "Requests take longer when the Horde is busy."
        ),
        needs=of_horde,
    ),
    Paragraph(N_("The option `topic` of `/help` has pages about everything else.")),
)

IMAGES = (
    Paragraph(
        N_("Describe the content first, then the look:"),
        ("`/imagine prompt:a lighthouse in a storm, oil painting, warm light`",),
    ),
    Paragraph(
        N_("Two images in portrait shape, without people:"),
        ("`/imagine prompt:a quiet street in Lisbon shape:portrait count:2 negative:people`",),
        needs=uses("negative", "n"),
    ),
    Paragraph(
        N_("The same image with one changed word. **Details** shows the seed of an image:"),
        ("`/imagine prompt:a red fox asleep in autumn leaves seed:1234`",),
        needs=uses("seed"),
    ),
    Paragraph(
        N_("Only visible to you. **Publish** shows the result to the channel later:"),
        ("`/imagine prompt:a birthday card with balloons private:True`",),
    ),
    Paragraph(
        N_("`model` suggests models as you type. `/horde models` shows all of them."),
        needs=of_horde,
    ),
)

FLAGS = (
    Paragraph(
        N_("`extra` takes flags, with suggestions as you type. The value follows its flag:"),
        ("`/imagine prompt:a lighthouse extra:--steps 40 --sampler euler a --size 832x1216`",),
        needs=uses("steps", "sampler"),
    ),
    Paragraph(
        N_("Other parameters keep the model's own values. LoRAs, corrected faces, upscaled:"),
        ("`/imagine prompt:a knight extra:--lora 12345:0.8 --post GFPGAN,RealESRGAN_x2plus`",),
        needs=uses("loras", "post_processing"),
    ),
    Paragraph(
        N_("Quote values with spaces:"),
        ('`/imagine prompt:a bowl of fruit extra:--negative "blurry, ugly" --clip-skip 2`',),
        needs=uses("negative", "clip_skip"),
    ),
    Paragraph(
        N_(
            "`--no-tiling`, `--no-lora` and others override a preset or your defaults. `--only` "
            "ignores all of them."
        ),
        needs=uses("tiling", "loras"),
    ),
    Paragraph(N_("A mistake costs nothing: the bot shows where it is, and the most similar flag.")),
    Paragraph(
        N_(
            "**Details** under a result shows its flags, to be pasted again. `/advanced` has "
            "options for the most used flags, and `/preset save` stores flags under a name."
        )
    ),
)

RESULTS = (
    Paragraph(N_("**Again** makes another result with the same parameters and a new seed.")),
    Paragraph(
        N_("**Vary** makes a variation of the image. **Upscale** enlarges it."),
        needs=_redraws_and_upscales,
    ),
    Paragraph(
        N_(
            "**Edit** opens a form with the prompt and the parameters. **Edit again** under a "
            "mistake opens it with your text; the text is stored for 15 minutes."
        )
    ),
    Paragraph(
        N_("**Use as source** makes a new image from this one. **Describe** describes it."),
        needs=_redraws_and_describes,
    ),
    Paragraph(N_("**Save** keeps the result permanently.")),
    Paragraph(
        N_(
            "The menu under several images shows one of them with its own buttons. More than ten "
            "images take two messages."
        )
    ),
    Paragraph(
        N_("`/rate` rates your newest image, if the Horde collects ratings. You get kudos for it."),
        needs=of_horde,
    ),
    Paragraph(
        N_(
            "**Details** shows all parameters and a command that repeats the request. "
            "**Generation info** in the Apps menu of the message shows them too."
        )
    ),
)

REMIX = (
    Paragraph(
        N_("Another style. `strength` sets how much may change:"),
        ("`/remix image:cat.png prompt:a cat, woodcut strength:0.5`",),
        needs=uses("strength"),
    ),
    Paragraph(
        N_(
            "Repaint a part: choose an `area`, or upload a `mask` with the part in white, or use a "
            "PNG with a transparent part:"
        ),
        ("`/remix image:room.png prompt:a window to the sea area:top right`",),
        needs=uses("mask", "parts"),
    ),
    Paragraph(
        N_("Extend the image beyond its edges, by 256 pixels or by another number:"),
        ("`/remix image:boat.png prompt:a harbour at dawn expand:wider expand_by:320`",),
        needs=uses("expand"),
    ),
    Paragraph(
        N_("Keep the lines, the depth or the pose, and repaint the rest:"),
        ("`/remix image:sketch.png prompt:a stone bridge, photo control:scribble`",),
        needs=uses("control_type"),
    ),
    Paragraph(
        N_("One image from several. More than two need a trusted account:"),
        ("`/remix image:a.png image2:b.png prompt:a poster of both`",),
        needs=uses("extra_images"),
    ),
    Paragraph(
        N_("An image with a QR code:"),
        ("`/qr text:https://example.org prompt:a mosaic of blue tiles`",),
        needs=uses("workflow"),
    ),
)

TEXTS = (
    Paragraph(
        N_("The text continues your prompt, so begin it in the style that you want:"),
        ("`/write prompt:The lighthouse keeper kept his storms in jars.`",),
    ),
    Paragraph(
        N_("Longer, and more varied:"),
        ("`/write prompt:Ten names for a bakery on the moon: length:long temperature:1.2`",),
    ),
    Paragraph(N_("A long text has a file too.")),
    Paragraph(
        N_(
            "Outside age-restricted channels only models without NSFW content write, and a spoiler "
            "covers texts with offensive words."
        ),
        needs=of_horde,
    ),
)

ALCHEMY = (
    Paragraph(
        N_("Upload an image, then choose one or several forms from a list:"),
        ("`/alchemy image:holiday.png`",),
    ),
    Paragraph(
        N_("Or choose them in the command; `forms` takes several:"),
        (
            "`/alchemy image:old.png forms:GFPGAN, RealESRGAN_x2plus`",
            "`/alchemy image:cat.png forms:caption, palette, 4x_AnimeSharp`",
        ),
        needs=takes("GFPGAN", "caption", "palette"),
    ),
    Paragraph(
        N_(
            "Newer servers of the Horde offer annotations: the maps that control types use. "
            "`forms` suggests them."
        ),
        ("`/alchemy image:cat.png forms:annotation:canny, annotation:hed`",),
        needs=of_horde,
    ),
    Paragraph(
        N_(
            "For an image in the chat, open the menu of its message (right-click or long press), "
            "then Apps, then **Describe**, **Upscale** or **Remix**."
        ),
        needs=_redraws_and_describes,
    ),
    Paragraph(N_("**JSON** sends the results in a form that programs read.")),
    Paragraph(
        N_("Outside age-restricted channels the resulting images are checked, and NSFW is hidden."),
        needs=of_horde,
    ),
)
