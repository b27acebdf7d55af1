"""Lists of models, styles and LoRAs, and the state of the Horde."""
