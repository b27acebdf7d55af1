"""Image jobs: how a worker takes one and returns its images."""

from typing import Literal

from pydantic import Field

from bot.horde.job_responses import Rewarded
from bot.horde.submitted_requests import SubmittedImageParams
from bot.horde.transport import Calls
from bot.horde.worker_api.job_fields import Job, JobOffer, MetadataInput, Skipped
from bot.http.client import UPLOAD
from bot.http.schema import Amount, Count, Items, Sent, Wire


class ImageOffer(JobOffer):
    """What an image worker can do."""

    max_pixels: int | None = None
    blacklist: tuple[str, ...] | None = None
    allow_img2img: bool | None = None
    allow_painting: bool | None = None
    allow_unsafe_ipaddr: bool | None = None
    allow_post_processing: bool | None = None
    allow_controlnet: bool | None = None
    allow_sdxl_controlnet: bool | None = None
    allow_lora: bool | None = None
    limit_max_steps: bool | None = None


class ImageSkipped(Skipped):
    """Numbers of skipped requests, with the reasons that only images have."""

    max_pixels: Count = 0
    step_count: Count = 0
    unsafe_ip: Count = 0
    img2img: Count = 0
    painting: Count = 0
    post_processing: Count = Field(default=0, alias="post-processing")
    lora: Count = 0
    controlnet: Count = 0


class ImageJobParams(SubmittedImageParams):
    """Parameters under the names that workers know: `ddim_steps` is steps, `n_iter` is n."""

    prompt: str = ""
    ddim_steps: Count = 30
    n_iter: Count = 1
    use_nsfw_censor: bool = False


class ExtraSourceImage(Wire):
    """A further source image of a remix."""

    image: str = ""
    strength: Amount = 1.0


class ImageJob(Job):
    """An image job. `r2_uploads`: an address for each image; the images are sent there by PUT."""

    payload: ImageJobParams = Field(default_factory=ImageJobParams)
    skipped: ImageSkipped = Field(default_factory=ImageSkipped)
    source_image: str = ""
    source_processing: str = "img2img"
    source_mask: str = ""
    extra_source_images: Items[ExtraSourceImage] = ()
    r2_upload: str = ""
    r2_uploads: Items[str] = ()


class ImageJobResult(Sent):
    """An image of a job. `generation`: base64, or "R2" when it was uploaded."""

    id: str
    generation: str
    seed: int
    state: Literal["ok", "censored", "faulted", "csam"] = "ok"
    censored: bool | None = None
    gen_metadata: tuple[MetadataInput, ...] | None = None


class ImageJobCalls(Calls):
    """With the key of the worker's owner; 60 calls a second. No account: AnonForbidden."""

    async def pop_image_job(self, offer: ImageOffer, *, key: str) -> ImageJob:
        """Take a job, or learn why there is none."""
        return await self._one(ImageJob, "POST", "/generate/pop", body=offer, key=key)

    async def return_image_job(self, result: ImageJobResult, *, key: str) -> Rewarded:
        """Return an image of a job."""
        route = "/generate/submit"
        return await self._one(Rewarded, "POST", route, body=result, key=key, seconds=UPLOAD)
