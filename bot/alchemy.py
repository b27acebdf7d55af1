"""FORMS: the one table of alchemy forms. Choices, validation, parsing and rendering read it.

The names are the enum of ModelInterrogationFormStable in the Horde's swagger (5.1.5, 2026-08).
"""

from dataclasses import dataclass
from typing import Literal

Returns = Literal["text", "flag", "tags", "picture", "score", "colours", "svg"]
Group = Literal["look", "upscale", "face", "edit"]


@dataclass(frozen=True, slots=True)
class Form:
    """One alchemy form: its Horde name, what people see, and what comes back."""

    name: str
    label: str  # at most 100 characters (a Discord choice)
    returns: Returns
    group: Group


def _table(*forms: Form) -> dict[str, Form]:
    return {form.name: form for form in forms}


FORMS: dict[str, Form] = _table(
    Form("caption", "Caption: one sentence about the picture", "text", "look"),
    Form("describe", "Describe: a longer description", "text", "look"),
    Form("interrogation", "Interrogate: tags, artists, styles", "tags", "look"),
    Form("nsfw", "NSFW check", "flag", "look"),
    Form("aesthetic", "Aesthetic score", "score", "look"),
    Form("palette", "Palette: its main colours", "colours", "look"),
    Form("vectorize", "Vectorize: as an SVG drawing", "svg", "edit"),
    Form("strip_background", "Strip the background", "picture", "edit"),
    Form("GFPGAN", "Fix faces (GFPGAN)", "picture", "face"),
    Form("GFPGANv1.3", "Fix faces (GFPGAN 1.3)", "picture", "face"),
    Form("CodeFormers", "Fix faces (CodeFormers)", "picture", "face"),
    Form("RestoreFormer", "Fix faces (RestoreFormer)", "picture", "face"),
    Form("RealESRGAN_x2plus", "Upscale x2 (RealESRGAN)", "picture", "upscale"),
    Form("RealESRGAN_x4plus", "Upscale x4 (RealESRGAN)", "picture", "upscale"),
    Form("RealESRGAN_x4plus_anime_6B", "Upscale x4, anime (RealESRGAN)", "picture", "upscale"),
    Form("NMKD_Siax", "Upscale x4 (NMKD Siax)", "picture", "upscale"),
    Form("4x_AnimeSharp", "Upscale x4, anime (AnimeSharp)", "picture", "upscale"),
    Form("4xNomos8kSC", "Upscale x4, photo (Nomos8k)", "picture", "upscale"),
    Form("4xLSDIRplus", "Upscale x4 (LSDIRplus)", "picture", "upscale"),
    Form("4xNomosWebPhoto_RealPLKSR", "Upscale x4, web photo (RealPLKSR)", "picture", "upscale"),
    Form("4xNomos2_realplksr_dysample", "Upscale x4 (Nomos2 dysample)", "picture", "upscale"),
    Form("4xNomos2_hq_dat2", "Upscale x4, finest (Nomos2 DAT2)", "picture", "upscale"),
    Form("2xModernSpanimationV1", "Upscale x2, animation (Spanimation)", "picture", "upscale"),
)
