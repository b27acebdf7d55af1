"""Texts of language models: what ends them, and what of them is an answer. Pure."""
