"""Calls of workers."""

from bot.horde.client import HordeClient
from bot.horde.worker_api.alchemy_jobs import AlchemyJobResult, AlchemyOffer
from bot.horde.worker_api.image_jobs import ImageJobResult, ImageOffer
from bot.horde.worker_api.job_fields import MetadataInput
from bot.horde.worker_api.text_jobs import TextJobResult, TextOffer
from bot.horde.worker_api.worker_messages import WorkerMessageInput
from tests.support.horde.endpoint import ID, MIRA, Endpoint

BRIDGE = "AI Horde Worker reGen:18:https://example.org"
IMAGE_OFFER = ImageOffer(
    name="Quiet Toaster", models=("Deliberate",), bridge_agent=BRIDGE, amount=2, allow_lora=True
)
TEXT_OFFER = TextOffer(name="Slow Poet", models=("Fable",), bridge_agent=BRIDGE, max_length=256)
ALCHEMY_OFFER = AlchemyOffer(name="Quiet Toaster", forms=("caption",), max_tiles=16)
IMAGE_RESULT = ImageJobResult(
    id=ID, generation="R2", seed=5, gen_metadata=(MetadataInput(type="lora", value="parse_failed"),)
)
MESSAGE = WorkerMessageInput(message="Please update.", worker_id=ID, expiry=24)
ONE_MESSAGE = "/workers/messages/{message_id}"

WORKER_ENDPOINTS: list[Endpoint[HordeClient]] = [
    Endpoint("pop_image_job", "POST", "/generate/pop", "image_job",
       lambda c: c.pop_image_job(IMAGE_OFFER, key=MIRA),
       lambda r: (r.payload.ddim_steps, r.payload.loras[0].name, len(r.r2_uploads),
                  r.skipped.post_processing) == (24, "777", 2, 3),
       key=MIRA, body={"name": "Quiet Toaster", "models": ["Deliberate"], "bridge_agent": BRIDGE,
                       "amount": 2, "allow_lora": True}),
    Endpoint("return_image_job", "POST", "/generate/submit", "rewarded",
       lambda c: c.return_image_job(IMAGE_RESULT, key=MIRA), lambda r: r.reward == 12.5,
       key=MIRA, body={"id": ID, "generation": "R2", "seed": 5, "state": "ok",
                       "gen_metadata": [{"type": "lora", "value": "parse_failed"}]}),
    Endpoint("pop_text_job", "POST", "/generate/text/pop", "text_job",
       lambda c: c.pop_text_job(TEXT_OFFER, key=MIRA),
       lambda r: (r.payload.max_length, r.messages[0].origin) == (64, "mira#812"),
       key=MIRA, body={"name": "Slow Poet", "models": ["Fable"], "bridge_agent": BRIDGE,
                       "max_length": 256}),
    Endpoint("return_text_job", "POST", "/generate/text/submit", "rewarded",
       lambda c: c.return_text_job(TextJobResult(id=ID, generation="Once."), key=MIRA),
       lambda r: r.reward == 12.5, key=MIRA,
       body={"id": ID, "generation": "Once.", "state": "ok"}),
    Endpoint("pop_alchemy_job", "POST", "/interrogate/pop", "alchemy_jobs",
       lambda c: c.pop_alchemy_job(ALCHEMY_OFFER, key=MIRA),
       lambda r: (r.forms[0].form, r.forms[1].payload.control_type) == ("caption", "canny"),
       key=MIRA, body={"name": "Quiet Toaster", "forms": ["caption"], "max_tiles": 16}),
    Endpoint("return_alchemy_job", "POST", "/interrogate/submit", "rewarded",
       lambda c: c.return_alchemy_job(
           AlchemyJobResult(id=ID, result={"caption": "a lamp"}), key=MIRA),
       lambda r: r.reward == 12.5, key=MIRA,
       body={"id": ID, "result": {"caption": "a lamp"}, "state": "ok"}),
    Endpoint("list_worker_messages", "GET", "/workers/messages", "worker_messages",
       lambda c: c.list_worker_messages(key=MIRA, worker_id=ID),
       lambda r: [m.expiry for m in r] == ["24"], key=MIRA,
       query=(("worker_id", ID), ("validity", "active"), ("page", "1"))),
    Endpoint("create_worker_message", "POST", "/workers/messages", "worker_message",
       lambda c: c.create_worker_message(MESSAGE, key=MIRA),
       lambda r: r.message == "Please update.", key=MIRA,
       body={"message": "Please update.", "worker_id": ID, "expiry": 24}),
    Endpoint("get_worker_message", "GET", ONE_MESSAGE, "worker_message",
       lambda c: c.get_worker_message("message_id"), lambda r: r.origin == "mira#812"),
    Endpoint("delete_worker_message", "DELETE", ONE_MESSAGE, "message",
       lambda c: c.delete_worker_message("message_id", key=MIRA),
       lambda r: r.message == "OK", key=MIRA),
]  # fmt: skip
