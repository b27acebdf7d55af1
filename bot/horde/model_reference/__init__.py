"""The host of the model reference, which describes models: docs/horde-api.md#model-reference."""
