"""Characters, personas and lorebooks of members: their cards, forms and buttons."""
