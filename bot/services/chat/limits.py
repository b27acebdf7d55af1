"""How much of the chat a member and a server may store."""

CHARACTERS_MAX = 100  # of one member
SHARED_MAX = 200  # characters that are shared with one server
PERSONAS_MAX = 20  # of one member
LOREBOOKS_MAX = 20  # of one member
CONVERSATIONS_MAX = 50  # open ones that one member began
MESSAGES_MAX = 10_000  # of one conversation
CAST_MAX = 8  # characters of one conversation
PATH_MAX = 2_000  # newest messages of a branch that are read for a prompt
PERSONA_MAX = 4_000  # characters of the description of a persona
SUMMARY_MAX = 8_000  # characters
