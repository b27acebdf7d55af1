"""The servers of other backends. Each runs only if `python -m sandbox` is given its address."""
