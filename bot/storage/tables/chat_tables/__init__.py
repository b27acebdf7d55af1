"""Tables of the chat: characters, personas, lorebooks, conversations and their messages."""
