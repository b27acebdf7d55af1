"""Personas: how characters see a member."""

from bot.domain.chat.characters import NAME_MAX, Persona
from bot.errors import BadOption, UserError
from bot.i18n import _
from bot.i18n.formats import number
from bot.services.chat.limits import PERSONA_MAX, PERSONAS_MAX
from bot.storage import Store


class Personas:
    """The personas of members. Every refusal is a UserError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, user_id: int) -> tuple[Persona, ...]:
        """The personas of that member, by name."""
        return await self._store.chat.personas.of(user_id)

    async def active(self, user_id: int) -> Persona | None:
        """The persona that the member uses now."""
        return await self._store.chat.personas.active(user_id)

    async def create(self, user_id: int, name: str, description: str) -> Persona:
        """Store a persona. Raises UserError."""
        name, description = _checked(name, description)
        stored = await self._store.chat.personas.add(user_id, name, description, PERSONAS_MAX)
        if stored is None:
            text = _("You have reached the limit of {most} personas. Delete one first.")
            raise UserError(text.format(most=number(PERSONAS_MAX)))
        return stored

    async def change(self, user_id: int, persona_id: int, name: str, description: str) -> None:
        """Replace the name and the description of an own persona. Raises UserError."""
        name, description = _checked(name, description)
        persona = Persona(persona_id, user_id, name, description, active=False)
        if not await self._store.chat.personas.put(persona):
            raise _gone()

    async def use(self, user_id: int, persona_id: int) -> None:
        """Use that persona in new messages, 0: none. Raises UserError."""
        if persona_id and persona_id not in {each.id for each in await self.of(user_id)}:
            raise _gone()
        await self._store.chat.personas.use(user_id, persona_id)

    async def delete(self, user_id: int, persona_id: int) -> None:
        """Delete an own persona. Raises UserError."""
        if not await self._store.chat.personas.delete(user_id, persona_id):
            raise _gone()


def _checked(name: str, description: str) -> tuple[str, str]:
    name, description = " ".join(name.split()), description.strip()
    if not 1 <= len(name) <= NAME_MAX:
        text = _("The name of a persona has 1 to {most} characters.")
        raise BadOption(text.format(most=number(NAME_MAX)))
    if len(description) > PERSONA_MAX:
        text = _("The description of a persona has at most {most} characters.")
        raise BadOption(text.format(most=number(PERSONA_MAX)))
    return name, description


def _gone() -> UserError:
    return UserError(_("This persona was deleted."))
