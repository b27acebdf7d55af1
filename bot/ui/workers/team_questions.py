"""The questions before changes of a team. Pure."""

from bot.cards.markdown import safe_line
from bot.horde.workers import Team, Worker
from bot.i18n import _
from bot.ui.workers.questions import Question
from bot.ui.workers.worker_facts import NAME_MAX
from bot.ui.workers.worker_questions import quoted_text


def create(name: str, info: str) -> Question:
    """A new team."""
    title = _("Create the team {name}?").format(name=safe_line(name, NAME_MAX))
    text = _("Everyone sees its name and its description. Only trusted accounts can create a team.")
    return Question(title, "\n".join(filter(None, [text, quoted_text(info)])), _("Create"))


def edit_team(team: Team, name: str, info: str) -> Question:
    """Another name or description; "" is unchanged."""
    title = _("Change the team {name}?").format(name=safe_line(team.name, NAME_MAX))
    renamed = _("The new name is **{name}**.").format(name=safe_line(name, NAME_MAX))
    return Question(
        title, "\n".join(filter(None, [renamed if name else "", quoted_text(info)])), _("Change")
    )


def join_team(worker: Worker, team: Team) -> Question:
    """Put a worker into a team."""
    title = _("Put {worker} into the team {team}?").format(
        worker=safe_line(worker.name, NAME_MAX), team=safe_line(team.name, NAME_MAX)
    )
    text = _("Its kudos then also count for the team, and it leaves the team that it is in now.")
    return Question(title, text, _("Join"))


def leave(worker: Worker) -> Question:
    """Take a worker out of its team."""
    title = _("Take {worker} out of the team {team}?").format(
        worker=safe_line(worker.name, NAME_MAX), team=safe_line(worker.team.name, NAME_MAX)
    )
    return Question(title, _("The team keeps the kudos that were counted for it."), _("Leave"))
