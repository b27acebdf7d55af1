"""The fair queue and the submits of requests to a backend."""
