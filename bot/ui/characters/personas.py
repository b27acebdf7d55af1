"""Personas: their list, their form and their buttons."""

from collections.abc import Sequence
from dataclasses import replace

from discord import ui

from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import PERSONA, PERSONA_MODAL
from bot.cards.formatting import DOT
from bot.cards.markdown import safe, safe_line
from bot.client.bot import HordecordBot
from bot.domain.chat.characters import NAME_MAX, Persona
from bot.domain.well_formed import well_formed
from bot.errors import BadOption
from bot.i18n import _
from bot.services.chat.limits import PERSONA_MAX
from bot.ui.characters.deletion import answer_question
from bot.ui.components.answers import answer_with_card
from bot.ui.components.modal_router import Fields, Submission, add_modal
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import Press, Route, add_routes

NAME_SHOWN, LINE_SHOWN, TEXT_SHOWN, LINES_SHOWN = 80, 60, 1_500, 20


def personas_card(personas: Sequence[Persona]) -> Card:
    """The personas of a member, one a line."""
    if not personas:
        text = _("You have no personas yet. `/persona create` makes one.")
        return quiet_card(text)
    lines = [_line(each) for each in personas[:LINES_SHOWN]]
    return quiet_card("### " + _("Personas"), "\n".join(lines))


def persona_card(persona: Persona, said: str = "") -> Card:
    """One persona. `said`: a sentence above it."""
    head = f"### {safe_line(persona.name, NAME_SHOWN)}"
    return quiet_card(said, head, safe(persona.description, TEXT_SHOWN))


def delete_persona_question(persona: Persona) -> Card:
    """Asks before a persona is deleted."""
    title = _("Delete {name}?").format(name=safe_line(persona.name, NAME_SHOWN))
    yes = Button(
        PERSONA("erase", persona.id), _("Delete permanently"), ButtonStyle.DANGER, emoji="🗑️"
    )
    no = Button(PERSONA("keep", persona.id), _("Keep it"))
    return replace(quiet_card(f"### {title}"), rows=((yes, no),))


def persona_form(persona: Persona | None = None) -> ui.Modal:
    """The form for a persona, None for a new one."""
    title = _("Edit the persona") if persona else _("New persona")
    hint = _("What characters know about you in conversations.")
    name, text = (persona.name, persona.description) if persona else ("", "")
    return modal_of(
        PERSONA_MODAL(persona.id if persona else 0),
        title,
        Input("name", _("Name"), text=name, most=NAME_MAX, least=1),
        Input("description", _("Description"), hint, text, long=True, most=PERSONA_MAX),
    )


async def find_persona(bot: HordecordBot, user_id: int, name: str) -> Persona:
    """The persona of that name. Raises BadOption."""
    personas, wanted = await bot.services.chat.personas.of(user_id), name.casefold().strip()
    for each in personas:
        if wanted in {each.name.casefold(), f"#{each.id}"}:
            return each
    raise BadOption(_("You have no persona of that name. Choose one from the list that appears."))


async def submit_persona(submission: Submission, fields: Fields, persona_id: int) -> None:
    """Create or change a persona."""
    personas, user_id = submission.client.services.chat.personas, submission.user.id
    texts = [
        well_formed(fields.get(each, "")).replace("\0", "") for each in ("name", "description")
    ]
    if persona_id:
        await personas.change(user_id, persona_id, *texts)
        said = _("The persona is changed.")
    else:
        persona_id = (await personas.create(user_id, *texts)).id
        said = _("The persona is created. Use it with `/persona use`.")
    found = await find_persona(submission.client, user_id, f"#{persona_id}")
    await answer_with_card(submission, persona_card(found, said))


async def press_persona(press: Press, verb: str, persona_id: int) -> None:
    """Delete a persona, or keep it."""
    delete = press.client.services.chat.personas.delete
    await answer_question(press, verb, persona_id, delete, _("The persona is deleted."))


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons and forms."""
    add_routes(bot, Route(PERSONA, press_persona))
    add_modal(bot, PERSONA_MODAL, submit_persona)


def _line(persona: Persona) -> str:
    used = DOT + _("in use") if persona.active else ""
    about = safe_line(persona.description, LINE_SHOWN)
    name = safe_line(persona.name, NAME_SHOWN)
    return "\n".join(filter(None, [f"- **{name}**{used}", f"  {about}" if about else ""]))
