"""What people do in more than one step, or with more than a command."""

from typing import Any

from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message
from tests.support.waiting import eventually


async def post_message(person: Person, *files: tuple[str, bytes], content: str = "look") -> Message:
    """A message that a person wrote, with files."""
    ids = [await person.control.upload(name, data) for name, data in files]
    body = {"user_id": person.id, "channel_id": person.channel_id, "content": content}
    return Message(await person.control.post("messages", **body, attachments=ids))


async def use_message_command(person: Person, name: str, message: Message, **more: Any) -> Answer:
    return await person.act("message_command", name=name, target_id=message.id, **more)


async def choose_values(person: Person, message: Message, *values: str) -> Answer:
    """Pick in the message's only menu."""
    menu = next(part for part in message.parts if part["type"] == 3)
    return await person.act(
        "component", message_id=message.id, custom_id=menu["custom_id"], values=list(values)
    )


async def delete_result(person: Person, message: Message) -> None:
    """Press Delete and confirm it in the private question, which is closed then."""
    await person.press(message, "Delete")
    question = await person.told("permanently?")
    await person.press(question, "Delete permanently")
    await person.sees(question.id, lambda m: m.raw["deleted"], "the question is closed")


async def publish_result(person: Person, message: Message) -> None:
    """Press Publish; the button goes once the bot knows the public message as one of the result."""
    await person.press(message, "Publish")
    await person.sees(message.id, lambda m: "Publish" not in m.buttons, "it is published")


OVERFLOW_COUNT = 12


async def request_many_pictures(ada: Person, prompt: str, **options: Any) -> Answer:
    """Twelve pictures, as a user asks for them after a first good one."""
    first = await ada.result(await ada.command("imagine", prompt=prompt, **options))
    modal = (await ada.press(first, "Edit")).modal
    flags = next(i["component"]["value"] for i in modal["components"] if "--" in str(i))
    return await ada.submit(modal, first, seed="", extra=f"{flags} --count {OVERFLOW_COUNT}")


async def overflow_message(ada: Person, card: Message) -> Message:
    """The message with the other two pictures, once it has both."""

    async def look() -> Message | None:
        found = await overflow_messages(ada, card)
        return found[0] if found and len(found[0].pictures) == OVERFLOW_COUNT - 10 else None

    return await eventually(look, "the second message")


async def overflow_messages(ada: Person, card: Message) -> list[Message]:
    seen = await ada.control.messages(ada.channel_id, ada.id)
    return [m for m in seen if "Images 11 and 12" in m.text and int(m.id) > int(card.id)]


async def card_of_ada(control: Control, prompt: str, **options: Any) -> Message:
    """The finished card of a request of ada."""
    return await (await control.person("ada")).imagine(prompt, **options)
