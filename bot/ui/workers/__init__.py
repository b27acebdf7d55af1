"""Workers and teams as text, and the changes that their owners make."""
