"""The endpoints that need the graphics card: images, upscaling, captions."""

import asyncio
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from sandbox.a1111 import catalogue, pictures, plans
from sandbox.a1111.errors import HttpError, WebuiError, json_response
from sandbox.a1111.generation import Generator, Plan, Result
from sandbox.a1111.infotext import info
from sandbox.a1111.request_bodies import (
    ExtrasBody,
    GenerationBody,
    ImageToImageBody,
    InterrogateBody,
    TextToImageBody,
)
from sandbox.a1111.state import A1111State, Job
from sandbox.horde.validation.submit_checks import with_long_strings_cut
from sandbox.horde.workers.image_analysis import analyse
from sandbox.horde.workers.image_drawing import resized


class GenerationEndpoints:
    """Each call waits for the card, and is answered when its job has ended."""

    def __init__(self, state: A1111State) -> None:
        self._state = state
        self._generator = Generator(state)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/txt2img", self.text_to_image),
            web.post("/img2img", self.image_to_image),
            web.post("/extra-single-image", self.extra_single_image),
            web.post("/interrogate", self.interrogate),
        ]

    async def text_to_image(self, request: web.Request) -> web.Response:
        body = TextToImageBody.model_validate(await request.json())
        return await self._generate("txt2img", body, _sent(body))

    async def image_to_image(self, request: web.Request) -> web.Response:
        body = ImageToImageBody.model_validate(await request.json())
        if body.init_images is None:
            raise HttpError(404, "Init image not found")
        return await self._generate("img2img", body, _sent(body))

    async def _generate(
        self, kind: str, body: TextToImageBody | ImageToImageBody, sent: dict[str, Any]
    ) -> web.Response:
        self._check_scripts(kind, body)
        self._check_sampler(body)
        state = self._state
        job = state.add_job(kind, sent, body.force_task_id)
        async with state.card:
            seeds = plans.seeds_of(body)
            result = await self._run(job, body, seeds)
            facts = info(state, body, seeds, result.texts, state.progress.job_timestamp)
        images = [pictures.as_base64(each) for each in result.images] if body.send_images else []
        return json_response({"images": images, "parameters": _parameters(body), "info": facts})

    async def _run(
        self, job: Job, body: TextToImageBody | ImageToImageBody, seeds: list[int]
    ) -> Result:
        """Run the job with the overridden settings, which are restored unless that is refused."""
        state = self._state
        overrides = dict(body.override_settings or {})
        if catalogue.find_checkpoint(overrides.get("sd_model_checkpoint")) is None:
            # The web UI ignores an unknown checkpoint and uses the chosen one.
            overrides.pop("sd_model_checkpoint", None)
        before = {name: state.options[name] for name in overrides if name in state.options}

        def plan() -> Plan:
            plans.check_numbers(body)
            if isinstance(body, TextToImageBody):
                return plans.text_plan(state, body, seeds)
            return plans.image_plan(state, body, seeds)

        state.set_options(overrides)
        try:
            return await self._generator.run(job, plan, prompt=body.prompt or "")
        finally:
            if body.override_settings_restore_afterwards:
                state.set_options(before)

    def _check_sampler(self, body: GenerationBody) -> None:
        name = body.sampler_name or body.sampler_index or "Euler"
        if name in catalogue.SAMPLER_NAMES:
            return
        if self._state.settings.version == "1.9":
            raise HttpError(404, "Sampler not found")
        for label in catalogue.SCHEDULER_LABELS:  # "DPM++ 2M Karras" as before 1.9
            sampler = name.removesuffix(f" {label}")
            if sampler != name and sampler in catalogue.SAMPLER_NAMES:
                body.sampler_name, body.scheduler = sampler, body.scheduler or label
                return
        raise HttpError(400, "Sampler not found")

    def _check_scripts(self, kind: str, body: GenerationBody) -> None:
        for name in (*([body.script_name] if body.script_name else []), *body.alwayson_scripts):
            if name.lower() not in catalogue.SCRIPTS[kind]:
                raise HttpError(422, f"Script '{name}' not found")

    async def extra_single_image(self, request: web.Request) -> web.Response:
        """Upscale an image. The progress does not show this job, though it holds the card."""
        body = ExtrasBody.model_validate(await request.json())
        source = pictures.decode(body.image)
        job = self._state.add_job("extra-single-image", _sent(body))
        async with self._state.card:
            for name in (body.upscaler_1, body.upscaler_2):
                if name not in catalogue.UPSCALERS:
                    job.state = "failed"
                    raise WebuiError("AssertionError", f"could not find upscaler named {name}")
            await self._generator.wait(job)
            size = _extras_size(body, source.size)
            made = source if body.upscaler_1 == "None" else resized(source, size)
            data = await asyncio.to_thread(pictures.png, made)
        return json_response({"html_info": "<p></p>", "image": pictures.as_base64(data)})

    async def interrogate(self, request: web.Request) -> web.Response:
        """The caption of an image by "clip", or its tags by "deepdanbooru"."""
        body = InterrogateBody.model_validate(await request.json())
        if body.image is None:
            raise HttpError(404, "Image not found")
        source = pictures.png(pictures.decode(body.image))
        if body.model not in ("clip", "deepdanbooru"):
            raise HttpError(404, "Model not found")
        job = self._state.add_job("interrogate", _sent(body))
        async with self._state.card:
            await self._generator.wait(job)
            caption = await asyncio.to_thread(_caption, body.model, source)
        return json_response({"caption": caption})


def _sent(body: BaseModel) -> dict[str, Any]:
    """The fields that the client sent, for the control API."""
    return with_long_strings_cut(body.model_dump(exclude_unset=True))


def _parameters(body: TextToImageBody | ImageToImageBody) -> dict[str, Any]:
    """The request as the web UI repeats it: without its images unless they are wanted."""
    fields = body.model_dump()
    if isinstance(body, ImageToImageBody) and not body.include_init_images:
        fields |= {"init_images": None, "mask": None}
    return fields


def _extras_size(body: ExtrasBody, size: tuple[int, int]) -> tuple[int, int]:
    if body.resize_mode == 1:
        return body.upscaling_resize_w, body.upscaling_resize_h
    return round(size[0] * body.upscaling_resize), round(size[1] * body.upscaling_resize)


def _caption(model: str, source: bytes) -> str:
    if model == "clip":
        return str(analyse("caption", source)["caption"])
    tags = analyse("interrogation", source)["interrogation"]["tags"]
    return ", ".join(each["text"] for each in tags)
