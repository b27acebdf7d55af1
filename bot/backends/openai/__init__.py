"""Servers with OpenAI's API: OpenRouter, Ollama, vLLM, llama.cpp, LocalAI, KoboldCpp, LM Studio."""
