"""The request bodies of the web UI. Unknown fields are ignored, and numbers may be strings."""

from typing import Any

from pydantic import BaseModel, Field

Json = dict[str, Any]


class GenerationBody(BaseModel):
    """The fields that txt2img and img2img share. The web UI checks types only, no ranges."""

    prompt: str | None = ""
    negative_prompt: str | None = ""
    styles: list[str] | None = None
    seed: int | None = -1
    subseed: int | None = -1
    subseed_strength: float | None = 0
    sampler_name: str | None = None
    sampler_index: str | None = "Euler"
    scheduler: str | None = None
    batch_size: int | None = 1
    n_iter: int | None = 1
    steps: int | None = 50
    cfg_scale: float | None = 7.0
    width: int | None = 512
    height: int | None = 512
    restore_faces: bool | None = None
    tiling: bool | None = None
    denoising_strength: float | None = None
    override_settings: Json | None = None
    override_settings_restore_afterwards: bool | None = True
    script_name: str | None = None
    script_args: list[Any] = []
    alwayson_scripts: Json = {}
    send_images: bool = True
    save_images: bool = False
    force_task_id: str | None = None


class TextToImageBody(GenerationBody):
    """The body of txt2img; a second pass enlarges the images with `enable_hr`."""

    enable_hr: bool | None = False
    hr_scale: float | None = 2.0
    hr_upscaler: str | None = None
    hr_second_pass_steps: int | None = 0
    hr_resize_x: int | None = 0
    hr_resize_y: int | None = 0


class ImageToImageBody(GenerationBody):
    """The body of img2img; with `mask`, white is painted again."""

    init_images: list[str] | None = None
    denoising_strength: float | None = 0.75
    resize_mode: int | None = 0
    mask: str | None = None
    mask_blur: int | None = None
    inpainting_fill: int | None = 0
    inpaint_full_res: bool | None = True
    inpaint_full_res_padding: int | None = 0
    inpainting_mask_invert: int | None = 0
    include_init_images: bool = False


class ExtrasBody(BaseModel):
    """The body of extra-single-image."""

    image: str = ""
    resize_mode: int = Field(default=0, ge=0, le=1)
    gfpgan_visibility: float = Field(default=0, ge=0, le=1)
    codeformer_visibility: float = Field(default=0, ge=0, le=1)
    codeformer_weight: float = Field(default=0, ge=0, le=1)
    upscaling_resize: float = Field(default=2, gt=0)
    upscaling_resize_w: int = Field(default=512, ge=1)
    upscaling_resize_h: int = Field(default=512, ge=1)
    upscaling_crop: bool = True
    upscaler_1: str = "None"
    upscaler_2: str = "None"
    extras_upscaler_2_visibility: float = Field(default=0, ge=0, le=1)


class InterrogateBody(BaseModel):
    """The body of interrogate."""

    image: str | None = ""
    model: str = "clip"
