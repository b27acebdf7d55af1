"""The questions before changes of a worker. Pure."""

from bot.cards.markdown import safe, safe_line
from bot.horde.workers import Worker
from bot.i18n import _, ngettext
from bot.i18n.formats import number
from bot.ui.workers.questions import Question
from bot.ui.workers.worker_facts import INFO_MAX, NAME_MAX


def maintenance(worker: Worker, *, on: bool, message: str) -> Question:
    """Start or end the maintenance. `message`: for the worker's software, "" for none."""
    name = safe_line(worker.name, NAME_MAX)
    if not on:
        title = _("End the maintenance of {name}?").format(name=name)
        return Question(title, _("The worker accepts requests again."), _("End maintenance"))
    title = _("Start the maintenance of {name}?").format(name=name)
    text = _(
        "The worker finishes its requests and accepts no new ones until you end the maintenance."
    )
    shown = f"{text}\n{quoted_text(message)}" if message else text
    return Question(title, shown, _("Start maintenance"))


def pause(worker: Worker, *, on: bool) -> Question:
    """Start or end a pause."""
    name = safe_line(worker.name, NAME_MAX)
    text = _("Only moderators of the Horde can do this.")
    if on:
        return Question(_("Pause {name}?").format(name=name), text, _("Pause"))
    return Question(_("End the pause of {name}?").format(name=name), text, _("End the pause"))


def rename(worker: Worker, name: str) -> Question:
    """Change the name."""
    title = _("Rename {name}?").format(name=safe_line(worker.name, NAME_MAX))
    text = _("The new name is **{name}**. Set it in the settings of the worker, too.")
    return Question(title, text.format(name=safe_line(name, NAME_MAX)), _("Rename"))


def describe_worker(worker: Worker, text: str) -> Question:
    """Change the description; "" removes it."""
    name = safe_line(worker.name, NAME_MAX)
    if not text.strip():
        title = _("Remove the description of {name}?").format(name=name)
        return Question(title, quoted_text(worker.info), _("Remove"))
    title = _("Change the description of {name}?").format(name=name)
    return Question(title, quoted_text(text), _("Change"))


def delete(worker: Worker) -> Question:
    """Delete the worker."""
    title = _("Delete {name}?").format(name=safe_line(worker.name, NAME_MAX))
    text = _("The worker and its statistics are removed from the Horde. This cannot be undone.")
    return Question(title, text, _("Delete"), final=True)


def message(worker: Worker, text: str, hours: int) -> Question:
    """Send a message to the software of the worker."""
    title = _("Send a message to {name}?").format(name=safe_line(worker.name, NAME_MAX))
    said = ngettext(
        "The software of the worker gets it with its next request, for {count} hour:",
        "The software of the worker gets it with its next request, for {count} hours:",
        hours,
    ).format(count=number(hours))
    return Question(title, f"{said}\n{quoted_text(text)}", _("Send"))


def delete_message(worker: Worker, text: str) -> Question:
    """Delete a message to the worker."""
    title = _("Delete this message to {name}?").format(name=safe_line(worker.name, NAME_MAX))
    return Question(title, quoted_text(text), _("Delete"), final=True)


def quoted_text(text: str, most: int = INFO_MAX) -> str:
    """At most so many characters of the text as a quote; "" for none."""
    return "\n".join(f"> {line}" for line in safe(text, most).splitlines())
