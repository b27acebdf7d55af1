"""Values of conversations: messages, characters, personas, lorebooks."""
