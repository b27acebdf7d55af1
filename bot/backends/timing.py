"""A decorator that times the calls of a backend."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from types import CoroutineType
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

from bot.domain.requests import AlchemyRequest, ImageRequest, Kind, TextRequest, VideoRequest

P = ParamSpec("P")
T = TypeVar("T")
# Backend, call, kind ("" for none) -> a context around the call.
CallTimer = Callable[[str, str, str], AbstractContextManager[None]]


def untimed(_backend: str, _call: str, _kind: str) -> AbstractContextManager[None]:
    """Measures nothing, as in the command line tools."""
    return nullcontext()


class TimedBackend(Protocol):
    """A backend with a timer."""

    name: str
    timer: CallTimer


B = TypeVar("B", bound=TimedBackend)
# For a method of a backend. A string, since CoroutineType has no parameters at run time.
Call: TypeAlias = "Callable[Concatenate[B, P], CoroutineType[Any, Any, T]]"


def timed(call: str) -> "Callable[[Call[B, P, T]], Call[B, P, T]]":
    """Decorator of a backend's method: run it inside the backend's timer under that name."""

    def decorate(method: "Call[B, P, T]") -> "Call[B, P, T]":
        @wraps(method)
        async def timed_method(backend: B, *args: P.args, **kwargs: P.kwargs) -> T:
            with backend.timer(backend.name, call, _kind_of(args)):
                return await method(backend, *args, **kwargs)

        return timed_method

    return decorate


def _kind_of(args: tuple[object, ...]) -> str:
    for arg in args:
        if isinstance(arg, Kind):
            return arg
        if isinstance(arg, ImageRequest | TextRequest | AlchemyRequest | VideoRequest):
            return arg.kind
    return ""
