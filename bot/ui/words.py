"""Every sentence that cards, buttons and commands say. Short, plain, and what to do next.

Backticks and slashes mark commands. Foreign text is made safe before it gets here.
"""

from collections.abc import Iterable, Sequence

from bot.records import Notify, Payer
from bot.requests import Kind
from bot.results import Phase

# Buttons
AGAIN, CANCEL, DETAILS, DELETE, PUBLISH = "Again", "Cancel", "Details", "Delete", "Publish"
VARY, UPSCALE, EDIT, USE, SAVE = "Vary", "Upscale", "Edit", "Use as source", "Save"
DESCRIBE, JSON = "Describe", "JSON"
CHOOSE_PICTURE = "Choose a picture …"
OTHER_UPSCALER = "Upscale it another way …"
PICTURE, PICTURE_OF = "Picture {number}", "**Picture {number}** of {link}"
WHICH = {
    "vary": "Which picture shall be varied?",
    "upscale": "Which picture shall be made larger?",
    "describe": "Which picture shall be described?",
    "use": "Which picture shall be the source?",
    "remix": "Which picture shall be remixed?",
}

PAYERS = {
    Payer.USER: "paid by your key",
    Payer.GUILD: "paid by this server's key",
    Payer.BOT: "paid by the bot's key",
    Payer.ANONYMOUS: "free, anonymous",
}

INFO, WARNING = "\N{INFORMATION SOURCE}\ufe0f", "⚠️"

NBSP = "\N{NO-BREAK SPACE}"  # a number stays with its unit

# How a phase is called in a list.
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
DOING = {Kind.IMAGE: "painting", Kind.TEXT: "writing", Kind.ALCHEMY: "at work"}
THINGS = {
    Kind.IMAGE: ("picture", "pictures"),
    Kind.TEXT: ("text", "texts"),
    Kind.ALCHEMY: ("result", "results"),
}

# Behind the prompt
IN_STYLE, QR_HOLDS = "in the style **{name}**", "a QR code that says {text}"
KINDS = {Kind.IMAGE: "pictures", Kind.TEXT: "texts", Kind.ALCHEMY: "alchemy"}  # in a heading

# While it is open
HANDING_OVER = "Handing it to {backend} …"
WAITING = "Waiting for a worker"
PLACE = "place {place:,} in line"
ANY_MODEL = "any model"
STOPPING = "Stopping …"
ANOTHER_WORKER = "A worker gave up on it, so another one takes over."
NOBODY_CAN = (
    "No worker online can make this right now. It keeps its place; "
    "to wait less, cancel it and choose another model."
)
FORM_WAITING, FORM_WORKING, FORM_CHECKING = "waiting", "being worked on", "being checked"

# When it is over: a title, why, and what to press
TITLES = {
    Phase.FAULTED: "It did not work",
    Phase.CANCELLED: "Cancelled",
    Phase.EXPIRED: "It ran out of time",
    Phase.REJECTED: "It was not accepted",
}
CENSORED_TITLE = "Censored"
REASONS = {
    Phase.FAULTED: "The workers gave up on it. Press **Again** to try once more.",
    Phase.EXPIRED: (
        "Nobody picked it up in time. Press **Again**, or ask for a model that more workers have."
    ),
    Phase.REJECTED: "The server would not take it. Change it and ask again.",
    Phase.CANCELLED: "",
}
ONCE_MORE = "Press **Again** to try once more."
NOTHING_SPENT = "No worker had begun. Press **Again** if you want it after all."
COULD_NOT_SEND = "It could not be sent. Whoever asked for it was told why in private."
# Why one picture, or several of them, are not there
CENSORED_HERE = (
    "Taken for NSFW by the worker's filter. Change the prompt, or ask in an age-restricted channel."
)
CENSORED = "Withheld by the worker's filter. Change the prompt, or press **Again**."
BLOCKED = "Blocked by the worker's safety filter. Please ask for something else."
EMPTY_TEXT = "The worker sent an empty text. Press **Again** to try once more."
NOT_DELIVERED = "Never delivered by a worker. Press **Again** to try once more."
NO_BYTES = "Lost in the download. Press **Again** to try once more."
DOWNGRADED = "Made at {real}: the {asked} asked for need kudos in hand. `/estimate` tells how many."
FORM_FAULTED, FORM_CANCELLED, FORM_MISSING = "no worker managed it", "cancelled", "never came back"
FORM_KEPT = "kept back"
BEFORE = "Before"
JSON_TITLE = "What was found in #{id}, for a program to read:"
WITHHELD_TITLE = "Kept back"
WITHHELD = (
    "The NSFW check says that this is not for a channel without an age limit. "
    "Ask again in an age-restricted channel."
)
UNCHECKED = (
    "The NSFW check did not come back, and this channel has no age limit. "
    "Press **Again**, or ask in an age-restricted channel."
)
SPOILER = "Behind a spoiler: this channel is not age-restricted. Click to read it."
TEXT_ATTACHED = "The whole text is in the attached file."
REST_ONE, REST_TITLE = "Picture {first} of #{id}", "Pictures {first} to {last} of #{id}"
REST_FORMS = "More pictures of #{id}"

# Verbs of pictures
STILL_UNDER_WAY = "It is still under way. Wait for it, or cancel it first."
NO_SUCH_PICTURE = "That result has no such picture."
PICTURE_LOST = (
    "That picture is not kept here any more. Press the button under the message that shows it."
)
SAVED = "#{id} is saved: it is kept for good, and `/history` with `favourites:True` lists it."
UNSAVED = "#{id} is not saved any more. It is remembered as long as any other."
OTHER_VERSION = "This button is from another version of the bot."
PRIVATE_REQUEST = "That request is private."

# The forms of Edit and Use as source: titles and labels have 45 characters, hints 100
EDIT_AGAIN = "Edit again"
EDIT_TITLE, USE_TITLE = "Edit #{id}", "Picture {number} of #{id} as source"
EDIT_PROMPT, EDIT_NEGATIVE = "Prompt", "What it should not show"
EDIT_SEED, EDIT_SEED_HINT = "Seed", "Leave it empty for a new one."
EDIT_EXTRA = "Everything else"
EDIT_EXTRA_HINT = "Flags, as --steps 30. Without one, the model's own value is used."
USE_STRENGTH, USE_STRENGTH_HINT = "How much may change", "From 0.01 (nearly nothing) to 1."
BAD_STRENGTH = "How much may change: a number from 0.01 (nearly nothing) to 1 (everything)."

# Details
DETAILS_TITLE = "Request #{id}"
REPEAT = "Paste this{adding} to make the same {things} again:"
REPEAT_FIRST = (
    "Paste this{adding} to make the first picture again; the seeds of the others are below:"
)
REPEAT_ASK = "Paste this{adding} to ask for it again:"
REPEAT_ADD = "and add {pictures}"
REPEAT_NEAR = "This command comes nearest; some of the text above cannot be pasted as it is:"
REPEAT_TEXT = "Paste this to ask for it again:"
REPEAT_WITH_PICTURE = "Paste this and add the picture to do it again:"
STYLE_DROPS = "The style decides for itself, so the Horde passes over: {names}."
STRAY_FLAGS = "Read as words of the prompt: {flags}. Flags work in the option `extra`."
MORE_STRAYS = "{count} more"
NOT_TOLD = "nothing is known of it"  # seed, model and worker
LONG_ATTACHED = "What is shortened here is attached in full."

FROM = "from {number}"

# Lists
QUEUE_TITLE, HISTORY_TITLE = "Under way", "What you made"
QUEUE_EMPTY = "You have nothing under way. `/imagine` starts something."
HISTORY_EMPTY = "You have not made anything yet. Try `/imagine` with a fox asleep in snow."
HISTORY_END = "Nothing older is remembered."
CANCEL_ALL = "Cancel all"
CANCELLED_ALL = "Stopped: {count}. What a worker had begun may still arrive."
QUEUE_MORE = "and {count} more; **Cancel all** stops those too"
NEWEST, OLDER, REFRESH = "Newest", "Older", "Refresh"
HISTORY_PICK, BACK, UNSAVE = "Look at one of these …", "Back", "Do not keep"
IS_SAVED, ONLY_SAVED, WITH_WORDS = "⭐ saved", "saved ones", "with {words}"
NOTHING_FOUND = "Nothing fits that. `/history` without options shows everything."
NOTHING_SAVED = "You have not saved anything yet: **Save** under a result keeps it for good."
SHOW, GO_THERE = "Show", "go there"

# Defaults, and how a long wait is ended
NOTICE_READY, NOTICE_OVER = "Your request #{id} is ready.", "Your request #{id} has ended."
DEFAULTS_TITLE = "What stands when you say nothing"
DEFAULTS_OF = ("Yours", "This channel's", "This server's")  # the strongest first
NO_DEFAULTS = "Nothing yet: every model has its own settings. `/defaults set` changes that."
NOTIFY = {
    Notify.OFF: "You are not told when a long wait is over; `/defaults set` has `notify` for it.",
    Notify.MENTION: "A mention tells you when a wait of more than a minute is over.",
    Notify.DM: "A direct message tells you when a wait of more than a minute is over.",
}

# Before the lists are there
NO_STYLES = "The list of styles has not arrived yet. Try again in a minute."
NO_CATALOG = "The list of models has not arrived yet. Try again in a minute."


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th …"""
    teens = 10 <= number % 100 <= 20
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def count(number: int, kind: Kind) -> str:
    """1 picture, 4 pictures."""
    one, many = THINGS[kind]
    return f"{number:,} {one if number == 1 else many}"


def size(width: int, height: int) -> str:
    """1024 by 768, as people write it."""
    return f"{width}{NBSP}\N{MULTIPLICATION SIGN}{NBSP}{height}"


def duration(seconds: float) -> str:
    """14 s, 2 min 5 s, 1 h 3 min, 2 days: how people say a time."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    if whole < 60:
        text = f"{whole} s"
    elif hours < 1:
        text = f"{minutes} min {rest} s" if rest else f"{minutes} min"
    elif hours < 48:
        text = f"{hours} h {minutes_left} min" if minutes_left else f"{hours} h"
    else:
        text = f"{hours // 24} days"
    return text.replace(" ", NBSP)


def kudos(amount: float) -> str:
    """Kudos without a fraction nobody needs: 16 kudos, 0.4 kudos."""
    rounded = f"{amount:,.0f}" if amount >= 1 or amount == 0 else f"{amount:.1f}"
    return f"{rounded}{NBSP}kudos"


def backend(name: str) -> str:
    """How a backend is called in a sentence."""
    return "the Horde" if name == "horde" else name


def numbers(found: Sequence[int]) -> str:
    """Ascending numbers, neighbours as a range: 3; 3 and 4; 1 to 5, 8 and 9."""
    runs = list[list[int]]()
    for number in found:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = list[str]()
    for run in runs:
        whole = f"{run[0]} to {run[-1]}"
        parts += [whole] if len(run) > 2 else map(str, run)
    return listed(parts)


def listed(words: Iterable[str], between: str = "and") -> str:
    """a; a and b; a, b and c. `between`: the word before the last."""
    *first, last = words
    return f"{', '.join(first)} {between} {last}" if first else last
