"""Merges the parameters of an image from options, flags, presets, styles and defaults."""
