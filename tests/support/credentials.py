"""Tokens and keys that are no secrets."""

BOT_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.wire12.not-a-real-token-but-shaped-like-one"
TOKEN_SETTING = {"HORDECORD_DISCORD__TOKEN": BOT_TOKEN}

# Accounts of the sandbox's Horde.
ANONYMOUS = "0000000000"
RICH = "RichTrustedSandboxKey2"
POOR = "PoorSandboxAccountKey3"
SERVICE = "ServiceSandboxBotKey-4"
KEEPER = "KeeperSandboxModKey001"
