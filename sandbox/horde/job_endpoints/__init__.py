"""The endpoints of workers: they ask for jobs and return results."""
