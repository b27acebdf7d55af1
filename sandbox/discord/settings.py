"""The settings of the local Discord that can change while it runs."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Settings:
    """Discord's deadlines and limits; tests shorten them."""

    token_ttl: float = 900.0  # an interaction token lives 15 minutes
    ack_timeout: float = 3.0  # the first response to an interaction
    heartbeat: float = 41.25  # seconds, sent with HELLO
    upload_limit: int = 10 * 1024 * 1024  # bytes of one file in a guild without boosts
    rate_limits: bool = True
    message_content: bool = False  # whether the application has this privileged intent
    refused_tokens: set[str] = field(default_factory=set[str])

    def accepts_token(self, token: str) -> bool:
        """Whether a bot can log in with this token: every well-formed one that is not refused."""
        plain = len(token) >= 10 and not any(char.isspace() for char in token)
        return plain and token not in self.refused_tokens
