"""The state of the local Horde: accounts, requests, queues, workers and styles."""
