"""Errors in the form of OpenAI: {"error": {message, type, param, code}}."""

from collections.abc import Mapping

from aiohttp import web
from pydantic import ValidationError


class ApiError(Exception):
    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}

    def response(self) -> web.Response:
        return web.json_response(self.body, status=self.status, headers=self.headers)


def no_key() -> ApiError:
    return ApiError(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization "
        "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    )


def wrong_key(key: str) -> ApiError:
    shown = f"{key[:3]}***{key[-4:]}" if len(key) > 8 else "***"
    return ApiError(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key")


def unknown_model(name: str) -> ApiError:
    message = f"The model `{name}` does not exist or you do not have access to it."
    return ApiError(404, message, code="model_not_found")


def not_json() -> ApiError:
    return ApiError(400, "We could not parse the JSON body of your request.")


def unknown_path(request: web.Request) -> ApiError:
    return ApiError(404, f"Invalid URL ({request.method} {request.path})")


def context_too_long(context: int, prompt: int, answer: int) -> ApiError:
    message = (
        f"This model's maximum context length is {context} tokens. However, you requested "
        f"{prompt + answer} tokens ({prompt} in the messages, {answer} in the completion). "
        "Please reduce the length of the messages or completion."
    )
    return ApiError(400, message, param="messages", code="context_length_exceeded")


def max_tokens_refused() -> ApiError:
    message = (
        "Unsupported parameter: 'max_tokens' is not supported with this model. "
        "Use 'max_completion_tokens' instead."
    )
    return ApiError(400, message, param="max_tokens", code="unsupported_parameter")


def quota_used() -> ApiError:
    message = "You exceeded your current quota, please check your plan and billing details."
    return ApiError(429, message, kind="insufficient_quota", code="insufficient_quota")


def invalid(error: ValidationError) -> ApiError:
    """The first error of a body."""
    first = error.errors()[0]
    param = ".".join(str(part) for part in first["loc"]) or None
    if first["type"] == "missing":
        return ApiError(400, f"Missing required parameter: '{param}'.", param=param)
    return ApiError(400, f"Invalid value for '{param}': {first['msg']}.", param=param)
