"""Commands of `hordecord` beside `run`."""
