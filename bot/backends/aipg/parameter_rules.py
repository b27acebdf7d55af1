"""The accepted values of the parameters of one model, checked before a request is sent."""

from typing import NoReturn, TypeVar

from bot.backends.aipg.responses import Parameter, Parameters
from bot.backends.inline_results import plain_answer
from bot.errors import RequestRejected
from bot.i18n import N_, _
from bot.i18n.formats import list_or

SHOWN = 12  # options that a message names
RANGE = N_("`{option}` of {model} must be from {low} to {high}. Change it and send it again.")
STEP = N_("`{option}` of {model} must be a multiple of {step}. Change it and send it again.")
CHOICE = N_("`{option}` of {model} must be {choices}. Change it and send it again.")
Number = TypeVar("Number", int, float)


class ParameterRules:
    """The rules of one model. Without known parameters nothing is checked; the server does it."""

    def __init__(self, model: str, known: Parameters) -> None:
        self._model = plain_answer(model, 60).replace("`", "")
        self._known = known.params

    def has(self, name: str) -> bool:
        """Whether the model has that parameter, or it is not known."""
        return not self._known or name in self._known

    def check(self, name: str, side: int) -> None:
        """Raises RequestRejected for a side in pixels that the model does not take."""
        for rule in filter(None, (self._known.get(name), self._known.get("size"))):
            if not _within(rule, side):
                self._reject(RANGE, name, low=_plain(rule.minimum), high=_plain(rule.maximum))
            if side % rule.multiple_of:
                self._reject(STEP, name, step=rule.multiple_of)

    def number(self, name: str, value: Number, usual: Number | None) -> Number | None:
        """The number to send. None: the model has no such parameter, or has another default than
        `usual`, the value of a request that chose none. Raises RequestRejected.
        """
        rule = self._known.get(name)
        if rule is None:
            return None
        fits = _within(rule, value)
        if not fits and value != usual:
            self._reject(RANGE, name, low=_plain(rule.minimum), high=_plain(rule.maximum))
        return value if fits else None

    def nearest(self, name: str, value: Number) -> Number:
        """The nearest value that the model takes; the same one when its range is not known."""
        rule = self._known.get(name)
        if rule is None or _within(rule, value):
            return value
        too_low = rule.minimum is not None and value < rule.minimum
        return type(value)((rule.minimum if too_low else rule.maximum) or 0)

    def takes(self, name: str, value: str) -> bool:
        """Whether the model has that option, or its options are not known."""
        rule = self._known.get(name)
        return self.has(name) and (rule is None or not rule.options or value in rule.options)

    def option(self, name: str, value: str | None, usual: str | None) -> str | None:
        """The choice to send; None and RequestRejected as in `number`."""
        rule = self._known.get(name)
        if rule is None or value is None:
            return None
        fits = not rule.options or value in rule.options
        if not fits and value != usual:
            choices = list_or(f"`{plain_answer(each, 60)}`" for each in rule.options[:SHOWN])
            self._reject(CHOICE, name, choices=choices)
        return value if fits else None

    def _reject(self, message: str, name: str, **facts: object) -> NoReturn:
        raise RequestRejected(_(message).format(option=name, model=self._model, **facts))


def _within(rule: Parameter, value: float) -> bool:
    low = rule.minimum is None or value >= rule.minimum
    return low and (rule.maximum is None or value <= rule.maximum)


def _plain(limit: float | None) -> str:
    return "?" if limit is None else f"{limit:g}"
