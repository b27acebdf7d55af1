"""The component types, and the fields of every component."""

from sandbox.discord.rules.error_report import Check
from sandbox.discord.rules.field_checks import INT32, integer, model, text

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, FILE_UPLOAD = 17, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23

custom_id = text(1, 100)


def component(*needed: str, also: Check | None = None, **fields: Check) -> Check:
    """A component with these fields, ``type`` and the optional numeric ``id``."""
    return model({"id": integer(0, INT32), **fields}, required=needed, also=also)
