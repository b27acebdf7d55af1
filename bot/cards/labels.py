"""Labels of buttons and names of states that several modules show."""

from bot.domain.records import Payer
from bot.domain.results import Phase

# Buttons
AGAIN, CANCEL, DETAILS, DELETE, PUBLISH = "Again", "Cancel", "Details", "Delete", "Publish"
VARY, UPSCALE, EDIT, USE, SAVE = "Vary", "Upscale", "Edit", "Use as source", "Save"
DESCRIBE, CONTINUE, JSON = "Describe", "Continue", "JSON"
CHOOSE_PICTURE = "Choose a picture …"
PICTURE, PICTURE_OF = "Picture {number}", "**Picture {number}** of {link}"
WHICH = {
    "vary": "Which picture do you want to vary?",
    "upscale": "Which picture do you want to upscale?",
    "describe": "Which picture do you want to describe?",
    "use": "Which picture do you want to use as the source?",
    "remix": "Which picture do you want to remix?",
}
PAYERS = {
    Payer.STYLE: "paid by the style's maker",
    Payer.USER: "paid by their own key",  # as other people read it
    Payer.GUILD: "paid by this server's key",
    Payer.BOT: "paid by the bot's key",
    Payer.ANONYMOUS: "free, no account",
}
OWN_KEY = "paid by your key"
FOR = "for {person}"
INFO, WARNING = "\N{INFORMATION SOURCE}\ufe0f", "⚠️"
# Names of phases in a list.
PHASES = {
    Phase.QUEUED: "in our queue",
    Phase.SENDING: "being handed over",
    Phase.WAITING: "waiting for a worker",
    Phase.PROCESSING: "being made",
    Phase.DONE: "done",
    Phase.PARTIAL: "partly done",
    Phase.FAULTED: "failed",
    Phase.CANCELLED: "cancelled",
    Phase.EXPIRED: "expired",
    Phase.REJECTED: "refused",
    Phase.HELD: "ready for you",
}
PLACE = "place {place:,} in line"
ANY_MODEL = "any model"
STOPPING = "Stopping …"
CENSORED = "Withheld by the worker's filter. Change the prompt, or press **Again**."
BLOCKED = "Blocked by the worker's safety filter. Please ask for something else."
STYLE_DROPS = "The style decides for itself, so the Horde passes over: {names}."


def payer_label(payer: Payer, *, own: bool) -> str:
    """The payer. `own`: only the requester reads it, so the requester's key is "your key"."""
    return OWN_KEY if own and payer is Payer.USER else PAYERS[payer]


def requester(user_id: int) -> str:
    """The requester, for other people. No ping: the bot allows no mentions."""
    return FOR.format(person=f"<@{user_id}>")
