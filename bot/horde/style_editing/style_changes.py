"""Creating, changing and deleting styles and their examples."""

from bot.horde.accounts import Message
from bot.horde.job_responses import SubmitWarning
from bot.horde.style_editing.style_inputs import ExampleInput, ImageStyleInput, TextStyleInput
from bot.horde.transport import Calls
from bot.http.schema import Items, Wire


class StyleChange(Wire):
    """The id of the created or changed object, and warnings about its models."""

    id: str = ""
    message: str = ""
    warnings: Items[SubmitWarning] = ()


class StyleChangeCalls(Calls):
    """With the key of the owner, a customizer or a trusted account; deleting also by a moderator.

    Creating: 20 an hour. Changing and deleting: 90 a minute for each style.
    """

    async def create_image_style(self, wanted: ImageStyleInput, *, key: str) -> StyleChange:
        """A new image style."""
        return await self._one(StyleChange, "POST", "/styles/image", body=wanted, key=key)

    async def update_image_style(
        self, style_id: str, wanted: ImageStyleInput, *, key: str
    ) -> StyleChange:
        """Replace an image style: `wanted` has to be whole."""
        route, path = "/styles/image/{style_id}", {"style_id": style_id}
        return await self._one(StyleChange, "PATCH", route, path=path, body=wanted, key=key)

    async def delete_image_style(self, style_id: str, *, key: str) -> Message:
        """Delete an image style."""
        route, path = "/styles/image/{style_id}", {"style_id": style_id}
        return await self._one(Message, "DELETE", route, path=path, key=key)

    async def create_style_example(
        self, style_id: str, example: ExampleInput, *, key: str
    ) -> StyleChange:
        """Add an example, at most 4. Before 5.1.13 the first one must not be primary."""
        route, path = "/styles/image/{style_id}/example", {"style_id": style_id}
        return await self._one(StyleChange, "POST", route, path=path, body=example, key=key)

    async def update_style_example(
        self, style_id: str, example_id: str, example: ExampleInput, *, key: str
    ) -> StyleChange:
        """Change an example."""
        route = "/styles/image/{style_id}/example/{example_id}"
        path = {"style_id": style_id, "example_id": example_id}
        return await self._one(StyleChange, "PATCH", route, path=path, body=example, key=key)

    async def delete_style_example(self, style_id: str, example_id: str, *, key: str) -> Message:
        """Delete an example."""
        route = "/styles/image/{style_id}/example/{example_id}"
        path = {"style_id": style_id, "example_id": example_id}
        return await self._one(Message, "DELETE", route, path=path, key=key)

    async def create_text_style(self, wanted: TextStyleInput, *, key: str) -> StyleChange:
        """A new text style."""
        return await self._one(StyleChange, "POST", "/styles/text", body=wanted, key=key)

    async def update_text_style(
        self, style_id: str, wanted: TextStyleInput, *, key: str
    ) -> StyleChange:
        """Replace a text style: `wanted` has to be whole. Before 5.1.13 always a 500."""
        route, path = "/styles/text/{style_id}", {"style_id": style_id}
        return await self._one(StyleChange, "PATCH", route, path=path, body=wanted, key=key)

    async def delete_text_style(self, style_id: str, *, key: str) -> Message:
        """Delete a text style."""
        route, path = "/styles/text/{style_id}", {"style_id": style_id}
        return await self._one(Message, "DELETE", route, path=path, key=key)
