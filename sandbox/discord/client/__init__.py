"""What Discord's client does: checks a member's input and sends the interaction."""
