"""What can be turned while the sandbox runs."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Settings:
    """Discord's own figures, to be shortened by tests."""

    token_ttl: float = 900.0  # an interaction token lives 15 minutes
    ack_timeout: float = 3.0  # the first response to an interaction
    heartbeat: float = 41.25  # what HELLO asks for
    upload_limit: int = 10 * 1024 * 1024  # bytes of one file, without any boost
    rate_limits: bool = True
    refused_tokens: set[str] = field(default_factory=set[str])

    def accepts_token(self, token: str) -> bool:
        """Whether a bot may log in with this token: any will do that looks like one."""
        plain = len(token) >= 10 and not any(char.isspace() for char in token)
        return plain and token not in self.refused_tokens
