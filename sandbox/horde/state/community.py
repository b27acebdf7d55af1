"""Other people of the local Horde, for the leaderboard: accounts without API keys, and teams."""

import time

from sandbox.horde.state.accounts import User

FIRST_ID = 1001
DAY = 86_400.0
_NAMES = (
    "amber lantern", "Basalt", "cinnabar", "Dorothea", "elm and ash", "Fennimore", "gullwing",
    "Hollyhock", "Inkwell", "juniper", "kestrel", "Lodestar", "marigold", "Nimbus", "oxbow",
    "Periwinkle", "quartz", "Rosalind", "saltmarsh", "Tamsin", "umbra", "Verdigris", "wren",
    "Xanthe", "yarrow", "Zephyr", "brass owl", "copper fox", "driftwood", "ember",
)  # fmt: skip
# Name, description, number of the creator among the people, and workers of the team.
TEAMS = (
    ("Night Shift", "Machines that run while their owners sleep.", 0, ("Night Owl", "Storyteller")),
    ("Harbour Crew", "Three cards in a shed by the sea.", 3, ("Harbour Cluster",)),
)


def people() -> list[User]:
    """The accounts, the one with the most kudos first."""
    now = time.time()
    found: list[User] = []
    for place, name in enumerate(_NAMES):
        kudos = round(3_200_000 / (place + 1) ** 1.4, 1)
        user = User(FIRST_ID + place, name, "", kudos, trusted=place < 12)
        user.created_at = now - (900 - 23 * place) * DAY
        user.accumulated, user.received = round(kudos * 0.9), round(kudos * 0.1)
        user.contributed, user.fulfilled = round(kudos / 9, 2), int(kudos / 11)
        user.megapixelsteps, user.requests["image"] = round(kudos / 40, 2), int(kudos / 60)
        found.append(user)
    return found
