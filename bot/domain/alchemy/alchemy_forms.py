"""FORMS: the one table of alchemy forms. Choices, validation, parsing and rendering read it.

The names are the enum of ModelInterrogationFormStable in the Horde's swagger (5.1.5, 2026-08).
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.domain.alchemy import annotations
from bot.i18n import N_, _

# Default when no form is chosen: four times as large, and offered by nearly every alchemist.
BEST_UPSCALER = "RealESRGAN_x4plus"

# "any": a text, an image or JSON, of a form that the bot does not know.
Returns = Literal["text", "flag", "tags", "picture", "score", "colours", "svg", "any"]
Group = Literal["look", "upscale", "face", "edit", "map", "other"]
MAKES_IMAGE: frozenset[Returns] = frozenset({"picture", "svg", "any"})  # or may make one


@dataclass(frozen=True, slots=True)
class Form:
    """One alchemy form: its Horde name, its label, and the kind of its result.

    `label` and `about` are translated where they are shown.
    """

    name: str
    label: str  # at most 100 characters (a Discord choice)
    returns: Returns
    group: Group
    about: str  # explanation for a first use; at most 100 characters

    @property
    def short(self) -> str:
        """English label without its explanation."""
        return _without_explanation(self.label)

    @property
    def shown(self) -> str:
        """Label in the current language without its explanation, for small spaces."""
        return _without_explanation(_(self.label))

    @property
    def called(self) -> tuple[str, ...]:
        """What people may type: the name, and the label in English and the current language."""
        return (self.name, self.short, self.label, self.shown, _(self.label))


def _without_explanation(label: str) -> str:
    return re.split("[:\N{FULLWIDTH COLON}]", label, maxsplit=1)[0].strip()


def _table(*forms: Form) -> dict[str, Form]:
    return {form.name: form for form in forms}


FORMS: dict[str, Form] = _table(
    Form(
        "caption",
        N_("Caption: one sentence about the image"),
        "text",
        "look",
        N_("What the image shows, in one sentence"),
    ),
    Form(
        "describe",
        N_("Describe: a longer description"),
        "text",
        "look",
        N_("What the image shows, in detail"),
    ),
    Form(
        "interrogation",
        N_("Interrogate: tags, artists, styles"),
        "tags",
        "look",
        N_("Words for the prompt of such an image"),
    ),
    Form("nsfw", N_("NSFW check"), "flag", "look", N_("Whether the image is for adults only")),
    Form(
        "aesthetic", N_("Aesthetic score"), "score", "look", N_("How good a model rates the image")
    ),
    Form(
        "palette",
        N_("Palette: its main colours"),
        "colours",
        "look",
        N_("The main colours as codes to copy"),
    ),
    Form(
        "vectorize",
        N_("Vectorize: as an SVG drawing"),
        "svg",
        "edit",
        N_("Lines that stay sharp at any size"),
    ),
    Form(
        "strip_background",
        N_("Strip the background"),
        "picture",
        "edit",
        N_("Only the subject remains"),
    ),
    Form(
        "GFPGAN",
        N_("Fix faces (GFPGAN)"),
        "picture",
        "face",
        N_("The usual choice: clean and smooth"),
    ),
    Form(
        "GFPGANv1.3",
        N_("Fix faces (GFPGAN 1.3)"),
        "picture",
        "face",
        N_("Older version, changes less"),
    ),
    Form(
        "CodeFormers",
        N_("Fix faces (CodeFormers)"),
        "picture",
        "face",
        N_("For badly damaged faces"),
    ),
    Form("RestoreFormer", N_("Fix faces (RestoreFormer)"), "picture", "face", N_("For old photos")),
    Form(
        "RealESRGAN_x2plus",
        N_("Upscale x2 (RealESRGAN)"),
        "picture",
        "upscale",
        N_("Twice as large"),
    ),
    Form(
        "RealESRGAN_x4plus",
        N_("Upscale x4 (RealESRGAN)"),
        "picture",
        "upscale",
        N_("Good for all images"),
    ),
    Form(
        "RealESRGAN_x4plus_anime_6B",
        N_("Upscale x4, anime (RealESRGAN)"),
        "picture",
        "upscale",
        N_("For drawings with flat colours"),
    ),
    Form(
        "NMKD_Siax",
        N_("Upscale x4 (NMKD Siax)"),
        "picture",
        "upscale",
        N_("Sharp, keeps fine grain"),
    ),
    Form(
        "4x_AnimeSharp",
        N_("Upscale x4, anime (AnimeSharp)"),
        "picture",
        "upscale",
        N_("For drawings with crisp lines"),
    ),
    Form("4xNomos8kSC", N_("Upscale x4, photo (Nomos8k)"), "picture", "upscale", N_("For photos")),
    Form(
        "4xLSDIRplus",
        N_("Upscale x4 (LSDIRplus)"),
        "picture",
        "upscale",
        N_("For compressed images"),
    ),
    Form(
        "4xNomosWebPhoto_RealPLKSR",
        N_("Upscale x4, web photo (RealPLKSR)"),
        "picture",
        "upscale",
        N_("For photos from the web"),
    ),
    Form(
        "4xNomos2_realplksr_dysample",
        N_("Upscale x4 (Nomos2 dysample)"),
        "picture",
        "upscale",
        N_("For clean photos"),
    ),
    Form(
        "4xNomos2_hq_dat2",
        N_("Upscale x4, finest (Nomos2 DAT2)"),
        "picture",
        "upscale",
        N_("Most detail, slowest"),
    ),
    Form(
        "2xModernSpanimationV1",
        N_("Upscale x2, animation (Spanimation)"),
        "picture",
        "upscale",
        N_("For frames of cartoons"),
    ),
)


def form_of(name: str) -> Form:
    """The form with that Horde name, annotation:TYPE for one type of annotation.

    A name that is not in FORMS is that of a form that the server announces.
    """
    control = annotations.control_type(name)
    if control:
        label = _("Annotation ({control_type})").format(control_type=control)
        return Form(name, label, "picture", "map", N_("The map that this control type uses"))
    unknown = N_("A form that this bot does not describe")
    return FORMS.get(name) or Form(name, name, "any", "other", unknown)


DESCRIBING = ("caption", "describe")
UPSCALERS = tuple(form for form in FORMS.values() if form.group == "upscale")
