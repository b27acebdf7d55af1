"""What a request with a style of the Horde, or with a collection, may get. Pure."""

from bot.catalog.entries import Style, StyleCollection
from bot.domain.requests import ImageRequest


def members_of(found: Style | StyleCollection | None) -> tuple[Style | None, ...]:
    """The styles that the Horde may apply; None for each one, or all of those, that are unknown."""
    if not isinstance(found, StyleCollection):
        return (found,)
    return (*found.styles, None) if found.unlisted else found.styles


def filled(template: str, request: ImageRequest) -> str:
    """The template with the texts of the request in its fields."""
    for each in request.template_fields:
        template = template.replace(f"{{{each.name}}}", each.text)
    return template
