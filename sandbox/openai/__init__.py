"""A local server with OpenAI's API: chat, completions, images."""

from sandbox.openai.server import OpenAiServer

__all__ = ["OpenAiServer"]
