"""Calls of routes that came after 5.1.5."""

from bot.horde.client import HordeClient
from tests.support.horde.endpoint import MIRA, Endpoint

NEWER_ENDPOINTS: list[Endpoint[HordeClient]] = [
    Endpoint("get_image_request", "GET", "/generate/request/{id}", "image_request",
       lambda c: c.get_image_request("id", key=MIRA),
       lambda r: (r.prompt, r.params.seed, r.params.n, r.models) ==
                 ("a lighthouse", "42", 2, ("Deliberate",)), key=MIRA, newer=True),
    Endpoint("get_text_request", "GET", "/generate/text/request/{id}", "text_request",
       lambda c: c.get_text_request("id", key=MIRA),
       lambda r: (r.params.max_length, r.context_fit) == (80, "grow"), key=MIRA, newer=True),
    Endpoint("get_sampler_constraints", "GET", "/status/sampler_constraints",
       "sampler_constraints", lambda c: c.get_sampler_constraints(),
       lambda r: (r.samplers["k_heun"].accepted_settings["sampler_s_tmax"].maximum,
                  r.samplers["k_heun"].work_profile.marginal_work_units_per_trajectory_step,
                  r.hard_constraints.scheduler_baseline_applicability["gits"][0],
                  r.hard_constraints.rejected_sampler_scheduler_pairings[0].scheduler) ==
                 (None, 2, "stable_diffusion_1", "normal"), newer=True),
    Endpoint("get_style_contract", "GET", "/status/style_contract", "style_contract",
       lambda c: c.get_style_contract(),
       lambda r: (r.text.ceiling_parameters["max_length"].maximum, r.image.context_fit_modes,
                  r.text.protected_patterns[0].pattern) == (4096, (), r"\{\{\[[A-Z_]+\]\}\}"),
       newer=True),
]  # fmt: skip
