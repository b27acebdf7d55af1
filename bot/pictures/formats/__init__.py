"""Image containers, checked and stripped without decoding."""
