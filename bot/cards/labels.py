"""Labels of buttons and names of states that several modules show."""

from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.compatibility import dropped_by_style
from bot.domain.records import Payer
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase
from bot.i18n import N_, _

# Buttons
AGAIN, CANCEL, DETAILS, DELETE = N_("Again"), N_("Cancel"), N_("Details"), N_("Delete")
PUBLISH, VARY, UPSCALE, EDIT = N_("Publish"), N_("Vary"), N_("Upscale"), N_("Edit")
USE, SAVE, DESCRIBE, CONTINUE = N_("Use as source"), N_("Save"), N_("Describe"), N_("Continue")
ANIMATE = N_("Animate")
JSON = "JSON"
CHOOSE_PICTURE = N_("Choose an image …")
PICTURE, PICTURE_OF = N_("Image {number}"), N_("**Image {number}** of {link}")
WHICH = {
    "vary": N_("Which image do you want to vary?"),
    "upscale": N_("Which image do you want to upscale?"),
    "describe": N_("Which image do you want to describe?"),
    "use": N_("Which image do you want to use as the source?"),
    "remix": N_("Which image do you want to remix?"),
    "animate": N_("Which image do you want to animate?"),
}
PAYERS = {
    Payer.STYLE: N_("paid by the author of the style"),
    Payer.USER: N_("paid by their own key"),  # as other people read it
    Payer.GUILD: N_("paid by this server's key"),
    Payer.BOT: N_("paid by the bot's key"),
    Payer.ANONYMOUS: N_("free, no account"),
}
OWN_KEY = N_("paid by your key")
FOR = N_("for {person}")
INFO, WARNING = "\N{INFORMATION SOURCE}\ufe0f", "⚠️"
# Names of phases in a list.
PHASES = {
    Phase.QUEUED: N_("queued by the bot"),
    Phase.SENDING: N_("being sent"),
    Phase.WAITING: N_("waiting for a worker"),
    Phase.PROCESSING: N_("being created"),
    Phase.DONE: N_("finished"),
    Phase.PARTIAL: N_("partly finished"),
    Phase.FAULTED: N_("failed"),
    Phase.CANCELLED: N_("cancelled"),
    Phase.EXPIRED: N_("expired"),
    Phase.REJECTED: N_("refused"),
    Phase.HELD: N_("finished, not delivered yet"),
}
PLACE = N_("position {place} in the queue")
ANY_MODEL = N_("any model")
STOPPING = N_("Stopping …")
CENSORED = N_("Withheld by the filter of the worker. Change the prompt, or press **Again**.")
BLOCKED = N_("Blocked by the safety filter of the worker. Change the prompt.")
CENSORED_HERE = N_(
    "Withheld as NSFW by the filter of the worker. Change the prompt, or use an age-restricted "
    "channel."
)
CENSORED_VIDEO = N_("Withheld as NSFW by the filter of the worker. Change the prompt.")
NOT_DELIVERED = N_("No worker delivered this result. Press **Again** to try once more.")
EMPTY_TEXT = N_("The worker sent an empty text. Press **Again** to try once more.")
MISSING_AT_BACKEND = {  # the same where a backend without workers made the request
    CENSORED: N_("Withheld by the filter of {backend}. Change the prompt, or press **Again**."),
    BLOCKED: N_("Blocked by the safety filter of {backend}. Change the prompt."),
    NOT_DELIVERED: N_("{backend} did not deliver this result. Press **Again** to try once more."),
    EMPTY_TEXT: N_("{backend} sent an empty text. Press **Again** to try once more."),
    CENSORED_HERE: N_(
        "Withheld as NSFW by the filter of {backend}. Change the prompt, or use an age-restricted "
        "channel."
    ),
    CENSORED_VIDEO: N_("Withheld as NSFW by the filter of {backend}. Change the prompt."),
}
BACKEND_IGNORES = N_("{backend} does not have these options, so it ignores them: {names}.")


def dropped(request: ImageRequest) -> str:
    """A sentence about the chosen values that the style replaces; "" without any."""
    names = dropped_by_style(request)
    if not names:
        return ""
    if request.style_name:
        said = _("The Horde uses the values of the style instead of: {names}.")
    else:  # not known before the Horde has drawn or read the style
        said = _("The Horde may use the values of the style instead of: {names}.")
    return said.format(names=", ".join(names))


def payer_label(payer: Payer, *, own: bool, able: Capabilities = HORDE) -> str:
    """The payer; "" where the backend takes no keys, so that no one pays.

    `own`: only the requester reads it, so the requester's key is "your key". `able`: of the backend
    that makes the request.
    """
    if able.keys == "none":
        return ""
    return _(OWN_KEY if own and payer is Payer.USER else PAYERS[payer])


def own_payer(payer: Payer | None) -> str:
    """The payer, as the requester reads it. None: the backend needs a key, and there is none."""
    return _("needs a key") if payer is None else payer_label(payer, own=True)


def requester(user_id: int) -> str:
    """The requester, for other people. No ping: the bot allows no mentions."""
    return _(FOR).format(person=f"<@{user_id}>")
