"""Rules for the parameters of text requests that the schema does not have."""

from typing import Any

from sandbox.horde.errors import ApiError


def check_params(params: dict[str, Any]) -> None:
    """Raises ApiError for combinations that the schema does not forbid."""
    if params.get("max_length", 80) > params.get("max_context_length", 2048):
        message = "You cannot request more tokens than your context length."
        raise ApiError(400, "TokenOverflow", message)
    order = params.get("sampler_order")
    if order is not None and len(set(order)) < 7:
        message = (
            "When sending a custom sampler order, you need to specify all possible samplers in "
            "the order"
        )
        raise ApiError(400, "MissingFullSamplerOrder", message)
    stops = set(params.get("stop_sequence", ()))
    if len(stops) > 128:
        message = "Too many stop sequences specified (max allowed is 128)."
        raise ApiError(400, "TooManyStopSequences", message)
    if sum(len(stop) for stop in stops) > 2000:
        message = "Your total stop sequence length exceeds the allowed limit (2000 chars)."
        raise ApiError(400, "ExcessiveStopSequence", message)
